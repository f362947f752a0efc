//! Stage 8: writing what the other stages made, so that a reader never sees half of it.

mod output;

pub use output::{Output, OutputError, Phase};
