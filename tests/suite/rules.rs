//! Every rule has documentation, a registry it accepts and one it refuses, and
//! the words it refuses with are frozen in `tests/rules/<rule>/fail.stderr`.
//!
//! `SHELFMARK_BLESS=1 cargo test --test suite rules` writes them anew.
#![allow(clippy::disallowed_methods, reason = "tests read and write their fixtures")]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a broken fixture fails the test")]

use shelfmark::artifact::store::{ArtifactOptions, Artifacts};
use shelfmark::artifact::{PackFile, pack};
use shelfmark::diagnostic::Diagnostic;
use shelfmark::diagnostic::render::{Context, TextOptions, text};
use shelfmark::model::{Digest, RelPath};
use shelfmark::source::{Mode, Snapshot};
use shelfmark::validate::{judge, load, read_archives, rules};
use shelfmark_support::registry_text::{Files, overlay};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns the files of `base.txt` with the fixture laid over them.
fn files(fixture: Option<&Path>) -> Files {
    let mut files = Files::new();
    for path in [Some(folder().join("base.txt")).as_deref(), fixture].into_iter().flatten() {
        overlay(&mut files, &read(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    fill_in_digests(&mut files);
    files
}

/// Writes the digests that a fixture leaves open: `sha256 = "PACK"` and the
/// `size = 0` after it from the tree of the release, `subject = "RELEASE"` from
/// the release file of the review.
fn fill_in_digests(files: &mut Files) {
    let edited: Vec<(String, Vec<u8>)> = files
        .iter()
        .filter_map(|(path, (_, bytes))| {
            Some((path.clone(), packed(files, std::str::from_utf8(bytes).ok()?)?))
        })
        .collect();
    put(files, edited);
    let edited: Vec<(String, Vec<u8>)> = files
        .iter()
        .filter_map(|(path, (_, bytes))| {
            Some((path.clone(), bound(files, path, std::str::from_utf8(bytes).ok()?)?))
        })
        .collect();
    put(files, edited);
}

fn put(files: &mut Files, edited: Vec<(String, Vec<u8>)>) {
    for (path, bytes) in edited {
        if let Some(file) = files.get_mut(&path) {
            file.1 = bytes;
        }
    }
}

fn packed(files: &Files, release: &str) -> Option<Vec<u8>> {
    let (_, after) = release.split_once("sha256 = \"PACK\"\n")?;
    let tree = release.lines().find_map(|line| line.strip_prefix("tree = \"")?.strip_suffix('"'))?;
    let inside: Vec<PackFile<'_>> = files
        .iter()
        .filter_map(|(path, (_, content))| {
            let inner = path.strip_prefix(tree)?.strip_prefix('/')?;
            Some(PackFile { path: RelPath::parse(inner).ok()?, content })
        })
        .collect();
    // Some fixtures are about files that cannot be packed.
    let archive = pack(inside).ok()?;
    let filled = release.replace("sha256 = \"PACK\"\n", &format!("sha256 = \"{}\"\n", Digest::of(&archive)));
    if !after.starts_with("size = 0\n") {
        return Some(filled.into_bytes());
    }
    Some(filled.replace("\nsize = 0\n", &format!("\nsize = {}\n", archive.len())).into_bytes())
}

fn bound(files: &Files, path: &str, review: &str) -> Option<Vec<u8>> {
    let filled = review.contains("subject = \"RELEASE\"\n");
    let (package, rest) = path.split_once("/reviews/").filter(|_| filled)?;
    let (version, _) = rest.split_once('/')?;
    let (_, release) = files.get(&format!("{package}/{version}.toml"))?;
    Some(review.replace("\"RELEASE\"", &format!("\"{}\"", Digest::of(release))).into_bytes())
}

fn mode(bits: u32) -> Mode {
    match bits {
        0o100_644 => Mode::Regular,
        0o100_755 => Mode::Executable,
        0o120_000 => Mode::Symlink,
        0o160_000 => Mode::Submodule,
        _ => Mode::Other,
    }
}

fn diagnostics(files: &Files) -> Vec<Diagnostic> {
    let files = files.iter().map(|(path, (bits, bytes))| (path.clone(), mode(*bits), bytes.clone()));
    let snapshot = Snapshot::from_memory(files).unwrap();
    let (mut registry, mut found) = load(&snapshot).unwrap();
    let store = registry.settings.artifact_store.clone();
    let artifacts = Artifacts::new(&snapshot, None, store.as_deref(), ArtifactOptions::default());
    read_archives(&mut registry, &snapshot, &artifacts, &|| {}, &mut found).unwrap();
    judge(registry, found, None).diagnostics
}

fn render<'a>(files: &Files, diagnostics: impl IntoIterator<Item = &'a Diagnostic>) -> String {
    let source = |path: &str| files.get(path).map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned());
    let context = Context { source: &source, base_url: "https://registry.example/" };
    let options = TextOptions { color: false, width: 100 };
    diagnostics
        .into_iter()
        .map(|diagnostic| text(diagnostic, &context, options))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Returns the lines that only one of two texts has.
fn difference(expected: &str, actual: &str) -> String {
    let (old, new): (Vec<_>, Vec<_>) = (expected.lines().collect(), actual.lines().collect());
    let mut out = String::new();
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let tail =
        old.iter().skip(head).rev().zip(new.iter().skip(head).rev()).take_while(|(a, b)| a == b).count();
    for (sign, lines) in [('-', &old), ('+', &new)] {
        for line in lines.iter().take(lines.len() - tail).skip(head) {
            let _ = writeln!(out, "{sign} {line}");
        }
    }
    out
}

#[test]
fn the_base_registry_has_nothing_wrong() {
    let files = files(None);
    assert_eq!(render(&files, &diagnostics(&files)), "");
}

#[test]
fn rules_are_sorted_and_documented() {
    let ids: Vec<&str> = rules::ALL.iter().map(|rule| rule.id).collect();
    assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
    for rule in rules::ALL {
        assert!(rule.summary.ends_with('.') && !rule.summary.contains('\n'), "{}", rule.id);
        assert!(rule.docs.split_whitespace().count() >= 40, "the page of {} is too short", rule.id);
        let file = format!("src/validate/rules/{}.rs", rule.id.replace('-', "_"));
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(&file).is_file(), "{file}");
    }
}

#[test]
fn every_fixture_belongs_to_a_rule() {
    let known: BTreeSet<&str> = rules::ALL.iter().map(|rule| rule.id).collect();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        assert!(!entry.path().is_dir() || known.contains(name.as_str()), "tests/rules/{name} has no rule");
    }
}

