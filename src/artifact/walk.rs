//! The walk through an archive: one pass that checks everything, and what is
//! read or written afterwards.
//!
//! The archive is somebody else's. It is walked as a stream, in memory that does
//! not grow with its contents, and every limit is checked before what it limits.
//! Nothing here writes a link, a mode or an owner: what comes out are files and
//! folders with contents.

use super::entry_name::{self, MANIFEST, Paths};
use super::error::{ArchiveError, Shown, UnpackError};
use super::gzip::Member;
use super::header::{self, Announced, BLOCK, Header};
use super::limits::Limits;
use super::pax::Records;
use crate::model::RelPath;
use crate::platform::fs;
use std::io::Read;
use std::path::Path;

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A plain file.
    File,
    /// A folder that the archive names.
    Folder,
}

/// One entry of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchivedEntry {
    /// Where it lies.
    pub path: RelPath,
    /// What it is.
    pub kind: EntryKind,
    /// Bytes of a file; 0 for a folder.
    pub size: u64,
}

/// One file of an archive, in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchivedFile {
    /// Where it lies.
    pub path: RelPath,
    /// The bytes.
    pub content: Vec<u8>,
}

/// Checks a whole archive without keeping contents; returns its entries in their order.
///
/// # Errors
/// The first thing wrong with it.
pub fn inspect(archive: impl Read, limits: &Limits) -> Result<Vec<ArchivedEntry>, ArchiveError> {
    let mut list = List(Vec::new());
    walk(archive, limits, &mut list)?;
    Ok(list.0)
}

/// Checks a whole archive, then reads its files, sorted by path.
///
/// # Errors
/// The first thing wrong with it.
pub fn unpack_in_memory(archive: &[u8], limits: &Limits) -> Result<Vec<ArchivedFile>, ArchiveError> {
    inspect(archive, limits)?;
    contents_of(archive, limits)
}

/// Reads the files of an archive that was inspected: what it may take of memory is known.
fn contents_of(archive: &[u8], limits: &Limits) -> Result<Vec<ArchivedFile>, ArchiveError> {
    let mut contents = Contents(Vec::new());
    walk(archive, limits, &mut contents)?;
    contents.0.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(contents.0)
}

/// Checks a whole archive, then writes it as `folder`, which is not there yet
/// and whose parent is. Everything goes into a folder beside it first, which is
/// renamed last; after an error nothing is left.
///
/// # Errors
/// The first thing wrong with the archive, or what the system says.
pub fn unpack_to(archive: &[u8], folder: &Path, limits: &Limits) -> Result<Vec<ArchivedEntry>, UnpackError> {
    let entries = inspect(archive, limits)?;
    if fs::exists(folder) {
        return Err(UnpackError::Exists(folder.to_owned()));
    }
    let failed = |path: &Path| {
        let path = path.to_owned();
        |source| UnpackError::Write { path, source }
    };
    let files = contents_of(archive, limits)?;
    let staged = fs::StagedFolder::beside(folder).map_err(failed(folder))?;
    for entry in entries.iter().filter(|entry| entry.kind == EntryKind::Folder) {
        let path = staged.path().join(entry.path.as_str());
        fs::create_dir_all(&path).map_err(failed(&path))?;
    }
    for file in &files {
        let path = staged.path().join(file.path.as_str());
        fs::write_new(&path, &file.content).map_err(failed(&path))?;
    }
    staged.commit(folder).map_err(failed(folder))?;
    Ok(entries)
}

/// Takes what the walk meets: an entry, then the parts of its contents.
trait Sink {
    fn entry(&mut self, entry: ArchivedEntry);
    fn contents(&mut self, part: &[u8]);
}

struct List(Vec<ArchivedEntry>);

impl Sink for List {
    fn entry(&mut self, entry: ArchivedEntry) {
        self.0.push(entry);
    }

    fn contents(&mut self, _: &[u8]) {}
}

struct Contents(Vec<ArchivedFile>);

impl Sink for Contents {
    fn entry(&mut self, entry: ArchivedEntry) {
        if entry.kind == EntryKind::File {
            let content = Vec::with_capacity(usize::try_from(entry.size).unwrap_or_default());
            self.0.push(ArchivedFile { path: entry.path, content });
        }
    }

    fn contents(&mut self, part: &[u8]) {
        if let Some(file) = self.0.last_mut() {
            file.content.extend_from_slice(part);
        }
    }
}

fn walk(archive: impl Read, limits: &Limits, sink: &mut impl Sink) -> Result<(), ArchiveError> {
    let mut stream = Stream { member: Member::open(archive, limits)?, position: 0, limits };
    let mut paths = Paths::new(limits);
    let (mut count, mut total, mut has_manifest) = (0, 0_u64, false);
    while let Some(header) = stream.header()? {
        let entry = entry_of(&header, stream.position - BLOCK as u64, limits)?;
        let name = || Shown::of(entry.path.as_str().as_bytes());
        count += 1;
        if count > limits.entries {
            return Err(ArchiveError::TooManyEntries { name: name(), limit: limits.entries });
        }
        paths.insert(&entry.path, entry.kind == EntryKind::Folder)?;
        if entry.size > limits.file_bytes {
            let (size, limit) = (entry.size, limits.file_bytes);
            return Err(ArchiveError::FileTooLarge { name: name(), size, limit });
        }
        total += entry.size;
        if total > limits.total_bytes {
            let limit = limits.total_bytes;
            return Err(ArchiveError::TotalTooLarge { name: name(), size: total, limit });
        }
        has_manifest |= entry.path == MANIFEST && entry.kind == EntryKind::File;
        let size = entry.size;
        sink.entry(entry);
        stream.contents(size, || Shown::of(&header.name), |part| sink.contents(part))?;
    }
    if has_manifest { Ok(()) } else { Err(ArchiveError::ManifestMissing) }
}

