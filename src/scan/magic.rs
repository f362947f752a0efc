//! What a file is by its first bytes, whatever its name says.

/// What a form of file does to the one who opens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    /// A processor or a system runs it.
    Executable,
    /// An interpreter or a virtual machine runs it.
    Bytecode,
    /// It holds other files.
    Archive,
    /// An image.
    Image,
    /// A document that a program for people opens.
    Document,
    /// Fonts, sound, film and data.
    Media,
}

/// One form of file.
#[derive(Debug)]
pub(super) struct Format {
    /// Its name in messages, with an article.
    pub(super) name: &'static str,
    /// What it does.
    pub(super) group: Group,
    /// Extensions that it is expected under.
    pub(super) extensions: &'static [&'static str],
    magic: &'static [u8],
    at: usize,
}

const fn form(
    name: &'static str,
    group: Group,
    extensions: &'static [&'static str],
    magic: &'static [u8],
) -> Format {
    Format { name, group, extensions, magic, at: 0 }
}

/// Extensions of documents that are zip archives.
pub(super) const ZIP_DOCUMENTS: &[&str] = &[
    "docx", "docm", "dotx", "dotm", "xlsx", "xlsm", "xltx", "xltm", "xlsb", "xlam", "pptx", "pptm", "potx",
    "ppsx", "odt", "ods", "odp", "odg", "ott", "epub", "3mf", "kra", "sketch", "pages", "numbers", "key",
    "vsdx", "usdz", "ora", "kmz", "npz",
];

/// Every form that is known, the more special before the more general.
const FORMATS: &[Format] = &[
    form(
        "an ELF program or library",
        Group::Executable,
        &["so", "elf", "o", "node", "ko", "bin"],
        b"\x7fELF",
    ),
    form("a Mach-O program or library", Group::Executable, MACH, b"\xfe\xed\xfa\xce"),
    form("a Mach-O program or library", Group::Executable, MACH, b"\xfe\xed\xfa\xcf"),
    form("a Mach-O program or library", Group::Executable, MACH, b"\xce\xfa\xed\xfe"),
    form("a Mach-O program or library", Group::Executable, MACH, b"\xcf\xfa\xed\xfe"),
    form("a Windows shortcut", Group::Executable, &["lnk"], b"L\0\0\0\x01\x14\x02\0"),
    form("a WebAssembly module", Group::Bytecode, &["wasm"], b"\0asm"),
    form("Android bytecode", Group::Bytecode, &["dex"], b"dex\n03"),
    form("Lua bytecode", Group::Bytecode, &["luac"], b"\x1bLua"),
    form("an object archive or Debian package", Group::Bytecode, &["a", "deb", "lib", "ar"], b"!<arch>\n"),
    form("an RPM package", Group::Archive, &["rpm"], b"\xed\xab\xee\xdb"),
    form("a zip archive", Group::Archive, ZIP, b"PK\x03\x04"),
    form("a zip archive", Group::Archive, ZIP, b"PK\x05\x06"),
    form(
        "a gzip archive",
        Group::Archive,
        &["gz", "tgz", "svgz", "crate", "rds", "rda", "gzip"],
        b"\x1f\x8b\x08",
    ),
    form("a bzip2 archive", Group::Archive, &["bz2", "tbz", "tbz2"], b"BZh"),
    form("an xz archive", Group::Archive, &["xz", "txz"], b"\xfd7zXZ\0"),
    form("a zstd archive", Group::Archive, &["zst", "tzst", "zstd"], b"\x28\xb5\x2f\xfd"),
    form("an lz4 archive", Group::Archive, &["lz4"], b"\x04\x22\x4d\x18"),
    form("a 7z archive", Group::Archive, &["7z"], b"7z\xbc\xaf\x27\x1c"),
    form("a RAR archive", Group::Archive, &["rar"], b"Rar!\x1a\x07"),
    form("a cabinet archive", Group::Archive, &["cab"], b"MSCF\0\0\0\0"),
    Format { name: "a tar archive", group: Group::Archive, extensions: &["tar"], magic: b"ustar", at: 257 },
    form("an Office document of the old form", Group::Document, OLE, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    form("a PDF document", Group::Document, &["pdf", "ai"], b"%PDF-"),
    form("a PNG image", Group::Image, &["png", "apng", "ico"], b"\x89PNG\r\n\x1a\n"),
    form("a JPEG image", Group::Image, &["jpg", "jpeg", "jpe", "jfif"], b"\xff\xd8\xff"),
    form("a GIF image", Group::Image, &["gif"], b"GIF87a"),
    form("a GIF image", Group::Image, &["gif"], b"GIF89a"),
    Format { name: "a WebP image", group: Group::Image, extensions: &["webp"], magic: b"WEBP", at: 8 },
    Format { name: "an AVIF image", group: Group::Image, extensions: &["avif"], magic: b"ftypavif", at: 4 },
    Format {
        name: "a HEIF image",
        group: Group::Image,
        extensions: &["heic", "heif"],
        magic: b"ftyphei",
        at: 4,
    },
    form("a TIFF image", Group::Image, &["tif", "tiff", "dng"], b"II*\0"),
    form("a TIFF image", Group::Image, &["tif", "tiff"], b"MM\0*"),
    form("a WOFF font", Group::Media, &["woff"], b"wOFF"),
    form("a WOFF2 font", Group::Media, &["woff2"], b"wOF2"),
    form("an OpenType font", Group::Media, &["otf"], b"OTTO\0"),
    form("a TrueType font", Group::Media, &["ttf", "otf"], b"\0\x01\0\0\0"),
    form("a sound file", Group::Media, &["ogg", "oga", "ogv", "opus"], b"OggS\0"),
    form("a sound file", Group::Media, &["flac"], b"fLaC"),
    form("a sound file", Group::Media, &["mp3"], b"ID3"),
    form("a film", Group::Media, &["webm", "mkv", "mka"], b"\x1a\x45\xdf\xa3"),
    Format {
        name: "a film",
        group: Group::Media,
        extensions: &["mp4", "m4a", "m4v", "mov"],
        magic: b"ftyp",
        at: 4,
    },
    form("an SQLite database", Group::Media, &["db", "sqlite", "sqlite3"], b"SQLite format 3\0"),
    form("a Parquet table", Group::Media, &["parquet"], b"PAR1"),
    form("an icon", Group::Image, &["ico", "cur"], b"\0\0\x01\0"),
];

const MACH: &[&str] = &["dylib", "so", "node", "bundle", "o"];
const OLE: &[&str] = &["doc", "xls", "ppt", "dot", "xlt", "msi", "msg", "vsd", "mpp", "pub"];
const ZIP: &[&str] = &[
    "zip", "jar", "war", "ear", "whl", "egg", "apk", "aab", "aar", "ipa", "xpi", "vsix", "nupkg", "mcpb",
    "dxt", "skill", "pt", "ckpt", "keras", "mcpack", "conda", "nbm", "oxt", "zipx", "cbz", "msix", "appx",
    "snupkg",
];

const PE: Format = form("a Windows program or library", Group::Executable, PE_NAMES, b"MZ");
const PE_NAMES: &[&str] =
    &["exe", "dll", "sys", "scr", "com", "pyd", "node", "ocx", "cpl", "efi", "mui", "winmd"];
const CLASS: Format = form("a Java class", Group::Bytecode, &["class"], b"\xca\xfe\xba\xbe");
const FAT: Format = form("a Mach-O program or library", Group::Executable, MACH, b"\xca\xfe\xba\xbe");
const PYC: Format = form("Python bytecode", Group::Bytecode, &["pyc", "pyo"], b"");
const PICKLE: Format = form(
    "a Python pickle",
    Group::Bytecode,
    &["pkl", "pickle", "joblib", "pt", "pth", "ckpt", "bin", "model"],
    b"",
);

/// Returns the form of these bytes; `None` for text and what is not known.
pub(super) fn format_of(bytes: &[u8]) -> Option<&'static Format> {
    if let Some(format) = special(bytes) {
        return Some(format);
    }
    FORMATS.iter().find(|format| bytes.get(format.at..).is_some_and(|rest| rest.starts_with(format.magic)))
}

