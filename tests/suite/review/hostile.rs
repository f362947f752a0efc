//! Crafted trees and pull requests: each is rejected, by the rule that names it.

use super::{CURATOR, OWNER, assert_rejected, files, graft, judge, over, propose, raw_tree};
use crate::proposal::{self, commit};
use git2::{Oid, Repository};
use shelfmark::schema::Outcome;

const PACKAGE: &str = "packages/com/example/com.example.core";
const SOURCE: &str = "sources/com.example.core/1.1.0";
const FILE: u32 = 0o100_644;
const FOLDER: u32 = 0o040_000;

/// A registry with somebody else in it, and records of a release.
const BEFORE: &str = "\
-- publishers/com.other.toml --
format = 1
name = \"Other\"
type = \"organization\"
level = \"verified\"
prefixes = [\"com.other\"]

[[identity]]
forge = \"github\"
login = \"other\"
id = 3001
-- packages/com/other/com.other.mail/1.0.0.toml --
format = 1
id = \"com.other.mail\"
version = \"1.0.0\"
kind = \"plugin\"
publisher = \"com.other\"
description = \"Sends letters.\"
license = \"MIT\"
published = 2026-01-10T00:00:00Z
platform = \">=1.0.0, <3.0.0\"
-- packages/com/other/com.other.mail/package.toml --
format = 1
name = \"Other Mail\"
category = \"sales\"
-- packages/com/example/com.example.core/amendments/1.0.0.1.toml --
format = 1
date = 2026-01-20T00:00:00Z
platform = \">=1.0.0, <2.0.0\"
-- packages/com/example/com.example.core/evidence/1.0.0/artifact.sig --
c2lnbmF0dXJl
";

/// Makes a repository with `BEFORE` on main and returns its tree.
fn base(folder: &std::path::Path) -> (Repository, Oid) {
    let files = files(BEFORE);
    let repository = proposal::repository(folder, &files, &files);
    let tree = repository.find_reference("refs/heads/main").unwrap().peel_to_tree().unwrap().id();
    (repository, tree)
}

/// Proposes one more entry at a path of raw names.
fn with_entry(path: &[&[u8]], mode: u32) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let (repository, tree) = base(folder.path());
    let id = match mode {
        0o160_000 => Oid::from_str(&"1".repeat(40)).unwrap(),
        _ => repository.blob(b"x").unwrap(),
    };
    propose(&repository, graft(&repository, Some(tree), path, (mode, id)));
    folder
}

fn below<'a>(folder: &'a str, name: &'a [u8]) -> Vec<&'a [u8]> {
    folder.split('/').map(str::as_bytes).chain([name]).collect()
}

#[test]
fn entries_that_are_no_plain_files_are_refused() {
    for (name, mode) in
        [("symlink", 0o120_000), ("submodule", 0o160_000), ("executable", 0o100_755), ("odd mode", 0o100_600)]
    {
        for folder in [PACKAGE, SOURCE] {
            let made = with_entry(&below(folder, b"2.0.0.toml"), mode);
            assert_rejected(name, "file-not-regular", made.path(), OWNER);
        }
    }
}

#[test]
fn names_that_mean_something_else_elsewhere_are_refused() {
    let deep = vec![&b"d"[..]; 33];
    let long = vec![b'a'; 241];
    let names: [&[u8]; 18] = [
        b".git",
        b".GIT",
        b".Git",
        b"git~1",
        b"GIT~2",
        b".git::$INDEX_ALLOCATION",
        "\u{200b}.git".as_bytes(),
        "a\u{202e}b".as_bytes(),
        b"a\\b",
        b"c:d",
        b"con",
        b"nul.txt",
        b"trail.",
        b"trail ",
        b"\xff\xfe",
        b"a\nb",
        b"a\x1b[2J",
        &long,
    ];
    for name in names {
        let made = with_entry(&below(SOURCE, name), FILE);
        assert_rejected(&String::from_utf8_lossy(name), "path-forbidden", made.path(), OWNER);
    }
    let path: Vec<&[u8]> = [&b"sources"[..], b"com.example.core", b"1.1.0"].into_iter().chain(deep).collect();
    assert_rejected("deep", "path-forbidden", with_entry(&path, FILE).path(), OWNER);
}

#[test]
fn names_that_climb_are_refused() {
    for name in [&b".."[..], b"."] {
        let made = with_entry(&below(SOURCE, name), FILE);
        assert_rejected(&String::from_utf8_lossy(name), "path-forbidden", made.path(), OWNER);
    }
}

