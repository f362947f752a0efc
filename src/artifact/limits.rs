//! How much an archive may hold.

/// Limits of an archive. Lower ones may be asked for; a path never has more
/// bytes or levels than [`RelPath`](crate::model::RelPath) allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes of the archive itself.
    pub archive_bytes: u64,
    /// Most entries, files and folders together.
    pub entries: usize,
    /// Most folders, those that only a path implies included: a path of 32
    /// levels makes 31 of them.
    pub folders: usize,
    /// Most bytes of a file.
    pub file_bytes: u64,
    /// Most bytes of all files together.
    pub total_bytes: u64,
    /// Most bytes of a path.
    pub path_bytes: usize,
    /// Most levels of a path.
    pub depth: usize,
    /// Most inflated bytes for each byte read.
    pub ratio: u64,
    /// Inflated bytes that the ratio does not count for, since the zeros of a
    /// small honest archive compress well too.
    pub ratio_allowance: u64,
    /// Most bytes that the archive may have beyond twice its contents.
    pub overhead_bytes: u64,
    /// Most bytes of the PAX records before an entry.
    pub pax_bytes: u64,
    /// Most bytes of the file name in the gzip header.
    pub gzip_name_bytes: usize,
    /// Most zero bytes that end the archive, the two end blocks included: tools
    /// fill up a record of 20 blocks.
    pub end_bytes: u64,
}

const MIB: u64 = 1024 * 1024;

impl Default for Limits {
    fn default() -> Self {
        Self {
            // The contents, and a header, padding and deflate's framing for 10,000 entries.
            archive_bytes: 80 * MIB,
            entries: 10_000,
            folders: 10_000,
            file_bytes: 16 * MIB,
            total_bytes: 64 * MIB,
            path_bytes: crate::model::RelPath::MAX_BYTES,
            depth: crate::model::RelPath::MAX_DEPTH,
            ratio: 100,
            ratio_allowance: MIB,
            overhead_bytes: 64 * 1024,
            pax_bytes: 4096,
            gzip_name_bytes: 255,
            end_bytes: 20 * 512,
        }
    }
}
