//! What a pull request proposes: the difference between the base and the
//! in-memory merge of the head into it, and snapshots of any part of both.

use super::listing::{Listing, Node};
use super::merge::{Conflict, Merge, Oddity};
use super::snapshot::{Entry, Snapshot};
use super::{Commit, Error, ObjectId, Repository};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

/// Most files of a pull request that are looked at.
pub const MAX_CHANGES: usize = 20_000;

/// One file that the base would gain, lose or have otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Path from the registry's folder; of what lies outside it, from the top of the repository.
    pub path: Arc<str>,
    /// The file on the base.
    pub base: Option<Entry>,
    /// The file after the merge.
    pub head: Option<Entry>,
}

impl Change {
    /// Returns whether the base has no such file.
    pub fn is_added(&self) -> bool {
        self.base.is_none()
    }

    /// Returns whether the merge has no such file.
    pub fn is_removed(&self) -> bool {
        self.head.is_none()
    }
}

/// Everything that a pull request would change.
#[derive(Debug)]
pub struct ChangeSet {
    repository: Repository,
    /// The commit that is merged into.
    pub base: Commit,
    /// The commit that is merged.
    pub head: Commit,
    /// Their best common ancestor.
    pub merge_base: ObjectId,
    /// Folder of the registry in the repository, empty at the top.
    pub folder: String,
    /// Tree of the registry on the base.
    root: ObjectId,
    /// Changed files of the registry, sorted by path.
    pub changes: Vec<Change>,
    /// Changed files outside the registry's folder, sorted by path.
    pub outside: Vec<Change>,
    /// Files that both sides changed differently; the base's stay.
    pub conflicts: Vec<Conflict>,
    /// Tree objects of the head that git would not have written.
    pub oddities: Vec<Oddity>,
    /// Whether there is more than [`MAX_CHANGES`], and the rest was not looked at.
    pub is_cut: bool,
    contents: HashMap<ObjectId, Arc<[u8]>>,
}

/// A side of a pull request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What is there.
    Base,
    /// What would be there.
    Merged,
}

impl ChangeSet {
    /// Merges `head` into `base` in memory. Neither is checked out.
    ///
    /// # Errors
    /// When a revision or the registry's folder does not exist, or the histories do not meet.
    pub fn between(repository: Repository, folder: &str, base: &str, head: &str) -> Result<Self, Error> {
        let (base, head) = (repository.commit(base)?, repository.commit(head)?);
        let merge_base = repository.merge_base(&base, &head)?;
        let base_tree = repository.tree_of(base.id)?;
        let merged = Merge::run(
            &repository,
            &repository.tree_of(merge_base)?,
            &base_tree,
            &repository.tree_of(head.id)?,
        )?;
        let no_folder = || Error::NoFolder { revision: base.revision.clone(), path: folder.to_owned() };
        let root = if folder.is_empty() {
            base_tree.id()
        } else {
            base_tree.get_path(Path::new(folder)).map_err(|_| no_folder())?.id()
        };
        drop(base_tree);
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let (mut changes, mut outside) = (Vec::new(), Vec::new());
        for change in merged.changes {
            match change.path.strip_prefix(prefix.as_str()) {
                Some(inner) => changes.push(inside(&change, inner)),
                None => outside.push(change),
            }
        }
        Ok(Self {
            base,
            head,
            merge_base,
            folder: folder.to_owned(),
            root: root.into(),
            changes,
            outside,
            conflicts: merged.conflicts,
            oddities: merged.oddities,
            is_cut: merged.is_cut,
            contents: merged.contents,
            repository,
        })
    }

