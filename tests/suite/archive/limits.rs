//! Every limit: one below it and exactly at it is fine, one above is refused.

use shelfmark::artifact::{ArchiveError as E, Limits, inspect};
use shelfmark_support::archive::{ArchiveBuilder, BLOCK, Gzip, RawHeader, field};

/// Checks an archive of each size against the limit: limit-1 and limit pass,
/// limit+1 is refused for the reason.
fn around(limit: usize, limits: &Limits, build: impl Fn(usize) -> Vec<u8>, is_reason: fn(&E) -> bool) {
    for size in [limit - 1, limit] {
        inspect(build(size).as_slice(), limits).unwrap_or_else(|error| panic!("{size}: {error}"));
    }
    let error = inspect(build(limit + 1).as_slice(), limits).unwrap_err();
    assert!(is_reason(&error), "{error:?}");
}

#[test]
fn of_the_bytes_of_a_file() {
    let limits = Limits::default();
    assert_eq!(limits.file_bytes, 16 << 20);
    let build = |size| ArchiveBuilder::package().file("data.bin", vec![7; size]).tgz();
    around(
        16 << 20,
        &limits,
        build,
        |error| matches!(error, E::FileTooLarge { size, .. } if *size == (16 << 20) + 1),
    );
}

#[test]
fn of_the_bytes_of_all_files() {
    let limits = Limits::default();
    assert_eq!(limits.total_bytes, 64 << 20);
    let manifest = shelfmark_support::archive::MANIFEST.len();
    let build = |size: usize| {
        let part = vec![7; 16 << 20];
        let three = (0..3).fold(ArchiveBuilder::package(), |all, n| all.file(format!("{n}"), &part));
        three.file("rest", vec![7; size - manifest - 3 * (16 << 20)]).tgz()
    };
    around(64 << 20, &limits, build, |error| matches!(error, E::TotalTooLarge { .. }));
}

#[test]
fn of_the_entries() {
    let limits = Limits::default();
    assert_eq!(limits.entries, 10_000);
    let build =
        |size| (1..size).fold(ArchiveBuilder::package(), |all, n| all.file(format!("{n}"), b"")).tgz();
    around(10_000, &limits, build, |error| matches!(error, E::TooManyEntries { .. }));
}

#[test]
fn of_the_folders_named_and_implied() {
    let limits = Limits { folders: 6, ..Limits::default() };
    assert_eq!(Limits::default().folders, 10_000);
    let named = |size| (0..size).fold(ArchiveBuilder::package(), |all, n| all.folder(format!("{n}/"))).tgz();
    around(6, &limits, named, |error| matches!(error, E::TooManyFolders { .. }));
    let implied = |size| ArchiveBuilder::package().file("a/".repeat(size) + "f", b"").tgz();
    around(6, &limits, implied, |error| matches!(error, E::TooManyFolders { .. }));
    let both = |size: usize| ArchiveBuilder::package().file("a/".repeat(size) + "f", b"").folder("a").tgz();
    around(6, &limits, both, |error| matches!(error, E::TooManyFolders { .. }));
}

#[test]
fn of_the_bytes_of_a_path() {
    let build = |size| {
        let path = format!("{}/{}", "a".repeat(100), "b".repeat(size - 101));
        ArchiveBuilder::package().pax(&[("path", &path)]).file(&path, b"").tgz()
    };
    around(240, &Limits::default(), build, |error| matches!(error, E::NameTooLong { length: 241, .. }));
    // A limit that is too generous does not reach past the type of paths.
    let limits = Limits { path_bytes: 500, depth: 500, ..Limits::default() };
    around(240, &limits, build, |error| matches!(error, E::NameRefused { .. }));
}

#[test]
fn of_the_levels_of_a_path() {
    let build = |size| ArchiveBuilder::package().file("a/".repeat(size - 1) + "f", b"").tgz();
    around(32, &Limits::default(), build, |error| matches!(error, E::NameTooDeep { depth: 33, .. }));
}

