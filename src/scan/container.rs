//! The directory of a zip archive and where an image or document ends: as much
//! of these forms as tells what is hidden in them. Nothing is unpacked.

use super::magic::find;

/// Most entries of a directory that are read.
const MOST_ENTRIES: usize = 10_000;
/// A zip's end record stands in so many last bytes.
const MOST_COMMENT: usize = 66_000;

/// What the directory of a zip archive says.
#[derive(Debug, Default)]
pub(super) struct ZipDirectory {
    /// Names as written.
    pub(super) names: Vec<String>,
    /// Whether an entry is encrypted.
    pub(super) is_encrypted: bool,
    /// Bytes that all entries say they unpack to.
    pub(super) unpacked: u64,
    /// Where the archive ends, comment included.
    pub(super) end: usize,
    /// Bytes before the archive begins.
    pub(super) prefix: usize,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// Reads the directory of the zip archive that these bytes are, or end with.
pub(super) fn zip_directory(bytes: &[u8]) -> Option<ZipDirectory> {
    let low = bytes.len().saturating_sub(MOST_COMMENT);
    let mut high = bytes.len();
    while let Some(at) = bytes[low..high].windows(4).rposition(|window| window == b"PK\x05\x06") {
        if let Some(directory) = read_directory(bytes, low + at) {
            return Some(directory);
        }
        high = low + at + 3;
    }
    None
}

fn read_directory(bytes: &[u8], end: usize) -> Option<ZipDirectory> {
    let size = u32_at(bytes, end + 12)? as usize;
    let offset = u32_at(bytes, end + 16)? as usize;
    let comment = u16_at(bytes, end + 20)? as usize;
    let start = end.checked_sub(size)?;
    let mut directory = ZipDirectory {
        end: end + 22 + comment,
        prefix: start.saturating_sub(offset),
        ..ZipDirectory::default()
    };
    let mut at = start;
    while at < end && directory.names.len() < MOST_ENTRIES {
        if !bytes.get(at..)?.starts_with(b"PK\x01\x02") {
            return None;
        }
        let lengths = [u16_at(bytes, at + 28)?, u16_at(bytes, at + 30)?, u16_at(bytes, at + 32)?];
        let name = bytes.get(at + 46..at + 46 + lengths[0] as usize)?;
        directory.names.push(String::from_utf8_lossy(name).into_owned());
        directory.is_encrypted |= u16_at(bytes, at + 8)? & 1 == 1;
        directory.unpacked = directory.unpacked.saturating_add(u64::from(u32_at(bytes, at + 24)?));
        at += 46 + lengths.into_iter().map(usize::from).sum::<usize>();
    }
    Some(directory)
}

/// Returns where a PNG, JPEG, GIF or PDF ends by its own structure.
pub(super) fn end_of(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => end_of_png(bytes),
        [0xff, 0xd8, 0xff, ..] => end_of_jpeg(bytes),
        [b'G', b'I', b'F', b'8', ..] => end_of_gif(bytes),
        [b'%', b'P', b'D', b'F', ..] => end_of_pdf(bytes),
        _ => None,
    }
}

fn end_of_png(bytes: &[u8]) -> Option<usize> {
    let mut at = 8;
    loop {
        let length = u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize;
        let end = at.checked_add(length)?.checked_add(12)?;
        if bytes.get(at + 4..at + 8)? == b"IEND" {
            return (end <= bytes.len()).then_some(end);
        }
        at = end;
    }
}

fn end_of_jpeg(bytes: &[u8]) -> Option<usize> {
    let mut at = 2;
    loop {
        match (bytes.get(at)?, bytes.get(at + 1)?) {
            (0xff, 0xd9) => return Some(at + 2),
            (0xff, 0xff) => at += 1,
            (0xff, 0x01 | 0xd0..=0xd8) => at += 2,
            (0xff, marker) => {
                at += 2 + u16::from_be_bytes(bytes.get(at + 2..at + 4)?.try_into().ok()?) as usize;
                if *marker == 0xda {
                    // The picture itself: up to a marker that is neither escape nor restart.
                    at += bytes
                        .get(at..)?
                        .windows(2)
                        .position(|pair| pair[0] == 0xff && !matches!(pair[1], 0 | 0xd0..=0xd7))?;
                }
            }
            _ => return None,
        }
    }
}

fn end_of_gif(bytes: &[u8]) -> Option<usize> {
    let colours = |flags: u8| if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) };
    let mut at = 13 + colours(*bytes.get(10)?);
    loop {
        match bytes.get(at)? {
            0x3b => return Some(at + 1),
            0x21 => at = end_of_blocks(bytes, at + 2)?,
            0x2c => at = end_of_blocks(bytes, at + 11 + colours(*bytes.get(at + 9)?))?,
            _ => return None,
        }
    }
}

fn end_of_blocks(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let length = *bytes.get(at)? as usize;
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}

fn end_of_pdf(bytes: &[u8]) -> Option<usize> {
    let last = bytes.windows(5).rposition(|window| window == b"%%EOF")?;
    Some(last + 5)
}

/// Returns whether the headers of a 7z or RAR archive are encrypted.
pub(super) fn is_encrypted(bytes: &[u8]) -> bool {
    match bytes {
        // The coder 06 f1 07 01 is AES; where headers are encrypted the last one names it.
        [b'7', b'z', 0xbc, 0xaf, ..] => {
            find(&bytes[bytes.len().saturating_sub(512)..], b"\x06\xf1\x07\x01").is_some()
        }
        [b'R', b'a', b'r', b'!', 0x1a, 7, 1, 0, rest @ ..] => rest.get(5) == Some(&4),
        [b'R', b'a', b'r', b'!', 0x1a, 7, 0, ..] => u16_at(bytes, 10).is_some_and(|flags| flags & 0x80 != 0),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_image_ends_where_its_structure_says() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\0IEND\xaeB`\x82more";
        assert_eq!(end_of(png), Some(20));
        let gif = b"GIF89a\x01\0\x01\0\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0\x3bmore";
        assert_eq!(end_of(gif), Some(gif.len() - 4));
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xda\0\x02data\xff\0\xff\xd9more";
        assert_eq!(end_of(jpeg), Some(jpeg.len() - 4));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_fail(bytes in proptest::collection::vec(any::<u8>(), 0..200), which in 0usize..5) {
            let head: &[u8] = [&b"\x89PNG\r\n\x1a\n"[..], b"\xff\xd8\xff", b"GIF89a", b"%PDF-", b"PK\x05\x06"][which];
            let all = [head, &bytes].concat();
            prop_assert!(end_of(&all).is_none_or(|end| end <= all.len() + 600));
            let _ = (zip_directory(&all), is_encrypted(&all));
        }
    }
}