    /// Adds files to the base in memory, as a commit with nothing else in it would:
    /// what `between` returns for that commit, which is never made. Paths are from
    /// the registry's folder. The head has an id that no commit has.
    ///
    /// # Errors
    /// When the base or the registry's folder does not exist.
    pub fn adding(
        repository: Repository,
        folder: &str,
        base: &str,
        name: &str,
        files: BTreeMap<String, Vec<u8>>,
    ) -> Result<Self, Error> {
        let mut set = Self::between(repository, folder, base, base)?;
        set.head.revision = name.to_owned();
        let paths: BTreeSet<String> = files.keys().cloned().collect();
        let known = set.snapshot(Side::Base, &paths)?;
        for (path, content) in files {
            let id = ObjectId::of_blob(&content)?;
            let base = known.entry(&path).cloned();
            let path: Arc<str> = path.into();
            let head = Entry { path: Arc::clone(&path), mode: super::Mode::Regular, id };
            if base.as_ref() != Some(&head) {
                set.contents.insert(id, content.into());
                set.changes.push(Change { path, base, head: Some(head) });
            }
        }
        let listed = |change: &Change| Some(format!("{} {}\n", change.head.as_ref()?.id, change.path));
        let list: String = set.changes.iter().filter_map(listed).collect();
        set.head.id = ObjectId::of_blob(format!("{}\n{list}", set.base.id).as_bytes())?;
        set.is_cut = set.changes.len() > MAX_CHANGES;
        Ok(set)
    }

    /// Returns the git tree id of the registry's folder on the base.
    pub fn base_tree(&self) -> ObjectId {
        self.root
    }

    /// Returns the change of a file, if it has one.
    pub fn change(&self, path: &str) -> Option<&Change> {
        self.changes.binary_search_by(|change| (*change.path).cmp(path)).ok().map(|at| &self.changes[at])
    }

    /// Returns the subfolders of a folder on the base; none where it does not exist.
    ///
    /// # Errors
    /// When an object cannot be read.
    pub fn folders(&self, folder: &str) -> Result<Folders, Error> {
        let mut listing = self.repository.listing(self.root.oid())?;
        for name in folder.split('/').filter(|name| !name.is_empty()) {
            let Some(inner) = listing.get(name.as_bytes()).filter(Node::is_folder) else {
                return Ok(Folders(Rc::default()));
            };
            listing = self.repository.listing(inner.id)?;
        }
        Ok(Folders(listing))
    }

    /// Returns the subfolders of a tree.
    ///
    /// # Errors
    /// When an object cannot be read.
    pub fn folders_of(&self, tree: ObjectId) -> Result<Folders, Error> {
        Ok(Folders(self.repository.listing(tree.oid())?))
    }

    /// Returns the snapshot of one side that holds only some paths: files, or
    /// folders with all that is in them.
    ///
    /// # Errors
    /// When an object cannot be read.
    pub fn snapshot(&self, side: Side, paths: &BTreeSet<String>) -> Result<Snapshot, Error> {
        let wanted: Vec<&str> = paths.iter().map(String::as_str).collect();
        let mut found = Vec::new();
        self.collect(self.root.oid(), "", &wanted, &mut found)?;
        let mut files: BTreeMap<Arc<str>, Entry> =
            found.into_iter().map(|entry| (Arc::clone(&entry.path), entry)).collect();
        if side == Side::Merged {
            let is_wanted = |path: &str| {
                paths.contains(path) || path.match_indices('/').any(|(at, _)| paths.contains(&path[..at]))
            };
            for change in self.changes.iter().filter(|change| is_wanted(&change.path)) {
                match &change.head {
                    Some(entry) => files.insert(Arc::clone(&change.path), entry.clone()),
                    None => files.remove(&change.path),
                };
            }
        }
        let entries = files.into_values().collect();
        Ok(Snapshot::from_git_with(self.repository.objects(), self.contents.clone(), self.root, entries))
    }

    /// Returns the snapshot of one side whole.
    ///
    /// # Errors
    /// When an object cannot be read.
    pub fn whole(&self, side: Side) -> Result<Snapshot, Error> {
        let git = self.repository.git();
        let entries = super::git::walk(git, &git.find_tree(self.root.oid())?, "")?;
        let mut files: BTreeMap<Arc<str>, Entry> =
            entries.into_iter().map(|entry| (Arc::clone(&entry.path), entry)).collect();
        if side == Side::Merged {
            for change in &self.changes {
                match &change.head {
                    Some(entry) => files.insert(Arc::clone(&change.path), entry.clone()),
                    None => files.remove(&change.path),
                };
            }
        }
        let entries = files.into_values().collect();
        Ok(Snapshot::from_git_with(self.repository.objects(), self.contents.clone(), self.root, entries))
    }

