//! What the walker accepts: read as `tar` reads it, written as it was read.

use super::{check, paths};
use proptest::prelude::*;
use shelfmark::artifact::{
    ArchiveError, ArchivedEntry, EntryKind, Limits, PackFile, UnpackError, inspect, pack, unpack_in_memory,
    unpack_to,
};
use shelfmark::model::RelPath;
use shelfmark_support::archive::{ArchiveBuilder, Gzip, MANIFEST, RawHeader, field};
use std::io::Read;
use std::path::Path;

/// One entry: its path, whether it is a folder, its contents.
type Listed = (Vec<u8>, bool, Vec<u8>);

/// Lists an archive with the `tar` crate.
fn listed_by_tar(archive: &[u8]) -> Vec<Listed> {
    let mut tar = tar::Archive::new(flate2::read::MultiGzDecoder::new(archive));
    tar.entries()
        .unwrap()
        .map(|entry| {
            let mut entry = entry.unwrap();
            let kind = entry.header().entry_type();
            assert!(kind.is_file() || kind.is_dir());
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            let path = entry.path_bytes().into_owned();
            let path = path.strip_suffix(b"/").filter(|_| kind.is_dir()).unwrap_or(&path).to_vec();
            (path, kind.is_dir(), content)
        })
        .collect()
}

/// Lists an archive with the walker.
fn listed(archive: &[u8], entries: &[ArchivedEntry]) -> Vec<Listed> {
    let files = unpack_in_memory(archive, &Limits::default()).unwrap();
    assert!(files.is_sorted_by(|a, b| a.path < b.path));
    let list = entries.iter().map(|entry| {
        let file = files.iter().find(|file| file.path == entry.path);
        assert_eq!(file.is_some(), entry.kind == EntryKind::File);
        let content = file.map(|file| file.content.clone()).unwrap_or_default();
        assert_eq!(content.len() as u64, entry.size);
        (entry.path.as_str().as_bytes().to_vec(), entry.kind == EntryKind::Folder, content)
    });
    list.collect()
}

/// What other tools write and is fine: PAX of GNU tar and Python, npm's empty owners, folders, padding.
fn honest() -> Vec<(&'static str, Vec<u8>)> {
    let long = format!("{}/{}/README.md", "a".repeat(90), "b".repeat(90));
    let npm = RawHeader::new("README.md", b'0', 4).set(field::UID, b"").set(116..124, b"");
    let in_prefix = RawHeader::new("README.md", b'0', 4).set(field::PREFIX, "docs/deep");
    let package = ArchiveBuilder::package;
    vec![
        ("a file", package().file("README.md", b"text").tgz()),
        ("folders", package().folder("docs/").file("docs/a.md", b"text").folder("docs/b").tgz()),
        ("a folder after its files", package().file("docs/a.md", b"text").folder("docs/").tgz()),
        ("an empty file", package().file("a", b"").tgz()),
        ("compression", Gzip::deflated(&package().file("a", vec![b'a'; 100_000]).tar()).bytes()),
        ("a name in the gzip header", {
            Gzip::stored(&package().tar()).flagged(Gzip::NAME, b"demo 1.0.tar\0".as_slice()).bytes()
        }),
        (
            "a long path",
            package().pax(&[("path", &long), ("mtime", "1700000000.25")]).file(&long, b"x").tgz(),
        ),
        ("a path that PAX repeats", package().pax(&[("path", "a"), ("size", "1")]).file("a", b"x").tgz()),
        (
            "letters that the header lacks",
            package().pax(&[("path", "résumé.md")]).file("r?sum?.md", b"x").tgz(),
        ),
        ("times before 1970", package().pax(&[("mtime", "-1.5"), ("uid", "2097152")]).file("a", b"x").tgz()),
        ("no owner", package().entry(npm, b"text").tgz()),
        ("a prefix", package().entry(in_prefix, b"text").tgz()),
        ("a record of 20 blocks", package().raw(vec![0; 8 * 1024]).tgz()),
        ("names of many scripts", {
            [
                "日本語.md",
                "हिन्दी.md",
                "Ελληνικά.md",
                "ไทย.md",
                "עברית.md",
                "crème brûlée (2).md",
                "[id]/{a},b=c~@d+e.ts",
            ]
            .iter()
            .fold(package(), |all, name| all.file(name, b"x"))
            .tgz()
        }),
        ("names that git and Windows keep", {
            [
                ".gitignore",
                ".github/workflows/x.yml",
                "console.md",
                "common/auxiliary.md",
                "notes~",
                "a~b.md",
                "x~1y",
            ]
            .iter()
            .fold(package(), |all, name| all.file(name, b"x"))
            .tgz()
        }),
        ("a manifest of a template", package().file("template/Shelfmark.toml", b"x").tgz()),
    ]
}

#[test]
fn what_other_tools_write_is_read_as_they_read_it() {
    for (what, archive) in honest() {
        let entries = check(&archive).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert!(entries.len() > 1 || what.contains("gzip") || what.contains("20 blocks"));
        assert_eq!(listed(&archive, &entries), listed_by_tar(&archive), "{what}");
    }
}

