//! The documents tell the truth about the tree, and the tree keeps its limits.

use crate::support::root;
use std::path::Path;

fn sources() -> Vec<(String, String)> {
    walkdir::WalkDir::new(root().join("src"))
        .into_iter()
        .flatten()
        .filter(|item| item.path().extension().is_some_and(|extension| extension == "rs"))
        .map(|item| {
            let path = item.path().strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
            (path, std::fs::read_to_string(item.path()).unwrap())
        })
        .collect()
}

#[test]
fn paths_in_the_documents_exist() {
    let first = ["src", "tests", "site", "templates", "registry-index", "benches", ".ci", ".github"];
    let mut checked = 0;
    for document in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "tests/README.md"] {
        let text = std::fs::read_to_string(root().join(document)).unwrap();
        for word in text.split(|c: char| c.is_whitespace() || "`()[],".contains(c)) {
            let word = word.trim_end_matches(['.', ':', ';']);
            let is_path = word.split_once('/').is_some_and(|(head, _)| first.contains(&head));
            if !is_path || word.contains(['*', '<', '…']) || word.starts_with("site/dist") {
                continue;
            }
            checked += 1;
            assert!(Path::new(&root().join(word)).exists(), "{document} names `{word}`, which is not there");
        }
    }
    assert!(checked > 30, "only {checked} paths were found");
}

#[test]
fn every_file_says_what_it_is_for_and_is_not_too_long() {
    for (path, text) in sources() {
        assert!(text.starts_with("//!"), "{path} does not open with //!");
        let lines = text.lines().count();
        assert!(lines <= 800, "{path} has {lines} lines");
    }
}

#[test]
fn nothing_is_left_open() {
    let marks = ["TO", "FIX"].map(|head| format!("{head}{}", if head == "TO" { "DO" } else { "ME" }));
    for (path, text) in sources() {
        for mark in &marks {
            assert!(!text.contains(mark.as_str()), "{path} has a {mark}");
        }
    }
}

#[test]
fn stages_do_not_reach_up() {
    let below = [
        "model",
        "schema",
        "diagnostic",
        "platform",
        "source",
        "validate",
        "index",
        "search",
        "site",
        "publish",
    ];
    for (path, text) in sources() {
        let stage = path.split('/').nth(1).unwrap_or_default().trim_end_matches(".rs");
        if below.contains(&stage) {
            assert!(!text.contains("crate::cli"), "{path} uses the command line");
            assert!(!text.contains("crate::build"), "{path} uses the order of the stages");
        }
        if ["model", "schema"].contains(&stage) {
            for upper in ["validate", "index", "search", "site", "publish", "source"] {
                assert!(!text.contains(&format!("crate::{upper}")), "{path} uses {upper}");
            }
        }
    }
}

#[test]
fn the_lockfile_stays_small() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let packages = lock.matches("[[package]]").count();
    assert!(packages <= 600, "{packages} packages in Cargo.lock");
}
