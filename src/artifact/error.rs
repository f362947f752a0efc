//! Why an archive is refused: one variant for each hostile shape, with the
//! attack that it stops.

use std::path::PathBuf;
use unicode_normalization::UnicodeNormalization as _;

/// Text of an archive made fit for a message: what is no plain letter, digit or
/// ASCII sign is escaped, the forms of letters (`ﬁ`, the Kelvin sign) are too,
/// and what is long is cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown(String);

impl Shown {
    const MOST: usize = 96;

    /// Makes bytes fit for a message.
    pub fn of(bytes: &[u8]) -> Self {
        let mut text = String::new();
        for chunk in bytes.utf8_chunks() {
            for c in chunk.valid().chars() {
                let is_letter = c.is_alphanumeric() && std::iter::once(c).nfkc().eq([c]);
                if is_letter || c == ' ' || (c.is_ascii_graphic() && c != '`') {
                    text.push(c);
                } else {
                    text.extend(c.escape_unicode());
                }
            }
            text.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
            if text.chars().count() > Self::MOST {
                let head: String = text.chars().take(Self::MOST).collect();
                return Self(format!("{head}…"));
            }
        }
        Self(text)
    }
}

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why an archive is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    /// The bytes could not be had.
    #[error("the archive cannot be read: {0}")]
    Unreadable(String),
    /// Endless data, for a reader that only counts what comes out.
    #[error("the archive has more than the {limit} bytes that are allowed")]
    ArchiveTooLarge {
        /// Most bytes.
        limit: u64,
    },

    /// A zip or an executable under the name of an archive: other tools open it as what it is.
    #[error("the archive begins with the bytes {found}, not with `1f 8b`, the mark of gzip")]
    NotGzip {
        /// Its first bytes, in hexadecimal.
        found: String,
    },
    /// Only deflate is defined; readers do as they like with the rest.
    #[error("the gzip header names compression method {0}, only 8, deflate, is known")]
    GzipMethod(u8),
    /// Extra fields and comments carry bytes that no check looks at, and readers
    /// differ about the header's checksum and reserved bits.
    #[error("the gzip header has the flags {flags:#04x}, only `0x08`, a file name, is accepted")]
    GzipFlags {
        /// The flags byte.
        flags: u8,
    },
    /// `gunzip --name` writes to the name in the header, wherever that is.
    #[error("the file name in the gzip header is longer than {limit} bytes or no plain file name")]
    GzipName {
        /// Most bytes.
        limit: usize,
    },
    /// Corrupt deflate data, which readers give up on at different places.
    #[error("the compressed data is corrupt after {inflated} inflated bytes")]
    Deflate {
        /// Bytes inflated before it.
        inflated: u64,
    },
    /// A bomb: a megabyte that becomes a gigabyte.
    #[error("{read} bytes became {inflated}: more than {limit} to 1")]
    Ratio {
        /// Bytes read so far.
        read: u64,
        /// Bytes inflated so far.
        inflated: u64,
        /// Most inflated bytes for a byte read.
        limit: u64,
    },
    /// Empty deflate blocks: data that keeps a reader busy and becomes nothing.
    #[error("{read} bytes became only {inflated}: empty blocks are no contents")]
    Overhead {
        /// Bytes read so far.
        read: u64,
        /// Bytes inflated so far.
        inflated: u64,
    },
    /// A cut download: some readers take what came as all there is.
    #[error("the archive ends early, after {read} bytes")]
    Truncated {
        /// Bytes that came.
        read: u64,
    },
    /// Contents changed after compression; some readers never compare.
    #[error("the contents have the CRC-32 {computed:08x}, the gzip trailer says {stored:08x}")]
    Checksum {
        /// As the trailer says.
        stored: u32,
        /// As the contents have it.
        computed: u32,
    },
    /// A size that readers may trust before they inflate.
    #[error("the contents have {computed} bytes, the gzip trailer says {stored}")]
    Length {
        /// As the trailer says.
        stored: u32,
        /// As the contents have it, modulo 2^32.
        computed: u32,
    },
    /// A second gzip member: one reader sees its files, another does not.
    #[error("a second gzip member follows the first, which some readers never see")]
    SecondMember,
    /// Bytes after the member: ignored by one reader, an error to the next, and a
    /// place to hide a zip.
    #[error("bytes follow the end of the gzip member")]
    TrailingBytes,

    /// A header that was changed or does not begin where it should.
    #[error("the header at byte {position} has the checksum {computed}, but says {stored}")]
    HeaderChecksum {
        /// Where it begins in the inflated archive.
        position: u64,
        /// As its field says.
        stored: Shown,
        /// As its bytes have it.
        computed: u64,
    },
    /// GNU, star and V7 headers give other meanings to the bytes of the prefix.
    #[error(
        "the header of `{name}` has the format mark `{magic}`, only POSIX ustar and PAX are accepted: \
         use `shelfmark pack` or `tar --format=ustar`"
    )]
    Format {
        /// The name in the header.
        name: Shown,
        /// The mark.
        magic: Shown,
    },
    /// A base-256, negative or garbled number: readers disagree about it, and
    /// with the size about where the next entry begins.
    #[error("the {field} of `{name}` is `{value}`, not an octal number")]
    Number {
        /// The name in the header.
        name: Shown,
        /// The field.
        field: &'static str,
        /// What it holds.
        value: Shown,
    },
    /// A symbolic or hard link: what is written through it lands elsewhere.
    #[error("`{name}` is a link to `{target}`; only files and folders are accepted")]
    Link {
        /// The entry.
        name: Shown,
        /// Where it leads.
        target: Shown,
    },
    /// A device or pipe: root creates it, and reading it may never end.
    #[error("`{name}` is a device or pipe; only files and folders are accepted")]
    Device {
        /// The entry.
        name: Shown,
    },
    /// Global PAX records: an override to one reader, nothing to another.
    #[error("`{name}` holds global PAX records, which some readers apply and others do not")]
    GlobalPax {
        /// The entry.
        name: Shown,
    },
    /// GNU long names: an unbounded name for the next entry, beside the ustar one.
    #[error("`{name}` is a GNU long name; use PAX for paths of more than 100 bytes")]
    GnuLongName {
        /// The entry.
        name: Shown,
    },
    /// A sparse file: a few bytes that claim to be a terabyte of holes.
    #[error("`{name}` is a sparse file; only plain files and folders are accepted")]
    Sparse {
        /// The entry.
        name: Shown,
    },
    /// The types of V7 and of contiguous files: a file or a folder, as the reader likes.
    #[error("`{name}` has the old entry type `{kind}`, which readers differ about; a file has `0`")]
    OldType {
        /// The entry.
        name: Shown,
        /// The type.
        kind: Shown,
    },
    /// A type nobody defined: skipped by one reader, a file to another.
    #[error("`{name}` has the unknown entry type `{kind}`")]
    UnknownType {
        /// The entry.
        name: Shown,
        /// The type.
        kind: Shown,
    },
    /// A file or folder that names a link's target: a link to a reader that looks there first.
    #[error("`{name}` is no link, but names the target `{target}`")]
    LinkTarget {
        /// The entry.
        name: Shown,
        /// The target.
        target: Shown,
    },
    /// Set-user-id, set-group-id and sticky bits, which extractors of root keep.
    #[error("`{name}` has the mode {mode:04o}; the bits 7000 are never accepted")]
    SpecialMode {
        /// The entry.
        name: Shown,
        /// The mode.
        mode: u64,
    },
    /// A folder with contents: skipped by one reader, read as headers by another.
    #[error("the folder `{name}` has a size of {size} bytes, a folder has none")]
    FolderSize {
        /// The entry.
        name: Shown,
        /// What the header says.
        size: u64,
    },
    /// One file that fills the disk.
    #[error("`{name}` has {size} bytes, at most {limit} are allowed")]
    FileTooLarge {
        /// The entry.
        name: Shown,
        /// Its size.
        size: u64,
        /// Most bytes.
        limit: u64,
    },
    /// Files that fill the disk together.
    #[error("with `{name}` the files have {size} bytes, at most {limit} are allowed")]
    TotalTooLarge {
        /// The entry.
        name: Shown,
        /// Bytes of the files so far.
        size: u64,
        /// Most bytes.
        limit: u64,
    },
    /// Empty files by the hundred thousand: small to send, slow to write.
    #[error("`{name}` is one entry more than the {limit} that are allowed")]
    TooManyEntries {
        /// The entry.
        name: Shown,
        /// Most entries.
        limit: usize,
    },
    /// Paths that imply thirty folders each.
    #[error("`{name}` needs more than the {limit} folders that are allowed")]
    TooManyFolders {
        /// The entry.
        name: Shown,
        /// Most folders.
        limit: usize,
    },
    /// Bytes between the end of a file and the next header, where no check looks.
    #[error("the padding after `{name}` is not zero")]
    Padding {
        /// The entry before it.
        name: Shown,
    },
    /// An archive cut between or inside entries: the rest is missing, and nobody says so.
    #[error("the archive ends at byte {position} without its two end blocks")]
    MissingEnd {
        /// Where it ends, inflated.
        position: u64,
    },
    /// One zero block before more entries: the end to one reader, not to another.
    #[error("the bytes after the end of the archive are not zero, at byte {position}")]
    AfterEnd {
        /// The block, in the inflated archive.
        position: u64,
    },
    /// Zeros for ever after the end.
    #[error("more than {limit} zero bytes end the archive")]
    EndTooLong {
        /// Most bytes.
        limit: u64,
    },

    /// Records that fill the memory before there is an entry.
    #[error("the PAX records have {size} bytes, at most {limit} are allowed")]
    PaxTooLarge {
        /// Their size.
        size: u64,
        /// Most bytes.
        limit: u64,
    },
    /// A record whose length lies: the next one begins where the reader thinks.
    #[error("the PAX record at byte {offset} is not of the form `length key=value`: `{record}`")]
    PaxRecord {
        /// Where it begins in the records.
        offset: usize,
        /// Its beginning.
        record: Shown,
    },
    /// `linkpath`, `GNU.sparse.*`, `SCHILY.*`, `hdrcharset` and the like change
    /// what an entry is for those that know them.
    #[error("the PAX key `{key}` is not accepted")]
    PaxKey {
        /// The key.
        key: Shown,
    },
    /// The same key twice: one reader takes the first, another the last.
    #[error("the PAX key `{key}` occurs twice")]
    PaxTwice {
        /// The key.
        key: Shown,
    },
    /// Empty values delete, control characters split, and garbled numbers are
    /// ignored by some readers only.
    #[error("the PAX key `{key}` has the value `{value}`, which readers differ about")]
    PaxValue {
        /// The key.
        key: Shown,
        /// The value.
        value: Shown,
    },
    /// Two sizes: readers disagree where the next header begins (RUSTSEC-2026-0068).
    #[error("the PAX size of `{name}` is {pax}, its header says {header}")]
    PaxSize {
        /// The entry.
        name: Shown,
        /// As the record says.
        pax: u64,
        /// As the header says.
        header: u64,
    },
    /// Two names: a file seen as one and written as the other.
    #[error("the PAX path is `{pax}`, its header says `{header}`, which is not that path cut short")]
    PaxPath {
        /// As the record says.
        pax: Shown,
        /// As the header says.
        header: Shown,
    },
    /// Records for no entry, or twice for one.
    #[error("the PAX records at byte {position} belong to no file or folder")]
    PaxAlone {
        /// Where what follows them begins, inflated.
        position: u64,
    },

    /// An entry without a name lands on the folder itself.
    #[error("an entry at byte {position} has no name")]
    NameEmpty {
        /// Where its header begins, inflated.
        position: u64,
    },
    /// `a.txt\0.exe`: the end to one reader, a part to another.
    #[error("the name `{name}` has bytes after a NUL")]
    NameHasNul {
        /// The name.
        name: Shown,
    },
    /// Bytes that are no UTF-8 become another name on the next system.
    #[error("the name `{name}` is not UTF-8")]
    NameNotUtf8 {
        /// The name.
        name: Shown,
    },
    /// `/etc/passwd`.
    #[error("the path `{name}` is absolute")]
    NameAbsolute {
        /// The name.
        name: Shown,
    },
    /// `../../.bashrc`, and `.`, `a//b`, which name things twice.
    #[error("the path `{name}` has the component `{component}`")]
    NameClimbs {
        /// The name.
        name: Shown,
        /// The component.
        component: Shown,
    },
    /// A path longer than systems take.
    #[error("the path `{name}` has {length} bytes, at most {limit} are allowed")]
    NameTooLong {
        /// The name.
        name: Shown,
        /// Its bytes.
        length: usize,
        /// Most bytes.
        limit: usize,
    },
    /// 156 bytes that hold an extractor for minutes: thousands of nested folders.
    #[error("the path `{name}` has {depth} levels, at most {limit} are allowed")]
    NameTooDeep {
        /// The name.
        name: Shown,
        /// Its levels.
        depth: usize,
        /// Most levels.
        limit: usize,
    },
    /// Decomposed letters: two names that look the same, one file on some systems.
    #[error("the path `{name}` is not in the normal form NFC")]
    NameNotNfc {
        /// The name.
        name: Shown,
    },
    /// Line breaks and escape sequences write to the terminal of who lists it.
    #[error("the path `{name}` holds the control character {character}")]
    NameControl {
        /// The name.
        name: Shown,
        /// The character, escaped.
        character: String,
    },
    /// Bidirectional and invisible characters: `exe.txt` that is `txt.exe`.
    #[error("the path `{name}` holds {character}, which cannot be seen")]
    NameInvisible {
        /// The name.
        name: Shown,
        /// The character, escaped.
        character: String,
    },
    /// Characters that a shell, a file system or an eye takes for something else.
    #[error(
        "the path `{name}` holds `{character}`; accepted are letters, digits, inner spaces and `._@+-~=,()[]{{}}`"
    )]
    NameCharacter {
        /// The name.
        name: Shown,
        /// The character, escaped.
        character: String,
    },
    /// `-rf` is an option to who writes `rm *`, and `~` a home folder.
    #[error("the path `{name}` has a component that begins with `{character}`")]
    NameLeading {
        /// The name.
        name: Shown,
        /// The character.
        character: char,
    },
    /// Windows drops dots and spaces at the end: `a.` and `a` are one file there.
    #[error("the path `{name}` has a component that begins with a space or ends with a dot or a space")]
    NameTrailing {
        /// The name.
        name: Shown,
    },
    /// `nul`, `con.txt`, `COM¹`: devices on Windows.
    #[error("the path `{name}` has the component `{component}`, a device on Windows")]
    NameDevice {
        /// The name.
        name: Shown,
        /// The component.
        component: Shown,
    },
    /// `.git/hooks/post-checkout` runs; `.GIT` and `git~1` are other spellings of it.
    #[error("the path `{name}` has the component `{component}`, which git tools act on")]
    NameGit {
        /// The name.
        name: Shown,
        /// The component.
        component: Shown,
    },
    /// `SHELFM~1.TOM` is `shelfmark.toml` on Windows.
    #[error("the path `{name}` has the component `{component}`, the form of a short name on Windows")]
    NameShort {
        /// The name.
        name: Shown,
        /// The component.
        component: Shown,
    },
    /// What else the type of paths refuses.
    #[error("the path `{name}` is refused: {reason}")]
    NameRefused {
        /// The name.
        name: Shown,
        /// One clause.
        reason: String,
    },

    /// The same path twice: one reader keeps the first, another the last.
    #[error("the path `{name}` occurs twice")]
    Duplicate {
        /// The entry.
        name: Shown,
    },
    /// Paths that are one file where case or form does not count.
    #[error("`{second}` and `{first}` are the same path on some systems")]
    Twins {
        /// The earlier one.
        first: Shown,
        /// The later one.
        second: Shown,
    },
    /// `a` and `a/b`: which of the two is lost depends on their order.
    #[error("`{name}` is a file and a folder of other entries")]
    FileAndFolder {
        /// The path.
        name: Shown,
    },
    /// Nothing says what the package is.
    #[error("the archive has no `shelfmark.toml` at its top")]
    ManifestMissing,
    /// A second manifest in another casing: which one counts depends on the disk.
    #[error("`{name}` is a manifest in another casing; it has to be `shelfmark.toml`")]
    ManifestCasing {
        /// The entry.
        name: Shown,
    },
}

/// Why an archive is not on disk.
#[derive(Debug, thiserror::Error)]
pub enum UnpackError {
    /// The archive is refused.
    #[error(transparent)]
    Refused(#[from] ArchiveError),
    /// Something is where it should go; a link there would lead elsewhere.
    #[error("`{}` is there already", .0.display())]
    Exists(PathBuf),
    /// The disk.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// As the system says.
        source: std::io::Error,
    },
}