#[test]
fn of_the_bytes_of_the_archive() {
    let archive = ArchiveBuilder::package().tgz();
    for (limit, is_fine) in [(archive.len() + 1, true), (archive.len(), true), (archive.len() - 1, false)] {
        let limits = Limits { archive_bytes: limit as u64, ..Limits::default() };
        match inspect(archive.as_slice(), &limits) {
            Ok(_) => assert!(is_fine),
            Err(error) => assert_eq!((error, is_fine), (E::ArchiveTooLarge { limit: limit as u64 }, false)),
        }
    }
}

/// A package of 1,075,200 bytes in an archive of exactly so many.
fn compressed_to(size: usize) -> Vec<u8> {
    let tar = ArchiveBuilder::package().file("zeros", vec![0; 2095 * BLOCK]).tar();
    assert_eq!(tar.len(), 1_075_200);
    filled_up(&tar, size)
}

/// An archive of exactly so many bytes, by empty blocks before the contents and
/// a name in the header.
fn filled_up(tar: &[u8], size: usize) -> Vec<u8> {
    let mut gzip = Gzip::deflated(tar);
    let missing = size - gzip.clone().bytes().len();
    let (name, blocks) = (missing % 5 + 5, missing / 5 - 1);
    gzip.deflate = [Gzip::EMPTY_BLOCK.repeat(blocks), gzip.deflate].concat();
    let archive = gzip.flagged(Gzip::NAME, ["n".repeat(name - 1).as_bytes(), &[0]].concat()).bytes();
    assert_eq!(archive.len(), size);
    archive
}

#[test]
fn of_the_ratio() {
    let limits = Limits::default();
    assert_eq!((limits.ratio, limits.ratio_allowance), (100, 1 << 20));
    // The shorter the archive, the higher the ratio.
    inspect(compressed_to(10_753).as_slice(), &limits).unwrap();
    inspect(compressed_to(10_752).as_slice(), &limits).unwrap();
    let error = inspect(compressed_to(10_751).as_slice(), &limits).unwrap_err();
    assert_eq!(error, E::Ratio { read: 10_751, inflated: 1_075_200, limit: 100 });
}

#[test]
fn of_what_the_ratio_does_not_count_for() {
    let archive = compressed_to(10_000);
    for (allowance, is_fine) in [(1_075_201, true), (1_075_200, true), (1_075_199, false)] {
        let limits = Limits { ratio_allowance: allowance, ..Limits::default() };
        assert_eq!(inspect(archive.as_slice(), &limits).is_ok(), is_fine);
    }
}

#[test]
fn of_the_bytes_beyond_the_contents() {
    let limits = Limits::default();
    assert_eq!(limits.overhead_bytes, 64 << 10);
    let tar = ArchiveBuilder::package().tar();
    around(
        (64 << 10) + 2 * tar.len(),
        &limits,
        |size| filled_up(&tar, size),
        |error| matches!(error, E::Overhead { inflated: 2048, .. }),
    );
}

#[test]
fn of_the_pax_records() {
    let build = |size: usize| {
        let body = shelfmark_support::archive::pax_record("uname", &"u".repeat(size - 12));
        assert_eq!(body.len(), size);
        ArchiveBuilder::package().pax_body(b'x', body).file("a", b"").tgz()
    };
    around(4096, &Limits::default(), build, |error| matches!(error, E::PaxTooLarge { size: 4097, .. }));
}

#[test]
fn of_the_name_in_the_gzip_header() {
    let build = |size: usize| {
        let name = ["n".repeat(size).as_bytes(), &[0]].concat();
        Gzip::stored(&ArchiveBuilder::package().tar()).flagged(Gzip::NAME, name).bytes()
    };
    around(255, &Limits::default(), build, |error| matches!(error, E::GzipName { limit: 255 }));
}

#[test]
fn of_the_zeros_at_the_end() {
    let build = |size: usize| Gzip::stored(&ArchiveBuilder::package().raw(vec![0; size]).cut()).bytes();
    around(10_240, &Limits::default(), build, |error| matches!(error, E::EndTooLong { limit: 10_240 }));
}

#[test]
fn of_the_mode() {
    let build = |mode: usize| {
        let header = RawHeader::new("a", b'0', 0).set(field::MODE, format!("{mode:07o}"));
        ArchiveBuilder::package().entry(header, b"").tgz()
    };
    around(0o777, &Limits::default(), build, |error| matches!(error, E::SpecialMode { mode: 0o1000, .. }));
}
