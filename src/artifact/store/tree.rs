//! `tree` artifacts: a folder of the registry, packed.

use super::{ArtifactLocation, ArtifactStore, FetchError, Wanted, verify};
use crate::artifact::{PackFile, pack};
use crate::model::RelPath;
use crate::source::{Entry, Error, Mode, Reader, Snapshot};

/// Packs folders of a snapshot.
#[derive(Debug)]
pub struct TreeStore<'a> {
    snapshot: &'a Snapshot,
}

impl<'a> TreeStore<'a> {
    /// Packs folders of the snapshot.
    pub fn new(snapshot: &'a Snapshot) -> Self {
        Self { snapshot }
    }
}

/// Returns the files that an archive of the folder holds: its path in the
/// archive and its entry. What is not among them, a rule refuses.
pub fn packed_files<'a>(
    snapshot: &'a Snapshot,
    folder: &'a str,
) -> impl Iterator<Item = (RelPath, &'a Entry)> {
    snapshot.under(folder).iter().filter_map(|entry| {
        // An executable file is refused elsewhere; what it says still counts.
        let is_file = matches!(entry.mode, Mode::Regular | Mode::Executable);
        let inner = entry.path.get(folder.len() + 1..).filter(|_| is_file)?;
        Some((RelPath::parse(inner).ok()?, entry))
    })
}

impl ArtifactStore for TreeStore<'_> {
    fn fetch(&self, wanted: &Wanted<'_>) -> Result<Vec<u8>, FetchError> {
        let ArtifactLocation::Tree(tree) = wanted.location else {
            return Err(FetchError::NotThere { place: wanted.release.to_owned() });
        };
        let place = tree.as_str();
        let reader = self.snapshot.reader().map_err(|error| unusable(place, &error))?;
        self.pack(wanted, place, &reader)
    }
}

fn unusable(place: &str, error: &Error) -> FetchError {
    FetchError::Unusable { place: place.to_owned(), reason: error.to_string() }
}

impl TreeStore<'_> {
    /// Packs the folder of a `tree` artifact with a reader of the caller's thread.
    pub(super) fn pack(
        &self,
        wanted: &Wanted<'_>,
        place: &str,
        reader: &Reader<'_>,
    ) -> Result<Vec<u8>, FetchError> {
        let mut files = Vec::new();
        let mut left = wanted.size;
        for (inner, entry) in packed_files(self.snapshot, place) {
            let content = reader.read(entry).map_err(|error| unusable(place, &error))?;
            // Packed, a file takes more room than it has bytes: this archive is another.
            left = left.checked_sub(content.len() as u64).ok_or_else(|| FetchError::WrongSize {
                place: place.to_owned(),
                wanted: wanted.size,
                got: wanted.size - left + content.len() as u64,
                is_more: true,
            })?;
            files.push((inner, content));
        }
        if files.is_empty() {
            return Err(FetchError::NotThere { place: place.to_owned() });
        }
        let list = files.iter().map(|(path, content)| PackFile { path: path.clone(), content }).collect();
        let archive = pack(list)
            .map_err(|error| FetchError::Unpackable { place: place.to_owned(), reason: error.to_string() })?;
        verify(wanted, place, archive)
    }
}
