//! Files: reading, and writing that is never half done.
//!
//! This is the one place that may call `std::fs`; every write goes through a
//! temporary name in the same folder and a rename.
#![allow(clippy::disallowed_methods)]

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Marks a folder as one that `build` wrote, and may remove files from.
pub const SITE_MARKER: &str = ".shelfmark-site";

/// Names that end so are left-overs of a killed run.
pub const TEMPORARY_SUFFIX: &str = ".shelfmark-tmp";

/// Reads a whole file.
///
/// # Errors
/// As the system says.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    std::fs::read(path)
}

/// Reads a whole file of UTF-8 text.
///
/// # Errors
/// As the system says; not UTF-8 is an error too.
pub fn read_to_string(path: &Path) -> io::Result<String> {
    std::fs::read_to_string(path)
}

/// Opens a file for reading.
///
/// # Errors
/// As the system says.
pub fn open(path: &Path) -> io::Result<std::fs::File> {
    std::fs::File::open(path)
}

/// Returns the target of a symbolic link.
///
/// # Errors
/// As the system says.
pub fn read_link(path: &Path) -> io::Result<PathBuf> {
    std::fs::read_link(path)
}

/// Returns whether the path is a directory, following links.
pub fn is_dir(path: &Path) -> bool {
    path.is_dir()
}

/// Returns whether the path is a regular file, following links.
pub fn is_file(path: &Path) -> bool {
    path.is_file()
}

/// Returns whether the path itself is a regular file: no link, device or pipe,
/// whose reading may never end.
pub fn is_regular(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.is_file())
}

/// Returns whether the path, all links followed, lies inside the folder.
pub fn is_inside(path: &Path, folder: &Path) -> bool {
    match (path.canonicalize(), folder.canonicalize()) {
        (Ok(path), Ok(folder)) => path.starts_with(folder),
        _ => false,
    }
}

/// Returns whether something is there, links not followed.
pub fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Returns the size of a file, if it is there.
pub fn size(path: &Path) -> Option<u64> {
    std::fs::metadata(path).ok().map(|metadata| metadata.len())
}

/// Returns whether the owner may execute the file.
#[cfg(unix)]
pub fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::symlink_metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o100 != 0)
}

/// Returns whether the owner may execute the file: unknown here, so no.
#[cfg(not(unix))]
pub fn is_executable(_path: &Path) -> bool {
    false
}

/// Reads standard input to its end, at most 64 MiB of it.
///
/// # Errors
/// As the system says.
pub fn read_stdin() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut io::Read::take(io::stdin(), 64 << 20), &mut bytes)?;
    Ok(bytes)
}

/// Returns the absolute path with symbolic links followed.
///
/// # Errors
/// When it does not exist.
pub fn canonicalize(path: &Path) -> io::Result<PathBuf> {
    std::fs::canonicalize(path)
}

/// Makes a file one that nobody can execute.
///
/// # Errors
/// As the system says.
#[cfg(unix)]
pub fn clear_executable(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path)?.permissions().mode();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode & !0o111))
}

/// Elsewhere no file has the bit.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn clear_executable(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Makes a folder and those above it.
///
/// # Errors
/// As the system says.
pub fn create_dir_all(path: &Path) -> io::Result<()> {
    std::fs::create_dir_all(path)
}

/// Writes a file whole or not at all: a temporary name in the same folder, then a rename.
///
/// # Errors
/// As the system says; the earlier file is then still there.
pub fn atomic_write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let temporary = temporary_beside(path);
    let written = std::fs::write(&temporary, bytes).or_else(|error| {
        if error.kind() != io::ErrorKind::NotFound {
            return Err(error);
        }
        std::fs::create_dir_all(folder)?;
        std::fs::write(&temporary, bytes)
    });
    let result = written.and_then(|()| std::fs::rename(&temporary, path));
    if result.is_err() {
        // The first error is the one to report.
        let _ = std::fs::remove_file(&temporary);
    }
    result
}

/// Returns a name in the same folder that no other write uses.
fn temporary_beside(path: &Path) -> PathBuf {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    let folder = path.parent().unwrap_or(Path::new("."));
    folder.join(format!(".{}-{number}{TEMPORARY_SUFFIX}", std::process::id()))
}

/// Writes a file that is not there yet, with its folders, in a tree that counts
/// only once its last file is written.
///
/// # Errors
/// As the system says; a file that is already there is one.
pub fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let create = || std::fs::File::create_new(path);
    let mut file = create().or_else(|error| {
        if error.kind() != io::ErrorKind::NotFound {
            return Err(error);
        }
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        create()
    })?;
    io::Write::write_all(&mut file, bytes)
}

/// A folder that is filled under a temporary name beside its place; dropped
/// before [`commit`](Self::commit), it is removed with everything in it.
#[derive(Debug)]
pub struct StagedFolder(PathBuf);

impl StagedFolder {
    /// Makes the folder beside the place it is for, whose parent is there.
    ///
    /// # Errors
    /// As the system says.
    pub fn beside(place: &Path) -> io::Result<Self> {
        let temporary = temporary_beside(place);
        std::fs::create_dir(&temporary)?;
        Ok(Self(temporary))
    }

    /// Returns where it is now.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Moves it to its place, where nothing is yet.
    ///
    /// # Errors
    /// As the system says; something that is there already is one, and stays.
    pub fn commit(self, place: &Path) -> io::Result<()> {
        if exists(place) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        std::fs::rename(&self.0, place)
    }
}

impl Drop for StagedFolder {
    fn drop(&mut self) {
        // Gone after a commit; and the error that led here is the one to report.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Returns whether nothing is there, or an empty folder.
///
/// # Errors
/// As the system says; a file in its place is one.
pub fn is_vacant(path: &Path) -> io::Result<bool> {
    match std::fs::read_dir(path) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

/// Removes a file that may be gone already.
///
/// # Errors
/// As the system says.
pub fn remove_file(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Removes a folder if it is empty; otherwise leaves it.
pub fn remove_empty_dir(path: &Path) {
    // Not empty, or gone: both are fine.
    let _ = std::fs::remove_dir(path);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_replaces_whole_files_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/c.txt");
        atomic_write(&path, b"one").unwrap();
        atomic_write(&path, b"two").unwrap();
        assert_eq!(read(&path).unwrap(), b"two");
        let count = std::fs::read_dir(path.parent().unwrap()).unwrap().count();
        assert_eq!(count, 1);
        assert!(atomic_write(&path.join("under-a-file"), b"x").is_err());
    }

    #[test]
    fn a_new_file_never_replaces_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b.txt");
        assert!(is_vacant(&folder.path().join("a")).unwrap());
        write_new(&path, b"one").unwrap();
        assert!(write_new(&path, b"two").is_err());
        assert_eq!(read(&path).unwrap(), b"one");
        assert!(!is_vacant(folder.path()).unwrap());
        assert!(is_vacant(&path).is_err());
    }
}
