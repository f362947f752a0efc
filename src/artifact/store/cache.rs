//! Artifacts that were fetched before, by digest: `<state>/artifacts/<sha256>.tgz`.
//!
//! Files are written whole and verified on every read; a damaged one is removed.
//! What a broken download left is `<sha256>.part`, and is gone on with.

use super::{FetchError, MAX_ARCHIVE_BYTES};
use crate::model::Digest;
use crate::platform::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Default name of the folder for caches, beside the registry.
pub const STATE_FOLDER: &str = ".shelfmark";

/// Says to git that nothing here belongs into a commit.
const IGNORE: &[u8] = b"*\n";

/// Makes a state folder that git takes no notice of.
///
/// # Errors
/// When it cannot be written.
pub fn ignore_by_git(state: &Path) -> io::Result<()> {
    let file = state.join(".gitignore");
    if fs::exists(&file) { Ok(()) } else { fs::atomic_write(&file, IGNORE) }
}

/// A folder of artifacts by digest.
#[derive(Debug)]
pub struct Cache {
    state: PathBuf,
}

impl Cache {
    /// Uses the folder, which is made when something is put into it.
    pub fn new(state: PathBuf) -> Self {
        Self { state }
    }

    fn file(&self, digest: Digest, extension: &str) -> PathBuf {
        self.state.join("artifacts").join(format!("{digest}.{extension}"))
    }

    /// Returns the bytes of that digest, if they are here and whole.
    ///
    /// # Errors
    /// When the file is there and cannot be read or removed.
    pub fn get(&self, digest: Digest) -> Result<Option<Vec<u8>>, FetchError> {
        let file = self.file(digest, "tgz");
        let Some(bytes) = read(&file)? else { return Ok(None) };
        if Digest::of(&bytes) == digest {
            return Ok(Some(bytes));
        }
        fs::remove_file(&file).map_err(|error| unusable(&file, &error))?;
        Ok(None)
    }

    /// Keeps bytes of that digest.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn put(&self, digest: Digest, bytes: &[u8]) -> Result<(), FetchError> {
        self.write(&self.file(digest, "tgz"), bytes)?;
        self.forget_partial(digest);
        Ok(())
    }

    /// Returns the beginning of an artifact that an earlier download left.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn partial(&self, digest: Digest) -> Result<Vec<u8>, FetchError> {
        Ok(read(&self.file(digest, "part"))?.unwrap_or_default())
    }

    /// Keeps the beginning of an artifact.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn put_partial(&self, digest: Digest, bytes: &[u8]) -> Result<(), FetchError> {
        self.write(&self.file(digest, "part"), bytes)
    }

    /// Forgets the beginning of an artifact.
    pub fn forget_partial(&self, digest: Digest) {
        // It is a hint: bytes are judged by their digest, wherever they came from.
        let _ = fs::remove_file(&self.file(digest, "part"));
    }

    fn write(&self, file: &Path, bytes: &[u8]) -> Result<(), FetchError> {
        ignore_by_git(&self.state).map_err(|error| unusable(&self.state, &error))?;
        fs::atomic_write(file, bytes).map_err(|error| unusable(file, &error))
    }
}

fn read(file: &Path) -> Result<Option<Vec<u8>>, FetchError> {
    if fs::size(file).is_some_and(|size| size > MAX_ARCHIVE_BYTES) {
        fs::remove_file(file).map_err(|error| unusable(file, &error))?;
        return Ok(None);
    }
    match fs::read(file) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unusable(file, &error)),
    }
}

/// Says that a file of this machine failed.
pub(super) fn unusable(file: &Path, error: &io::Error) -> FetchError {
    FetchError::Unusable { place: file.display().to_string(), reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_file_is_removed_and_a_whole_one_found() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().join("state"));
        let digest = Digest::of(b"bytes");
        assert_eq!(cache.get(digest).unwrap(), None);
        cache.put_partial(digest, b"by").unwrap();
        cache.put(digest, b"bytes").unwrap();
        assert_eq!(cache.get(digest).unwrap().as_deref(), Some(b"bytes".as_slice()));
        assert!(cache.partial(digest).unwrap().is_empty());
        let file = cache.file(digest, "tgz");
        fs::atomic_write(&file, b"bytez").unwrap();
        assert_eq!(cache.get(digest).unwrap(), None);
        assert!(!fs::exists(&file));
        assert_eq!(fs::read(&folder.path().join("state/.gitignore")).unwrap(), b"*\n");
    }
}
