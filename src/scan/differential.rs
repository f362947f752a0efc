//! What a release changes against the last admitted one, from their two reports.

use super::finding::MOST_PLACES;
use crate::model::Digest;
use crate::schema::{
    Differential, FileChange, FileEntry, FileRename, FindingChange, FindingEntry, Place, ScanReport,
};
use std::collections::{BTreeMap, BTreeSet};

/// Compares the report of a release with that of the last admitted one; without
/// one, everything is new.
pub fn differential(base: Option<&ScanReport>, head: &ScanReport) -> Differential {
    let empty = (Vec::new(), Vec::new(), Vec::new());
    let (permissions_before, files_before, findings_before) =
        base.map_or((&empty.0, &empty.1, &empty.2), |base| (&base.permissions, &base.files, &base.findings));
    let version = base.map(|base| base.version.clone().unwrap_or_else(|| short(&base.artifact.sha256)));
    let files = compare_files(files_before, &head.files);
    let findings = compare_findings(findings_before, head, &files.renamed, version.as_deref());
    Differential {
        v: 1,
        score_before: base.map(|base| base.score),
        score_after: head.score,
        rules_changed: base.is_some_and(|base| {
            (&base.rule_set, base.advisories, base.policy) != (&head.rule_set, head.advisories, head.policy)
        }),
        base: version,
        findings_new: findings.new,
        findings_fixed: findings.fixed,
        findings_unchanged: findings.unchanged,
        permissions_added: missing(&head.permissions, permissions_before),
        permissions_removed: missing(permissions_before, &head.permissions),
        files_added: files.added,
        files_removed: files.removed,
        files_changed: files.changed,
        files_renamed: files.renamed,
    }
}

/// What a base without a version is called.
fn short(digest: &Digest) -> String {
    format!("sha256:{}", &digest.hex()[..12])
}

/// Returns what the first has and the second lacks, sorted.
fn missing(of: &[String], within: &[String]) -> Vec<String> {
    let within: BTreeSet<&String> = within.iter().collect();
    let missing: BTreeSet<&String> = of.iter().filter(|name| !within.contains(name)).collect();
    missing.into_iter().cloned().collect()
}

#[derive(Default)]
struct Files {
    added: Vec<FileEntry>,
    removed: Vec<FileEntry>,
    changed: Vec<FileChange>,
    renamed: Vec<FileRename>,
}

fn compare_files(before: &[FileEntry], after: &[FileEntry]) -> Files {
    let by_path = |files: &[FileEntry]| -> BTreeMap<String, FileEntry> {
        files.iter().map(|file| (file.path.clone(), file.clone())).collect()
    };
    let (mut old, mut new) = (by_path(before), by_path(after));
    let mut files = Files::default();
    let shared: Vec<String> = old.keys().filter(|path| new.contains_key(*path)).cloned().collect();
    for path in shared {
        if let (Some(old), Some(new)) = (old.remove(&path), new.remove(&path))
            && old.sha256 != new.sha256
        {
            files.changed.push(FileChange { path, size_before: old.size, size_after: new.size });
        }
    }
    // An empty file says nothing about where it came from.
    let mut arrived: BTreeMap<Digest, Vec<String>> = BTreeMap::new();
    for file in new.values().rev().filter(|file| file.size > 0) {
        arrived.entry(file.sha256).or_default().push(file.path.clone());
    }
    for (path, file) in old {
        match arrived.get_mut(&file.sha256).and_then(Vec::pop) {
            Some(to) => {
                new.remove(&to);
                files.renamed.push(FileRename { from: path, to, size: file.size });
            }
            None => files.removed.push(file),
        }
    }
    files.added = new.into_values().collect();
    files
}

#[derive(Default)]
struct FindingSets {
    new: Vec<FindingChange>,
    fixed: Vec<FindingChange>,
    unchanged: Vec<FindingChange>,
}

