//! The in-memory merge of a head into a base: what the base would gain, tree by
//! tree. Folders that the head left alone are never opened, so the cost
//! depends on the change and not on the registry.
//!
//! It agrees with `git merge` except that renames are not followed, and that
//! with several best common ancestors the first is taken.

use super::git::MAX_DEPTH;
use super::listing::{Listing, Names, Node, differing};
use super::{Change, Error, MAX_CHANGES, ObjectId, Repository};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

/// A file that both sides changed differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Path from the top of the repository.
    pub path: String,
    /// Whether both sides added it: neither knew of the other.
    pub is_added_twice: bool,
}

/// A tree object of the head that git itself would not have written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Oddity {
    /// Path of the folder or entry from the top of the repository.
    pub path: String,
    /// What is odd, in words.
    pub what: String,
}

/// What a merge gives.
#[derive(Debug, Default)]
pub(super) struct Merged {
    /// What the base gains, by path from the top of the repository.
    pub(super) changes: Vec<Change>,
    pub(super) conflicts: Vec<Conflict>,
    pub(super) oddities: Vec<Oddity>,
    /// Contents that exist in no commit: merges of two edits of one file.
    pub(super) contents: HashMap<ObjectId, Arc<[u8]>>,
    /// Whether there is more than [`MAX_CHANGES`].
    pub(super) is_cut: bool,
}

/// Merges trees of one repository.
pub(super) struct Merge<'a> {
    repository: &'a Repository,
    merged: Merged,
}

impl<'a> Merge<'a> {
    /// Merges the change from `ancestor` to `head` into `base`.
    pub(super) fn run(
        repository: &'a Repository,
        ancestor: &git2::Tree<'_>,
        base: &git2::Tree<'_>,
        head: &git2::Tree<'_>,
    ) -> Result<Merged, Error> {
        let mut merge = Merge { repository, merged: Merged::default() };
        merge.trees(Some(ancestor.id()), Some(base.id()), head.id(), "", 0)?;
        merge.merged.changes.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(merge.merged)
    }

    fn trees(
        &mut self,
        ancestor: Option<git2::Oid>,
        base: Option<git2::Oid>,
        head: git2::Oid,
        prefix: &str,
        depth: usize,
    ) -> Result<(), Error> {
        if depth > MAX_DEPTH {
            self.odd(prefix, "folders are nested too deep to be followed");
            return Ok(());
        }
        let (ours, theirs) = (self.listing(base)?, self.listing_of_head(head, prefix)?);
        let [own, new] = differing(&ours, &theirs);
        self.tell_twice(&theirs, &new, prefix);
        // Most often nothing has happened on the base meanwhile.
        let read = if ancestor == base { None } else { Some(self.listing(ancestor)?) };
        let [old, kept] =
            read.as_ref().map_or_else(|| [own.clone(), new.clone()], |old| differing(old, &theirs));
        let differs = |name: &&&[u8]| kept.get(**name) != old.get(**name);
        let all: BTreeSet<&[u8]> = own.keys().chain(new.keys()).filter(differs).copied().collect();
        for name in all {
            if self.merged.changes.len() > MAX_CHANGES {
                self.merged.is_cut = true;
                return Ok(());
            }
            let path = format!("{prefix}{}", String::from_utf8_lossy(name));
            self.entry([&old, &own, &new].map(|side| side.get(name).copied()), &path, depth)?;
        }
        Ok(())
    }

    /// Decides one name of a folder.
    fn entry(&mut self, sides: [Option<Node>; 3], path: &str, depth: usize) -> Result<(), Error> {
        let [old, ours, theirs] = sides;
        if theirs == old || theirs == ours {
            return Ok(());
        }
        let tree = |node: Option<Node>| node.filter(Node::is_folder).map(|node| node.id);
        if let Some(head) = tree(theirs) {
            let has_no_file = |node: Option<Node>| node.is_none_or(|node| node.is_folder());
            if has_no_file(ours) {
                return self.trees(tree(old), tree(ours), head, &format!("{path}/"), depth + 1);
            }
        }
        if ours == old {
            return self.replace(ours, theirs, path, depth);
        }
        if let (None, Some(folder)) = (theirs, tree(ours)) {
            // Deleted there, changed here: each file below is a conflict, or untouched and goes.
            let gone = self.repository.git().treebuilder(None)?.write();
            return match (tree(old), gone) {
                (Some(_), Ok(empty)) => {
                    self.trees(tree(old), Some(folder), empty, &format!("{path}/"), depth + 1)
                }
                _ => self.conflict(path, false),
            };
        }
        match (ours, theirs) {
            (Some(ours), Some(theirs)) if !ours.is_folder() && !theirs.is_folder() => {
                self.file(old, ours, theirs, path)
            }
            _ => self.conflict(path, false),
        }
    }

