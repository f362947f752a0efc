//! Reads every file of a snapshot into a [`Registry`], never stopping at the
//! first problem.

use super::convert::RequirementPool;
use super::file::{FileLoader, PackagePart, Parsed};
use super::registry::{Collection, Listing, Package, Registry, Release, Review, Stray};
use super::settings;
use crate::diagnostic::{Diagnostic, shell_word};
use crate::model::Version;
use crate::source::{Error, Snapshot};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Files of one package as they come in.
#[derive(Default)]
struct Draft {
    /// Boxed: a node of the map has room for eleven, and most packages have one.
    releases: BTreeMap<Version, Box<Release>>,
    listing: Option<Listing>,
    media: std::collections::BTreeSet<Arc<str>>,
    ratings: Vec<super::registry::Rating>,
    others: Vec<PackagePart>,
}

/// Reads the snapshot.
///
/// # Errors
/// Only when the source itself cannot be read; what is wrong in the files is a diagnostic.
pub fn load(snapshot: &Snapshot) -> Result<(Registry, Vec<Diagnostic>), Error> {
    let mut diagnostics = case_collisions(snapshot);
    let pool = RequirementPool::default();
    let chunk = (snapshot.entries().len() / 64).max(16);
    let parts: Vec<(Vec<Parsed>, Vec<Diagnostic>)> = snapshot
        .entries()
        .par_chunks(chunk)
        .map(|entries| {
            let reader = snapshot.reader()?;
            let mut found = Vec::new();
            let mut parsed = Vec::with_capacity(entries.len());
            for entry in entries {
                let loader = FileLoader { snapshot, reader: &reader, pool: &pool, entry };
                parsed.push(loader.load(&mut found)?);
            }
            Ok((parsed, found))
        })
        .collect::<Result<_, Error>>()?;

    let mut registry = Registry::default();
    let mut drafts: BTreeMap<String, Draft> = BTreeMap::new();
    let mut has_settings = false;
    for (parsed, found) in parts {
        diagnostics.extend(found);
        for item in parsed {
            match item {
                Parsed::Registry(wire) => {
                    has_settings = true;
                    registry.settings = settings::convert(*wire, &mut diagnostics);
                }
                Parsed::Policy(wire) => registry.policy = *wire,
                Parsed::Curators(wire) => registry.curators = wire.curators,
                Parsed::Publisher(publisher) => {
                    registry.publishers.insert(publisher.id.clone(), *publisher);
                }
                Parsed::Collection(name, wire) => {
                    let path = format!("collections/{name}.toml").into();
                    registry.collections.insert(name, Collection { path, wire: *wire });
                }
                Parsed::Advisory(advisory) => registry.advisories.push(*advisory),
                Parsed::Waiver(waiver) => registry.waivers.push(*waiver),
                Parsed::Package(folder, part) => drafts.entry(folder).or_default().add(part),
                Parsed::Source(folder) => {
                    registry.source_folders.insert(folder);
                }
                Parsed::Nothing => {}
                Parsed::Broken(folder) => {
                    has_settings |= folder == "registry.toml";
                    registry.broken.insert(folder);
                }
            }
        }
    }
    if !has_settings {
        registry.broken.insert("registry.toml".to_owned());
        diagnostics.push(
            Diagnostic::new(
                "registry-missing",
                "registry.toml",
                "there is no registry.toml, so this folder is no registry",
            )
            .help("`shelfmark init` writes one"),
        );
    }
    if registry.settings.audiences.is_empty() {
        settings::default_audiences(&mut registry.settings);
    }
    // Collected at once: a map that grows in order leaves its nodes half empty.
    registry.packages = drafts
        .into_iter()
        .filter_map(|(folder, draft)| draft.finish(&folder, &mut registry))
        .map(|package| (package.id.clone(), package))
        .collect();
    Ok((registry, diagnostics))
}

impl Draft {
    fn add(&mut self, part: PackagePart) {
        match part {
            PackagePart::Release(release) => {
                self.releases.insert(release.version.clone(), release);
            }
            PackagePart::Listing(listing) => self.listing = Some(*listing),
            PackagePart::Media(path) => {
                self.media.insert(path);
            }
            PackagePart::Rating(rating) => self.ratings.push(*rating),
            other => self.others.push(other),
        }
    }

    /// Gives every later file to its release; returns the package, which has at least one.
    fn finish(mut self, folder: &str, registry: &mut Registry) -> Option<Package> {
        let (mut strays, mut pending) = (Vec::new(), Vec::new());
        for part in std::mem::take(&mut self.others) {
            self.attach(part, &mut strays, &mut pending);
        }
        registry
            .pending_reviews
            .extend(pending.into_iter().map(|(version, review)| (folder.to_owned(), version, review)));
        for release in self.releases.values_mut() {
            release.amendments.sort_by_key(|amendment| amendment.n);
        }
        let releases: Vec<Release> = self.releases.into_values().map(|release| *release).collect();
        let (listing, ratings, media) = (self.listing, self.ratings, self.media);
        if let Some(first) = releases.first() {
            let id = first.id.clone();
            return Some(Package { id, listing, releases, ratings, media, strays });
        }
        if !registry.broken.contains(folder) {
            let listing = listing.map(|listing| listing.path);
            let stray = strays.into_iter().next().map(|stray| stray.path);
            let rating = ratings.into_iter().next().map(|rating| rating.path);
            registry.orphans.extend(listing.or(stray).or(rating).or(media.into_iter().next()));
        }
        None
    }