/// Returns the forms that one fixed text does not tell.
fn special(bytes: &[u8]) -> Option<&'static Format> {
    let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    match bytes {
        [b'M', b'Z', ..] if is_windows_program(bytes) => Some(&PE),
        // Java counts its versions from 45; nothing is built for so many processors.
        [0xca, 0xfe, 0xba, 0xbe, ..] => Some(if number(4)? & 0xffff < 43 { &FAT } else { &CLASS }),
        [_, 0x0c..=0x0f | 0xf2..=0xf3, b'\r', b'\n', rest @ ..] if rest.contains(&0) => Some(&PYC),
        [0x80, 2..=5, 0x95 | b'c' | b']' | b'}' | b'(' | 0x8c, ..] => Some(&PICKLE),
        _ => None,
    }
}

fn is_windows_program(bytes: &[u8]) -> bool {
    let header = bytes.get(0x3c..0x40).and_then(|at| at.try_into().ok()).map(u32::from_le_bytes);
    let is_portable = header
        .and_then(|at| bytes.get(at as usize..))
        .is_some_and(|rest| rest.starts_with(b"PE\0\0") || rest.starts_with(b"NE"));
    is_portable || find(&bytes[..bytes.len().min(512)], b"This program cannot be run").is_some()
}

/// Returns the extension of a path in lower case, empty without one.
pub(super) fn extension_of(path: &crate::model::RelPath) -> String {
    path.file_name().rsplit_once('.').map_or_else(String::new, |(_, extension)| extension.to_lowercase())
}

/// Returns where a needle first stands.
pub(super) fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    let (first, rest) = needle.split_first()?;
    let mut from = 0;
    while let Some(step) = bytes.get(from..)?.iter().position(|byte| byte == first) {
        let at = from + step;
        if bytes[at + 1..].starts_with(rest) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

/// Returns whether a needle occurs, ASCII letters in any case; the needle is in lower case.
pub(super) fn contains_in_any_case(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_tell_the_form() {
        for (bytes, name) in [
            (&b"\x7fELF\x02\x01"[..], "an ELF program or library"),
            (b"\xca\xfe\xba\xbe\0\0\0\x41", "a Java class"),
            (b"\xca\xfe\xba\xbe\0\0\0\x02", "a Mach-O program or library"),
            (b"PK\x03\x04rest", "a zip archive"),
            (b"\x89PNG\r\n\x1a\n", "a PNG image"),
            (b"\xcb\x0d\r\n\0\0\0\0", "Python bytecode"),
        ] {
            assert_eq!(format_of(bytes).map(|format| format.name), Some(name));
        }
        for text in [&b"MZ is how the story begins"[..], b"PK", b"", b"# title\n", b"GIF files are images"] {
            assert!(format_of(text).is_none());
        }
    }

    #[test]
    fn a_needle_is_found_where_its_first_letter_repeats() {
        assert_eq!(find(b"aaab", b"aab"), Some(1));
        assert_eq!(find(b"aaa", b"b"), None);
        assert!(contains_in_any_case(b"x<ScRipt", b"<script"));
    }
}
