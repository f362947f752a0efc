//! Artifacts: the archives that packages are delivered in.

mod pack;

pub use pack::{PackError, PackFile, pack};