#[test]
fn a_folder_that_git_would_not_write_is_refused() {
    let slash = with_entry(&below(SOURCE, b"a/../../b"), FILE);
    assert_rejected("slash", "tree-malformed", slash.path(), OWNER);
    for (name, names, is_sorted) in [("twice", ["a", "a"], true), ("unsorted", ["b", "a"], false)] {
        let folder = tempfile::tempdir().unwrap();
        let (repository, tree) = base(folder.path());
        let ids = [b"x", b"y"].map(|bytes| repository.blob(bytes).unwrap());
        let entries = names.iter().zip(ids).map(|(name, id)| (FILE, name.as_bytes().to_vec(), id)).collect();
        let odd = raw_tree(&repository, entries, is_sorted);
        propose(
            &repository,
            graft(&repository, Some(tree), &below("sources/com.example.core", b"1.1.0"), (FOLDER, odd)),
        );
        assert_rejected(name, "tree-malformed", folder.path(), OWNER);
    }
    let mut deepest = Vec::new();
    deepest.resize(100, &b"d"[..]);
    let path: Vec<&[u8]> =
        [&b"sources"[..], b"com.example.core", b"1.1.0"].into_iter().chain(deepest).collect();
    assert_rejected("a hundred deep", "tree-malformed", with_entry(&path, FILE).path(), OWNER);
}

#[test]
fn names_that_differ_in_case_alone_are_refused() {
    for path in
        [below(PACKAGE, b"Package.toml"), below("packages/com/Example/com.example.core", b"2.0.0.toml")]
    {
        assert_rejected("case", "path-case-collision", with_entry(&path, FILE).path(), OWNER);
    }
}

#[test]
fn a_change_of_too_many_files_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (repository, tree) = base(folder.path());
    let blob = repository.blob(b"x").unwrap();
    let many = (0..20_050).map(|at| (FILE, format!("f{at:05}").into_bytes(), blob)).collect();
    let many = raw_tree(&repository, many, true);
    let path = below("sources/com.example.core", b"1.1.0");
    propose(&repository, graft(&repository, Some(tree), &path, (FOLDER, many)));
    assert_rejected("many files", "change-too-large", folder.path(), OWNER);
    // A few folders that name each other many times unfold without end.
    let mut bomb = raw_tree(&repository, vec![(FILE, b"f".to_vec(), blob)], true);
    for _ in 0..12 {
        let copies = (0..16).map(|at| (FOLDER, format!("d{at:02}").into_bytes(), bomb)).collect();
        bomb = raw_tree(&repository, copies, true);
    }
    propose(&repository, graft(&repository, Some(tree), &path, (FOLDER, bomb)));
    assert_rejected("tree bomb", "change-too-large", folder.path(), OWNER);
}

/// A release of the package in `base.txt`, without an artifact.
fn release(id: &str, version: &str, publisher: &str) -> String {
    let (first, rest) = id.split_once('.').unwrap();
    let second = rest.split('.').next().unwrap();
    format!(
        "-- packages/{first}/{second}/{id}/{version}.toml --\nformat = 1\nid = \"{id}\"\nversion = \"{version}\"\nkind = \"app\"\n\
         publisher = \"{publisher}\"\nnamespaces = [\"core\"]\ndescription = \"Accounts.\"\nlicense = \"Apache-2.0\"\n\
         published = 2026-02-28T00:00:00Z\nplatform = \">=1.0.0, <3.0.0\"\n"
    )
}

