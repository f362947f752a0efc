//! A stand-in for the strict walker: regular files of a tar, within limits.

use crate::model::RelPath;
use std::io::Read;

/// One file of an archive.
#[derive(Debug)]
pub struct ArchivedFile {
    /// Its path.
    pub path: RelPath,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// Most bytes of all files.
const MOST: u64 = 64 << 20;

/// Unpacks an archive in memory.
///
/// # Errors
/// Says what is wrong with it.
pub fn unpack_in_memory(bytes: &[u8]) -> Result<Vec<ArchivedFile>, String> {
    let inflated = flate2::read::GzDecoder::new(bytes).take(MOST * 2);
    let mut archive = tar::Archive::new(inflated);
    let mut files = Vec::new();
    for entry in archive.entries().map_err(|error| error.to_string())? {
        let mut entry = entry.map_err(|error| error.to_string())?;
        if entry.header().entry_type() != tar::EntryType::Regular {
            return Err("it holds something other than regular files".to_owned());
        }
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let path = RelPath::parse(&path).map_err(|invalid| invalid.to_string())?;
        let mut content = Vec::new();
        entry.read_to_end(&mut content).map_err(|error| error.to_string())?;
        files.push(ArchivedFile { path, content });
    }
    Ok(files)
}