#[test]
fn every_rule_passes_and_fails_as_its_fixtures_say() {
    let bless = std::env::var_os("SHELFMARK_BLESS").is_some();
    let mut problems = String::new();
    for rule in rules::ALL {
        let folder = folder().join(rule.id);
        for name in ["pass.txt", "fail.txt"] {
            if !folder.join(name).is_file() {
                let _ = writeln!(problems, "{}: there is no {name}", rule.id);
            }
        }
        if !folder.join("pass.txt").is_file() || !folder.join("fail.txt").is_file() {
            continue;
        }
        let pass = files(Some(&folder.join("pass.txt")));
        let found: Vec<_> = diagnostics(&pass).into_iter().filter(|found| found.rule == rule.id).collect();
        if !found.is_empty() {
            let _ = writeln!(problems, "{}: pass.txt does not pass\n{}", rule.id, render(&pass, &found));
        }
        let fail = files(Some(&folder.join("fail.txt")));
        let found: Vec<_> = diagnostics(&fail).into_iter().filter(|found| found.rule == rule.id).collect();
        if found.is_empty() {
            let others = render(&fail, &diagnostics(&fail));
            let _ = writeln!(problems, "{}: fail.txt passes; all that was found:\n{others}", rule.id);
            continue;
        }
        let rendered = render(&fail, &found);
        let frozen = folder.join("fail.stderr");
        if bless {
            std::fs::write(&frozen, &rendered).unwrap();
        } else if std::fs::read_to_string(&frozen).unwrap_or_default() != rendered {
            let expected = std::fs::read_to_string(&frozen).unwrap_or_default();
            let _ = writeln!(
                problems,
                "{}: not as in fail.stderr\n{}",
                rule.id,
                difference(&expected, &rendered)
            );
        }
    }
    assert!(problems.is_empty(), "{problems}");
}