#[test]
fn the_answer_does_not_depend_on_how_the_bytes_arrive() {
    struct OneByOne<'a>(&'a [u8]);
    impl Read for OneByOne<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let length = buffer.len().min(1);
            self.0.read(&mut buffer[..length])
        }
    }
    let small = shelfmark_support::hostile::ALL
        .iter()
        .map(|(_, build)| build())
        .filter(|bytes| bytes.len() < 100_000);
    for archive in honest().into_iter().map(|(_, archive)| archive).chain(small) {
        assert_eq!(inspect(OneByOne(&archive), &Limits::default()), check(&archive));
    }
}

fn written(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(Result::unwrap)
        .filter(|item| item.file_type().is_file())
        .map(|item| {
            let path = item.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            (path, std::fs::read(item.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn an_archive_becomes_a_folder_and_nothing_else() {
    let archive = ArchiveBuilder::package().folder("empty/").file("docs/a.md", b"text").folder("docs/").tgz();
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("package");
    let entries = unpack_to(&archive, &folder, &Limits::default()).unwrap();
    assert_eq!(entries, check(&archive).unwrap());
    let expected =
        [("docs/a.md".to_owned(), b"text".to_vec()), ("shelfmark.toml".to_owned(), MANIFEST.to_vec())];
    assert_eq!(written(&folder), expected);
    assert!(folder.join("empty").is_dir());
    assert_eq!(std::fs::read_dir(parent.path()).unwrap().count(), 1);
}

#[test]
fn a_folder_that_is_there_stays_as_it_is() {
    let archive = ArchiveBuilder::package().tgz();
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("package");
    std::fs::create_dir(&folder).unwrap();
    let error = unpack_to(&archive, &folder, &Limits::default()).unwrap_err();
    assert!(matches!(error, UnpackError::Exists(path) if path == folder));
    assert_eq!(written(&folder), []);
    assert_eq!(std::fs::read_dir(parent.path()).unwrap().count(), 1);
}

#[test]
#[cfg(unix)]
fn a_link_in_the_place_of_the_folder_is_not_followed() {
    let archive = ArchiveBuilder::package().tgz();
    let parent = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let folder = parent.path().join("package");
    for target in [elsewhere.path(), Path::new("/nowhere")] {
        std::os::unix::fs::symlink(target, &folder).unwrap();
        let error = unpack_to(&archive, &folder, &Limits::default()).unwrap_err();
        assert!(matches!(error, UnpackError::Exists(_)));
        assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0);
        std::fs::remove_file(&folder).unwrap();
    }
}

#[test]
fn a_disk_that_refuses_keeps_nothing() {
    let archive = ArchiveBuilder::package().tgz();
    let parent = tempfile::tempdir().unwrap();
    let error = unpack_to(&archive, &parent.path().join("missing/package"), &Limits::default()).unwrap_err();
    assert!(matches!(error, UnpackError::Write { .. }), "{error:?}");
    // A name that the file system has no room for.
    let folder = parent.path().join("x".repeat(300));
    assert!(unpack_to(&archive, &folder, &Limits::default()).is_err());
    assert_eq!(std::fs::read_dir(parent.path()).unwrap().count(), 0);
}

#[test]
fn pack_refuses_what_the_walker_refuses() {
    let pack_names = |names: &[&str]| {
        let file = |name: &&str| PackFile { path: RelPath::parse(name).unwrap(), content: b"x" };
        pack(names.iter().map(file).collect())
    };
    for names in [
        &["a#b.md"][..],
        &["-rf"],
        &["re\u{301}sume\u{301}.md"],
        &["README\u{3164}.md"],
        &["README.md", "Readme.md"],
        &["docs", "docs/a.md"],
        &["Shelfmark.toml"],
        &["shelfm~1.tom"],
    ] {
        let names = [names, &["shelfmark.toml"]].concat();
        let refused = pack_names(&names).unwrap_err();
        let archive = names.iter().fold(ArchiveBuilder::empty(), |all, name| all.file(name, b"x")).tgz();
        assert_eq!(refused.to_string(), check(&archive).unwrap_err().to_string());
    }
    let large = vec![0; (16 << 20) + 1];
    let file = PackFile { path: RelPath::parse("large.bin").unwrap(), content: &large };
    assert!(pack(vec![file]).unwrap_err().to_string().contains("16777217"));
}

/// Names that are mostly fine, and some that are not.
fn name() -> impl Strategy<Value = String> {
    let component = prop_oneof![
        6 => "[a-c]{1,2}",
        2 => "[A-Ca-c0-9._@+~=,()ßſıİé日-]{1,4}",
        1 => proptest::sample::select(vec!["nul", ".git", "..", "shelfmark.toml", "SHELFMARK.toml", "a b", "a.", "ﬁ", ""])
            .prop_map(str::to_owned),
        1 => "\\PC{1,3}",
    ];
    proptest::collection::vec(component, 1..4).prop_map(|components| components.join("/"))
}

/// What is added to an archive: an entry, with records or without, or a change of bytes.
#[derive(Debug, Clone)]
enum Step {
    File(String, Vec<u8>),
    Folder(String),
    Pax(Vec<(&'static str, String)>, String),
    Prefix(String, String),
    Change(usize, u8),
    End(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let content = || proptest::collection::vec(any::<u8>(), 0..700);
    let key = proptest::sample::select(vec!["path", "size", "mtime", "uid", "uname", "linkpath"]);
    let value = prop_oneof![name(), "[0-9]{1,3}", "-?[0-9]{1,3}\\.[0-9]{1,2}"];
    prop_oneof![
        8 => (name(), content()).prop_map(|(name, content)| Step::File(name, content)),
        3 => (name(), any::<bool>()).prop_map(|(name, slash)| Step::Folder(name + if slash { "/" } else { "" })),
        3 => (proptest::collection::vec((key, value), 0..3), name())
            .prop_map(|(records, name)| Step::Pax(records, name)),
        2 => name().prop_map(|name| Step::Pax(vec![("path", name.clone())], name)),
        1 => (name(), name()).prop_map(|(prefix, name)| Step::Prefix(prefix, name)),
        1 => (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Step::Change(at, byte)),
        1 => (0_usize..2000).prop_map(Step::End),
    ]
}

fn build(steps: &[Step]) -> Vec<u8> {
    let mut builder = ArchiveBuilder::package();
    let mut changes = Vec::new();
    for step in steps {
        builder = match step {
            Step::File(name, content) => builder.file(name, content),
            Step::Folder(name) => builder.folder(name),
            Step::Pax(records, name) => {
                let records: Vec<(&str, &str)> =
                    records.iter().map(|(key, value)| (*key, value.as_str())).collect();
                builder.pax(&records).file(name, b"by pax")
            }
            Step::Prefix(prefix, name) => {
                builder.entry(RawHeader::new(name, b'0', 4).set(field::PREFIX, prefix), b"text")
            }
            Step::Change(at, byte) => {
                changes.push((*at, *byte));
                builder
            }
            Step::End(zeros) => builder.raw(vec![0; *zeros]),
        };
    }
    let mut tar = builder.tar();
    for (at, byte) in changes {
        let at = at % tar.len();
        tar[at] = byte;
    }
    Gzip::stored(&tar).bytes()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn whatever_is_accepted_tar_lists_identically(steps in proptest::collection::vec(step(), 0..6)) {
        let archive = build(&steps);
        if let Ok(entries) = check(&archive) {
            prop_assert_eq!(listed(&archive, &entries), listed_by_tar(&archive));
        }
    }

    #[test]
    fn a_single_entry_is_accepted_as_tar_lists_it(step in step()) {
        let archive = build(&[step]);
        if let Ok(entries) = check(&archive) {
            prop_assert_eq!(listed(&archive, &entries), listed_by_tar(&archive));
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000), at in any::<usize>()) {
        let _ = check(&bytes);
        let _ = check(&Gzip::stored(&bytes).bytes());
        let mut archive = ArchiveBuilder::package().pax(&[("mtime", "1")]).file("a", b"x").tgz();
        let at = at % archive.len();
        let length = bytes.len().min(archive.len() - at);
        archive[at..at + length].copy_from_slice(&bytes[..length]);
        let _ = check(&archive);
    }

    #[test]
    fn what_pack_writes_is_accepted_with_equal_contents(
        files in proptest::collection::btree_map(name(), proptest::collection::vec(any::<u8>(), 0..300), 0..8),
    ) {
        let mut files: Vec<(RelPath, Vec<u8>)> = files
            .into_iter()
            .filter(|(path, _)| path != "shelfmark.toml")
            .filter_map(|(path, content)| Some((RelPath::parse(&path).ok()?, content)))
            .collect();
        files.push((RelPath::parse("shelfmark.toml").unwrap(), MANIFEST.to_vec()));
        files.sort();
        let list = files.iter().map(|(path, content)| PackFile { path: path.clone(), content }).collect();
        if let Ok(archive) = pack(list) {
            let read = unpack_in_memory(&archive, &Limits::default());
            let read: Result<Vec<(RelPath, Vec<u8>)>, ArchiveError> =
                read.map(|files| files.into_iter().map(|file| (file.path, file.content)).collect());
            prop_assert_eq!(read, Ok(files));
        }
    }
}

#[test]
fn the_generated_archives_are_of_both_kinds() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = proptest::collection::vec(step(), 0..6);
    let accepted = (0..500)
        .filter(|_| check(&build(&strategy.new_tree(&mut runner).unwrap().current())).is_ok())
        .count();
    assert!((50..450).contains(&accepted), "{accepted} of 500 are accepted");
}

#[test]
fn entries_keep_the_order_of_the_archive() {
    let archive =
        ArchiveBuilder::empty().file("z", b"").folder("m").file("shelfmark.toml", b"").file("a", b"").tgz();
    assert_eq!(paths(&archive), ["z", "m", "shelfmark.toml", "a"]);
}
