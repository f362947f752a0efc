//! Git object ids, computed for files that git has never seen.
//!
//! Formats: git's documentation of objects (`blob`, `tree`).

use std::collections::BTreeMap;

/// The id of a git object (SHA-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(git2::Oid);

impl ObjectId {
    /// Returns the id that git gives to these file contents.
    ///
    /// # Errors
    /// Only when the hash cannot be set up.
    pub fn of_blob(bytes: &[u8]) -> Result<Self, git2::Error> {
        git2::Oid::hash_object(git2::ObjectType::Blob, bytes).map(Self)
    }

    /// The same, without ever holding the whole file.
    pub(super) fn of_file(path: &std::path::Path) -> Result<Self, git2::Error> {
        git2::Oid::hash_file(git2::ObjectType::Blob, path).map(Self)
    }

    pub(super) fn of_tree(bytes: &[u8]) -> Result<Self, git2::Error> {
        git2::Oid::hash_object(git2::ObjectType::Tree, bytes).map(Self)
    }

    /// Returns whether these hexadecimal digits are the id.
    pub fn is_written(self, digits: &str) -> bool {
        git2::Oid::from_str(digits).is_ok_and(|id| id == self.0)
    }

    pub(super) fn oid(self) -> git2::Oid {
        self.0
    }
}

impl From<git2::Oid> for ObjectId {
    fn from(oid: git2::Oid) -> Self {
        Self(oid)
    }
}

impl std::fmt::Display for ObjectId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A folder under construction: name to file or folder.
#[derive(Default)]
pub(super) struct TreeBuilder {
    children: BTreeMap<String, Node>,
}

enum Node {
    File(u32, ObjectId),
    Folder(TreeBuilder),
}

impl TreeBuilder {
    /// Adds a file under its `/`-separated path.
    pub(super) fn insert(&mut self, path: &str, mode: u32, id: ObjectId) {
        match path.split_once('/') {
            None => {
                self.children.insert(path.to_owned(), Node::File(mode, id));
            }
            Some((folder, rest)) => {
                let child =
                    self.children.entry(folder.to_owned()).or_insert_with(|| Node::Folder(Self::default()));
                if let Node::Folder(folder) = child {
                    folder.insert(rest, mode, id);
                }
            }
        }
    }

    /// Returns the tree id: entries sorted as git sorts them, folders as if
    /// their names ended in a slash.
    pub(super) fn finish(&self) -> Result<ObjectId, git2::Error> {
        let mut entries = Vec::with_capacity(self.children.len());
        for (name, node) in &self.children {
            entries.push(match node {
                Node::File(mode, id) => (name.clone(), format!("{mode:o} {name}\0"), *id),
                Node::Folder(folder) => (format!("{name}/"), format!("40000 {name}\0"), folder.finish()?),
            });
        }
        entries.sort_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
        let mut bytes = Vec::new();
        for (_, head, id) in &entries {
            bytes.extend_from_slice(head.as_bytes());
            bytes.extend_from_slice(id.oid().as_bytes());
        }
        ObjectId::of_tree(&bytes)
    }
}
