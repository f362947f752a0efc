//! Stage 1: a git revision or a directory becomes a [`Snapshot`].
//!
//! Git is read through its object database alone: no checkout, no
//! configuration of the user or the system, no environment, no process. A
//! directory with the same files gives an equal snapshot, tree id included.

mod change;
mod directory;
mod git;
mod layout;
mod listing;
mod merge;
mod repository;
mod snapshot;
mod tree;

pub use change::{Change, ChangeSet, Folders, MAX_CHANGES, Side};
pub use git::RevisionSpec;
pub use layout::{BESIDE, EVIDENCE_FILES, Part, Place, publisher_path, release_path};
pub use merge::{Conflict, Oddity};
pub use repository::{Commit, Repository};
pub use snapshot::{Entry, Mode, Reader, Snapshot};
pub use tree::ObjectId;

use std::path::PathBuf;

/// What could not be read. Facts about the files themselves are diagnostics instead.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The path does not exist or is no directory.
    #[error("there is no directory `{}`", .0.display())]
    NoDirectory(PathBuf),
    /// The directory exists but is no registry.
    #[error("`{}` is not a registry: it has no registry.toml", .0.display())]
    NoRegistry(PathBuf),
    /// No git repository at the path.
    #[error("`{}` is not a git repository", .0.display())]
    NoRepository(PathBuf),
    /// The revision does not exist.
    #[error("the repository has no revision `{0}`")]
    NoRevision(String),
    /// Two revisions have no common ancestor in what was fetched.
    #[error("the histories of `{base}` and `{head}` do not meet")]
    NoMergeBase {
        /// The revision that is merged into.
        base: String,
        /// The revision that is merged.
        head: String,
        /// Whether the repository was fetched without its whole history.
        is_shallow: bool,
    },
    /// The revision has no such folder.
    #[error("revision `{revision}` has no folder `{path}`")]
    NoFolder {
        /// The revision.
        revision: String,
        /// The folder asked for.
        path: String,
    },
    /// The argument of `--git` is misspelt.
    #[error("`{0}` is not of the form REPOSITORY@REVISION[:PATH]")]
    Spec(String),
    /// The repository uses something this build cannot read.
    #[error("cannot read the git repository: {0}")]
    Git(#[from] git2::Error),
    /// A revision unfolds to more than any registry holds.
    #[error("the revision has more than {0} files and folders")]
    TooManyEntries(usize),
    /// The file system failed.
    #[error("cannot read `{}`", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file changed between two reads.
    #[error("`{0}` changed while it was read")]
    Changed(String),
}
