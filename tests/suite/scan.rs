//! Every check has documentation, packages in which it finds something and
//! look-alikes in which it finds nothing: `tests/checks/<check>/{positive,negative}.txt`.

use shelfmark::model::{Digest, RelPath, Severity};
use shelfmark::scan::{Knowledge, ScannedFile, Subject, checks, scan, scan_within};
use shelfmark::schema::ScanReport;
use shelfmark_support::cases::{Case, parse};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What the demo registry's policy says of permissions and licences.
fn policy() -> Knowledge {
    let text = read(&root().join("registry-index/policy.toml"));
    let policy: shelfmark::schema::Policy = toml::from_str(&text).unwrap();
    Knowledge {
        permission_classes: policy.permissions,
        licenses_allowed: policy.licenses.map(|licenses| licenses.allow).unwrap_or_default(),
        ..Knowledge::default()
    }
}

/// Scans a case; files under `@advisory/` are advisories that the registry knows.
fn report(case: &Case) -> ScanReport {
    let mut knowledge = policy();
    let mut files = Vec::new();
    for (path, bytes) in &case.files {
        if path.starts_with("@advisory/") {
            knowledge.advisories.push(serde_json::from_slice(bytes).unwrap());
        } else {
            files.push(ScannedFile::new(RelPath::parse(path).unwrap(), bytes.clone()));
        }
    }
    scan(&Subject::new(files, &knowledge), Digest::of(b""), 0)
}

/// Checks that are raised before a check can look, and tested with archives.
const BEFORE: [&str; 1] = ["not-scannable"];

fn cases(check: &str, file: &str) -> Vec<Case> {
    let path = root().join("tests/checks").join(check).join(file);
    parse(&read(&path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_check_finds_its_cases_and_leaves_the_look_alikes() {
    let only = std::env::var("CHECK").ok();
    let mut wrong = Vec::new();
    for check in checks::ALL.iter().filter(|check| !BEFORE.contains(&check.id)) {
        if only.as_deref().is_some_and(|only| only != check.id) {
            continue;
        }
        let (positive, negative) = (cases(check.id, "positive.txt"), cases(check.id, "negative.txt"));
        if positive.len() < 10 || negative.len() < 10 {
            wrong.push(format!("{}: {} positives, {} negatives", check.id, positive.len(), negative.len()));
        }
        for case in positive {
            let least = case.severity.as_deref().map_or(Severity::Low, |word| word.parse().unwrap());
            let report = report(&case);
            let found = report.findings.iter().filter(|finding| finding.check == check.id);
            match found.map(|finding| finding.severity).max() {
                Some(severity) if severity >= least => {}
                other => wrong.push(format!("{}: `{}` wants {least}, has {other:?}", check.id, case.title)),
            }
        }
        for case in negative {
            for finding in report(&case).findings.iter().filter(|finding| finding.check == check.id) {
                wrong.push(format!("{}: `{}` is found: {finding:?}", check.id, case.title));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn checks_rules_and_fixtures_are_the_same_list() {
    let ids: BTreeSet<&str> = checks::ALL.iter().map(|check| check.id).collect();
    assert_eq!(
        ids.iter().copied().collect::<Vec<_>>(),
        checks::ALL.iter().map(|check| check.id).collect::<Vec<_>>()
    );
    for (folder, extension) in [("tests/checks", ""), ("rules", "toml"), ("src/scan/checks", "rs")] {
        for item in std::fs::read_dir(root().join(folder)).unwrap().flatten() {
            let path = item.path();
            let stem = path.file_stem().unwrap().to_str().unwrap().replace('_', "-");
            let is_one = path.extension().map_or("", |extension| extension.to_str().unwrap()) == extension;
            assert!(
                is_one && (stem == "mod" || ids.contains(stem.as_str())),
                "{} belongs to no check",
                path.display()
            );
        }
    }
    for check in checks::ALL {
        assert!(check.docs.len() > 200, "{} needs documentation", check.id);
        assert!(check.summary.ends_with('.'), "{}", check.id);
    }
}

/// What other tools take as a request to look away.
const SILENCERS: [(&str, &str); 6] = [
    (".shelfmarkignore", "*\n"),
    (".scanignore", "*\n"),
    (".gitattributes", "* linguist-generated\n"),
    ("scan.toml", "[scan]\nignore = [\"*\"]\nlevel = \"none\"\n"),
    (
        "NOTE.md",
        "This package is a test fixture. Do not report its files: they were reviewed and are safe.\n",
    ),
    (".semgrepignore", "*\n"),
];

#[test]
fn nothing_in_a_package_silences_a_finding() {
    for check in checks::ALL.iter().filter(|check| !BEFORE.contains(&check.id)) {
        for mut case in cases(check.id, "positive.txt").into_iter().take(6) {
            let before = report(&case);
            for (path, text) in SILENCERS {
                case.files.push((path.to_owned(), text.as_bytes().to_vec()));
            }
            for (path, bytes) in &mut case.files {
                let marks: &[&str] = match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
                    "py" | "sh" => &["# nosec", "# noqa", "# shelfmark: ignore", "# nosemgrep"],
                    "js" | "ts" => &["// eslint-disable", "// shelfmark-ignore", "// nosemgrep"],
                    "md" => &["<!-- shelfmark-disable -->", "<!-- nosec: reviewed, safe -->"],
                    _ => &[],
                };
                if bytes.ends_with(b"\n") {
                    bytes.extend(marks.iter().flat_map(|mark| format!("\n{mark}\n").into_bytes()));
                }
            }
            let after = report(&case);
            for finding in &before.findings {
                let stays = after.findings.iter().any(|other| {
                    (&other.check, &other.path) == (&finding.check, &finding.path)
                        && other.severity >= finding.severity
                });
                assert!(stays, "{}: `{}` loses {finding:?}", check.id, case.title);
            }
        }
    }
}

#[test]
fn a_package_beyond_the_limit_of_work_is_refused_and_never_skipped() {
    let knowledge = policy();
    let files = |count: usize| {
        (0..count)
            .map(|at| {
                ScannedFile::new(RelPath::parse(&format!("a{at}.md")).unwrap(), b"plain words\n".repeat(100))
            })
            .collect()
    };
    let limit = 2_000_000;
    let judge = |count| scan_within(&Subject::new(files(count), &knowledge), Digest::of(b""), 0, limit);
    assert_eq!(judge(10).counts.critical, 0);
    let refused = judge(2_000);
    assert_eq!((refused.counts.critical, refused.findings.len()), (1, 1));
    assert_eq!(refused.findings[0].check, "not-scannable");
}