    /// Gives a file to its release. A review may come before the release it is
    /// about: that is how a curator approves what is still a pull request.
    fn attach(&mut self, part: PackagePart, strays: &mut Vec<Stray>, pending: &mut Vec<(String, Review)>) {
        let (version, path, what) = match &part {
            PackagePart::Withdrawal(version, withdrawal) => (version, &withdrawal.path, "withdrawal"),
            PackagePart::Amendment(version, amendment) => (version, &amendment.path, "amendment"),
            PackagePart::Review(version, review) => (version, &review.path, "review"),
            PackagePart::Evidence(version, evidence) => (version, &evidence.path, "evidence"),
            _ => return,
        };
        let release = Version::parse(version).ok().and_then(|version| self.releases.get_mut(&version));
        let Some(release) = release else {
            if let PackagePart::Review(version, review) = part {
                pending.push((version, *review));
                return;
            }
            strays.push(Stray { path: Arc::clone(path), what, version: version.clone() });
            return;
        };
        match part {
            PackagePart::Withdrawal(_, withdrawal) => release.withdrawal = Some(*withdrawal),
            PackagePart::Amendment(_, amendment) => release.amendments.push(*amendment),
            PackagePart::Review(_, review) => release.reviews.push(*review),
            PackagePart::Evidence(_, evidence) => release.evidence.push(*evidence),
            _ => {}
        }
    }
}

/// Finds files, and folders, whose names differ only in case.
fn case_collisions(snapshot: &Snapshot) -> Vec<Diagnostic> {
    let mut seen: HashMap<String, &str> = HashMap::with_capacity(snapshot.entries().len());
    let mut diagnostics = Vec::new();
    let mut previous = "";
    for entry in snapshot.entries() {
        let shared = entry.path.bytes().zip(previous.bytes()).take_while(|(a, b)| a == b).count();
        let ends = entry.path.match_indices('/').map(|(at, _)| at).chain([entry.path.len()]);
        for end in ends.filter(|end| *end >= shared) {
            let part = &entry.path[..end];
            match seen.insert(part.to_lowercase(), part) {
                Some(other) if other != part => diagnostics.push(
                    Diagnostic::new(
                        "path-case-collision",
                        Arc::clone(&entry.path),
                        format!("`{part}` and `{other}` are one name on file systems that ignore case"),
                    )
                    .help(format!("rename one of them: git mv {} …", shell_word(part))),
                ),
                _ => {}
            }
        }
        previous = &entry.path;
    }
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Mode;

    fn told(files: &[(&str, String)]) -> Vec<(&'static str, String)> {
        let files =
            files.iter().map(|(path, text)| ((*path).to_owned(), Mode::Regular, text.clone().into_bytes()));
        let snapshot = Snapshot::from_memory(files).unwrap();
        let (_, found) = load(&snapshot).unwrap();
        found.into_iter().map(|one| (one.rule, one.location.path.to_string())).collect()
    }

    #[test]
    fn an_advisory_has_the_name_of_its_file_and_replaces_no_other() {
        let registry = ("registry.toml", "format = 1\nname = \"x\"\n".to_owned());
        let advisory = |path| (path, "{\"id\": \"X-1\"}".to_owned());
        assert_eq!(told(&[registry.clone(), advisory("advisories/X-1.json")]), []);
        let other = "advisories/X-2.json";
        assert_eq!(told(&[registry, advisory(other)]), [("id-path-mismatch", other.to_owned())]);
    }

    #[test]
    fn a_release_reads_no_folder_but_its_own_and_no_endless_json() {
        let release = |tree: &str| {
            format!(
                "format = 1\nid = \"com.a.b\"\nversion = \"1.0.0\"\nkind = \"plugin\"\npublisher = \"com.a\"\n\
                 [artifact]\ntree = \"{tree}\"\nsha256 = \"{}\"\nsize = 1\n",
                "0".repeat(64)
            )
        };
        let registry = ("registry.toml", "format = 1\nname = \"x\"\n".to_owned());
        let file = "sources/com.a.b/1.0.0/metadata/object/big.json";
        let json = (file, format!("[{}0]", "0,".repeat(600_000)));
        let path = "packages/com/a/com.a.b/1.0.0.toml";
        let own = told(&[registry.clone(), json.clone(), (path, release("sources/com.a.b/1.0.0"))]);
        assert_eq!(own, [("file-too-large", file.to_owned())]);
        assert_eq!(told(&[registry, json, (path, release("sources"))]), []);
    }
}
