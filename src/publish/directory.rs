//! A built tree in a directory.
//!
//! Files that have not changed are not touched. The root pointer is kept back
//! until everything else is there, and only then what the tree no longer has is
//! removed: a run that is killed at any moment leaves the earlier root and all
//! it names, and the next run ends in the bytes of a clean build.

use super::{Output, OutputError, Phase};
use crate::platform::fs::{self, SITE_MARKER as MARKER};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Folders of a built tree; only in these are unknown files removed.
pub const FOLDERS: [&str; 15] = [
    "api",
    "artifacts",
    "assets",
    "browse",
    "docs",
    "index",
    "integration-providers",
    "media",
    "p",
    "policy",
    "publishers",
    "reports",
    "rules",
    "search",
    "starter-packs",
];
const MARKER_TEXT: &[u8] =
    b"Written by `shelfmark build`, which removes files it does not know from the folders it writes.\n";

/// Why a directory cannot be built into.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    /// It holds something else.
    #[error("`{}` holds files that `build` did not write", .0.display())]
    Foreign(PathBuf),
    /// The path is a file.
    #[error("`{}` is not a directory", .0.display())]
    NotDirectory(PathBuf),
    /// The marker could not be written.
    #[error(transparent)]
    Output(#[from] OutputError),
}

/// Counts of a finished build.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WriteReport {
    /// Files in the tree.
    pub files: u64,
    /// Files that were new or changed.
    pub written: u64,
    /// Bytes of those.
    pub written_bytes: u64,
    /// Files that were removed.
    pub removed: u64,
}

/// Writes a tree to a directory.
pub struct DirectoryOutput {
    root: PathBuf,
    shards: Vec<Mutex<BTreeSet<String>>>,
    pending: Mutex<Vec<(String, Vec<u8>)>>,
    written: AtomicU64,
    written_bytes: AtomicU64,
}

impl DirectoryOutput {
    /// Prepares a directory: one that is new, empty, or was built before.
    ///
    /// # Errors
    /// Refuses a directory with other files in it, since building removes what it does not know.
    pub fn prepare(root: &Path) -> Result<Self, PrepareError> {
        if fs::exists(root) && !fs::is_dir(root) {
            return Err(PrepareError::NotDirectory(root.to_owned()));
        }
        let is_ours = fs::exists(&root.join(MARKER));
        if !is_ours
            && fs::is_dir(root)
            && walkdir::WalkDir::new(root).min_depth(1).into_iter().next().is_some()
        {
            return Err(PrepareError::Foreign(root.to_owned()));
        }
        let output = Self {
            root: root.to_owned(),
            shards: (0..64).map(|_| Mutex::default()).collect(),
            pending: Mutex::default(),
            written: AtomicU64::new(0),
            written_bytes: AtomicU64::new(0),
        };
        output.put(Phase::Hashed, MARKER, MARKER_TEXT)?;
        Ok(output)
    }

    /// Makes the build visible: writes the root, then removes what the tree no longer has.
    ///
    /// # Errors
    /// When a file cannot be written or removed.
    pub fn commit(self) -> Result<WriteReport, OutputError> {
        let pending = self.pending.into_inner().unwrap_or_default();
        for (path, bytes) in &pending {
            write_if_changed(&self.root, path, bytes, &self.written, &self.written_bytes)?;
        }
        let mut known: BTreeSet<String> = BTreeSet::new();
        for shard in self.shards {
            known.append(&mut shard.into_inner().unwrap_or_default());
        }
        known.extend(pending.into_iter().map(|(path, _)| path));
        let removed = prune(&self.root, &known)?;
        Ok(WriteReport {
            files: known.len() as u64,
            written: self.written.into_inner(),
            written_bytes: self.written_bytes.into_inner(),
            removed,
        })
    }
}

impl Output for DirectoryOutput {
    fn put(&self, phase: Phase, path: &str, bytes: &[u8]) -> Result<(), OutputError> {
        if phase == Phase::Root {
            if let Ok(mut pending) = self.pending.lock() {
                pending.push((path.to_owned(), bytes.to_owned()));
            }
            return Ok(());
        }
        let sum =
            path.bytes().fold(path.len(), |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(byte)));
        if let Ok(mut shard) = self.shards[sum % self.shards.len()].lock() {
            shard.insert(path.to_owned());
        }
        write_if_changed(&self.root, path, bytes, &self.written, &self.written_bytes)
    }
}

