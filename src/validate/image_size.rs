//! Reads the size of an image from its header. Nothing is decoded; whatever is
//! short, damaged or of another type has no size.

/// Most bytes in which the sizes of an AVIF image are looked for: they stand at its beginning.
const AVIF_HEAD: usize = 64 << 10;

/// Returns width and height in pixels of a PNG, JPEG, WebP, GIF or AVIF image.
pub(super) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => png(bytes),
        [0xff, 0xd8, ..] => jpeg(bytes),
        [b'G', b'I', b'F', ..] => Some((u32::from(little_16(bytes, 6)?), u32::from(little_16(bytes, 8)?))),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => webp(bytes),
        [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', _, ..] => avif(bytes),
        _ => None,
    }
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

fn big_16(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_be_bytes)
}

fn big_32(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_be_bytes)
}

fn little_16(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_le_bytes)
}

/// The chunk `IHDR` comes first and begins with the size.
fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    (array::<4>(bytes, 12)? == *b"IHDR").then_some((big_32(bytes, 16)?, big_32(bytes, 20)?))
}

/// Goes from segment to segment up to the frame header.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        let [mark, kind] = array::<2>(bytes, at)?;
        match (mark, kind) {
            // Fill bytes may stand before a marker.
            (0xff, 0xff) => at += 1,
            // These have no length.
            (0xff, 0x01 | 0xd0..=0xd8) => at += 2,
            (0xff, 0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf) => {
                let (height, width) = (big_16(bytes, at + 5)?, big_16(bytes, at + 7)?);
                return Some((u32::from(width), u32::from(height)));
            }
            // The picture itself, or its end, without a frame header before it.
            (0xff, 0xd9 | 0xda) => return None,
            (0xff, _) => at += 2 + usize::from(big_16(bytes, at + 2)?),
            _ => return None,
        }
    }
}

/// Three kinds of first chunk: lossy, lossless and extended.
fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    match &array::<4>(bytes, 12)? {
        b"VP8 " => {
            let edge = |at| little_16(bytes, at).map(|edge| u32::from(edge & 0x3fff));
            (array::<3>(bytes, 23)? == [0x9d, 0x01, 0x2a]).then_some((edge(26)?, edge(28)?))
        }
        b"VP8L" => {
            let bits = u32::from_le_bytes(array(bytes, 21)?);
            (*bytes.get(20)? == 0x2f).then_some(((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1))
        }
        b"VP8X" => {
            let edge = |at| array::<3>(bytes, at).map(|[a, b, c]| u32::from_le_bytes([a, b, c, 0]) + 1);
            Some((edge(24)?, edge(27)?))
        }
        _ => None,
    }
}

/// The property `ispe` holds a size. An image made of tiles has several, of
/// which the largest is its own.
fn avif(bytes: &[u8]) -> Option<(u32, u32)> {
    let head = bytes.get(..AVIF_HEAD).unwrap_or(bytes);
    let places = head.windows(4).enumerate().filter(|(_, name)| *name == b"ispe").map(|(at, _)| at);
    let sizes = places.filter_map(|at| Some((big_32(head, at + 8)?, big_32(head, at + 12)?)));
    sizes.max_by_key(|(width, height)| u64::from(*width) * u64::from(*height))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png_of(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes
    }

    fn webp_of(chunk: &[u8]) -> Vec<u8> {
        [b"RIFF\0\0\0\0WEBP", chunk].concat()
    }

    fn samples() -> Vec<(Vec<u8>, (u32, u32))> {
        let jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xff\xc0\x00\x11\x08\x01\x02\x03\x04\x03".to_vec();
        let avif =
            b"\0\0\0\x1cftypavif\0\0\0\0....ispe\0\0\0\0\0\0\0\x10\0\0\0\x20ispe\0\0\0\0\0\0\x01\0\0\0\x02\0";
        vec![
            (png_of(640, 480), (640, 480)),
            (b"GIF89a\x01\x02\x03\x04".to_vec(), (0x0201, 0x0403)),
            (jpeg, (0x0304, 0x0102)),
            (webp_of(b"VP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x40\x01\xf0\x40"), (320, 240)),
            (webp_of(b"VP8L\0\0\0\0\x2f\x3f\xc1\x3b\x00"), (320, 240)),
            (webp_of(b"VP8X\0\0\0\0\0\0\0\0\x3f\x01\x00\xef\x00\x00"), (320, 240)),
            (avif.to_vec(), (256, 512)),
        ]
    }

    #[test]
    fn the_size_of_each_type_is_read() {
        for (bytes, expected) in samples() {
            assert_eq!(size(&bytes), Some(expected), "{bytes:x?}");
        }
    }

    #[test]
    fn what_is_short_has_no_size_and_does_no_harm() {
        for (bytes, expected) in samples() {
            for end in 0..bytes.len() {
                assert!(size(&bytes[..end]).is_none_or(|found| found == expected || found == (16, 32)));
            }
        }
        for bytes in
            [&b""[..], b"<svg", b"\xff\xd8\xff\xda\xff\xc0", b"\xff\xd8\xff\xe0\x00\x00", b"\xff\xd8\xff\xff"]
        {
            assert_eq!(size(bytes), None, "{bytes:x?}");
        }
    }

    #[test]
    fn any_bytes_after_a_signature_are_survived() {
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        };
        for (bytes, _) in samples() {
            for _ in 0..500 {
                let mut hostile = bytes[..12.min(bytes.len())].to_vec();
                hostile.extend((0..64).map(|_| next()));
                let _ = size(&hostile);
            }
        }
    }
}
