//! Archives built byte by byte, well-formed or not.

use std::io::Write as _;
use std::ops::Range;

/// Bytes of a block.
pub const BLOCK: usize = 512;
/// A manifest that names a package.
pub const MANIFEST: &[u8] = b"id = \"com.example.demo\"\n";

/// Where the fields of a ustar header lie.
pub mod field {
    use std::ops::Range;
    /// The name.
    pub const NAME: Range<usize> = 0..100;
    /// The mode.
    pub const MODE: Range<usize> = 100..108;
    /// The user id.
    pub const UID: Range<usize> = 108..116;
    /// The size.
    pub const SIZE: Range<usize> = 124..136;
    /// The time.
    pub const MTIME: Range<usize> = 136..148;
    /// The checksum.
    pub const CHECKSUM: Range<usize> = 148..156;
    /// The target of a link.
    pub const LINK: Range<usize> = 157..257;
    /// `ustar`, NUL and `00`.
    pub const MAGIC: Range<usize> = 257..265;
    /// What comes before the name.
    pub const PREFIX: Range<usize> = 345..500;
    /// Bytes that ustar does not use.
    pub const PAD: Range<usize> = 500..512;
}

/// A header whose fields can be overwritten; the checksum is right unless it was.
#[derive(Debug, Clone)]
pub struct RawHeader {
    bytes: [u8; BLOCK],
    has_own_checksum: bool,
}

impl RawHeader {
    /// A well-formed header; a name of more than 100 bytes is cut.
    pub fn new(name: impl AsRef<[u8]>, kind: u8, size: usize) -> Self {
        let name = name.as_ref();
        let mut header = Self { bytes: [0; BLOCK], has_own_checksum: false }
            .set(field::NAME, name.get(..100).unwrap_or(name))
            .set(field::MODE, b"0000644")
            .set(field::UID, b"0000000")
            .set(116..124, b"0000000")
            .set(field::SIZE, format!("{size:011o}"))
            .set(field::MTIME, b"00000000000")
            .set(field::MAGIC, b"ustar\x0000");
        if let Some(byte) = header.bytes.get_mut(156) {
            *byte = kind;
        }
        header
    }

    /// Overwrites a field, the rest of it with zeros.
    #[must_use]
    pub fn set(mut self, field: Range<usize>, value: impl AsRef<[u8]>) -> Self {
        self.has_own_checksum |= field == field::CHECKSUM;
        if let Some(bytes) = self.bytes.get_mut(field) {
            bytes.fill(0);
            bytes.iter_mut().zip(value.as_ref()).for_each(|(to, from)| *to = *from);
        }
        self
    }

    /// Returns the block.
    pub fn bytes(mut self) -> [u8; BLOCK] {
        if !self.has_own_checksum {
            self = self.set(field::CHECKSUM, b"        ");
            let sum: u32 = self.bytes.iter().map(|byte| u32::from(*byte)).sum();
            self = self.set(field::CHECKSUM, format!("{sum:06o}\0 "));
        }
        self.bytes
    }
}

/// A tar archive in the making.
#[derive(Debug, Clone, Default)]
pub struct ArchiveBuilder {
    tar: Vec<u8>,
}

impl ArchiveBuilder {
    /// An archive with nothing in it.
    pub fn empty() -> Self {
        Self::default()
    }

    /// An archive with a manifest.
    pub fn package() -> Self {
        Self::empty().file("shelfmark.toml", MANIFEST)
    }

    /// Adds a plain file.
    #[must_use]
    pub fn file(self, name: impl AsRef<[u8]>, content: impl AsRef<[u8]>) -> Self {
        let header = RawHeader::new(name, b'0', content.as_ref().len());
        self.entry(header, content)
    }

    /// Adds a folder.
    #[must_use]
    pub fn folder(self, name: impl AsRef<[u8]>) -> Self {
        self.entry(RawHeader::new(name, b'5', 0).set(field::MODE, b"0000755"), b"")
    }

    /// Adds a header and contents, filled up to whole blocks, whatever the header says.
    #[must_use]
    pub fn entry(self, header: RawHeader, content: impl AsRef<[u8]>) -> Self {
        self.raw(header.bytes()).raw(content).fill()
    }

    /// Adds PAX records for the entry that comes next.
    #[must_use]
    pub fn pax(self, records: &[(&str, &str)]) -> Self {
        let body: Vec<u8> = records.iter().flat_map(|(key, value)| pax_record(key, value)).collect();
        self.pax_body(b'x', body)
    }

    /// Adds PAX records of the type as bytes.
    #[must_use]
    pub fn pax_body(self, kind: u8, body: impl AsRef<[u8]>) -> Self {
        let header = RawHeader::new("PaxHeaders/next", kind, body.as_ref().len());
        self.entry(header, body)
    }

    /// Adds bytes as they are.
    #[must_use]
    pub fn raw(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.tar.extend_from_slice(bytes.as_ref());
        self
    }

