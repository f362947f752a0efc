//! Stage 8: writing what the other stages made, so that a reader never sees half of it.

mod directory;
mod output;

pub use directory::{DirectoryOutput, FOLDERS, PrepareError, WriteReport};
pub use output::{Output, OutputError, Phase};
