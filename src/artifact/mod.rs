//! Artifacts: the archives that packages are delivered in.

mod leftover;
mod pack;
pub mod store;
mod unpack;

pub use leftover::leftover;
pub use pack::{PackError, PackFile, pack};
pub use store::ArtifactLocation;
pub use unpack::{ArchivedFile, unpack_in_memory};
