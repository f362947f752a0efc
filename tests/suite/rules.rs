//! Every rule has documentation, a registry it accepts and one it refuses, and
//! the words it refuses with are frozen in `tests/rules/<rule>/fail.stderr`.
//!
//! `SHELFMARK_BLESS=1 cargo test --test suite rules` writes them anew.
#![allow(clippy::disallowed_methods, reason = "tests read and write their fixtures")]
#![allow(clippy::panic, clippy::unwrap_used, reason = "a broken fixture fails the test")]

use crate::proposal;
use shelfmark::artifact::store::{ArtifactOptions, Artifacts};
use shelfmark::artifact::{PackFile, pack};
use shelfmark::diagnostic::Diagnostic;
use shelfmark::diagnostic::render::{Context, TextOptions, text};
use shelfmark::model::{Digest, RelPath, Timestamp};
use shelfmark::source::{Mode, Snapshot};
use shelfmark::validate::{Circumstances, judge, judge_change, load, read_archives, rules};
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

/// Returns the files of `base.txt` with the fixtures laid over them.
fn files(fixtures: &[PathBuf]) -> Files {
    let mut files = Files::new();
    for path in std::iter::once(&folder().join("base.txt")).chain(fixtures) {
        overlay(&mut files, &read(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    fill_in_digests(&mut files);
    files
}

/// Writes the digests that a fixture leaves open: `sha256 = "PACK"` and the
/// `size = 0` after it from the tree of the release, `subject = "RELEASE"` from
/// the release file of the review.
pub(crate) fn fill_in_digests(files: &mut Files) {
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

/// What the fixture of a rule about changes says of the pull request.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Told {
    actor: String,
    now: String,
    opened: String,
}

impl Default for Told {
    fn default() -> Self {
        let date = "2026-03-01T00:00:00Z".to_owned();
        Self { actor: "github:example-releases#2001".to_owned(), now: date.clone(), opened: date }
    }
}

/// Returns what a rule about changes says where `before` becomes `after`.
fn diagnostics_of_change(before: &Files, after: &Files) -> Vec<Diagnostic> {
    let mut after = after.clone();
    let told = after.remove(".proposal").map(|(_, bytes)| String::from_utf8(bytes).unwrap());
    let told: Told = toml::from_str(&told.unwrap_or_default()).unwrap();
    let actor = (!told.actor.is_empty()).then(|| told.actor.parse().unwrap());
    let circumstances = Circumstances {
        actor,
        now: Timestamp::parse(&told.now).unwrap(),
        opened: Some(Timestamp::parse(&told.opened).unwrap()),
    };
    let folder = tempfile::tempdir().unwrap();
    proposal::repository(folder.path(), before, &after);
    judge_change(&mut proposal::read(folder.path()), &circumstances)
}

fn render<'a>(base: &Files, files: &Files, diagnostics: impl IntoIterator<Item = &'a Diagnostic>) -> String {
    let source = |path: &str| files.get(path).map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned());
    let base = |path: &str| base.get(path).map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned());
    let context = Context { source: &source, base: &base, base_url: "https://registry.example/" };
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
    let files = files(&[]);
    assert_eq!(render(&files, &files, &diagnostics(&files)), "");
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

/// A rule whose case no fixture can express has a note that names the test which makes it.
fn is_made_by_hand(folder: &Path) -> bool {
    let Ok(note) = std::fs::read_to_string(folder.join("made-by-hand")) else { return false };
    let suite = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/review/hostile.rs"));
    let names: Vec<&str> = note.split('`').skip(1).step_by(2).collect();
    assert!(names.iter().any(|name| suite.contains(&format!("fn {name}("))), "{}: {note}", folder.display());
    true
}

/// Holds a rule against its fixtures; returns what is not as it should be.
fn judge_fixtures(rule: &rules::Rule, mended: &mut BTreeSet<&str>) -> String {
    let folder = folder().join(rule.id);
    let mut problems = String::new();
    if !folder.join("pass.txt").is_file() || !folder.join("fail.txt").is_file() {
        if !is_made_by_hand(&folder) {
            let _ = writeln!(problems, "{}: there is no pass.txt or no fail.txt", rule.id);
        }
        return problems;
    }
    let before: Vec<PathBuf> =
        Some(folder.join("before.txt")).filter(|path| path.is_file()).into_iter().collect();
    let base = files(&before);
    let head = |name: &str| files(&before.iter().cloned().chain([folder.join(name)]).collect::<Vec<_>>());
    let judged = |files: &Files| match rule.check {
        rules::Check::Change(_) => diagnostics_of_change(&base, files),
        _ => diagnostics(files),
    };
    let own =
        |all: Vec<Diagnostic>| all.into_iter().filter(|found| found.rule == rule.id).collect::<Vec<_>>();
    let pass = head("pass.txt");
    let found = own(judged(&pass));
    if !found.is_empty() {
        let _ = writeln!(problems, "{}: pass.txt does not pass\n{}", rule.id, render(&base, &pass, &found));
    }
    let fail = head("fail.txt");
    let all = judged(&fail);
    let found = own(all.clone());
    mended.extend(all.iter().filter(|one| one.fix.is_some()).map(|one| one.rule));
    if found.is_empty() {
        let others = render(&base, &fail, &all);
        let _ = writeln!(problems, "{}: fail.txt passes; all that was found:\n{others}", rule.id);
        return problems;
    }
    let rendered = render(&base, &fail, &found);
    let frozen = folder.join("fail.stderr");
    let expected = std::fs::read_to_string(&frozen).unwrap_or_default();
    if std::env::var_os("SHELFMARK_BLESS").is_some() {
        std::fs::write(&frozen, &rendered).unwrap();
    } else if expected != rendered {
        let _ =
            writeln!(problems, "{}: not as in fail.stderr\n{}", rule.id, difference(&expected, &rendered));
    }
    problems
}

#[test]
fn every_rule_passes_and_fails_as_its_fixtures_say() {
    let mut mended = BTreeSet::new();
    let problems: String = rules::ALL.iter().map(|rule| judge_fixtures(rule, &mut mended)).collect();
    assert!(problems.is_empty(), "{problems}");
    let said: BTreeSet<&str> = rules::ALL.iter().filter(|rule| rule.has_fix()).map(|rule| rule.id).collect();
    assert_eq!(mended, said, "the page of a rule says whether `--fix` mends it");
}