/// Pull requests as texts laid over the base: name, the rule that refuses it, who proposes it, the text.
fn proposals() -> Vec<(&'static str, &'static str, &'static str, String)> {
    let core = |version: &str| release("com.example.core", version, "com.example");
    let review = |curator: &str| {
        format!(
            "-- {PACKAGE}/reviews/1.0.0/security.{curator}.toml --\nformat = 1\narea = \"security\"\ncurator = \"{curator}\"\n\
             subject = \"{}\"\ndecision = \"approve\"\ndate = 2026-02-28T00:00:00Z\n",
            "0".repeat(64)
        )
    };
    let waiver = "-- waivers/x.toml --\nformat = 1\nid = \"secret-in-file\"\npackage = \"com.example.core\"\nreason = \"x\"\nby = \"ada\"\n\
                  from = 2026-01-01T00:00:00Z\nuntil = 2027-01-01T00:00:00Z\n";
    let curators = "-- curators.toml --\nformat = 1\n\n[[curator]]\nname = \"me\"\nforge = \"github\"\nid = 2001\nareas = [\"security\", \"policy\"]\nprefixes = [\"*\"]\n";
    let policy = "-- policy.toml --\nformat = 1\n[levels]\nrelease-changed = \"allow\"\n";
    let identity = "-- publishers/com.other.toml --\nformat = 1\nname = \"Other\"\ntype = \"organization\"\nlevel = \"partner\"\nprefixes = [\"com.other\"]\n\n\
                    [[identity]]\nforge = \"github\"\nlogin = \"me\"\nid = 2001\n";
    let rating = |id: u32| {
        format!(
            "-- {PACKAGE}/ratings/github-{id}.toml --\nformat = 1\nstars = 5\ndate = 2026-02-28T00:00:00Z\n"
        )
    };
    let other = release("com.other.mail", "1.0.1", "com.other")
        .replace("\"app\"", "\"plugin\"")
        .replace("\"core\"", "\"mail\"");
    vec![
        ("edited release", "release-changed", OWNER, core("1.0.0")),
        ("removed release", "release-removed", OWNER, format!("-- {PACKAGE}/1.0.0.toml [delete] --\n")),
        (
            "renamed release",
            "release-removed",
            OWNER,
            format!("-- {PACKAGE}/1.0.0.toml [delete] --\n{}", core("1.0.1")),
        ),
        (
            "edited source",
            "source-changed",
            OWNER,
            "-- sources/com.example.core/1.0.0/README.md --\nother\n".into(),
        ),
        (
            "one more source",
            "source-changed",
            OWNER,
            "-- sources/com.example.core/1.0.0/more.txt --\nother\n".into(),
        ),
        (
            "edited amendment",
            "record-changed",
            OWNER,
            format!(
                "-- {PACKAGE}/amendments/1.0.0.1.toml --\nformat = 1\ndate = 2026-01-20T00:00:00Z\nplatform = \">=1.0.0, <3.0.0\"\n"
            ),
        ),
        (
            "replaced evidence",
            "record-changed",
            OWNER,
            format!("-- {PACKAGE}/evidence/1.0.0/artifact.sig --\nb3RoZXI=\n"),
        ),
        ("own review with a release", "authority-not-alone", OWNER, core("1.2.0") + &review("ada")),
        ("own waiver with a release", "authority-not-alone", OWNER, core("1.2.0") + waiver),
        ("policy with a release", "authority-not-alone", OWNER, core("1.2.0") + policy),
        ("curators with a release, by a curator", "authority-not-alone", CURATOR, core("1.2.0") + curators),
        ("review by a partner", "authority-not-curator", OWNER, review("ada")),
        ("waiver by a partner", "authority-not-curator", OWNER, waiver.into()),
        ("curators by a partner", "authority-not-curator", OWNER, curators.into()),
        ("policy by a partner", "authority-not-curator", OWNER, policy.into()),
        ("publisher by a partner", "authority-not-curator", OWNER, identity.into()),
        ("policy by a curator of security", "authority-not-curator", CURATOR, policy.into()),
        (
            "pinned binary by a partner",
            "authority-not-curator",
            OWNER,
            "-- registry.toml --\nformat = 1\nname = \"mine\"\n".into(),
        ),
        ("a review in another's name", "review-of-another", CURATOR, review("eve")),
        (
            "under another's prefix",
            "prefix-not-owned",
            OWNER,
            release("com.other.new", "1.0.0", "com.example"),
        ),
        ("as another publisher", "prefix-not-owned", OWNER, release("com.example.new", "1.0.0", "com.other")),
        ("releases of two publishers", "publishers-mixed", OWNER, core("1.2.0") + &other),
        (
            "a workflow beside a release",
            "change-mixed",
            OWNER,
            core("1.2.0") + "-- .github/workflows/x.yml --\non: push\n",
        ),
        (
            "submodules beside a release",
            "change-mixed",
            OWNER,
            core("1.2.0") + "-- .gitmodules --\n[submodule]\n",
        ),
        (
            "a listing beside a release",
            "change-mixed",
            OWNER,
            core("1.2.0") + &format!("-- {PACKAGE}/package.toml --\nformat = 1\nname = \"Core\"\n"),
        ),
        ("a rating for somebody else", "rating-not-own", OWNER, rating(77)),
        ("a rating of an own package", "rating-own-package", OWNER, rating(2001)),
        (
            "another id in the folder",
            "id-path-mismatch",
            OWNER,
            core("1.2.0").replace("id = \"com.example.core\"", "id = \"com.example.more\""),
        ),
        (
            "another version in the file",
            "version-path-mismatch",
            OWNER,
            core("1.2.0").replace("version = \"1.2.0\"", "version = \"1.3.0\""),
        ),
        ("a version with build metadata", "version-invalid", OWNER, core("1.2.0+b")),
        ("a confusable id", "id-invalid", OWNER, release("com.example.c\u{43e}re", "1.0.0", "com.example")),
        (
            "a release of two mebibytes",
            "file-too-large",
            OWNER,
            format!("-- {PACKAGE}/1.2.0.toml [size=2000000] --\n"),
        ),
        ("a duplicate key", "toml-invalid", OWNER, core("1.2.0") + "license = \"MIT\"\n"),
        (
            "an unknown file",
            "path-unexpected",
            OWNER,
            "-- packages/com/example/com.example.core/notes.txt --\nx\n".into(),
        ),
    ]
}

