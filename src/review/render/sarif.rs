//! A review as one SARIF log: what the rules say, and what the scan found in the
//! artifacts of the new releases.

use super::repository_path;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::render::{Context, sarif_log, sarif_problems};
use crate::scan::sarif::{Anchor, Reported, problems};
use crate::schema::ReviewReport;

/// Renders a report with the diagnostics it was made from, with a final newline.
pub fn sarif(report: &ReviewReport, diagnostics: &[Diagnostic], rendering: &Context<'_>) -> String {
    let list: Vec<&Diagnostic> = diagnostics.iter().collect();
    let (mut rules, mut found) = sarif_problems(&list, rendering);
    let files: Vec<(String, &crate::schema::ScanReport)> = report
        .releases
        .iter()
        .filter_map(|release| {
            let (id, version) = release.release.split_once('@')?;
            let ends = format!("/{id}/{version}.toml");
            let file = report.changes.files.iter().find(|file| file.path.ends_with(&ends))?;
            Some((file.path.clone(), release.scan.as_ref()?))
        })
        .collect();
    let reported: Vec<Reported<'_>> = files
        .iter()
        .map(|(file, scan)| Reported { report: scan, place: Anchor::Release(file), waivers: &[] })
        .collect();
    let site = (!rendering.base_url.starts_with("http://localhost")).then_some(rendering.base_url);
    let (checks, findings) = problems(&reported, site);
    rules.extend(checks);
    found.extend(findings);
    for problem in &mut found {
        problem.path = repository_path(report, &problem.path);
    }
    sarif_log(rules, found)
}
