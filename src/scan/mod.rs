//! Stage 3: the contents of an artifact become findings, a score and a report.
//!
//! Nothing of a package is ever run and nothing is fetched. A report is a
//! function of the artifact, the rule set, the advisories and the policy.

mod address;
mod advisory;
mod cache;
pub mod checks;
mod command;
mod container;
mod context;
mod dependency;
pub mod differential;
mod encoding;
mod finding;
mod instructions;
mod intent;
mod language;
mod license;
mod magic;
mod passage;
mod pattern;
mod permission;
mod picture;
mod placeholder;
mod randomness;
mod registry;
pub mod render;
#[cfg(test)]
mod samples;
pub mod sarif;
pub mod sbom;
mod scans;
mod score;
mod subject;
mod taint;
mod text;
mod third_party;
mod unicode;
pub mod verdict;

pub use advisory::AdvisoryIndex;
pub use cache::ReportCache;
pub use finding::{Findings, Hit, is_unprintable};
pub use language::{Language, Role};
pub use passage::{Kind, Passage, Passages};
pub use pattern::{Match, Pattern, RuleSet, View};
pub use picture::{against_showing, is_picture};
pub use registry::{ScannedRelease, before, threshold, waivers};
pub use scans::{Examined, Scans};
pub use score::THRESHOLD;
pub use subject::{Knowledge, Manifest, ScannedFile, Subject};
pub use text::{Prose, Text};

use crate::artifact::{Limits, unpack_in_memory};
use crate::model::{Confidence, Digest, Severity};
use crate::schema::{Counts, FileEntry, FindingEntry, ScanReport, ScannedArtifact};
use rayon::prelude::*;
use std::sync::LazyLock;

/// Most bytes that patterns may read for one artifact, all passes together.
/// A count and not a time, so that every machine comes to the same result.
pub const MAX_WORK: u64 = 2 << 30;

/// Bytes of text up to which a package is scanned by one thread.
const SMALL: usize = 256 << 10;

/// Most findings that a report lists.
const MOST_FINDINGS: usize = 1_000;

/// Returns the version of the checks and their patterns: this program's version
/// and a digest of the rules and of the code that applies them.
pub fn rule_set() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        let engine = [
            include_str!("address.rs"),
            include_str!("advisory.rs"),
            include_str!("command.rs"),
            include_str!("container.rs"),
            include_str!("context.rs"),
            include_str!("dependency.rs"),
            include_str!("encoding.rs"),
            include_str!("finding.rs"),
            include_str!("instructions.rs"),
            include_str!("intent.rs"),
            include_str!("language.rs"),
            include_str!("license.rs"),
            include_str!("magic.rs"),
            include_str!("mod.rs"),
            include_str!("passage/code.rs"),
            include_str!("passage/disguise.rs"),
            include_str!("passage/markdown.rs"),
            include_str!("passage/mod.rs"),
            include_str!("passage/structured.rs"),
            include_str!("passage/writer.rs"),
            include_str!("pattern.rs"),
            include_str!("permission.rs"),
            include_str!("permission_use.toml"),
            include_str!("placeholder.rs"),
            include_str!("randomness.rs"),
            include_str!("subject.rs"),
            include_str!("taint.rs"),
            include_str!("text.rs"),
            include_str!("unicode.rs"),
        ];
        let rules = checks::RULE_FILES.iter().map(|(_, text)| *text);
        let all: Vec<&str> = engine.into_iter().chain(checks::SOURCES.iter().copied()).chain(rules).collect();
        let digest = Digest::of(all.join("\0").replace("\r\n", "\n").as_bytes()).hex();
        format!("{}+{}", env!("CARGO_PKG_VERSION"), &digest[..12])
    });
    &VERSION
}