#[test]
fn pull_requests_that_overreach_are_refused() {
    let before = files(BEFORE);
    for (name, rule, actor, text) in proposals() {
        let folder = tempfile::tempdir().unwrap();
        proposal::repository(folder.path(), &before, &over(&before, &text));
        assert_rejected(name, rule, folder.path(), actor);
    }
}

#[test]
fn a_curator_does_not_review_an_own_package() {
    let before = over(
        &files(BEFORE),
        "-- curators.toml --\nformat = 1\n\n[[curator]]\nname = \"both\"\nforge = \"github\"\nid = 2001\nareas = [\"security\"]\nprefixes = [\"*\"]\n",
    );
    let text = format!(
        "-- {PACKAGE}/reviews/1.0.0/security.both.toml --\nformat = 1\narea = \"security\"\ncurator = \"both\"\nsubject = \"{}\"\n\
         decision = \"approve\"\ndate = 2026-02-28T00:00:00Z\n",
        "0".repeat(64)
    );
    let folder = tempfile::tempdir().unwrap();
    proposal::repository(folder.path(), &before, &over(&before, &text));
    assert_rejected("own package", "review-own-package", folder.path(), OWNER);
}

/// Commits `ours` on main and `theirs` on proposal, both on top of `before`.
fn diverge(folder: &std::path::Path, ours: &str, theirs: &str) {
    let before = files(BEFORE);
    let repository = proposal::repository(folder, &before, &over(&before, theirs));
    let parent = repository.find_reference("refs/heads/main").unwrap().peel_to_commit().unwrap().id();
    commit(&repository, "main", &over(&before, ours), Some(parent));
}

#[test]
fn a_file_that_both_sides_changed_is_a_conflict() {
    let listing = |name: &str| {
        format!("-- {PACKAGE}/package.toml --\nformat = 1\nname = \"{name}\"\ncategory = \"sales\"\n")
    };
    let folder = tempfile::tempdir().unwrap();
    diverge(folder.path(), &listing("One"), &listing("Two"));
    assert_rejected("conflict", "merge-conflict", folder.path(), OWNER);
}

#[test]
fn a_version_that_was_published_meanwhile_is_refused() {
    let one = release("com.example.core", "1.2.0", "com.example");
    let folder = tempfile::tempdir().unwrap();
    diverge(folder.path(), &one, &one.replace("Accounts.", "Others."));
    assert_rejected("published meanwhile", "version-reused", folder.path(), OWNER);
}

#[test]
fn a_stale_branch_shows_no_reversals() {
    let folder = tempfile::tempdir().unwrap();
    let meanwhile = release("com.example.core", "1.2.0", "com.example");
    diverge(
        folder.path(),
        &meanwhile,
        &format!(
            "-- {PACKAGE}/ratings/github-77.toml --\nformat = 1\nstars = 4\ndate = 2026-02-28T00:00:00Z\n"
        ),
    );
    let (diagnostics, decision) = judge(folder.path(), "github:reader#77");
    assert_eq!(diagnostics, []);
    assert_eq!(decision.outcome, Outcome::Admit, "{decision:?}");
}

/// Ten packages that each need one of nine places: no resolution, and no short proof of that.
#[test]
fn a_resolution_without_end_asks_a_person() {
    let plugin = |id: &str, version: usize, dependency: &str| {
        let base = release(id, &format!("{version}.0.0"), "com.example").replace("\"app\"", "\"plugin\"");
        base.replace("namespaces = [\"core\"]\n", "") + dependency
    };
    let mut before = String::new();
    let count = 10;
    for pigeon in 1..=count {
        for hole in 1..count {
            let needs = format!("\n[dependencies]\n\"com.example.hole{hole}\" = \"={pigeon}.0.0\"\n");
            before += &plugin(&format!("com.example.pigeon{pigeon}"), hole, &needs);
        }
        for hole in 1..count {
            before += &plugin(&format!("com.example.hole{hole}"), pigeon, "");
        }
    }
    let before = over(&files(BEFORE), &before);
    let all: String = (1..=count).map(|pigeon| format!("\"com.example.pigeon{pigeon}\" = \"*\"\n")).collect();
    let folder = tempfile::tempdir().unwrap();
    let head = plugin("com.example.loft", 1, &format!("\n[dependencies]\n{all}"));
    proposal::repository(folder.path(), &before, &over(&before, &head));
    let (diagnostics, decision) = judge(folder.path(), OWNER);
    assert!(diagnostics.iter().any(|one| one.rule == "resolution-undecided"), "{diagnostics:?}");
    assert_ne!(decision.outcome, Outcome::Admit);
}

