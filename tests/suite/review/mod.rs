//! The gate: hostile pull requests, the decision, merges, and the story of a
//! partner with the reports a person reads.

mod commands;
mod decision;
mod hostile;
mod merges;
mod story;

use crate::proposal;
use git2::{Oid, Repository};
use shelfmark::diagnostic::Diagnostic;
use shelfmark::model::{RuleLevel, Timestamp};
use shelfmark::review::{decide, facts};
use shelfmark::schema::{DecisionEntry, Outcome};
use shelfmark::validate::{ChangeContext, Circumstances, judge_change};
use shelfmark_support::registry_text::{Files, overlay};
use std::path::Path;

/// The account of the publisher of `base.txt`.
const OWNER: &str = "github:example-releases#2001";
/// The curator of `base.txt`.
const CURATOR: &str = "github:ada#1001";

/// Returns the files of `tests/rules/base.txt` with a text laid over them.
fn files(text: &str) -> Files {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/base.txt");
    let mut files = Files::new();
    overlay(&mut files, &std::fs::read_to_string(base).unwrap()).unwrap();
    overlay(&mut files, text).unwrap();
    files
}

/// Lays a text over files.
fn over(base: &Files, text: &str) -> Files {
    let mut files = base.clone();
    overlay(&mut files, text).unwrap();
    files
}

fn circumstances(actor: &str) -> Circumstances {
    Circumstances {
        actor: Some(actor.parse().unwrap()),
        now: Timestamp::parse("2026-03-01T00:00:00Z").unwrap(),
        opened: Timestamp::parse("2026-03-01T00:00:00Z").ok(),
    }
}

/// Judges `proposal` against `main`: what the rules say, and the decision. No artifact is scanned.
fn judge(folder: &Path, actor: &str) -> (Vec<Diagnostic>, DecisionEntry) {
    let circumstances = circumstances(actor);
    let mut proposal = proposal::read(folder);
    let diagnostics = judge_change(&mut proposal, &circumstances);
    let context = ChangeContext::new(&proposal, &circumstances);
    let decision = decide(&facts::gather(&context, &diagnostics, &[]));
    (diagnostics, decision)
}

/// Asserts that a pull request is rejected, by this rule among others.
fn assert_rejected(name: &str, rule: &str, folder: &Path, actor: &str) {
    let (diagnostics, decision) = judge(folder, actor);
    let told: Vec<String> = diagnostics
        .iter()
        .map(|one| format!("{} ({}) {}: {}", one.rule, one.level, one.location.path, one.message))
        .collect();
    let is_told = diagnostics.iter().any(|one| one.rule == rule && one.level >= RuleLevel::Deny);
    assert!(is_told, "{name}: `{rule}` was not told, but\n{}", told.join("\n"));
    assert_eq!(decision.outcome, Outcome::Reject, "{name}: {}", decision.summary);
}

/// Writes a tree object byte by byte, which git itself would refuse to.
fn raw_tree(repository: &Repository, mut entries: Vec<(u32, Vec<u8>, Oid)>, is_sorted: bool) -> Oid {
    if is_sorted {
        let key = |(mode, name, _): &(u32, Vec<u8>, Oid)| {
            let slash: &[u8] = if *mode == 0o040_000 { b"/" } else { b"" };
            [name.as_slice(), slash].concat()
        };
        entries.sort_by_key(key);
    }
    let mut bytes = Vec::new();
    for (mode, name, id) in entries {
        bytes.extend_from_slice(format!("{mode:o} ").as_bytes());
        bytes.extend_from_slice(&name);
        bytes.push(0);
        bytes.extend_from_slice(id.as_bytes());
    }
    repository.odb().unwrap().write(git2::ObjectType::Tree, &bytes).unwrap()
}

/// Returns a tree with one more entry at a path of raw names.
fn graft(repository: &Repository, tree: Option<Oid>, path: &[&[u8]], entry: (u32, Oid)) -> Oid {
    let known = tree.map(|id| repository.find_tree(id).unwrap());
    let mut entries: Vec<(u32, Vec<u8>, Oid)> = known
        .iter()
        .flat_map(git2::Tree::iter)
        .map(|item| (u32::try_from(item.filemode_raw()).unwrap(), item.name_bytes().to_vec(), item.id()))
        .collect();
    let (name, rest) = path.split_first().unwrap();
    if rest.is_empty() {
        entries.push((entry.0, name.to_vec(), entry.1));
    } else {
        let at = entries.iter().position(|(mode, known, _)| known == name && *mode == 0o040_000);
        let below = at.map(|at| entries.remove(at).2);
        entries.push((0o040_000, name.to_vec(), graft(repository, below, rest, entry)));
    }
    raw_tree(repository, entries, true)
}

/// Commits a tree on `proposal`, on top of `main`.
fn propose(repository: &Repository, tree: Oid) {
    let tree = repository.find_tree(tree).unwrap();
    let person = git2::Signature::new("T", "t@example.org", &git2::Time::new(0, 0)).unwrap();
    let base = repository.find_reference("refs/heads/main").unwrap().peel_to_commit().unwrap();
    let id = repository.commit(None, &person, &person, "x", &tree, &[&base]).unwrap();
    repository.reference("refs/heads/proposal", id, true, "x").unwrap();
}
