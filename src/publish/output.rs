//! Where stages put their files: one interface for a directory and for tests.

use std::path::PathBuf;

/// When a file becomes visible. A killed run leaves every earlier phase whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Named by its hash: nobody looks for it before something names it.
    Hashed,
    /// A page, a leaf, a feed: replaced one by one.
    Named,
    /// `index/root.json`: written when all else is there.
    Root,
}

/// A file could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write `{}`", path.display())]
pub struct OutputError {
    /// The file.
    pub path: PathBuf,
    /// Why.
    #[source]
    pub source: std::io::Error,
}

/// Takes files of the built tree, from any thread.
pub trait Output: Sync {
    /// Puts a file at a `/`-separated path relative to the site's top.
    ///
    /// # Errors
    /// When it cannot be written.
    fn put(&self, phase: Phase, path: &str, bytes: &[u8]) -> Result<(), OutputError>;
}
