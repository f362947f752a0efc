//! The outline of a registry: of every package what others can collide with or
//! depend on. It is read from the release files once, kept in the state folder
//! by the git tree id of each package, and says which packages a change can
//! touch without reading the others.

use super::load;
use super::registry::{Package, Release};
use crate::model::{PackageId, Version};
use crate::source::{ChangeSet, Entry, Error, ObjectId};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Most characters of a description that are kept.
const MAX_SUMMARY: usize = 600;

/// Packages read by one thread before the next are handed out.
const CHUNK: usize = 200;

/// One package, briefly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageOutline {
    /// The id.
    pub id: String,
    /// Git tree id of its folder.
    tree: String,
    /// Publisher of the newest release.
    pub publisher: String,
    /// The newest release: the highest normal version, else the highest.
    pub newest: String,
    /// Display name.
    pub name: String,
    /// Tagline, description and keywords of the newest release.
    pub summary: String,
    /// Namespaces of the newest release, sorted.
    pub namespaces: Vec<String>,
    /// Ids that the newest release requires, sorted.
    pub dependencies: Vec<Arc<str>>,
}

/// Every package of a base, sorted by id.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Outline {
    packages: Vec<PackageOutline>,
}

/// The first line of the outline as it is kept: ids are written once and named by number. Each
/// line after it is a [`KeptPackage`].
#[derive(Serialize, Deserialize)]
struct KeptHead {
    program: String,
    ids: Vec<Box<str>>,
}

/// Id, tree, publisher, newest, name, summary, namespaces, and numbers of the ids that are required.
type KeptPackage = (String, String, String, String, String, String, Vec<String>, Vec<u32>);

impl Outline {
    /// Makes the outline of the base; what `kept` has of unchanged packages is not read again.
    ///
    /// # Errors
    /// When an object cannot be read.
    pub fn of_base(changes: &ChangeSet, kept: Option<Outline>) -> Result<(Outline, Fresh), Error> {
        let mut packages = kept.unwrap_or_default().packages;
        let count = packages.len();
        let mut is_known = vec![false; count];
        let mut unknown: Vec<(String, ObjectId)> = Vec::new();
        // Folders come nearly in the order of ids.
        let mut next = 0;
        for (first, tree) in changes.folders("packages")?.iter() {
            for (second, tree) in changes.folders_of(tree)?.iter() {
                for (id, tree) in changes.folders_of(tree)?.iter() {
                    if packages.get(next).is_none_or(|one| *one.id != *id) {
                        next = packages.partition_point(|one| *one.id < *id);
                    }
                    match packages.get(next) {
                        Some(one) if *one.id == *id && tree.is_written(&one.tree) => is_known[next] = true,
                        _ => unknown.push((format!("packages/{first}/{second}/{id}"), tree)),
                    }
                    next += 1;
                }
            }
        }
        let mut is_known = is_known.into_iter();
        packages.retain(|_| is_known.next().unwrap_or_default());
        let listed = changes.files_in(&unknown)?;
        let trees = unknown.iter().map(|(_, tree)| tree.to_string());
        let files: Vec<(String, Vec<Entry>)> =
            trees.zip(listed.into_iter().map(newest_and_listing)).collect();
        let fresh = if files.is_empty() && packages.len() == count { Fresh::No } else { Fresh::Yes };
        let entries = |chunk: &[(String, Vec<Entry>)]| {
            chunk.iter().flat_map(|(_, files)| files.iter().cloned()).collect::<Vec<_>>()
        };
        let chunks: Vec<_> =
            files.chunks(CHUNK).map(|chunk| (chunk, changes.snapshot_of(entries(chunk)))).collect();
        let read: Vec<Vec<PackageOutline>> = chunks
            .par_iter()
            .map(|(chunk, snapshot)| {
                let (registry, _) = load(snapshot)?;
                let trees: HashMap<&str, &str> = chunk
                    .iter()
                    .filter_map(|(tree, files)| Some((files.first()?.path.split('/').nth(3)?, tree.as_str())))
                    .collect();
                let outline = |package: &Package| {
                    PackageOutline::of(package, trees.get(package.id.as_str()).copied().unwrap_or_default())
                };
                Ok(registry.packages.values().map(outline).collect())
            })
            .collect::<Result<_, Error>>()?;
        packages.extend(read.into_iter().flatten());
        packages.sort_by(|a, b| a.id.cmp(&b.id));
        Ok((Outline { packages }, fresh))
    }