/// What a curator of policy proposes, judged against the whole registry.
fn judged_for_policy(change: &str) -> shelfmark::schema::DecisionEntry {
    let before = over(
        &files(BEFORE),
        "-- curators.toml --\nformat = 1\n\n[[curator]]\nname = \"ada\"\nforge = \"github\"\nid = 1001\nareas = [\"policy\"]\nprefixes = [\"*\"]\n",
    );
    let folder = tempfile::tempdir().unwrap();
    proposal::repository(folder.path(), &before, &over(&before, change));
    judge(folder.path(), CURATOR).1
}

#[test]
fn a_change_that_breaks_what_is_there_is_refused_though_its_author_may_make_it() {
    let category = "-- registry.toml --\nformat = 1\nname = \"example\"\n\n[categories]\nsales = \"Leads, deals and orders.\"\n\n[platform]\nname = \"Host\"\nversions = [\"1.0.0\", \"1.1.0\", \"2.0.0\"]\n";
    assert_eq!(judged_for_policy(category).outcome, Outcome::Reject, "categories of listings are gone");
    let publisher = "-- publishers/com.other.toml [delete] --\n";
    assert_eq!(judged_for_policy(publisher).outcome, Outcome::Reject, "the publisher of a release is gone");
    let amendment = "-- packages/com/example/com.example.billing/amendments/1.0.0.1.toml --\nformat = 1\ndate = 2026-02-28T00:00:00Z\n\n\
                     [dependencies]\n\"com.example.core\" = \">=1.0.5, <1.0.6\"\n";
    let folder = tempfile::tempdir().unwrap();
    let before = files(BEFORE);
    proposal::repository(folder.path(), &before, &over(&before, amendment));
    assert_rejected("an amendment that nothing satisfies", "requirement-unsatisfiable", folder.path(), OWNER);
}

#[test]
fn the_last_curator_of_policy_stays() {
    let curators = |areas: &str, prefix: &str| {
        format!(
            "-- curators.toml --\nformat = 1\n\n[[curator]]\nname = \"ada\"\nforge = \"github\"\nid = 1001\nareas = [{areas}]\nprefixes = [\"{prefix}\"]\n"
        )
    };
    let other = |id: u32| {
        format!(
            "\n[[curator]]\nname = \"other\"\nforge = \"github\"\nid = {id}\nareas = [\"policy\"]\nprefixes = [\"*\"]\n"
        )
    };
    let before = over(&files(BEFORE), &curators("\"policy\"", "*"));
    for (name, change) in [
        ("no file", "-- curators.toml [delete] --\n".to_owned()),
        ("no curator", "-- curators.toml --\nformat = 1\n".to_owned()),
        ("no text that can be read", "-- curators.toml --\nformat = 1\n[[curator]\n".to_owned()),
        ("another area", curators("\"security\"", "*")),
        ("fewer packages", curators("\"policy\"", "com.example")),
        ("a second record of the account", curators("\"security\"", "*") + &other(1001)),
    ] {
        let folder = tempfile::tempdir().unwrap();
        proposal::repository(folder.path(), &before, &over(&before, &change));
        assert_rejected(name, "policy-orphaned", folder.path(), CURATOR);
    }
    let handed_over = curators("\"security\"", "*") + &other(1002);
    assert_eq!(judged_for_policy(&handed_over).outcome, Outcome::Admit, "a successor is named");
}

#[test]
fn one_person_makes_nobody_a_partner() {
    let text = "-- publishers/com.other.toml --\nformat = 1\nname = \"Other\"\ntype = \"organization\"\nlevel = \"partner\"\n\
                prefixes = [\"com.other\"]\n\n[[identity]]\nforge = \"github\"\nlogin = \"other\"\nid = 3001\n";
    let decision = judged_for_policy(text);
    assert_eq!(decision.outcome, Outcome::NeedsReview, "{decision:#?}");
    assert!(decision.needs.iter().all(|need| need.who.is_empty()), "its author is not asked: {decision:#?}");
}
