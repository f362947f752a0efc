//! A review as a person reads it at a terminal: what the rules say, what the
//! scan found, who is awaited, and the decision last, where the eye is.

use super::headline;
use super::steps::style;
use crate::diagnostic::render::layout::{Layout, Style, one_line};
use crate::diagnostic::render::{self, Context, TextOptions};
use crate::diagnostic::{Diagnostic, in_reading_order};
use crate::scan::render as scan_text;
use crate::scan::verdict::{Waiver, of_report};
use crate::schema::{NeedEntry, ReleaseReport, ReviewReport, ScanReport};

/// Most findings of a release that are shown.
const MOST_FINDINGS: usize = 20;

/// Renders a report with the diagnostics it was made from. `waivers` are those of the base.
pub fn text(
    report: &ReviewReport,
    diagnostics: &[Diagnostic],
    waivers: &[Waiver],
    rendering: &Context<'_>,
    options: TextOptions,
) -> String {
    let mut out = Layout::new(options);
    let list: Vec<&Diagnostic> = diagnostics.iter().collect();
    for diagnostic in in_reading_order(&list, rendering.source) {
        out.text.push_str(&render::text(diagnostic, rendering, options));
        out.text.push('\n');
    }
    for release in &report.releases {
        out.text.push_str(&release_text(report, release, waivers, options));
        out.text.push('\n');
    }
    needs(&mut out, report);
    closing(&mut out, report);
    out.text
}

fn release_text(
    report: &ReviewReport,
    release: &ReleaseReport,
    waivers: &[Waiver],
    options: TextOptions,
) -> String {
    let fact = report.facts.releases.iter().find(|fact| fact.release == release.release);
    let scan = fact.and_then(|fact| fact.scan.as_ref());
    let (Some(found), Some(fact)) = (&release.scan, scan) else {
        let mut out = Layout::new(options);
        let has_artifact =
            report.facts.releases.iter().any(|one| one.release == release.release && one.has_artifact);
        let words =
            if has_artifact { "its artifact could not be had: not scanned" } else { "it has no artifact" };
        out.paragraph("", 2, &format!("{}: {words}", release.release), Style::Plain);
        return out.text;
    };
    let held: Vec<&Waiver> = waivers
        .iter()
        .filter(|waiver| {
            fact.waivers.contains_key(&waiver.id) && crate::validate::rules::find(&waiver.id).is_none()
        })
        .filter(|waiver| release.release.starts_with(&format!("{}@", waiver.package)))
        .collect();
    // An artifact without a manifest does not say what it is; the release file does.
    let named = release.release.split_once('@').filter(|_| found.package.is_none()).map(|(id, version)| {
        let (package, version) = (Some(id.to_owned()), Some(version.to_owned()));
        ScanReport { package, version, ..found.clone() }
    });
    let scanned = scan_text::text(
        &scan_text::Shown {
            report: named.as_ref().unwrap_or(found),
            verdict: &of_report(found, fact.threshold, &held),
            threshold: fact.threshold,
            waivers: &held,
            differential: release.differential.as_ref(),
            target: "",
            most: MOST_FINDINGS,
        },
        options,
    );
    format!("{scanned}{}", asked(release, options))
}

/// Returns what a first release asks for; of a later one, the scan's part tells what is new.
fn asked(release: &ReleaseReport, options: TextOptions) -> String {
    let mut out = Layout::new(options);
    if release.before.is_none() && !release.permissions_added.is_empty() {
        let names = release.permissions_added.iter().map(|(name, class)| match class {
            Some(class) => format!("{name} ({class})"),
            None => name.clone(),
        });
        out.named(0, "it asks for", Style::Cyan, &names.collect::<Vec<_>>().join(", "));
    }
    out.text
}

fn needs(out: &mut Layout, report: &ReviewReport) {
    let needs = &report.decision.needs;
    if needs.is_empty() {
        return;
    }
    let title = out.paint(Style::Bold, "awaited");
    out.text.push_str(&format!("{title}\n"));
    for need in needs {
        let head = format!("{} for {}", need.area, one_line(&need.about));
        out.paragraph("  ", 2, &head, Style::Yellow);
        out.named(4, "why", Style::Cyan, &need.why.join("; "));
        if let Some(words) = who(need) {
            out.named(4, "who", Style::Cyan, &words);
        }
        let since = need.since.map(|since| format!("since {since}"));
        let until = need.until.map(|until| format!("until {until}"));
        let when: Vec<String> = since.into_iter().chain(until).collect();
        if !when.is_empty() {
            out.named(4, "when", Style::Cyan, &when.join(", "));
        }
        if need.changes_requested {
            out.named(4, "said", Style::Red, "changes are requested");
        }
        if let Some(command) = &need.command {
            // A command is not wrapped: it is there to be copied.
            let head = out.paint(Style::Cyan, "how");
            out.text.push_str(&format!("    {head}: {}\n", one_line(command)));
        }
    }
    out.text.push('\n');
}

/// Returns who may decide, in words.
fn who(need: &NeedEntry) -> Option<String> {
    if !need.who.is_empty() {
        return Some(need.who.join(", "));
    }
    let is_of_curators = !["time", "artifact", "actor"].contains(&need.area.as_str());
    is_of_curators
        .then(|| format!("nobody: no curator of {} may decide here; curators.toml needs one", need.area))
}

fn closing(out: &mut Layout, report: &ReviewReport) {
    let changes = &report.changes;
    let parts: Vec<String> =
        [("added", changes.added), ("modified", changes.modified), ("removed", changes.removed)]
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(word, count)| format!("{count} {word}"))
            .collect();
    let count = changes.added + changes.modified + changes.removed;
    let files = match count {
        0 => "no file changes (only what is committed is judged)".to_owned(),
        1 => format!("1 file: {}", parts.join(", ")),
        count => format!("{count} files: {}", parts.join(", ")),
    };
    let revisions = format!(
        "`{}` into `{}` at {}; {files}",
        report.head.revision,
        report.base.revision,
        report.base.commit.get(..10).unwrap_or_default()
    );
    out.paragraph("", 2, &revisions, Style::Dim);
    let outcome = report.decision.outcome;
    let head = format!("{}: ", out.paint(style(outcome), headline(outcome)));
    let width = headline(outcome).len() + 2;
    out.paragraph(&head, width, &report.decision.summary, Style::Bold);
}
