//! Archives: hostile ones are refused with nothing left, honest ones are read
//! as every other reader has them.

mod accepted;
mod limits;
mod refused;

use shelfmark::artifact::{ArchiveError, ArchivedEntry, Limits, inspect};

fn check(archive: &[u8]) -> Result<Vec<ArchivedEntry>, ArchiveError> {
    inspect(archive, &Limits::default())
}

fn paths(archive: &[u8]) -> Vec<String> {
    check(archive).unwrap().iter().map(|entry| entry.path.to_string()).collect()
}
