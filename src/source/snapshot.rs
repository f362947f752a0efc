//! The snapshot: every file of a registry at one moment, with its content at hand.

use super::tree::ObjectId;
use super::{Error, git};
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

/// What a tree entry is. Only regular files are accepted further on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A regular file, mode 100644.
    Regular,
    /// An executable file, mode 100755.
    Executable,
    /// A symbolic link, mode 120000.
    Symlink,
    /// A submodule, mode 160000.
    Submodule,
    /// Anything else: a device, a socket, an unknown git mode.
    Other,
}

impl Mode {
    /// Returns the words for a message.
    pub fn describe(self) -> &'static str {
        match self {
            Mode::Regular => "a regular file",
            Mode::Executable => "an executable file (mode 100755)",
            Mode::Symlink => "a symbolic link",
            Mode::Submodule => "a git submodule",
            Mode::Other => "a special file",
        }
    }

    pub(super) fn bits(self) -> u32 {
        match self {
            Mode::Regular | Mode::Other => 0o100_644,
            Mode::Executable => 0o100_755,
            Mode::Symlink => 0o120_000,
            Mode::Submodule => 0o160_000,
        }
    }

    pub(super) fn from_bits(bits: i32) -> Self {
        match bits {
            0o100_644 | 0o100_664 => Mode::Regular,
            0o100_755 => Mode::Executable,
            0o120_000 => Mode::Symlink,
            0o160_000 => Mode::Submodule,
            _ => Mode::Other,
        }
    }
}

/// One file of the snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// `/`-separated path from the registry's folder; bytes that are not UTF-8 are replaced.
    pub path: Arc<str>,
    /// What it is.
    pub mode: Mode,
    /// The git id of the content.
    pub id: ObjectId,
}

/// All files of a registry at one revision, or in one directory.
#[derive(Debug)]
pub struct Snapshot {
    tree: ObjectId,
    entries: Vec<Entry>,
    contents: Contents,
}

#[derive(Debug)]
enum Contents {
    /// Object folder of a git repository, and contents that no commit has.
    Git { objects: PathBuf, made: HashMap<ObjectId, Arc<[u8]>> },
    /// Files read when the snapshot was taken; large ones are read again on demand.
    Files { root: PathBuf, kept: HashMap<ObjectId, Arc<[u8]>> },
}

impl Snapshot {
    pub(super) fn from_git(objects: PathBuf, tree: ObjectId, entries: Vec<Entry>) -> Self {
        Self::from_git_with(objects, HashMap::new(), tree, entries)
    }

    /// Files of a repository, some of which were made in memory.
    pub(super) fn from_git_with(
        objects: PathBuf,
        made: HashMap<ObjectId, Arc<[u8]>>,
        tree: ObjectId,
        entries: Vec<Entry>,
    ) -> Self {
        Self::new(tree, entries, Contents::Git { objects, made })
    }

    pub(super) fn from_files(
        root: PathBuf,
        tree: ObjectId,
        entries: Vec<Entry>,
        kept: HashMap<ObjectId, Arc<[u8]>>,
    ) -> Self {
        Self::new(tree, entries, Contents::Files { root, kept })
    }

    fn new(tree: ObjectId, mut entries: Vec<Entry>, contents: Contents) -> Self {
        entries.sort_by(|a, b| a.path.as_bytes().cmp(b.path.as_bytes()));
        Self { tree, entries, contents }
    }

    /// Makes a snapshot of files held in memory, as `(path, mode, content)`.
    ///
    /// # Errors
    /// Only when a git id cannot be computed.
    pub fn from_memory(files: impl IntoIterator<Item = (String, Mode, Vec<u8>)>) -> Result<Self, Error> {
        let mut entries = Vec::new();
        let mut kept = HashMap::new();
        let mut tree = super::tree::TreeBuilder::default();
        for (path, mode, content) in files {
            let id = ObjectId::of_blob(&content)?;
            tree.insert(&path, mode.bits(), id);
            kept.insert(id, content.into());
            entries.push(Entry { path: path.into(), mode, id });
        }
        Ok(Self::from_files(PathBuf::new(), tree.finish()?, entries, kept))
    }

    /// Returns a snapshot with the files of both, which are parts of one side of a
    /// pull request; of two at one path, the other's.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        let mut entries: BTreeMap<Arc<str>, Entry> =
            self.entries.into_iter().map(|entry| (Arc::clone(&entry.path), entry)).collect();
        entries.extend(other.entries.into_iter().map(|entry| (Arc::clone(&entry.path), entry)));
        Self { tree: self.tree, entries: entries.into_values().collect(), contents: self.contents }
    }

    /// Returns the git tree id of the registry's folder.
    pub fn tree(&self) -> ObjectId {
        self.tree
    }

    /// Returns the files, sorted by the bytes of their paths.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Returns the file at the path.
    pub fn entry(&self, path: &str) -> Option<&Entry> {
        let position =
            self.entries.binary_search_by(|entry| entry.path.as_bytes().cmp(path.as_bytes())).ok()?;
        self.entries.get(position)
    }

    /// Returns the files under `folder`, which has no final slash.
    pub fn under<'a>(&'a self, folder: &str) -> &'a [Entry] {
        let start = format!("{folder}/");
        let first = self.entries.partition_point(|entry| entry.path.as_bytes() < start.as_bytes());
        let rest = self.entries.get(first..).unwrap_or_default();
        let count = rest.partition_point(|entry| entry.path.starts_with(&start));
        rest.get(..count).unwrap_or_default()
    }

    /// Opens the contents for one thread.
    ///
    /// # Errors
    /// When the object database cannot be opened.
    pub fn reader(&self) -> Result<Reader<'_>, Error> {
        let odb = match &self.contents {
            Contents::Git { objects, .. } => Some(git::open_objects(objects)?),
            Contents::Files { .. } => None,
        };
        Ok(Reader { snapshot: self, odb })
    }
}

/// Reads contents of a snapshot; one a thread.
pub struct Reader<'a> {
    snapshot: &'a Snapshot,
    odb: Option<git2::Odb<'static>>,
}

impl Reader<'_> {
    /// Returns the size of a file without reading it where that is possible.
    ///
    /// # Errors
    /// When the object is missing or the file changed.
    pub fn size(&self, entry: &Entry) -> Result<u64, Error> {
        match (&self.odb, &self.snapshot.contents) {
            (_, Contents::Git { made, .. }) if made.contains_key(&entry.id) => {
                Ok(made[&entry.id].len() as u64)
            }
            (Some(odb), _) => Ok(odb.read_header(entry.id.oid())?.0 as u64),
            (None, Contents::Files { root, kept }) if !kept.contains_key(&entry.id) => {
                super::directory::size(root, entry).ok_or_else(|| Error::Changed(entry.path.to_string()))
            }
            _ => Ok(self.read(entry)?.len() as u64),
        }
    }

    /// Returns the content of a file.
    ///
    /// # Errors
    /// When the object is missing or the file changed.
    pub fn read(&self, entry: &Entry) -> Result<Arc<[u8]>, Error> {
        match (&self.odb, &self.snapshot.contents) {
            (_, Contents::Git { made, .. }) if made.contains_key(&entry.id) => {
                Ok(Arc::clone(&made[&entry.id]))
            }
            (Some(odb), _) => Ok(odb.read(entry.id.oid())?.data().into()),
            (None, Contents::Files { root, kept }) => match kept.get(&entry.id) {
                Some(content) => Ok(Arc::clone(content)),
                None => super::directory::read_again(root, entry),
            },
            (None, Contents::Git { .. }) => Err(Error::Changed(entry.path.to_string())),
        }
    }
}