    fn fill(mut self) -> Self {
        self.tar.resize(self.tar.len().next_multiple_of(BLOCK), 0);
        self
    }

    /// Returns the archive without an end.
    pub fn cut(self) -> Vec<u8> {
        self.tar
    }

    /// Returns the archive with its end blocks.
    pub fn tar(self) -> Vec<u8> {
        self.raw([0; 2 * BLOCK]).tar
    }

    /// Returns the archive in one gzip member of stored blocks.
    pub fn tgz(self) -> Vec<u8> {
        Gzip::stored(&self.tar()).bytes()
    }
}

/// Returns a record with its right length.
pub fn pax_record(key: &str, value: &str) -> Vec<u8> {
    let rest = format!(" {key}={value}\n");
    let mut length = rest.len() + 1;
    while length.to_string().len() + rest.len() != length {
        length = length.to_string().len() + rest.len();
    }
    format!("{length}{rest}").into_bytes()
}

/// A gzip member whose parts can be changed.
#[derive(Debug, Clone)]
pub struct Gzip {
    /// Ten bytes.
    pub header: [u8; 10],
    /// What the flags in the header announce.
    pub fields: Vec<u8>,
    /// The deflate stream.
    pub deflate: Vec<u8>,
    /// CRC-32 of the contents.
    pub crc: u32,
    /// Bytes of the contents.
    pub length: u32,
    /// What follows the member.
    pub after: Vec<u8>,
}

impl Gzip {
    /// Flag of the file name.
    pub const NAME: u8 = 8;
    /// A stored block without contents, which is not the last.
    pub const EMPTY_BLOCK: [u8; 5] = [0, 0, 0, 0xff, 0xff];

    /// A member around a deflate stream of these contents.
    pub fn around(deflate: Vec<u8>, contents: &[u8]) -> Self {
        let mut crc = flate2::Crc::new();
        crc.update(contents);
        Self {
            header: [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255],
            fields: Vec::new(),
            deflate,
            crc: crc.sum(),
            length: crc.amount(),
            after: Vec::new(),
        }
    }

    /// A member of stored blocks.
    pub fn stored(contents: &[u8]) -> Self {
        let mut deflate = Vec::with_capacity(contents.len() + contents.len() / 10_000 + 16);
        for chunk in contents.chunks(65_535) {
            let length = u16::try_from(chunk.len()).unwrap_or(u16::MAX);
            deflate.push(0);
            deflate.extend_from_slice(&length.to_le_bytes());
            deflate.extend_from_slice(&(!length).to_le_bytes());
            deflate.extend_from_slice(chunk);
        }
        deflate.extend_from_slice(&[1, 0, 0, 0xff, 0xff]);
        Self::around(deflate, contents)
    }

    /// A compressed member.
    pub fn deflated(contents: &[u8]) -> Self {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        // Writing to memory does not fail.
        let written = encoder.write_all(contents).and_then(|()| encoder.finish());
        Self::around(written.unwrap_or_default(), contents)
    }

    /// A member of `head` and then mebibytes of zeros, a thousandth of it long:
    /// the deflate stream of one mebibyte again and again. Its CRC is wrong.
    pub fn bomb(head: &[u8], mebibytes: usize) -> Self {
        const MIB: usize = 1 << 20;
        let mut compress = flate2::Compress::new(flate2::Compression::best(), false);
        let mut deflate = Vec::with_capacity(head.len() + MIB / 16);
        let mut add = |contents: &[u8]| {
            let mut part = Vec::with_capacity(contents.len() + 1024);
            // The buffer is larger than its contents ever get.
            let _ = compress.compress_vec(contents, &mut part, flate2::FlushCompress::Sync);
            part
        };
        deflate.extend(add(head));
        deflate.extend(add(&vec![0; MIB]));
        let again = add(&vec![0; MIB]);
        (1..mebibytes).for_each(|_| deflate.extend_from_slice(&again));
        deflate.extend_from_slice(&[1, 0, 0, 0xff, 0xff]);
        Self::around(deflate, b"")
    }

    /// Sets flags and the fields that they announce.
    #[must_use]
    pub fn flagged(mut self, flags: u8, fields: impl Into<Vec<u8>>) -> Self {
        self.header[3] = flags;
        self.fields = fields.into();
        self
    }

    /// Adds what follows the member.
    #[must_use]
    pub fn followed_by(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.after = bytes.into();
        self
    }

    /// Returns the bytes.
    pub fn bytes(self) -> Vec<u8> {
        let mut bytes = self.header.to_vec();
        bytes.extend(self.fields);
        bytes.extend(self.deflate);
        bytes.extend_from_slice(&self.crc.to_le_bytes());
        bytes.extend_from_slice(&self.length.to_le_bytes());
        bytes.extend(self.after);
        bytes
    }
}
