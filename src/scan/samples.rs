//! Reports for the tests of what is made of them.

use crate::model::{Confidence, Digest, Severity};
use crate::schema::{Counts, FileEntry, FindingEntry, Place, ScanReport, ScannedArtifact};

/// Makes a finding at line 14 of a file.
pub(super) fn finding(check: &str, path: &str, severity: Severity) -> FindingEntry {
    FindingEntry {
        check: check.to_owned(),
        severity,
        confidence: Confidence::ALL[Confidence::ALL.len() - 1],
        points: severity.points(),
        path: (!path.is_empty()).then(|| path.to_owned()),
        message: format!("what `{check}` says"),
        excerpt: None,
        help: None,
        places: vec![Place { pattern: Some("one".to_owned()), line: Some(14), column: Some(3) }],
        hits: 1,
        fingerprint: Digest::of(format!("{check}\0{path}").as_bytes()).hex()[..16].to_owned(),
    }
}

/// Makes a report on `com.hotcrm.finance` of findings, files with their contents, and permissions.
pub(super) fn report(
    version: &str,
    findings: Vec<FindingEntry>,
    files: &[(&str, &str)],
    permissions: &[&str],
) -> ScanReport {
    let mut counts = Counts::default();
    findings.iter().for_each(|finding| counts.add(finding.severity));
    let entry = |(path, text): &(&str, &str)| FileEntry {
        path: (*path).to_owned(),
        size: text.len() as u64,
        sha256: Digest::of(text.as_bytes()),
    };
    let unpacked = files.iter().map(|(_, text)| text.len() as u64).sum();
    ScanReport {
        v: 1,
        package: Some("com.hotcrm.finance".to_owned()),
        version: Some(version.to_owned()),
        artifact: ScannedArtifact { sha256: Digest::of(version.as_bytes()), size: 2_048, unpacked },
        rule_set: "0.1.0+000000000000".to_owned(),
        advisories: Digest::of(b""),
        policy: Digest::of(b""),
        score: counts.score(),
        counts,
        findings,
        permissions: permissions.iter().map(|name| (*name).to_owned()).collect(),
        licenses: Vec::new(),
        files: files.iter().map(entry).collect(),
    }
}
