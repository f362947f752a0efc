//! Artifacts: the archives that packages are delivered in.
//!
//! [`pack`] writes the canonical archive, [`inspect`] and the `unpack`s read
//! what somebody else wrote. `tar`'s own unpacking is never used.

mod entry_name;
mod error;
mod gzip;
mod header;
mod leftover;
mod limits;
mod pack;
mod pax;
pub mod store;
mod walk;

pub use error::{ArchiveError, Shown, UnpackError};
pub use leftover::leftover;
pub use limits::Limits;
pub use pack::{PackError, PackFile, pack};
pub use store::ArtifactLocation;
pub use walk::{ArchivedEntry, ArchivedFile, EntryKind, inspect, unpack_in_memory, unpack_to};