/// Scans an archive: what the walker refuses is one critical finding.
pub fn scan_archive(archive: &[u8], knowledge: &Knowledge) -> ScanReport {
    let (sha256, size) = (Digest::of(archive), archive.len() as u64);
    match unpack_in_memory(archive, &Limits::default()) {
        Ok(files) => {
            let files = files.into_iter().map(|file| ScannedFile::new(file.path, file.content)).collect();
            scan(&Subject::new(files, knowledge), sha256, size)
        }
        Err(error) => unreadable(&error.to_string(), knowledge, sha256, size),
    }
}

/// Scans a subject whose archive has this digest and size.
pub fn scan(subject: &Subject<'_>, sha256: Digest, size: u64) -> ScanReport {
    scan_within(subject, sha256, size, MAX_WORK)
}

/// Scans with another limit of work than [`MAX_WORK`].
pub fn scan_within(subject: &Subject<'_>, sha256: Digest, size: u64, max_work: u64) -> ScanReport {
    subject.files.par_iter().for_each(|file| {
        // The readings and their keywords are made once, by several threads.
        subject.count_work(3 * file.str().len());
        file.keywords();
    });
    let run = |check: &&checks::Check| {
        let mut findings = Findings::new(check.id);
        if subject.work() <= max_work {
            (check.run)(subject, &mut findings);
        }
        findings.finish()
    };
    let size_of_texts: usize = subject.files.iter().map(|file| file.str().len()).sum();
    // Handing a small package to several threads takes longer than scanning it.
    let found: Vec<Vec<FindingEntry>> = if size_of_texts < SMALL {
        checks::ALL.iter().map(run).collect()
    } else {
        checks::ALL.par_iter().map(run).collect()
    };
    let findings = if subject.work() > max_work {
        refused("the checks would read more than any honest package needs".to_owned())
    } else {
        found.into_iter().flatten().collect()
    };
    let files = subject.files.iter().map(|file| FileEntry {
        path: file.path.to_string(),
        size: file.bytes.len() as u64,
        sha256: Digest::of(&file.bytes),
    });
    let artifact = ScannedArtifact {
        sha256,
        size,
        unpacked: subject.files.iter().map(|file| file.bytes.len() as u64).sum(),
    };
    let licenses = license::licenses_found(subject);
    let report = report(subject.manifest.as_ref(), subject.knowledge, artifact, findings, files.collect());
    ScanReport { licenses, ..report }
}

/// Reports an archive that was refused before anything in it could be read.
pub fn unreadable(reason: &str, knowledge: &Knowledge, sha256: Digest, size: u64) -> ScanReport {
    let artifact = ScannedArtifact { sha256, size, unpacked: 0 };
    report(None, knowledge, artifact, refused(reason.to_owned()), Vec::new())
}

fn refused(reason: String) -> Vec<FindingEntry> {
    let mut findings = Findings::new("not-scannable");
    findings.add(Hit::whole(Severity::Critical, Confidence::Sure, reason));
    findings.finish()
}

fn report(
    manifest: Option<&Manifest>,
    knowledge: &Knowledge,
    artifact: ScannedArtifact,
    mut findings: Vec<FindingEntry>,
    files: Vec<FileEntry>,
) -> ScanReport {
    let mut counts = Counts::default();
    findings.iter().for_each(|finding| counts.add(finding.severity));
    findings.sort_by(|a, b| {
        let key = |one: &FindingEntry| {
            (std::cmp::Reverse((one.severity, one.confidence)), one.check.clone(), one.path.clone())
        };
        key(a).cmp(&key(b))
    });
    findings.truncate(MOST_FINDINGS);
    let mut permissions: Vec<String> =
        manifest.map(|manifest| manifest.permissions.clone()).unwrap_or_default();
    permissions.sort();
    permissions.dedup();
    ScanReport {
        v: 1,
        package: manifest.and_then(|manifest| manifest.id.clone()),
        version: manifest.and_then(|manifest| manifest.version.clone()),
        artifact,
        rule_set: rule_set().to_owned(),
        advisories: knowledge.advisories_digest(),
        policy: knowledge.policy_digest(),
        score: counts.score(),
        counts,
        findings,
        permissions,
        licenses: Vec::new(),
        files,
    }
}