/// A check says one thing about one file, so that the two findings of a check
/// about a file, before and after, are the same one; a renamed file keeps its own.
fn compare_findings(
    before: &[FindingEntry],
    head: &ScanReport,
    renamed: &[FileRename],
    version: Option<&str>,
) -> FindingSets {
    let new_path: BTreeMap<&str, &str> =
        renamed.iter().map(|one| (one.from.as_str(), one.to.as_str())).collect();
    let path_now = |finding: &FindingEntry| -> Option<String> {
        let path = finding.path.as_deref()?;
        Some(new_path.get(path).copied().unwrap_or(path).to_owned())
    };
    let mut old: BTreeMap<(&str, Option<String>), &FindingEntry> =
        before.iter().map(|finding| ((finding.check.as_str(), path_now(finding)), finding)).collect();
    let mut sets = FindingSets::default();
    for finding in &head.findings {
        let base = old.remove(&(finding.check.as_str(), finding.path.clone()));
        match base.map(|base| compare(base, finding, version.unwrap_or_default())) {
            None => sets.new.push(change(finding, None)),
            Some(Change::Same(note)) => sets.unchanged.push(change(finding, note)),
            Some(Change::Worse(note)) => sets.new.push(change(finding, Some(note))),
        }
    }
    // A report lists so many findings at most: then what is not listed is not known to be gone.
    let counts = head.counts;
    let all = [counts.critical, counts.high, counts.medium, counts.low];
    if all.iter().map(|count| u64::from(*count)).sum::<u64>() == head.findings.len() as u64 {
        let gone: BTreeSet<_> = old.into_keys().map(|(check, path)| (check.to_owned(), path)).collect();
        let is_gone = |finding: &&FindingEntry| gone.contains(&(finding.check.clone(), path_now(finding)));
        sets.fixed = before.iter().filter(is_gone).map(|finding| change(finding, None)).collect();
    }
    sets
}

enum Change {
    Same(Option<String>),
    Worse(String),
}

fn compare(before: &FindingEntry, after: &FindingEntry, version: &str) -> Change {
    if after.severity > before.severity {
        return Change::Worse(format!("{} in {version}, now {}", before.severity, after.severity));
    }
    let is_moved = before.path != after.path;
    if !is_moved && before.fingerprint != after.fingerprint && !is_within(after, before) {
        return Change::Worse(format!("not the same matches as in {version}"));
    }
    let note = if is_moved {
        before.path.as_ref().map(|path| format!("was in `{path}`"))
    } else if after.severity < before.severity {
        Some(format!("{} in {version}", before.severity))
    } else {
        let places = if after.hits == 1 { "place" } else { "places" };
        (before.hits != after.hits).then(|| format!("{} {places}, {} in {version}", after.hits, before.hits))
    };
    Change::Same(note)
}

/// Returns whether every pattern that matches now is known to have matched before;
/// it is not where the list of places is full, so that some may be left out.
fn is_within(after: &FindingEntry, before: &FindingEntry) -> bool {
    let patterns = |places: &[Place]| -> BTreeSet<String> {
        places.iter().filter_map(|place| place.pattern.clone()).collect()
    };
    after.places.len() < MOST_PLACES && patterns(&after.places).is_subset(&patterns(&before.places))
}