fn entry_of(header: &Header, position: u64, limits: &Limits) -> Result<ArchivedEntry, ArchiveError> {
    let kind = if header.what == Announced::Folder { EntryKind::Folder } else { EntryKind::File };
    let name = match kind {
        // Tools end the name of a folder with a slash; a file that ends so is refused.
        EntryKind::Folder => header.name.strip_suffix(b"/").unwrap_or(&header.name),
        EntryKind::File => &header.name,
    };
    if header.name.is_empty() {
        return Err(ArchiveError::NameEmpty { position });
    }
    Ok(ArchivedEntry { path: entry_name::parse(name, limits)?, kind, size: header.size })
}

/// The inflated archive, in blocks.
struct Stream<'a, R> {
    member: Member<'a, R>,
    position: u64,
    limits: &'a Limits,
}

impl<R: Read> Stream<'_, R> {
    /// Reads up to the next entry, the PAX records before it applied; `None`
    /// when the archive has ended as it should.
    fn header(&mut self) -> Result<Option<Header>, ArchiveError> {
        let mut records: Option<Records> = None;
        loop {
            let position = self.position;
            let block = self.block()?;
            if block.iter().all(|byte| *byte == 0) {
                return match records {
                    Some(_) => Err(ArchiveError::PaxAlone { position }),
                    None => self.end().map(|()| None),
                };
            }
            let mut header = header::parse(&block, position)?;
            match (header.what, records.take()) {
                (Announced::PaxRecords, Some(_)) => return Err(ArchiveError::PaxAlone { position }),
                (Announced::PaxRecords, None) => records = Some(self.records(&header)?),
                (_, Some(records)) => {
                    records.apply(&mut header)?;
                    return Ok(Some(header));
                }
                (_, None) => return Ok(Some(header)),
            }
        }
    }

    fn records(&mut self, header: &Header) -> Result<Records, ArchiveError> {
        let (size, limit) = (header.size, self.limits.pax_bytes);
        if size > limit {
            return Err(ArchiveError::PaxTooLarge { size, limit });
        }
        let mut body = Vec::new();
        self.contents(size, || Shown::of(&header.name), |part| body.extend_from_slice(part))?;
        Records::parse(&body)
    }

    /// Reads contents and the padding after them.
    fn contents(
        &mut self,
        size: u64,
        name: impl Fn() -> Shown,
        mut sink: impl FnMut(&[u8]),
    ) -> Result<(), ArchiveError> {
        let mut left = size;
        while left > 0 {
            let part = self.member.next(usize::try_from(left).unwrap_or(usize::MAX))?;
            if part.is_empty() {
                return Err(ArchiveError::MissingEnd { position: self.position });
            }
            sink(part);
            left -= part.len() as u64;
            self.position += part.len() as u64;
        }
        let block = BLOCK as u64;
        let padding = usize::try_from((block - size % block) % block).unwrap_or_default();
        let mut bytes = [0; BLOCK];
        let bytes = bytes.get_mut(..padding).unwrap_or_default();
        self.exactly(bytes)?;
        if bytes.iter().any(|byte| *byte != 0) {
            return Err(ArchiveError::Padding { name: name() });
        }
        Ok(())
    }

    /// Reads what follows the first end block: zeros only, at least one block
    /// more, and not for ever.
    fn end(&mut self) -> Result<(), ArchiveError> {
        let start = self.position - BLOCK as u64;
        if self.block()?.iter().any(|byte| *byte != 0) {
            return Err(ArchiveError::AfterEnd { position: start + BLOCK as u64 });
        }
        loop {
            let limit = self.limits.end_bytes;
            if self.position - start > limit {
                return Err(ArchiveError::EndTooLong { limit });
            }
            let part = self.member.next(BLOCK)?;
            if part.is_empty() {
                return Ok(());
            }
            if part.iter().any(|byte| *byte != 0) {
                return Err(ArchiveError::AfterEnd { position: self.position });
            }
            self.position += part.len() as u64;
        }
    }

    fn block(&mut self) -> Result<[u8; BLOCK], ArchiveError> {
        let mut block = [0; BLOCK];
        self.exactly(&mut block)?;
        Ok(block)
    }

    fn exactly(&mut self, mut bytes: &mut [u8]) -> Result<(), ArchiveError> {
        while !bytes.is_empty() {
            let part = self.member.next(bytes.len())?;
            let Some((head, rest)) = bytes.split_at_mut_checked(part.len()).filter(|_| !part.is_empty())
            else {
                return Err(ArchiveError::MissingEnd { position: self.position });
            };
            head.copy_from_slice(part);
            self.position += part.len() as u64;
            bytes = rest;
        }
        Ok(())
    }
}