    /// Makes the outline of a registry that was read whole.
    pub fn of_registry(registry: &super::Registry) -> Outline {
        Outline {
            packages: registry.packages.values().map(|package| PackageOutline::of(package, "")).collect(),
        }
    }

    /// Reads an outline that was kept; `None` where it is damaged or of another program.
    pub fn parse(bytes: &[u8]) -> Option<Outline> {
        let mut lines = bytes.split(|byte| *byte == b'\n');
        let head: KeptHead = serde_json::from_slice(lines.next()?).ok()?;
        if head.program != program() || lines.next_back() != Some(&[]) {
            return None;
        }
        let ids: Vec<Arc<str>> = head.ids.into_iter().map(Arc::from).collect();
        let lines: Vec<&[u8]> = lines.collect();
        let packages =
            lines.par_iter().map(|line| PackageOutline::parse(line, &ids)).collect::<Option<_>>()?;
        Some(Outline { packages })
    }

    /// Returns the bytes to keep.
    pub fn bytes(&self) -> Vec<u8> {
        let ids: BTreeSet<&str> =
            self.packages.iter().flat_map(|one| &one.dependencies).map(|id| &**id).collect();
        let numbers: HashMap<&str, u32> = ids.iter().copied().zip(0..).collect();
        let head = KeptHead { program: program(), ids: ids.iter().map(|id| (*id).into()).collect() };
        let mut bytes = serde_json::to_vec(&head).unwrap_or_default();
        bytes.push(b'\n');
        for one in &self.packages {
            bytes.extend(one.line(&numbers));
            bytes.push(b'\n');
        }
        bytes
    }

    /// Returns every package, sorted by id.
    pub fn packages(&self) -> &[PackageOutline] {
        &self.packages
    }

    /// Returns a package.
    pub fn get(&self, id: &str) -> Option<&PackageOutline> {
        self.packages.binary_search_by(|one| one.id.as_str().cmp(id)).ok().map(|at| &self.packages[at])
    }

    /// Returns the ids that directly require one of these.
    pub fn dependents<'a>(&'a self, of: &BTreeSet<String>) -> BTreeSet<&'a str> {
        let requires = |one: &&PackageOutline| one.dependencies.iter().any(|id| of.contains(&**id));
        self.packages.iter().filter(requires).map(|one| one.id.as_str()).collect()
    }

    /// Returns these ids and all that they require, directly or not.
    pub fn closure(&self, from: impl IntoIterator<Item = String>) -> BTreeSet<String> {
        let mut waiting: Vec<String> = from.into_iter().collect();
        let mut reached = BTreeSet::new();
        while let Some(id) = waiting.pop() {
            if !reached.insert(id.clone()) {
                continue;
            }
            let required = self.get(&id).into_iter().flat_map(|one| &one.dependencies);
            waiting.extend(required.filter(|id| !reached.contains(&***id)).map(|id| (**id).to_owned()));
        }
        reached
    }

    /// Returns these ids and all that require them, directly or not.
    pub fn ancestors(&self, from: impl IntoIterator<Item = String>) -> BTreeSet<String> {
        let mut users: HashMap<&str, Vec<&str>> = HashMap::new();
        for one in &self.packages {
            for id in &one.dependencies {
                users.entry(id).or_default().push(&one.id);
            }
        }
        let mut waiting: Vec<String> = from.into_iter().collect();
        let mut reached = BTreeSet::new();
        while let Some(id) = waiting.pop() {
            if reached.contains(&id) {
                continue;
            }
            waiting.extend(users.get(id.as_str()).into_iter().flatten().map(|id| (*id).to_owned()));
            reached.insert(id);
        }
        reached
    }
}

/// Whether an outline says anything that the kept one did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fresh {
    /// Something was read: it is worth keeping.
    Yes,
    /// It is the kept one.
    No,
}

/// Returns the files of a package's folder that its outline is made from: the
/// listing and the release of the highest normal version, else of the highest.
fn newest_and_listing(files: Vec<Entry>) -> Vec<Entry> {
    let version = |entry: &Entry| {
        let name = entry.path.rsplit('/').next()?.strip_suffix(".toml")?;
        Version::parse(name).ok()
    };
    let newest = files.iter().filter_map(|entry| Some((version(entry)?, entry)));
    let newest = newest.max_by(|(a, _), (b, _)| (!a.is_prerelease(), a).cmp(&(!b.is_prerelease(), b)));
    let newest = newest.map(|(_, entry)| Arc::clone(&entry.path));
    let is_read =
        |entry: &Entry| Some(&entry.path) == newest.as_ref() || entry.path.ends_with("/package.toml");
    files.into_iter().filter(is_read).collect()
}