fn write_if_changed(
    root: &Path,
    path: &str,
    bytes: &[u8],
    written: &AtomicU64,
    written_bytes: &AtomicU64,
) -> Result<(), OutputError> {
    let file = root.join(path);
    let is_same =
        fs::size(&file) == Some(bytes.len() as u64) && fs::read(&file).is_ok_and(|old| old == bytes);
    if is_same {
        return Ok(());
    }
    written.fetch_add(1, Ordering::Relaxed);
    written_bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
    fs::atomic_write(&file, bytes).map_err(|source| OutputError { path: file, source })
}

/// Removes every file that is not known from the folders of a built tree, and
/// folders left empty. What else stands at the top, such as `.git` or `CNAME`
/// of a pages branch, is somebody else's.
fn prune(root: &Path, known: &BTreeSet<String>) -> Result<u64, OutputError> {
    let mut removed = 0;
    let folders = FOLDERS.iter().flat_map(|folder| {
        walkdir::WalkDir::new(root.join(folder)).contents_first(true).into_iter().flatten()
    });
    let top =
        walkdir::WalkDir::new(root).min_depth(1).max_depth(1).into_iter().flatten().filter(is_ours_at_top);
    for item in folders.chain(top) {
        let path = item.path();
        if item.file_type().is_dir() {
            fs::remove_empty_dir(path);
            continue;
        }
        let relative: Vec<_> =
            path.strip_prefix(root).unwrap_or(path).iter().map(|part| part.to_string_lossy()).collect();
        if !known.contains(&relative.join("/")) {
            fs::remove_file(path).map_err(|source| OutputError { path: path.to_owned(), source })?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// Returns whether a file at the top can only be of a build: what a killed one
/// left half written, or a part of a longer sitemap.
fn is_ours_at_top(item: &walkdir::DirEntry) -> bool {
    let name = item.file_name().to_string_lossy();
    let is_sitemap = name.starts_with("sitemap-") && name.ends_with(".xml");
    item.file_type().is_file() && (name.ends_with(fs::TEMPORARY_SUFFIX) || is_sitemap)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(root: &Path) -> Vec<String> {
        let mut files: Vec<String> = walkdir::WalkDir::new(root)
            .into_iter()
            .flatten()
            .filter(|item| item.file_type().is_file())
            .map(|item| item.path().strip_prefix(root).unwrap().to_str().unwrap().to_owned())
            .collect();
        files.sort();
        files
    }

    #[test]
    fn the_root_appears_last_and_old_files_go_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("out");
        let first = DirectoryOutput::prepare(&root).unwrap();
        first.put(Phase::Hashed, "p/1", b"one").unwrap();
        first.put(Phase::Root, "index/root.json", b"1").unwrap();
        assert_eq!(list(&root), [MARKER, "p/1"]);
        first.commit().unwrap();

        let killed = DirectoryOutput::prepare(&root).unwrap();
        killed.put(Phase::Hashed, "p/2", b"two").unwrap();
        killed.put(Phase::Root, "index/root.json", b"2").unwrap();
        drop(killed);
        assert_eq!(fs::read(&root.join("index/root.json")).unwrap(), b"1");
        assert_eq!(list(&root), [MARKER, "index/root.json", "p/1", "p/2"]);

        let second = DirectoryOutput::prepare(&root).unwrap();
        second.put(Phase::Hashed, "p/2", b"two").unwrap();
        second.put(Phase::Root, "index/root.json", b"2").unwrap();
        let report = second.commit().unwrap();
        assert_eq!(report, WriteReport { files: 3, written: 1, written_bytes: 1, removed: 1 });
        assert_eq!(list(&root), [MARKER, "index/root.json", "p/2"]);
    }

    #[test]
    fn what_else_stands_at_the_top_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("out");
        DirectoryOutput::prepare(&root).unwrap().commit().unwrap();
        for path in [
            ".git/HEAD",
            "CNAME",
            ".nojekyll",
            "notes/mine.txt",
            "p/stale/index.html",
            ".7-1.shelfmark-tmp",
            "sitemap-9.xml",
        ] {
            fs::atomic_write(&root.join(path), b"x").unwrap();
        }
        DirectoryOutput::prepare(&root).unwrap().commit().unwrap();
        assert_eq!(list(&root), [".git/HEAD", ".nojekyll", MARKER, "CNAME", "notes/mine.txt"]);
    }

    #[test]
    fn a_directory_of_somebody_else_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::atomic_write(&folder.path().join("thesis.txt"), b"mine").unwrap();
        assert!(matches!(DirectoryOutput::prepare(folder.path()), Err(PrepareError::Foreign(_))));
        assert!(matches!(
            DirectoryOutput::prepare(&folder.path().join("thesis.txt")),
            Err(PrepareError::NotDirectory(_))
        ));
        assert_eq!(list(folder.path()), ["thesis.txt"]);
    }
}
