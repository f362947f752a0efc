//! Pull requests that know nothing of each other merge without a conflict, and
//! the merge in memory is git's.

use super::{OWNER, files, judge, over};
use crate::proposal::{self, commit};
use crate::rules::fill_in_digests;
use shelfmark::schema::Outcome;
use shelfmark::source::{ChangeSet, Repository, Side, Snapshot};
use shelfmark::validate::validate;
use std::collections::BTreeMap;

/// A release of a kind that needs no artifact.
fn solution(package: usize, version: usize) -> String {
    let id = format!("com.example.s{package}");
    let listing = if version == 0 {
        format!(
            "-- packages/com/example/{id}/package.toml --\nformat = 1\nname = \"S{package}\"\ncategory = \"sales\"\n"
        )
    } else {
        String::new()
    };
    format!(
        "-- packages/com/example/{id}/1.{version}.0.toml --\nformat = 1\nid = \"{id}\"\nversion = \"1.{version}.0\"\nkind = \"solution\"\n\
         publisher = \"com.example\"\ndescription = \"Number {package} of many.\"\nlicense = \"MIT\"\npublished = 2026-02-28T00:00:00Z\n\
         platform = \">=1.0.0, <3.0.0\"\n\n[solution]\nmembers = {{ \"com.example.core\" = \"^1\" }}\n{listing}"
    )
}

fn paths(snapshot: &Snapshot) -> BTreeMap<String, String> {
    snapshot.entries().iter().map(|entry| (entry.path.to_string(), entry.id.to_string())).collect()
}

/// How many pull requests: `SHELFMARK_MERGES` asks for more than a test run has time for.
fn count() -> usize {
    std::env::var("SHELFMARK_MERGES").ok().and_then(|text| text.parse().ok()).unwrap_or(60)
}

/// Every branch starts at the same old commit; each is merged after all before it.
#[test]
fn branches_of_one_day_merge_one_after_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let mut before = files("");
    fill_in_digests(&mut before);
    let git = proposal::repository(folder.path(), &before, &before);
    let first = git.find_reference("refs/heads/main").unwrap().peel_to_commit().unwrap().id();
    for number in 0..count() {
        let (package, version) = (number % 50, number / 50);
        let branch = format!("b{number}");
        let head = commit(&git, &branch, &over(&before, &solution(package, version)), Some(first));
        let changes =
            ChangeSet::between(Repository::open(folder.path()).unwrap(), "", "main", &branch).unwrap();
        assert_eq!(changes.conflicts, [], "{branch}");
        let merged = changes.whole(Side::Merged).unwrap();
        // Git merges the same: no conflict, and the same files.
        let main = git.find_reference("refs/heads/main").unwrap().peel_to_commit().unwrap();
        let head = git.find_commit(head).unwrap();
        let mut index = git.merge_commits(&main, &head, None).unwrap();
        assert!(!index.has_conflicts(), "{branch}");
        let tree = git.find_tree(index.write_tree_to(&git).unwrap()).unwrap();
        let person = git2::Signature::new("T", "t@example.org", &git2::Time::new(0, 0)).unwrap();
        git.commit(Some("refs/heads/main"), &person, &person, "merge", &tree, &[&main, &head]).unwrap();
        let whole = ChangeSet::between(Repository::open(folder.path()).unwrap(), "", "main", "main").unwrap();
        assert_eq!(paths(&merged), paths(&whole.whole(Side::Base).unwrap()), "{branch}");
        let found = validate(&merged, None).unwrap();
        assert!(found.into_valid().is_ok(), "{branch}");
    }
}

#[test]
fn two_edits_of_one_file_merge_line_by_line() {
    let listing = |name: &str, tagline: &str| {
        format!(
            "-- packages/com/example/com.example.billing/package.toml --\nformat = 1\nname = \"{name}\"\n# one\n# two\n# three\n\
             category = \"finance\"\n# four\n# five\n# six\ntagline = \"{tagline}\"\n"
        )
    };
    let folder = tempfile::tempdir().unwrap();
    let before = files(&listing("Billing", "Old words"));
    let git = proposal::repository(folder.path(), &before, &over(&before, &listing("Billing", "New words")));
    let parent = git.find_reference("refs/heads/main").unwrap().peel_to_commit().unwrap().id();
    commit(&git, "main", &over(&before, &listing("Invoices", "Old words")), Some(parent));
    let changes =
        ChangeSet::between(Repository::open(folder.path()).unwrap(), "", "main", "proposal").unwrap();
    assert_eq!((changes.conflicts.len(), changes.changes.len()), (0, 1));
    let merged = changes.whole(Side::Merged).unwrap();
    let path = "packages/com/example/com.example.billing/package.toml";
    let text = merged.reader().unwrap().read(merged.entry(path).unwrap()).unwrap();
    let text = String::from_utf8_lossy(&text).into_owned();
    assert!(text.contains("\"Invoices\"") && text.contains("\"New words\""), "{text}");
    let (_, decision) = judge(folder.path(), OWNER);
    assert_eq!(decision.outcome, Outcome::Admit, "{decision:?}");
}
