//! Archives that attack who reads them: one function for each shape. Apart from
//! the attack they are well-formed, so that nothing else can be the reason to
//! refuse them.

use crate::archive::{ArchiveBuilder, BLOCK, Gzip, MANIFEST, RawHeader, field};

/// Builds an archive.
pub type Build = fn() -> Vec<u8>;

/// Makes a public function of each row, and the table of all of them.
macro_rules! hostile {
    ($($(#[doc = $what:literal])+ $name:ident => $bytes:expr;)+) => {
        $($(#[doc = $what])+ pub fn $name() -> Vec<u8> { $bytes })+

        /// Every shape: its name and its builder.
        pub const ALL: &[(&str, Build)] = &[$((stringify!($name), $name)),+];
    };
}

fn package() -> ArchiveBuilder {
    ArchiveBuilder::package()
}

fn package_tar() -> Vec<u8> {
    package().tar()
}

/// A package with one entry of the name more.
fn named(name: impl AsRef<[u8]>) -> Vec<u8> {
    package().file(name, b"x").tgz()
}

/// A package with one entry whose name comes from a PAX record, since it does not fit the header.
fn named_by_pax(name: &str) -> Vec<u8> {
    package().pax(&[("path", name)]).file(name, b"x").tgz()
}

/// A package with files of the two names.
fn both(first: &str, second: &str) -> Vec<u8> {
    package().file(first, b"1").file(second, b"2").tgz()
}

/// A package with one entry of the type, which has no contents.
fn typed(name: &str, kind: u8, target: &str) -> Vec<u8> {
    package().entry(RawHeader::new(name, kind, 0).set(field::LINK, target), b"").tgz()
}

/// A package with one file whose header has another value in a field.
fn with_field(at: std::ops::Range<usize>, value: &[u8]) -> Vec<u8> {
    package().entry(RawHeader::new("README.md", b'0', 4).set(at, value), b"text").tgz()
}

/// A package with one file that has the PAX record.
fn with_pax(key: &str, value: &str) -> Vec<u8> {
    package().pax(&[(key, value)]).file("README.md", b"text").tgz()
}

/// A package with one file that has these bytes for PAX records.
fn with_records(body: &[u8]) -> Vec<u8> {
    package().pax_body(b'x', body).file("README.md", b"text").tgz()
}

/// A package with a folder so many levels down.
fn nested(levels: usize) -> Vec<u8> {
    let path = "a/".repeat(levels);
    let tar = package().pax(&[("path", &path)]).entry(RawHeader::new(&path, b'5', 0), b"").tar();
    Gzip::deflated(&tar).bytes()
}

fn cut_tar(tar: &[u8], length: usize) -> Vec<u8> {
    Gzip::stored(tar.get(..length).unwrap_or(tar)).bytes()
}

hostile! {
    /// A zip under the name of an archive.
    a_zip => [b"PK\x03\x04".as_slice(), &[0; 60]].concat();
    /// Nothing at all.
    an_empty_download => Vec::new();
    /// A compression method nobody defined.
    an_unknown_compression => { let mut gzip = Gzip::stored(&package_tar()); gzip.header[2] = 7; gzip.bytes() };
    /// An extra field, which no check looks into.
    a_gzip_extra_field => Gzip::stored(&package_tar()).flagged(4, b"\x06\0XX\x02\0hi".as_slice()).bytes();
    /// A comment in the gzip header.
    a_gzip_comment => Gzip::stored(&package_tar()).flagged(16, b"see here\0".as_slice()).bytes();
    /// A checksum of the gzip header, which few readers compare.
    a_gzip_header_checksum => Gzip::stored(&package_tar()).flagged(2, [0, 0]).bytes();
    /// A flag that is reserved.
    a_gzip_reserved_flag => Gzip::stored(&package_tar()).flagged(0x80, []).bytes();
    /// A file name in the gzip header that leads elsewhere.
    a_gzip_name_that_climbs => Gzip::stored(&package_tar()).flagged(Gzip::NAME, b"../../x\0".as_slice()).bytes();
    /// A file name in the gzip header without an end.
    an_endless_gzip_name => Gzip::stored(&package_tar()).flagged(Gzip::NAME, vec![b'a'; 1 << 20]).bytes();
    /// Deflate data with a block type that is reserved.
    corrupt_deflate_data => Gzip::around(vec![0x07; 64], b"").bytes();
    /// A gibibyte of zeros in a megabyte, right after the manifest.
    a_bomb => Gzip::bomb(&package().entry(RawHeader::new("zeros", b'0', 1 << 30), b"").cut(), 1024).bytes();
    /// A gibibyte of zeros after the end of the archive.
    a_bomb_after_the_end => Gzip::bomb(&package_tar(), 1024).bytes();
    /// A bomb whose header claims as little as is allowed.
    a_bomb_of_allowed_size => {
        Gzip::bomb(&package().entry(RawHeader::new("zeros", b'0', 16 << 20), b"").cut(), 16).bytes()
    };
    /// Empty deflate blocks for ever.
    endless_empty_blocks => {
        let gzip = Gzip::stored(&package_tar());
        let deflate = [Gzip::EMPTY_BLOCK.repeat((16 << 20) / 5), gzip.deflate.clone()].concat();
        Gzip { deflate, ..gzip }.bytes()
    };
    /// A deflate block for each byte.
    a_block_for_each_byte => {
        let tar = package().file("data.bin", vec![7; 2 << 20]).tar();
        let blocks = tar.iter().flat_map(|byte| [0, 1, 0, 0xfe, 0xff, *byte]).chain([1, 0, 0, 0xff, 0xff]);
        Gzip::around(blocks.collect(), &tar).bytes()
    };
    /// A download that stopped in the middle.
    a_cut_download => { let mut bytes = package().tgz(); bytes.truncate(bytes.len() / 2); bytes };
    /// A download that stopped in the trailer.
    a_cut_trailer => { let mut bytes = package().tgz(); bytes.truncate(bytes.len() - 3); bytes };
    /// Contents that are not those the trailer has the CRC of.
    a_wrong_crc => { let mut gzip = Gzip::stored(&package_tar()); gzip.crc ^= 1; gzip.bytes() };
    /// A trailer with the size of other contents.
    a_wrong_length => { let mut gzip = Gzip::stored(&package_tar()); gzip.length += 512; gzip.bytes() };
    /// A second member with other files.
    a_second_member => {
        Gzip::stored(&package_tar()).followed_by(ArchiveBuilder::empty().file("evil.sh", b"x").tgz()).bytes()
    };
    /// A member for each half of the archive.
    an_archive_in_two_members => {
        let tar = package_tar();
        let (head, tail) = tar.split_at(BLOCK);
        Gzip::stored(head).followed_by(Gzip::stored(tail).bytes()).bytes()
    };
    /// A zip after the member.
    a_trailing_zip => Gzip::stored(&package_tar()).followed_by(b"PK\x05\x06".as_slice()).bytes();
    /// Zeros after the member, which gzip passes over.
    trailing_zeros => Gzip::stored(&package_tar()).followed_by([0; 512]).bytes();

    /// A header whose checksum is not its own.
    a_wrong_header_checksum => with_field(field::CHECKSUM, b"000000\0 ");
    /// A header without a checksum.
    a_missing_header_checksum => with_field(field::CHECKSUM, b"        ");
    /// GNU's header, which has times where the prefix is.
    a_gnu_header => with_field(field::MAGIC, b"ustar  \0");
    /// A header from before ustar.
    a_v7_header => with_field(field::MAGIC, b"");
    /// star's mark at the end of a ustar header.
    a_star_header => with_field(508..512, b"tar\0");
    /// A size in base 256, which is four.
    a_base_256_size => with_field(field::SIZE, b"\x80\0\0\0\0\0\0\0\0\0\0\x04");
    /// A size below zero.
    a_negative_size => with_field(field::SIZE, &[0xff; 12]);
    /// The largest size that octal digits write.
    a_huge_size => with_field(field::SIZE, b"777777777777");
    /// A size with a sign.
    a_signed_size => with_field(field::SIZE, b"-0000000004");
    /// A size that begins with a space.
    a_size_after_a_space => with_field(field::SIZE, b" 0000000004");
    /// A size with more after its end.
    a_size_with_two_ends => with_field(field::SIZE, b"0000004\x009999");
    /// No size.
    a_missing_size => with_field(field::SIZE, b"");
    /// A mode that is no number.
    a_garbled_mode => with_field(field::MODE, b"rw-r--r-");
    /// A time below zero.
    a_negative_time => with_field(field::MTIME, &[0xff; 12]);
    /// A symbolic link out of the folder.
    a_symbolic_link => typed("docs", b'2', "/etc");
    /// A symbolic link, and a file written through it.
    a_write_through_a_link => {
        let link = RawHeader::new("docs", b'2', 0).set(field::LINK, "/tmp");
        package().entry(link, b"").file("docs/evil", b"x").tgz()
    };
    /// Links that only lead outside together.
    a_chain_of_links => {
        let link = |name, target| RawHeader::new(name, b'2', 0).set(field::LINK, target);
        package().folder("a/").entry(link("a/b", "."), b"").entry(link("a/b/c", "../.."), b"").tgz()
    };
    /// A hard link to a file of the system.
    a_hard_link => typed("passwords", b'1', "/etc/passwd");
    /// A character device.
    a_character_device => typed("console", b'3', "");
    /// A block device.
    a_block_device => typed("disk", b'4', "");
    /// A named pipe.
    a_pipe => typed("pipe", b'6', "");
    /// Global PAX records that rename everything.
    global_pax_records => {
        let body = crate::archive::pax_record("path", "evil");
        package().pax_body(b'g', body).file("README.md", b"text").tgz()
    };
    /// A GNU long name.
    a_gnu_long_name => package().entry(RawHeader::new("././@LongLink", b'L', 5), b"evil\0").file("a", b"").tgz();
    /// A GNU long link target.
    a_gnu_long_link => package().entry(RawHeader::new("././@LongLink", b'K', 5), b"evil\0").file("a", b"").tgz();
    /// A sparse file.
    a_sparse_file => typed("holes", b'S', "");
    /// A file of the type that V7 had.
    a_file_of_the_old_type => typed("README.md", 0, "");
    /// A folder to V7, a file to others.
    a_folder_by_its_slash => typed("docs/", 0, "");
    /// A contiguous file.
    a_contiguous_file => typed("README.md", b'7', "");
    /// A type that nobody defined.
    an_unknown_type => typed("README.md", b'Z', "");
    /// The type that Solaris has for PAX records.
    solaris_records => typed("README.md", b'X', "");
    /// A plain file that names a target.
    a_file_with_a_target => typed("README.md", b'0', "/etc/passwd");
    /// A set-user-id program.
    a_set_user_id_file => with_field(field::MODE, b"0006777");
    /// A folder that everybody may write to, and whose bit says so.
    a_sticky_folder => {
        package().entry(RawHeader::new("tmp/", b'5', 0).set(field::MODE, b"0001777"), b"").tgz()
    };
    /// A folder with contents, which are a header of their own.
    a_folder_with_contents => {
        let inner = RawHeader::new("evil.sh", b'0', 0).bytes();
        package().entry(RawHeader::new("docs/", b'5', inner.len()), inner).tgz()
    };
    /// A file of more than 16 MiB.
    a_huge_file => Gzip::stored(&package().file("data.bin", vec![7; (16 << 20) + 1]).tar()).bytes();
    /// Files of more than 64 MiB.
    huge_files_together => {
        let part = vec![7; 16 << 20];
        (0..4).fold(package(), |archive, number| archive.file(format!("{number}.bin"), &part)).tgz()
    };
    /// A hundred thousand empty files.
    a_hundred_thousand_files => {
        let all = (0..100_000).fold(package(), |archive, number| archive.file(format!("{number}"), b""));
        Gzip::deflated(&all.tar()).bytes()
    };
    /// Files that need ten thousand folders each of their own.
    a_forest_of_folders => {
        let path = |number| (0..28).map(|level| format!("{number:03}{level:02}/")).collect::<String>() + "f";
        let all = (0..400).map(path).fold(package(), |archive, path| {
            archive.pax(&[("path", &path)]).file(&path, b"")
        });
        all.tgz()
    };
    /// Contents behind the end of a file.
    contents_in_the_padding => {
        let header = RawHeader::new("README.md", b'0', 4).bytes();
        package().raw(header).raw(b"text, and more").raw([0; BLOCK - 14]).tgz()
    };
    /// An archive that ends after its last file.
    an_archive_without_an_end => Gzip::stored(&package().cut()).bytes();
    /// An archive with one end block.
    an_archive_with_half_an_end => Gzip::stored(&package().raw([0; BLOCK]).cut()).bytes();
    /// An archive that ends inside a file.
    a_cut_file => cut_tar(&package().file("a", [1; 2000]).cut(), 3 * BLOCK + 700);
    /// An archive that ends inside a header.
    a_cut_header => cut_tar(&package_tar(), BLOCK + BLOCK + 100);
    /// An entry after one zero block.
    an_entry_after_a_zero_block => package().raw([0; BLOCK]).file("evil.sh", b"x").tgz();
    /// An entry after the end.
    an_entry_after_the_end => package().raw([0; 2 * BLOCK]).file("evil.sh", b"x").tgz();
    /// Zeros for ever.
    an_endless_end => Gzip::deflated(&package().raw(vec![0; 1 << 20]).tar()).bytes();

    /// PAX records of a megabyte.
    huge_pax_records => with_pax("uname", &"u".repeat(1 << 20));
    /// A record that is shorter than it says.
    a_pax_record_too_short => with_records(b"99 path=a\n");
    /// A record that is longer than it says.
    a_pax_record_too_long => with_records(b"8 path=abc\n");
    /// A record whose length has a sign.
    a_pax_record_with_a_signed_length => with_records(b"+10 path=a\n");
    /// A record whose length is too large for a number.
    a_pax_record_of_endless_length => with_records(b"99999999999999999999999 path=a\n");
    /// A record without a key.
    a_pax_record_without_a_key => with_records(b"6 =ab\n");
    /// A record that is none.
    a_pax_record_without_a_value => with_records(b"8 paths\n");
    /// Records that end in zeros.
    pax_records_with_padding => with_records(b"10 path=a\n\0\0\0\0");
    /// A link by record.
    a_pax_link => with_pax("linkpath", "/etc/passwd");
    /// A sparse file by record.
    a_pax_sparse_file => with_pax("GNU.sparse.major", "1");
    /// Another name by GNU's sparse records.
    a_pax_sparse_name => with_pax("GNU.sparse.name", "evil.sh");
    /// An extended attribute, such as a capability.
    a_pax_attribute => with_pax("SCHILY.xattr.security.capability", "x");
    /// Another character set for the names.
    a_pax_character_set => with_pax("hdrcharset", "BINARY");
    /// A key twice.
    a_pax_key_twice => {
        package().pax(&[("path", "README.md"), ("path", "evil.sh")]).file("README.md", b"text").tgz()
    };
    /// A record that deletes another.
    an_empty_pax_value => with_pax("path", "");
    /// A record that is two to who reads lines.
    a_pax_value_of_two_lines => with_pax("uname", "a\n12 path=evil");
    /// A NUL in a record.
    a_pax_path_with_a_nul => with_pax("path", "README.md\0.sh");
    /// A size with a sign.
    a_signed_pax_size => with_pax("size", "+4");
    /// A time that is no number.
    a_garbled_pax_time => with_pax("mtime", "1e9");
    /// A size other than the header's: the next header is where the reader thinks (RUSTSEC-2026-0068).
    two_sizes => {
        let inner = RawHeader::new("evil.sh", b'0', 0).bytes();
        package().pax(&[("size", "0")]).file("README.md", inner).tgz()
    };
    /// A size that only the records have.
    a_size_by_pax_alone => {
        package().pax(&[("size", "4")]).entry(RawHeader::new("README.md", b'0', 0), b"text").tgz()
    };
    /// A path other than the header's.
    two_paths => package().pax(&[("path", "README.md")]).file("install.sh", b"x").tgz();
    /// A path that climbs, by record.
    a_pax_path_that_climbs => named_by_pax("../evil");
    /// Records for no entry.
    pax_records_at_the_end => package().pax(&[("mtime", "1")]).tgz();
    /// Records twice for one entry.
    pax_records_twice => package().pax(&[("mtime", "1")]).pax(&[("mtime", "2")]).file("a", b"").tgz();

    /// An entry without a name.
    an_empty_name => named("");
    /// A path that climbs out.
    a_path_that_climbs => named("../evil");
    /// A path that climbs from inside.
    a_path_that_climbs_later => named("docs/../../evil");
    /// An absolute path.
    an_absolute_path => named("/etc/cron.d/evil");
    /// A path of one dot.
    a_path_with_a_dot => named("./README.md");
    /// A path with an empty component.
    a_path_with_two_slashes => named("docs//README.md");
    /// A file whose name ends as a folder's.
    a_file_with_a_slash => named("docs/");
    /// A drive of Windows.
    a_windows_drive => named("C:/evil");
    /// The separator of Windows.
    a_backslash => named("..\\evil");
    /// A NUL and more in the name.
    a_nul_in_the_name => named("README.md\0.sh");
    /// A NUL and more in the prefix.
    a_nul_in_the_prefix => with_field(field::PREFIX, b"docs\0evil");
    /// A prefix that climbs.
    a_prefix_that_climbs => with_field(field::PREFIX, b"..");
    /// An absolute prefix.
    an_absolute_prefix => with_field(field::PREFIX, b"/etc");
    /// A name in Latin-1.
    a_name_in_latin_1 => named(b"r\xe9sum\xe9.md");
    /// A name in decomposed letters.
    a_decomposed_name => named("re\u{301}sume\u{301}.md");
    /// A line break.
    a_line_break => named("README\n::error::.md");
    /// An escape sequence.
    an_escape_sequence => named("README\u{1b}]8;;evil\u{7}.md");
    /// A character that turns the rest around.
    a_right_to_left_override => named("README\u{202e}dm.exe");
    /// A space without a width.
    a_zero_width_space => named("READ\u{200b}ME.md");
    /// A letter that shows nothing.
    an_invisible_letter => named("README\u{3164}.md");
    /// A tag character, which language models read.
    a_tag_character => named("README\u{e0041}.md");
    /// A mark on nothing.
    a_mark_on_a_slash => named("docs/\u{301}a.md");
    /// A slash that is none.
    a_fullwidth_slash => named("docs\u{ff0f}evil");
    /// A pattern of shells.
    a_shell_pattern => named("*");
    /// A command of shells.
    a_shell_command => named("$(reboot).md");
    /// A name that is an option.
    an_option => named("--checkpoint-action=exec=sh");
    /// A home folder.
    a_home_folder => named("~root/.bashrc");
    /// A dot at the end.
    a_trailing_dot => named("README.md.");
    /// A space at the end.
    a_trailing_space => named("docs /README.md");
    /// A space at the beginning.
    a_leading_space => named(" README.md");
    /// A device of Windows.
    a_windows_device => named("docs/nul.txt");
    /// A device of Windows by a superscript.
    a_windows_device_by_a_superscript => named("COM\u{b9}");
    /// A hook of git.
    a_git_hook => named(".git/hooks/post-checkout");
    /// git's folder in another case.
    a_git_folder_in_capitals => named(".GIT/config");
    /// git's folder by its short name.
    a_git_folder_by_its_short_name => named("GIT~1/config");
    /// git's folder in other letters.
    a_git_folder_in_wide_letters => named(".\u{ff47}\u{ff49}\u{ff54}/config");
    /// The manifest by its short name on Windows.
    a_short_name => named("SHELFM~1.TOM");
    /// A path of 241 bytes.
    a_path_too_long => named_by_pax(&format!("{}/{}", "a".repeat(120), "b".repeat(120)));
    /// A path of 33 levels.
    a_path_too_deep => named(format!("{}f", "a/".repeat(32)));
    /// Three thousand folders in a few bytes.
    a_path_of_three_thousand_levels => nested(3000);
    /// A thousand folders, whose path fits the records.
    a_path_of_a_thousand_levels => nested(1000);

    /// The same file twice.
    a_file_twice => both("README.md", "README.md");
    /// The same folder twice.
    a_folder_twice => package().folder("docs/").folder("docs").tgz();
    /// Two names that differ in case.
    case_twins => both("README.md", "Readme.md");
    /// Two names in the forms of one letter.
    form_twins => both("\u{ff52}eadme.md", "readme.md");
    /// The sharp s and what it is in capitals.
    sharp_s_twins => both("stra\u{df}e.md", "strasse.md");
    /// The long s.
    long_s_twins => both("\u{17f}ale.md", "sale.md");
    /// The sign of Kelvin, a k in lower case.
    the_kelvin_sign => both("30\u{212a}.md", "30k.md");
    /// The i of Turkish without a dot.
    dotless_i_twins => both("f\u{131}le.md", "file.md");
    /// The I of Turkish with a dot.
    dotted_i_twins => both("\u{130}tem.md", "item.md");
    /// A ligature.
    ligature_twins => both("\u{fb01}le.md", "file.md");
    /// The sigma at the end of a word.
    sigma_twins => both("\u{3bf}\u{3c3}.md", "\u{3bf}\u{3c2}.md");
    /// Folders that differ in case, which no entry names.
    folder_twins => both("docs/a.md", "Docs/b.md");
    /// A file, then something in it.
    a_file_then_a_folder => both("docs", "docs/a.md");
    /// Something in a folder, then a file in its place.
    a_folder_then_a_file => both("docs/a.md", "docs");
    /// A file and a folder of one name.
    a_folder_named_as_a_file => package().file("docs", b"x").folder("docs/").tgz();
    /// A file and a folder whose names differ in case.
    a_folder_in_the_case_of_a_file => package().file("docs", b"x").file("DOCS/a.md", b"x").tgz();
    /// No manifest.
    no_manifest => ArchiveBuilder::empty().file("README.md", b"text").tgz();
    /// Nothing in the archive.
    an_empty_archive => ArchiveBuilder::empty().tgz();
    /// A manifest in a folder only.
    a_manifest_in_a_folder => ArchiveBuilder::empty().file("package/shelfmark.toml", MANIFEST).tgz();
    /// A manifest that is a folder.
    a_manifest_that_is_a_folder => ArchiveBuilder::empty().folder("shelfmark.toml/").tgz();
    /// The manifest in another casing.
    a_manifest_in_capitals => ArchiveBuilder::empty().file("Shelfmark.TOML", MANIFEST).tgz();
    /// Two manifests that differ in case.
    two_manifests => package().file("SHELFMARK.toml", MANIFEST).tgz();
}
