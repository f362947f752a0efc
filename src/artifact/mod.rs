//! Artifacts: the archives that packages are delivered in.

mod leftover;
mod pack;
pub mod store;

pub use leftover::leftover;
pub use pack::{PackError, PackFile, pack};
pub use store::ArtifactLocation;
