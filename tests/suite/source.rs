//! Reading: a directory and a revision agree, and crafted git trees are told, not followed.

use crate::support::{Raw, RawRepository, copy, demo};
use shelfmark::source::{RevisionSpec, Snapshot};
use shelfmark::validate::validate;
use std::path::Path;

fn of_git(folder: &Path, revision: &str, path: &str) -> Result<Snapshot, shelfmark::source::Error> {
    let spec = RevisionSpec { repository: folder.into(), revision: revision.into(), path: path.into() };
    Snapshot::of_revision(&spec)
}

#[test]
fn a_directory_and_a_revision_give_the_same_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let repository = RawRepository::new(folder.path());
    let commit = repository.commit_folder(&demo(), "deep/registry/");
    copy(&demo(), &folder.path().join("work"));
    std::fs::create_dir_all(folder.path().join("work/.shelfmark")).unwrap();
    std::fs::write(folder.path().join("work/.shelfmark/state"), "not part of it").unwrap();
    let from_directory = Snapshot::of_directory(&folder.path().join("work")).unwrap();
    for revision in ["main", "refs/heads/main", "HEAD", &commit.to_string(), &commit.to_string()[..9]] {
        if revision == "HEAD"
            && std::fs::read_to_string(folder.path().join(".git/HEAD")).unwrap().contains("master")
        {
            continue;
        }
        let from_git = of_git(folder.path(), revision, "deep/registry").unwrap();
        assert_eq!(from_git.tree(), from_directory.tree(), "{revision}");
        assert_eq!(from_git.entries(), from_directory.entries(), "{revision}");
        let (a, b) = (from_git.reader().unwrap(), from_directory.reader().unwrap());
        for entry in from_git.entries() {
            assert_eq!(a.read(entry).unwrap(), b.read(entry).unwrap(), "{}", entry.path);
        }
    }
}

#[test]
fn the_users_git_configuration_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let repository = RawRepository::new(folder.path());
    repository.commit(&[(b"registry.toml", Raw::File(0o100_644, b"format = 1\nname = \"x\"\n"))]);
    std::fs::write(folder.path().join(".git/config"), "[core\nthis is no configuration").unwrap();
    let snapshot = of_git(folder.path(), "main", "").unwrap();
    assert_eq!(snapshot.entries().len(), 1);
}

#[test]
fn what_does_not_exist_is_named() {
    let folder = tempfile::tempdir().unwrap();
    assert!(of_git(folder.path(), "main", "").unwrap_err().to_string().contains("is not a git repository"));
    let repository = RawRepository::new(folder.path());
    repository.commit(&[(b"a", Raw::File(0o100_644, b"x"))]);
    for (revision, path, words) in [
        ("nope", "", "no revision `nope`"),
        ("../../etc/passwd", "", "no revision"),
        ("main", "b", "no folder `b`"),
        ("main", "a", "no folder `a`"),
        ("0000000", "", "no revision"),
    ] {
        let error = of_git(folder.path(), revision, path).unwrap_err().to_string();
        assert!(error.contains(words), "{revision}:{path}: {error}");
    }
}

#[test]
fn crafted_trees_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let repository = RawRepository::new(folder.path());
    let text = Raw::File(0o100_644, b"format = 1\nname = \"x\"\n");
    let file = |bytes: &'static [u8]| Raw::File(0o100_644, bytes);
    repository.commit(&[
        (b"registry.toml", text),
        (b"publishers", Raw::Folder(vec![(b"com.a.toml", Raw::File(0o120_000, b"/etc/passwd"))])),
        (b"sources", Raw::Submodule),
        (b"policy.toml", Raw::File(0o100_755, b"format = 1\n")),
        (b"README.md", file(b"a")),
        (b"readme.MD", file(b"b")),
        (
            b"packages",
            Raw::Folder(vec![(b".git", Raw::Folder(vec![(b"config", file(b"x"))])), (b"..", file(b"x"))]),
        ),
        (
            b"collections",
            Raw::Folder(vec![
                (b"a\x1b[2J.toml", file(b"x")),
                (b"\xff\xfe.toml", file(b"x")),
                (b"con.toml", file(b"x")),
            ]),
        ),
        (b"notes.txt", file(b"x")),
    ]);
    let validation = validate(&of_git(folder.path(), "main", "").unwrap(), None).unwrap();
    let told: Vec<(&str, &str)> =
        validation.diagnostics.iter().map(|d| (d.rule, &*d.location.path)).collect();
    for wanted in [
        ("file-not-regular", "publishers/com.a.toml"),
        ("file-not-regular", "sources"),
        ("file-not-regular", "policy.toml"),
        ("path-case-collision", "readme.MD"),
        ("path-forbidden", "packages/.git/config"),
        ("path-forbidden", "packages/.."),
        ("path-forbidden", "collections/a\u{1b}[2J.toml"),
        ("path-forbidden", "collections/con.toml"),
        ("path-unexpected", "notes.txt"),
    ] {
        assert!(told.contains(&wanted), "{wanted:?} is missing in {told:#?}");
    }
}

#[test]
fn endless_nesting_ends() {
    let folder = tempfile::tempdir().unwrap();
    let repository = RawRepository::new(folder.path());
    let mut inner = Raw::File(0o100_644, b"x");
    for _ in 0..300 {
        inner = Raw::Folder(vec![(b"d", inner)]);
    }
    repository
        .commit(&[(b"registry.toml", Raw::File(0o100_644, b"format = 1\nname = \"x\"\n")), (b"d", inner)]);
    let snapshot = of_git(folder.path(), "main", "").unwrap();
    assert!(!validate(&snapshot, None).unwrap().diagnostics.is_empty());
}
