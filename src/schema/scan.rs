//! The scan report: what `build` writes to `reports/<artifact sha256>.json` and
//! `scan --format json` prints. Keys are snake_case and always present.

use crate::model::{Confidence, Digest, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the scan of one artifact found. The same artifact, rule set, advisories
/// and policy give the same bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScanReport {
    /// The format's version: 1.
    pub v: u32,
    /// The package id, as the manifest inside says; null without a manifest.
    pub package: Option<String>,
    /// The version, as the manifest inside says.
    pub version: Option<String>,
    /// What was scanned.
    pub artifact: ScannedArtifact,
    /// Version of the checks and their patterns.
    pub rule_set: String,
    /// SHA-256 of the advisories that were known.
    #[schemars(with = "String")]
    pub advisories: Digest,
    /// SHA-256 of the parts of `policy.toml` that the checks read.
    #[schemars(with = "String")]
    pub policy: Digest,
    /// 100 − (25·critical + 10·high + 3·medium + 1·low), at least 0.
    pub score: u8,
    /// Findings by severity.
    pub counts: Counts,
    /// What was found, the gravest first, at most 1,000; the counts are of all.
    pub findings: Vec<FindingEntry>,
    /// Permissions that the manifest declares, sorted.
    pub permissions: Vec<String>,
    /// Licences found in files.
    pub licenses: Vec<LicenseEntry>,
    /// Every file, by path.
    pub files: Vec<FileEntry>,
}

impl ScanReport {
    /// Returns the text that is published and printed: two-space JSON with a final newline.
    pub fn text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// The bytes that were scanned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScannedArtifact {
    /// SHA-256 of the archive.
    #[schemars(with = "String")]
    pub sha256: Digest,
    /// Size of the archive in bytes.
    pub size: u64,
    /// Bytes of all files inside.
    pub unpacked: u64,
}

/// Findings by severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// 25 points each.
    pub critical: u32,
    /// 10 points each.
    pub high: u32,
    /// 3 points each.
    pub medium: u32,
    /// 1 point each.
    pub low: u32,
}

/// One finding: everything one check says about one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FindingEntry {
    /// The check's id, which waivers and `shelfmark explain` take.
    pub check: String,
    /// How bad it is.
    pub severity: Severity,
    /// How sure the check is.
    pub confidence: Confidence,
    /// What it takes from the score.
    pub points: u32,
    /// The file in the artifact; null when the finding is about the artifact as a whole.
    pub path: Option<String>,
    /// One sentence about the gravest place.
    pub message: String,
    /// The text there, cut and with secrets masked.
    pub excerpt: Option<String>,
    /// What to do.
    pub help: Option<String>,
    /// Where, the gravest first, at most 20.
    pub places: Vec<Place>,
    /// How often, the places that are left out too.
    pub hits: u32,
    /// Names the finding across releases: it does not change with line numbers.
    pub fingerprint: String,
}

/// One place of a finding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// The pattern that matched, or null.
    pub pattern: Option<String>,
    /// Line, from 1; null for a file without lines.
    pub line: Option<u32>,
    /// Column in characters, from 1.
    pub column: Option<u32>,
}

/// A licence found in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct LicenseEntry {
    /// The file.
    pub path: String,
    /// The SPDX id or expression.
    pub license: String,
}

/// One file of the artifact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FileEntry {
    /// Its path.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256.
    #[schemars(with = "String")]
    pub sha256: Digest,
}

/// What changed between the artifact of the last admitted release and this one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Differential {
    /// The format's version: 1.
    pub v: u32,
    /// The version compared with; null for a first release.
    pub base: Option<String>,
    /// The score of the base; null for a first release.
    pub score_before: Option<u8>,
    /// The score now.
    pub score_after: u8,
    /// Whether the two were scanned with other rules or advisories: some of what is new may be new rules.
    pub rules_changed: bool,
    /// Findings that the base did not have, and those that became graver.
    pub findings_new: Vec<FindingChange>,
    /// Findings of the base that are gone.
    pub findings_fixed: Vec<FindingChange>,
    /// Findings that both have.
    pub findings_unchanged: Vec<FindingChange>,
    /// Permissions that the base did not declare.
    pub permissions_added: Vec<String>,
    /// Permissions that are no longer declared.
    pub permissions_removed: Vec<String>,
    /// Files that the base did not have, by path.
    pub files_added: Vec<FileEntry>,
    /// Files that are gone, by path.
    pub files_removed: Vec<FileEntry>,
    /// Files with other contents, by path.
    pub files_changed: Vec<FileChange>,
    /// Files with the same contents under another path, by the old path.
    pub files_renamed: Vec<FileRename>,
}

/// A finding, named briefly; the report has all of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FindingChange {
    /// The check's id.
    pub check: String,
    /// How bad it is.
    pub severity: Severity,
    /// The file; null when the finding is about the artifact as a whole.
    pub path: Option<String>,
    /// What it is called in its report.
    pub fingerprint: String,
    /// What else to know, for example that it was less grave before.
    pub note: Option<String>,
}

/// A file with other contents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileChange {
    /// Its path.
    pub path: String,
    /// Its size before, in bytes.
    pub size_before: u64,
    /// Its size now.
    pub size_after: u64,
}

/// A file with the same contents under another path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileRename {
    /// Its path before.
    pub from: String,
    /// Its path now.
    pub to: String,
    /// Its size in bytes.
    pub size: u64,
}
