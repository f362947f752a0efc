//! `pack`: the canonical archive of a set of files.
//!
//! ustar, regular files only, sorted by the bytes of their paths, mode 0644,
//! owner and times 0; one gzip member, time 0, system 255, deflate stored
//! blocks. Compressors change their output between versions; stored blocks
//! never do, so the same files give the same digest for ever.
//!
//! Formats: POSIX.1-1988 ustar, RFC 1951 (stored blocks), RFC 1952 (gzip).

use super::entry_name::{self, Paths};
use super::error::{ArchiveError, Shown};
use super::limits::Limits;
use crate::model::RelPath;

/// One file to pack.
#[derive(Debug, Clone)]
pub struct PackFile<'a> {
    /// Path in the archive.
    pub path: RelPath,
    /// The bytes.
    pub content: &'a [u8],
}

/// Why files cannot be packed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// ustar has room for 100 bytes, or 155 and 100 split at a slash.
    #[error("the path `{0}` does not fit the ustar format: shorten its last part to 100 bytes")]
    PathTooLong(String),
    /// Two files of one path.
    #[error("the path `{0}` occurs twice")]
    Duplicate(String),
    /// Nothing to pack.
    #[error("there is no file to pack")]
    Empty,
    /// What the walker would refuse is never written.
    #[error(transparent)]
    Refused(#[from] ArchiveError),
}

const BLOCK: usize = 512;

/// Packs the files into the bytes of a `.tgz`.
///
/// # Errors
/// When a path does not fit, occurs twice, there is no file, or an archive may
/// not hold such files.
pub fn pack(mut files: Vec<PackFile<'_>>) -> Result<Vec<u8>, PackError> {
    if files.is_empty() {
        return Err(PackError::Empty);
    }
    files.sort_by(|a, b| a.path.as_str().as_bytes().cmp(b.path.as_str().as_bytes()));
    if let Some(pair) = files.windows(2).find(|pair| pair[0].path == pair[1].path) {
        return Err(PackError::Duplicate(pair[0].path.to_string()));
    }
    check(&files, &Limits::default())?;
    let length: usize = files.iter().map(|file| BLOCK + file.content.len().next_multiple_of(BLOCK)).sum();
    let mut archive = Vec::with_capacity(length + 2 * BLOCK);
    for file in &files {
        archive.extend_from_slice(header(file)?.as_bytes());
        archive.extend_from_slice(file.content);
        archive.resize(archive.len().next_multiple_of(BLOCK), 0);
    }
    archive.resize(archive.len() + 2 * BLOCK, 0);
    Ok(gzip_stored(&archive))
}

/// Refuses what [`inspect`](super::inspect) refuses, so that whoever packs hears of it.
fn check(files: &[PackFile<'_>], limits: &Limits) -> Result<(), ArchiveError> {
    let mut paths = Paths::new(limits);
    let mut total = 0;
    for (count, file) in files.iter().enumerate() {
        let name = || Shown::of(file.path.as_str().as_bytes());
        if count == limits.entries {
            return Err(ArchiveError::TooManyEntries { name: name(), limit: limits.entries });
        }
        entry_name::parse(file.path.as_str().as_bytes(), limits)?;
        paths.insert(&file.path, false)?;
        let size = file.content.len() as u64;
        if size > limits.file_bytes {
            return Err(ArchiveError::FileTooLarge { name: name(), size, limit: limits.file_bytes });
        }
        total += size;
        if total > limits.total_bytes {
            return Err(ArchiveError::TotalTooLarge { name: name(), size: total, limit: limits.total_bytes });
        }
    }
    Ok(())
}

fn header(file: &PackFile<'_>) -> Result<tar::Header, PackError> {
    let mut header = tar::Header::new_ustar();
    header.set_path(file.path.as_str()).map_err(|_| PackError::PathTooLong(file.path.to_string()))?;
    header.set_size(file.content.len() as u64);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_entry_type(tar::EntryType::Regular);
    header.set_cksum();
    Ok(header)
}

/// Wraps bytes in one gzip member of stored blocks.
fn gzip_stored(bytes: &[u8]) -> Vec<u8> {
    const MOST: usize = 65_535;
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / MOST * 5 + 32);
    out.extend_from_slice(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
    let mut chunks = bytes.chunks(MOST).peekable();
    while let Some(chunk) = chunks.next() {
        let length = u16::try_from(chunk.len()).unwrap_or(u16::MAX);
        out.push(u8::from(chunks.peek().is_none()));
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&(!length).to_le_bytes());
        out.extend_from_slice(chunk);
    }
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    out.extend_from_slice(&crc.sum().to_le_bytes());
    out.extend_from_slice(&crc.amount().to_le_bytes());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Digest;
    use std::io::Read;

    fn file<'a>(path: &str, content: &'a [u8]) -> PackFile<'a> {
        PackFile { path: RelPath::parse(path).unwrap(), content }
    }

    #[test]
    fn the_digest_of_known_files_never_changes() {
        let big = vec![7_u8; 200_000];
        let files = vec![file("b/two.txt", b"two\n"), file("a.txt", b""), file("big.bin", &big)];
        let archive = pack(files.clone()).unwrap();
        assert_eq!(
            Digest::of(&archive).hex(),
            "81107fda7eede3e8f77510e671d71c747bcc5c97448302e575671d2462e4d9ef"
        );
        let mut reversed = files;
        reversed.reverse();
        assert_eq!(pack(reversed).unwrap(), archive);
    }

    #[test]
    fn other_tools_read_what_was_packed() {
        let content = vec![42_u8; 70_000];
        let archive = pack(vec![file("x/data.bin", &content), file("README.md", b"# Hi\n")]).unwrap();
        let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(archive.as_slice()));
        let read: Vec<(String, Vec<u8>)> = tar
            .entries()
            .unwrap()
            .map(|entry| {
                let mut entry = entry.unwrap();
                let path = entry.path().unwrap().to_str().unwrap().to_owned();
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes).unwrap();
                (path, bytes)
            })
            .collect();
        assert_eq!(read, [("README.md".to_owned(), b"# Hi\n".to_vec()), ("x/data.bin".to_owned(), content)]);
    }

    #[test]
    fn misfits_are_refused() {
        assert_eq!(pack(vec![]), Err(PackError::Empty));
        assert_eq!(pack(vec![file("a", b""), file("a", b"")]), Err(PackError::Duplicate("a".into())));
        let long = "a".repeat(101);
        assert_eq!(pack(vec![file(&long, b"")]), Err(PackError::PathTooLong(long)));
    }
}