/// What is kept is read by the same version alone.
fn program() -> String {
    concat!("outline 4, shelfmark ", env!("CARGO_PKG_VERSION")).to_owned()
}

impl PackageOutline {
    /// Reads a line of what is kept.
    fn parse(line: &[u8], ids: &[Arc<str>]) -> Option<Self> {
        let kept: KeptPackage = serde_json::from_slice(line).ok()?;
        let (id, tree, publisher, newest, name, summary, namespaces, numbers) = kept;
        let named = numbers.into_iter().map(|at| ids.get(at as usize).cloned());
        let dependencies = named.collect::<Option<Vec<_>>>()?;
        Some(Self { id, tree, publisher, newest, name, summary, namespaces, dependencies })
    }

    /// Returns the line to keep.
    fn line(&self, numbers: &HashMap<&str, u32>) -> Vec<u8> {
        let required: Vec<u32> =
            self.dependencies.iter().filter_map(|id| numbers.get(&**id).copied()).collect();
        let Self { id, tree, publisher, newest, name, summary, namespaces, .. } = self;
        let kept = (id, tree, publisher, newest, name, summary, namespaces, required);
        serde_json::to_vec(&kept).unwrap_or_default()
    }

    /// Returns the outline of a package.
    pub fn of(package: &Package, tree: &str) -> Self {
        let newest = package.newest();
        let tagline = package.listing.as_ref().and_then(|listing| listing.wire.tagline.as_deref());
        let texts = tagline.into_iter().chain(newest.description.as_deref());
        let texts = texts.chain(newest.keywords.iter().map(String::as_str));
        let summary: String = texts.collect::<Vec<_>>().join("\n").chars().take(MAX_SUMMARY).collect();
        let namespaces: BTreeSet<String> = newest.namespaces.iter().map(ToString::to_string).collect();
        let dependencies: BTreeSet<Arc<str>> = required_by(newest).map(|id| id.as_str().into()).collect();
        Self {
            id: package.id.to_string(),
            tree: tree.to_owned(),
            publisher: newest.publisher.to_string(),
            newest: newest.version.to_string(),
            name: package.display_name().to_owned(),
            summary,
            namespaces: namespaces.into_iter().collect(),
            dependencies: dependencies.into_iter().collect(),
        }
    }
}

/// Returns every id that a release requires, of modules and members too.
pub(super) fn required_by(release: &Release) -> impl Iterator<Item = &PackageId> {
    let modules = release.details.starter_pack.iter().flat_map(|pack| &pack.modules);
    let members = release.details.solution.iter().flatten();
    release.dependencies.iter().chain(modules).chain(members).map(|dependency| &dependency.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(id: &str, dependencies: &[&str]) -> PackageOutline {
        PackageOutline {
            id: id.into(),
            tree: "1".into(),
            publisher: "com.a".into(),
            newest: "1.0.0".into(),
            name: id.into(),
            summary: String::new(),
            namespaces: vec!["x".into()],
            dependencies: dependencies.iter().map(|id| Arc::from(*id)).collect(),
        }
    }

    #[test]
    fn what_is_kept_is_read_again_and_what_is_damaged_is_not() {
        let outline = Outline { packages: vec![one("a", &["b", "z"]), one("b", &["z"]), one("z", &[])] };
        let bytes = outline.bytes();
        assert_eq!(Outline::parse(&bytes), Some(outline));
        assert_eq!(Outline::parse(&bytes[..bytes.len() - 2]), None);
        assert_eq!(Outline::parse(b"{}"), None);
    }

    #[test]
    fn closures_end_in_cycles() {
        let outline = Outline { packages: vec![one("a", &["b"]), one("b", &["a", "c"]), one("d", &["a"])] };
        let ids = |set: BTreeSet<String>| set.into_iter().collect::<Vec<_>>().join(" ");
        assert_eq!(ids(outline.closure(["a".to_owned()])), "a b c");
        assert_eq!(ids(outline.ancestors(["b".to_owned()])), "a b d");
        assert_eq!(outline.dependents(&BTreeSet::from(["a".to_owned()])).len(), 2);
    }
}
