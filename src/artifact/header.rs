//! One ustar header (POSIX.1-1988), read strictly: whatever two readers could
//! understand differently is refused.

use super::error::{ArchiveError, Shown};

/// Bytes of a block.
pub(super) const BLOCK: usize = 512;

/// What a header announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Announced {
    File,
    Folder,
    PaxRecords,
}

/// A header that only one meaning can be read from; the name is still as it came.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) what: Announced,
    pub(super) name: Vec<u8>,
    pub(super) size: u64,
}

/// Reads the header in a block, which begins at `position` of the inflated archive.
pub(super) fn parse(block: &[u8; BLOCK], position: u64) -> Result<Header, ArchiveError> {
    let header = tar::Header::from_byte_slice(block);
    let old = header.as_old();
    checksum(block, &old.cksum, position)?;
    let name = || Shown::of(until_nul(&old.name));
    // GNU has `ustar  \0` here, V7 zeros, star `tar\0` at the end.
    let format = |mark: &[u8]| ArchiveError::Format { name: name(), magic: Shown::of(mark) };
    let Some(ustar) = header.as_ustar() else {
        return Err(format(block.get(257..265).unwrap_or_default()));
    };
    if ustar.pad != [0; 12] {
        return Err(format(&ustar.pad));
    }
    // Not `entry_type`, which takes NUL for `0`.
    let [kind] = ustar.typeflag;
    let what = announced(kind, &ustar.linkname, name)?;
    let number = |field, bytes: &[u8], may_be_empty: bool| {
        octal(bytes)
            .or((may_be_empty && bytes.iter().all(|byte| *byte == 0)).then_some(0))
            .ok_or_else(|| ArchiveError::Number { name: name(), field, value: Shown::of(bytes) })
    };
    let size = number("size", &ustar.size, false)?;
    let mode = number("mode", &ustar.mode, false)?;
    // npm leaves owners and times empty. None of them is used.
    for (field, bytes) in
        [("user id", &ustar.uid[..]), ("group id", &ustar.gid[..]), ("time", &ustar.mtime[..])]
    {
        number(field, bytes, true)?;
    }
    if what != Announced::PaxRecords {
        if mode & 0o7000 != 0 {
            return Err(ArchiveError::SpecialMode { name: name(), mode: mode & 0o7777 });
        }
        let target = until_nul(&ustar.linkname);
        if !target.is_empty() {
            return Err(ArchiveError::LinkTarget { name: name(), target: Shown::of(target) });
        }
        if what == Announced::Folder && size != 0 {
            return Err(ArchiveError::FolderSize { name: name(), size });
        }
    }
    let (short, prefix) = (whole(&ustar.name)?, whole(&ustar.prefix)?);
    let name = if prefix.is_empty() { short.to_vec() } else { [prefix, b"/", short].concat() };
    Ok(Header { what, name, size })
}

fn checksum(block: &[u8; BLOCK], stored: &[u8; 8], position: u64) -> Result<(), ArchiveError> {
    let spaces = 8 * u64::from(b' ');
    let all: u64 = block.iter().map(|byte| u64::from(*byte)).sum();
    let own: u64 = stored.iter().map(|byte| u64::from(*byte)).sum();
    let computed = all - own + spaces;
    if octal(stored) == Some(computed) {
        return Ok(());
    }
    Err(ArchiveError::HeaderChecksum { position, stored: Shown::of(stored), computed })
}

fn announced(kind: u8, target: &[u8], name: impl Fn() -> Shown) -> Result<Announced, ArchiveError> {
    Err(match kind {
        b'0' => return Ok(Announced::File),
        b'5' => return Ok(Announced::Folder),
        b'x' => return Ok(Announced::PaxRecords),
        b'1' | b'2' => ArchiveError::Link { name: name(), target: Shown::of(until_nul(target)) },
        b'3' | b'4' | b'6' => ArchiveError::Device { name: name() },
        b'g' => ArchiveError::GlobalPax { name: name() },
        b'L' | b'K' => ArchiveError::GnuLongName { name: name() },
        b'S' => ArchiveError::Sparse { name: name() },
        0 | b'7' => ArchiveError::OldType { name: name(), kind: Shown::of(&[kind]) },
        _ => ArchiveError::UnknownType { name: name(), kind: Shown::of(&[kind]) },
    })
}

/// Octal digits, then nothing but NULs and spaces.
fn octal(bytes: &[u8]) -> Option<u64> {
    let length = bytes.iter().position(|byte| !(b'0'..=b'7').contains(byte)).unwrap_or(bytes.len());
    let (digits, rest) = bytes.split_at(length);
    let is_clean = !digits.is_empty() && rest.iter().all(|byte| matches!(byte, 0 | b' '));
    is_clean.then(|| digits.iter().fold(0, |value, digit| value * 8 + u64::from(digit - b'0')))
}

fn until_nul(bytes: &[u8]) -> &[u8] {
    bytes.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// Returns the text of a field, which only NULs may follow.
fn whole(bytes: &[u8]) -> Result<&[u8], ArchiveError> {
    let text = until_nul(bytes);
    let rest = bytes.get(text.len()..).unwrap_or_default();
    if rest.iter().any(|byte| *byte != 0) {
        let all = bytes.trim_ascii_end();
        let end = all.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        return Err(ArchiveError::NameHasNul { name: Shown::of(all.get(..end).unwrap_or_default()) });
    }
    Ok(text)
}