fn change(finding: &FindingEntry, note: Option<String>) -> FindingChange {
    FindingChange {
        check: finding.check.clone(),
        severity: finding.severity,
        path: finding.path.clone(),
        fingerprint: finding.fingerprint.clone(),
        note,
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{finding, report};
    use super::*;
    use crate::model::Severity;

    fn names(changes: &[FindingChange]) -> Vec<String> {
        let name = |one: &FindingChange| {
            let note = one.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
            format!("{} {} {}{note}", one.severity, one.check, one.path.as_deref().unwrap_or("-"))
        };
        changes.iter().map(name).collect()
    }

    #[test]
    fn a_first_release_is_new_as_a_whole() {
        let head = report("1.0.0", vec![finding("a", "x.js", Severity::Low)], &[("x.js", "1")], &["p.read"]);
        let found = differential(None, &head);
        assert_eq!((found.base, found.score_before, found.score_after), (None, None, 99));
        assert_eq!(names(&found.findings_new), ["low a x.js"]);
        assert_eq!(found.permissions_added, ["p.read"]);
        assert_eq!(found.files_added.len(), 1);
        assert!(!found.rules_changed);
    }

    #[test]
    fn findings_are_new_fixed_or_unchanged() {
        let before = vec![
            finding("graver", "x.js", Severity::Low),
            finding("gone", "x.js", Severity::High),
            finding("same", "x.js", Severity::Medium),
            finding("milder", "x.js", Severity::High),
        ];
        let after = vec![
            finding("graver", "x.js", Severity::High),
            finding("same", "x.js", Severity::Medium),
            finding("same", "y.js", Severity::Medium),
            finding("milder", "x.js", Severity::Low),
        ];
        let (base, head) = (report("1.3.2", before, &[], &[]), report("1.4.0", after, &[], &[]));
        let found = differential(Some(&base), &head);
        assert_eq!(found.base.as_deref(), Some("1.3.2"));
        assert_eq!((found.score_before, found.score_after), (Some(76), 83));
        assert_eq!(
            names(&found.findings_new),
            ["high graver x.js (low in 1.3.2, now high)", "medium same y.js"]
        );
        assert_eq!(names(&found.findings_fixed), ["high gone x.js"]);
        assert_eq!(names(&found.findings_unchanged), ["medium same x.js", "low milder x.js (high in 1.3.2)"]);
    }

    #[test]
    fn another_pattern_in_the_same_file_is_new_and_one_less_is_not() {
        let with = |patterns: &[&str]| {
            let mut one = finding("call", "x.js", Severity::High);
            one.fingerprint = patterns.join("+");
            one.hits = u32::try_from(patterns.len()).unwrap();
            one.places = patterns
                .iter()
                .map(|pattern| Place { pattern: Some((*pattern).to_owned()), line: Some(1), column: Some(1) })
                .collect();
            report("1.0.0", vec![one], &[], &[])
        };
        let found = differential(Some(&with(&["eval"])), &with(&["eval", "exec"]));
        assert_eq!(names(&found.findings_new), ["high call x.js (not the same matches as in 1.0.0)"]);
        assert!(found.findings_fixed.is_empty());
        let found = differential(Some(&with(&["eval", "exec"])), &with(&["exec"]));
        assert_eq!(names(&found.findings_unchanged), ["high call x.js (1 place, 2 in 1.0.0)"]);
        let many: Vec<&str> = std::iter::repeat_n("eval", MOST_PLACES).collect();
        let found = differential(Some(&with(&["eval"])), &with(&many));
        assert_eq!(found.findings_new.len(), 1, "the twenty-first place may be of any pattern");
    }

    #[test]
    fn a_renamed_file_takes_its_findings_along() {
        let base = report(
            "1.0.0",
            vec![finding("call", "a.js", Severity::High)],
            &[("a.js", "body"), ("b.js", "old"), ("c.js", "gone"), ("empty", "")],
            &[],
        );
        let head = report(
            "1.1.0",
            vec![finding("call", "lib/a.js", Severity::High)],
            &[("b.js", "newer"), ("hollow", ""), ("lib/a.js", "body"), ("lib/copy.js", "body")],
            &[],
        );
        let found = differential(Some(&base), &head);
        assert_eq!(names(&found.findings_unchanged), ["high call lib/a.js (was in `a.js`)"]);
        assert!(found.findings_new.is_empty() && found.findings_fixed.is_empty());
        let renamed = FileRename { from: "a.js".into(), to: "lib/a.js".into(), size: 4 };
        assert_eq!(found.files_renamed, [renamed]);
        let changed = FileChange { path: "b.js".into(), size_before: 3, size_after: 5 };
        assert_eq!(found.files_changed, [changed]);
        let paths = |files: &[FileEntry]| files.iter().map(|file| file.path.clone()).collect::<Vec<_>>();
        assert_eq!(paths(&found.files_added), ["hollow", "lib/copy.js"]);
        assert_eq!(paths(&found.files_removed), ["c.js", "empty"]);
    }

    #[test]
    fn permissions_are_compared_and_other_rules_are_told() {
        let base = report("1.0.0", vec![], &[], &["a.read", "b.read"]);
        let mut head = report("1.1.0", vec![], &[], &["b.read", "b.write"]);
        head.rule_set = "0.2.0+else".into();
        let found = differential(Some(&base), &head);
        assert_eq!(
            (found.permissions_added, found.permissions_removed),
            (vec!["b.write".into()], vec!["a.read".into()])
        );
        assert!(found.rules_changed);
    }

    #[test]
    fn what_is_cut_from_a_report_is_not_called_fixed() {
        let base = report("1.0.0", vec![finding("a", "x.js", Severity::Low)], &[], &[]);
        let mut head = report("1.1.0", vec![], &[], &[]);
        head.counts.low = 1_001;
        assert!(differential(Some(&base), &head).findings_fixed.is_empty());
    }
}
