//! One gzip member, inflated as it is read (RFC 1952): the header is bounded,
//! the ratio is watched, the trailer is compared and nothing may follow it.

use super::error::ArchiveError;
use super::limits::Limits;
use flate2::{Crc, Decompress, FlushDecompress, Status};
use std::io::Read;

const IN: usize = 8 * 1024;
const OUT: usize = 32 * 1024;

/// Reads the contents of a gzip member.
pub(super) struct Member<'a, R> {
    source: Source<R>,
    inflate: Decompress,
    crc: Crc,
    out: Box<[u8]>,
    ready: std::ops::Range<usize>,
    inflated: u64,
    is_done: bool,
    limits: &'a Limits,
}

impl<'a, R: Read> Member<'a, R> {
    /// Reads the header.
    pub(super) fn open(reader: R, limits: &'a Limits) -> Result<Self, ArchiveError> {
        let mut source = Source {
            reader,
            buffer: vec![0; IN].into(),
            ready: 0..0,
            read: 0,
            limit: limits.archive_bytes,
            is_at_end: false,
        };
        header(&mut source, limits)?;
        Ok(Self {
            source,
            inflate: Decompress::new(false),
            crc: Crc::new(),
            out: vec![0; OUT].into(),
            ready: 0..0,
            inflated: 0,
            is_done: false,
            limits,
        })
    }

    /// Returns the next contents, at most `most` bytes; empty at the end, when
    /// the trailer has been compared.
    pub(super) fn next(&mut self, most: usize) -> Result<&[u8], ArchiveError> {
        while self.ready.is_empty() && !self.is_done {
            self.inflate()?;
        }
        let length = self.ready.len().min(most);
        let start = self.ready.start;
        self.ready.start += length;
        Ok(self.out.get(start..start + length).unwrap_or_default())
    }

    fn inflate(&mut self) -> Result<(), ArchiveError> {
        self.source.fill()?;
        let corrupt = ArchiveError::Deflate { inflated: self.inflated };
        let (before_in, before_out) = (self.inflate.total_in(), self.inflate.total_out());
        let input = self.source.buffered();
        let has_input = !input.is_empty();
        let status = self
            .inflate
            .decompress(input, &mut self.out, FlushDecompress::None)
            .map_err(|_| corrupt.clone())?;
        let used = usize::try_from(self.inflate.total_in() - before_in).unwrap_or(IN);
        let made = usize::try_from(self.inflate.total_out() - before_out).unwrap_or(OUT);
        self.source.ready.start += used;
        self.inflated += made as u64;
        self.check_ratio()?;
        self.crc.update(self.out.get(..made).unwrap_or_default());
        self.ready = 0..made;
        match status {
            Status::StreamEnd => self.trailer(),
            _ if used > 0 || made > 0 => Ok(()),
            _ if has_input => Err(corrupt),
            _ => Err(self.source.truncated()),
        }
    }

    fn check_ratio(&self) -> Result<(), ArchiveError> {
        let (read, inflated, limit) = (self.source.read, self.inflated, self.limits.ratio);
        if inflated > read.saturating_mul(limit).max(self.limits.ratio_allowance) {
            return Err(ArchiveError::Ratio { read, inflated, limit });
        }
        if read > inflated.saturating_mul(2).saturating_add(self.limits.overhead_bytes) {
            return Err(ArchiveError::Overhead { read, inflated });
        }
        Ok(())
    }

    fn trailer(&mut self) -> Result<(), ArchiveError> {
        let mut number = || Ok(u32::from_le_bytes(self.source.bytes()?));
        let (crc, length) = (number()?, number()?);
        if crc != self.crc.sum() {
            return Err(ArchiveError::Checksum { stored: crc, computed: self.crc.sum() });
        }
        if length != self.crc.amount() {
            return Err(ArchiveError::Length { stored: length, computed: self.crc.amount() });
        }
        self.source.fill()?;
        self.is_done = true;
        match self.source.buffered() {
            [] => Ok(()),
            [0x1f, 0x8b, ..] => Err(ArchiveError::SecondMember),
            _ => Err(ArchiveError::TrailingBytes),
        }
    }
}

fn header<R: Read>(source: &mut Source<R>, limits: &Limits) -> Result<(), ArchiveError> {
    const NAME: u8 = 1 << 3;
    let mark: [u8; 2] = source.bytes()?;
    if mark != [0x1f, 0x8b] {
        return Err(ArchiveError::NotGzip { found: format!("`{:02x} {:02x}`", mark[0], mark[1]) });
    }
    let [method, flags] = source.bytes()?;
    if method != 8 {
        return Err(ArchiveError::GzipMethod(method));
    }
    if flags & !NAME != 0 {
        return Err(ArchiveError::GzipFlags { flags });
    }
    // The time, hints of the compressor, the system: nothing is done with them.
    let _: [u8; 6] = source.bytes()?;
    if flags & NAME == 0 {
        return Ok(());
    }
    let error = ArchiveError::GzipName { limit: limits.gzip_name_bytes };
    for _ in 0..=limits.gzip_name_bytes {
        match source.bytes()? {
            [0] => return Ok(()),
            [byte] if (byte == b' ' || byte.is_ascii_graphic()) && !b"/\\:".contains(&byte) => {}
            _ => return Err(error),
        }
    }
    Err(error)
}

/// The bytes of the archive, counted. A buffer is filled whole wherever the
/// bytes come from, so that the same archive always gets the same answer.
struct Source<R> {
    reader: R,
    buffer: Box<[u8]>,
    ready: std::ops::Range<usize>,
    read: u64,
    limit: u64,
    is_at_end: bool,
}

impl<R: Read> Source<R> {
    fn buffered(&self) -> &[u8] {
        self.buffer.get(self.ready.clone()).unwrap_or_default()
    }

    /// Fills the buffer if it is empty; it stays empty at the end only.
    fn fill(&mut self) -> Result<(), ArchiveError> {
        if !self.ready.is_empty() || self.is_at_end {
            return Ok(());
        }
        self.ready = 0..0;
        while let Some(rest) = self.buffer.get_mut(self.ready.end..).filter(|rest| !rest.is_empty()) {
            match self.reader.read(rest) {
                Ok(0) => {
                    self.is_at_end = true;
                    break;
                }
                Ok(length) => self.ready.end += length,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(ArchiveError::Unreadable(error.to_string())),
            }
        }
        self.read += self.ready.len() as u64;
        if self.read > self.limit {
            return Err(ArchiveError::ArchiveTooLarge { limit: self.limit });
        }
        Ok(())
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], ArchiveError> {
        let mut bytes = [0; N];
        for byte in &mut bytes {
            self.fill()?;
            *byte = *self.buffered().first().ok_or_else(|| self.truncated())?;
            self.ready.start += 1;
        }
        Ok(bytes)
    }

    fn truncated(&self) -> ArchiveError {
        ArchiveError::Truncated { read: self.read }
    }
}