    /// Takes what the head has in place of what the base has.
    fn replace(
        &mut self,
        ours: Option<Node>,
        theirs: Option<Node>,
        path: &str,
        depth: usize,
    ) -> Result<(), Error> {
        if let Some(folder) = ours.filter(Node::is_folder) {
            self.removed(folder.id, &format!("{path}/"), depth + 1)?;
        }
        if let Some(folder) = theirs.filter(Node::is_folder) {
            self.trees(None, None, folder.id, &format!("{path}/"), depth + 1)?;
        }
        let entry = |node: Option<Node>| node.filter(|node| !node.is_folder()).map(|node| node.entry(path));
        let (base, head) = (entry(ours), entry(theirs));
        if base.is_some() || head.is_some() {
            self.merged.changes.push(Change { path: path.into(), base, head });
        }
        Ok(())
    }

    /// Tells every file below a folder of the base as removed.
    fn removed(&mut self, folder: git2::Oid, prefix: &str, depth: usize) -> Result<(), Error> {
        if depth > MAX_DEPTH || self.merged.changes.len() > MAX_CHANGES {
            self.merged.is_cut = true;
            return Ok(());
        }
        for (name, node) in self.listing(Some(folder))?.iter() {
            let path = format!("{prefix}{}", String::from_utf8_lossy(name));
            self.replace(Some(node), None, &path, depth)?;
        }
        Ok(())
    }

    /// Merges two edits of one file line by line, as git does.
    fn file(&mut self, old: Option<Node>, ours: Node, theirs: Node, path: &str) -> Result<(), Error> {
        let Some(old) = old.filter(|old| old.mode == ours.mode && old.mode == theirs.mode) else {
            return self.conflict(path, old.is_none());
        };
        let one = |node: Node| -> Result<git2::Tree<'_>, git2::Error> {
            let mut builder = self.repository.git().treebuilder(None)?;
            builder.insert("file", node.id, node.mode)?;
            self.repository.git().find_tree(builder.write()?)
        };
        let index = self.repository.git().merge_trees(&one(old)?, &one(ours)?, &one(theirs)?, None)?;
        let result = index.get(0).filter(|_| !index.has_conflicts() && index.len() == 1);
        let Some(result) = result else { return self.conflict(path, false) };
        let content: Arc<[u8]> = self.repository.git().find_blob(result.id)?.content().into();
        let node = Node { id: result.id, ..theirs };
        self.merged.contents.insert(node.id.into(), content);
        if node != ours {
            let (base, head) = (Some(ours.entry(path)), Some(node.entry(path)));
            self.merged.changes.push(Change { path: path.into(), base, head });
        }
        Ok(())
    }

    #[allow(clippy::unnecessary_wraps, reason = "the arms that call it return a result")]
    fn conflict(&mut self, path: &str, is_added_twice: bool) -> Result<(), Error> {
        self.merged.conflicts.push(Conflict { path: path.to_owned(), is_added_twice });
        Ok(())
    }

    fn odd(&mut self, path: &str, what: impl Into<String>) {
        self.merged.oddities.push(Oddity { path: path.trim_end_matches('/').to_owned(), what: what.into() });
    }

    fn listing(&self, tree: Option<git2::Oid>) -> Result<Rc<Listing>, Error> {
        tree.map_or_else(|| Ok(Rc::default()), |id| Ok(self.repository.listing(id)?))
    }

    /// Reads a tree of the head, which anybody may have written by hand.
    fn listing_of_head(&mut self, id: git2::Oid, prefix: &str) -> Result<Rc<Listing>, Error> {
        match self.repository.listing(id) {
            Ok(listing) if listing.is_plain() => Ok(listing),
            Ok(listing) => Ok(self.mended(&listing, prefix).into()),
            Err(error) if error.code() == git2::ErrorCode::NotFound => Err(error.into()),
            Err(error) => {
                self.odd(prefix, format!("the folder cannot be read: {}", error.message()));
                Ok(Rc::default())
            }
        }
    }

    /// Tells what is odd about a tree; returns it as git would have written it.
    fn mended(&mut self, listing: &Listing, prefix: &str) -> Listing {
        let mut names: BTreeMap<Vec<u8>, (&[u8], Node)> = BTreeMap::new();
        let mut before: Option<Vec<u8>> = None;
        for (name, node) in listing.iter() {
            let path = format!("{prefix}{}", String::from_utf8_lossy(name));
            if name.is_empty() || name.contains(&b'/') {
                self.odd(&path, "a name is empty or holds a slash, and would forge another path");
                continue;
            }
            let key = sort_key(name, node);
            if before.as_ref().is_some_and(|before| *before > key) {
                self.odd(&path, "the folder is not sorted as git sorts it, so git tools read it differently");
            }
            if names.insert(key.clone(), (name, node)).is_some() {
                self.odd(&path, TWICE);
            }
            before = Some(key);
        }
        names.into_values().collect()
    }

    /// Tells which names of the head stand for a file and for a folder.
    fn tell_twice(&mut self, head: &Listing, names: &Names<'_>, prefix: &str) {
        for name in names.keys().filter(|name| head.is_twice(name)) {
            self.odd(&format!("{prefix}{}", String::from_utf8_lossy(name)), TWICE);
        }
    }
}

const TWICE: &str = "the folder has this name twice, and git tools disagree which one counts";

/// Git sorts folders as if their names ended in a slash.
fn sort_key(name: &[u8], node: Node) -> Vec<u8> {
    let end: &[u8] = if node.is_folder() { b"/" } else { b"" };
    [name, end].concat()
}
