//! What the scan of a release says, as pages show it.

use super::super::text;
use super::sentence::{coded, href_of};
use crate::model::Severity;
use crate::scan::ScannedRelease;
use crate::scan::verdict::{SCORE, Verdict, Waiver};
use crate::schema::{Counts, Differential, FindingChange, FindingEntry};
use crate::validate::registry::Release;
use minijinja::Value;
use serde::Serialize;

/// Most findings on a page; the report has them all.
const MOST_FINDINGS: usize = 50;

/// A scan on the page of its package.
#[derive(Serialize)]
pub(super) struct ScanView {
    score: u8,
    threshold: u8,
    /// `passes`, `waived` or `refused`: the class of the mark.
    outcome: &'static str,
    /// The same for people.
    outcome_name: &'static str,
    waivers: Vec<WaiverView>,
    findings: Vec<FindingView>,
    /// How many findings are left out.
    more: u64,
    files: usize,
    since: Option<Since>,
    report: String,
    sbom: Option<String>,
    reproduce: String,
    rule_set: String,
}

#[derive(Serialize)]
struct WaiverView {
    id: String,
    text: String,
}

#[derive(Serialize)]
struct FindingView {
    points: u32,
    check: Named,
    severity: Severity,
    grade: String,
    place: Option<String>,
    /// Further places in the same file.
    more: u32,
    message: Value,
    excerpt: Option<String>,
    is_new: bool,
    waiver: Option<String>,
}

/// A check or rule, with its page if it has one.
#[derive(Serialize)]
struct Named {
    id: String,
    href: Option<String>,
}

/// What is new since the release before.
#[derive(Serialize)]
struct Since {
    base: String,
    score: Option<u8>,
    found: usize,
    fixed: Vec<Change>,
    permissions_added: Vec<String>,
    permissions_removed: Vec<String>,
    /// `2 files added, 1 changed`, or that there is none.
    files: String,
    rules_changed: bool,
}

#[derive(Serialize)]
struct Change {
    check: Named,
    path: Option<String>,
}

/// Returns the address of a release's report.
pub(super) fn report_href(scanned: &ScannedRelease) -> String {
    format!("reports/{}.json", scanned.report.artifact.sha256)
}

/// Returns the counts of a release's findings.
pub(super) fn counts(scanned: &ScannedRelease) -> Counts {
    scanned.report.counts
}

impl ScanView {
    /// Makes the view of a release's scan.
    pub(super) fn of(release: &Release, scanned: &ScannedRelease) -> Self {
        let report = &scanned.report;
        let (outcome, outcome_name) = match &scanned.verdict {
            Verdict::Passes => ("passes", "Passes"),
            Verdict::Waived { .. } => ("waived", "Passes with waivers"),
            Verdict::Refused { .. } => ("refused", "Below the bar"),
        };
        let total: u64 = Severity::ALL.iter().map(|severity| u64::from(report.counts.of(*severity))).sum();
        let lifts = |waiver: &&Waiver| match &scanned.verdict {
            Verdict::Waived { by } => by.contains(&waiver.id),
            _ => false,
        };
        let waivers = scanned.waivers.iter().filter(lifts).filter(|waiver| waiver.id == SCORE);
        let findings: Vec<FindingView> = report
            .findings
            .iter()
            .take(MOST_FINDINGS)
            .map(|finding| finding_view(scanned, finding))
            .collect();
        ScanView {
            score: report.score,
            threshold: scanned.threshold,
            outcome,
            outcome_name,
            waivers: waivers
                .map(|waiver| WaiverView { id: waiver.id.clone(), text: terms(waiver) })
                .collect(),
            more: total.saturating_sub(findings.len() as u64),
            findings,
            files: report.files.len(),
            since: scanned.differential.as_ref().and_then(since),
            report: report_href(scanned),
            sbom: scanned.has_sbom.then(|| format!("reports/{}.cdx.json", report.artifact.sha256)),
            reproduce: format!("shelfmark scan {}-{}.tgz", release.id, release.version),
            rule_set: report.rule_set.clone(),
        }
    }
}

/// Returns until when a waiver holds, who granted it, and why.
fn terms(waiver: &Waiver) -> String {
    format!("Waived until {} by {}: {}", text::day(waiver.until), waiver.by, waiver.reason)
}

fn named(id: &str) -> Named {
    Named { id: id.to_owned(), href: href_of(id) }
}

fn finding_view(scanned: &ScannedRelease, finding: &FindingEntry) -> FindingView {
    let line = finding.places.first().and_then(|place| place.line);
    let line = line.map(|line| format!(":{line}")).unwrap_or_default();
    let is_same = |change: &FindingChange| change.fingerprint == finding.fingerprint;
    let waiver = scanned
        .waivers
        .iter()
        .find(|waiver| finding.severity == Severity::Critical && waiver.id == finding.check);
    FindingView {
        points: finding.points,
        check: named(&finding.check),
        severity: finding.severity,
        grade: format!("{}, {}", finding.severity, finding.confidence),
        place: finding.path.as_ref().map(|path| format!("{path}{line}")),
        more: finding.hits.saturating_sub(1),
        message: coded(&finding.message),
        excerpt: finding.excerpt.clone(),
        is_new: scanned.differential.as_ref().is_some_and(|differential| {
            differential.base.is_some() && differential.findings_new.iter().any(is_same)
        }),
        waiver: waiver.map(terms),
    }
}

fn since(differential: &Differential) -> Option<Since> {
    let kinds = [
        (differential.files_added.len(), "added"),
        (differential.files_changed.len(), "changed"),
        (differential.files_renamed.len(), "renamed"),
        (differential.files_removed.len(), "removed"),
    ];
    let kinds: Vec<String> =
        kinds.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    Some(Since {
        base: differential.base.clone()?,
        score: differential.score_before,
        found: differential.findings_new.len(),
        fixed: differential
            .findings_fixed
            .iter()
            .take(MOST_FINDINGS)
            .map(|one| Change { check: named(&one.check), path: one.path.clone() })
            .collect(),
        permissions_added: differential.permissions_added.clone(),
        permissions_removed: differential.permissions_removed.clone(),
        files: if kinds.is_empty() { "the same".to_owned() } else { kinds.join(", ") },
        rules_changed: differential.rules_changed,
    })
}