    /// Returns for each folder the files that stand in its tree itself, not below
    /// it; several threads read, each with the object database to itself.
    ///
    /// # Errors
    /// When an object cannot be read.
    pub fn files_in(&self, folders: &[(String, ObjectId)]) -> Result<Vec<Vec<Entry>>, Error> {
        let objects = self.repository.objects();
        let chunks: Vec<Vec<Vec<Entry>>> = folders
            .par_chunks(FOLDERS_A_CHUNK)
            .map(|chunk| {
                let git = git2::Repository::from_odb(super::git::open_objects(&objects)?)?;
                chunk.iter().map(|(folder, tree)| files_of(&git, folder, *tree)).collect()
            })
            .collect::<Result<_, Error>>()?;
        Ok(chunks.into_iter().flatten().collect())
    }

    /// Makes a snapshot of files of the base.
    pub fn snapshot_of(&self, entries: Vec<Entry>) -> Snapshot {
        Snapshot::from_git_with(self.repository.objects(), HashMap::new(), self.root, entries)
    }

    /// Adds the files at paths below a tree, and all files below those that are
    /// folders. Paths are sorted, so that each tree on the way is read once: the
    /// one with a hundred thousand packages too.
    fn collect(
        &self,
        tree: git2::Oid,
        prefix: &str,
        paths: &[&str],
        found: &mut Vec<Entry>,
    ) -> Result<(), Error> {
        let git = self.repository.git();
        let listing = self.repository.listing(tree)?;
        let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for path in paths {
            let (first, rest) = path.split_once('/').unwrap_or((path, ""));
            groups.entry(first).or_default().push(rest);
        }
        for (name, rest) in groups {
            let Some(node) = listing.get(name.as_bytes()) else { continue };
            let path = format!("{prefix}{name}");
            match (node.is_folder(), rest.contains(&"")) {
                (true, true) => {
                    let folder = git.find_tree(node.id)?;
                    found.extend(super::git::walk(git, &folder, &format!("{path}/"))?);
                }
                (true, false) => self.collect(node.id, &format!("{path}/"), &rest, found)?,
                (false, true) => found.push(node.entry(&path)),
                (false, false) => {}
            }
        }
        Ok(())
    }
}

/// The subfolders of a folder.
#[derive(Debug)]
pub struct Folders(Rc<Listing>);

impl Folders {
    /// Returns names and tree ids, in git's order.
    pub fn iter(&self) -> impl Iterator<Item = (Cow<'_, str>, ObjectId)> {
        let folders = self.0.iter().filter(|(_, node)| node.is_folder());
        folders.map(|(name, node)| (String::from_utf8_lossy(name), node.id.into()))
    }
}

/// Folders that one thread lists before it takes the next.
const FOLDERS_A_CHUNK: usize = 500;

fn files_of(git: &git2::Repository, folder: &str, tree: ObjectId) -> Result<Vec<Entry>, Error> {
    let tree = git.find_tree(tree.oid())?;
    let files = tree.iter().filter(|item| item.filemode_raw() != 0o040_000);
    Ok(files
        .map(|item| Entry {
            path: format!("{folder}/{}", String::from_utf8_lossy(item.name_bytes())).into(),
            mode: super::Mode::from_bits(item.filemode_raw()),
            id: item.id().into(),
        })
        .collect())
}

fn inside(change: &Change, inner: &str) -> Change {
    let path: Arc<str> = inner.into();
    let entry = |entry: &Option<Entry>| {
        entry.as_ref().map(|entry| Entry { path: Arc::clone(&path), ..entry.clone() })
    };
    Change { base: entry(&change.base), head: entry(&change.head), path: Arc::clone(&path) }
}
