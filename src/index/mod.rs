//! Stage 5: the sparse index: one NDJSON file a package, the Merkle tree over
//! them, and the root that everything is checked from.

mod line;
pub mod merkle;
mod names;
mod root;

pub use line::leaf;
pub use root::{IndexInput, IndexReport, build};
