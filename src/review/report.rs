//! Puts a review together: rules, scans, facts, decision, report.

use super::decision::decide;
use super::facts::gather;
use crate::artifact::store::{Artifacts, FetchError};
use crate::diagnostic::render::Context;
use crate::diagnostic::{Diagnostic, locate};
use crate::scan::Scans;
use crate::scan::differential::differential;
use crate::schema::{
    ChangedFile, ChangesEntry, DiagnosticEntry, Differential, ReleaseReport, ReviewReport, RevisionEntry,
    ScanReport,
};
use crate::source::{Error, Reader, Snapshot};
use crate::validate::registry::Release;
use crate::validate::{ChangeContext, NewRelease};
use std::collections::{BTreeMap, BTreeSet};

/// Most files that a report lists.
const MOST_FILES: usize = 500;

/// A new release with what the scan says of it.
pub struct Examined<'a> {
    /// The release.
    pub new: NewRelease<'a>,
    /// What was found; `None` where the artifact could not be had.
    pub scan: Option<ScanReport>,
    /// Against the release before.
    pub differential: Option<Differential>,
}

/// Everything a review looks at.
pub struct ReviewInput<'a> {
    /// The change and its circumstances.
    pub context: &'a ChangeContext<'a>,
    /// What the rules say, sorted.
    pub diagnostics: &'a [Diagnostic],
    /// The new releases.
    pub examined: &'a [Examined<'a>],
    /// Where texts of files come from.
    pub rendering: &'a Context<'a>,
}

/// Scans the new releases, and those they are compared with, each on its side.
///
/// # Errors
/// When the source cannot be read; an artifact that cannot be had is none.
pub fn examine<'a>(
    context: &ChangeContext<'a>,
    snapshots: [&Snapshot; 2],
    artifacts: [&Artifacts<'_>; 2],
    scans: &Scans,
) -> Result<Vec<Examined<'a>>, Error> {
    let readers = [snapshots[0].reader()?, snapshots[1].reader()?];
    let scanned = |side: usize, release: &Release| scan_one(artifacts[side], &readers[side], scans, release);
    Ok(context
        .new_releases()
        .map(|new| {
            // A report that is kept says what bytes hold, not that they can be had: what was not looked into for
            // this change is fetched, whatever is kept.
            let is_here = || artifacts[1].bytes(&readers[1], new.release).is_ok_and(|bytes| bytes.is_some());
            let can_be_had = is_looked_into(new.release) || is_here();
            let scan = if can_be_had { scanned(1, new.release) } else { None };
            let before = new.before.filter(|_| scan.is_some()).and_then(|before| scanned(0, before));
            let differential = scan.as_ref().map(|scan| differential(before.as_ref(), scan));
            Examined { new, differential, scan }
        })
        .collect())
}

/// Returns whether a release's archive, or the folder that is packed, was read.
fn is_looked_into(release: &Release) -> bool {
    release.contents.as_ref().is_some_and(|contents| contents.packed.is_some())
}

fn scan_one(
    artifacts: &Artifacts<'_>,
    reader: &Reader<'_>,
    scans: &Scans,
    release: &Release,
) -> Option<ScanReport> {
    let artifact = release.artifact.as_ref()?.sha256;
    let none = || FetchError::NotThere { place: release.name() };
    let examined = scans.examine(release, &artifact, || artifacts.bytes(reader, release)?.ok_or_else(none));
    examined.ok().map(|examined| examined.report)
}

/// Decides, and reports.
pub fn review(input: &ReviewInput<'_>) -> ReviewReport {
    let context = input.context;
    let facts = gather(context, input.diagnostics, input.examined);
    let commit = |commit: &crate::source::Commit| RevisionEntry {
        revision: commit.revision.clone(),
        commit: commit.id.to_string(),
    };
    ReviewReport {
        v: 1,
        registry: context.base.settings.name.clone(),
        folder: context.changes.folder.clone(),
        base: commit(&context.changes.base),
        head: commit(&context.changes.head),
        merge_base: context.changes.merge_base.to_string(),
        decision: decide(&facts),
        facts,
        releases: input.examined.iter().map(|one| release_report(context, one)).collect(),
        changes: changes_entry(context),
        diagnostics: entries(input.diagnostics, input.rendering),
    }
}

fn release_report(context: &ChangeContext<'_>, examined: &Examined<'_>) -> ReleaseReport {
    let NewRelease { release, before, .. } = examined.new;
    let had: BTreeSet<&String> = before.iter().flat_map(|before| &before.permissions).collect();
    let has: BTreeSet<&String> = release.permissions.iter().collect();
    let added: BTreeMap<String, Option<String>> = has
        .difference(&had)
        .map(|name| ((*name).clone(), class(&context.base.policy.permissions, name)))
        .collect();
    ReleaseReport {
        release: release.name(),
        kind: release.kind.to_string(),
        publisher: release.publisher.to_string(),
        before: before.map(|before| before.version.to_string()),
        permissions_added: added,
        permissions_removed: had.difference(&has).map(|name| (*name).clone()).collect(),
        scan: examined.scan.clone(),
        differential: examined.differential.clone(),
    }
}

/// Returns the class of a permission: of the longest prefix that the policy has.
fn class(classes: &BTreeMap<String, String>, permission: &str) -> Option<String> {
    let fitting = classes.iter().filter(|(prefix, _)| permission.starts_with(prefix.as_str()));
    fitting.max_by_key(|(prefix, _)| prefix.len()).map(|(_, class)| class.clone())
}

fn changes_entry(context: &ChangeContext<'_>) -> ChangesEntry {
    let mut entry = ChangesEntry::default();
    for change in context.changes.changes.iter().chain(&context.changes.outside) {
        let (count, word) = if change.is_added() {
            (&mut entry.added, "added")
        } else if change.is_removed() {
            (&mut entry.removed, "removed")
        } else {
            (&mut entry.modified, "modified")
        };
        *count += 1;
        if entry.files.len() < MOST_FILES {
            entry.files.push(ChangedFile { path: change.path.to_string(), change: word.to_owned() });
        }
    }
    entry
}

fn entries(diagnostics: &[Diagnostic], rendering: &Context<'_>) -> Vec<DiagnosticEntry> {
    let list: Vec<&Diagnostic> = diagnostics.iter().collect();
    crate::diagnostic::in_reading_order(&list, rendering.source)
        .into_iter()
        .map(|diagnostic| {
            let text = (rendering.source)(&diagnostic.location.path).unwrap_or_default();
            let position = locate(&diagnostic.location, &text);
            DiagnosticEntry {
                rule: diagnostic.rule.to_owned(),
                level: diagnostic.level,
                message: diagnostic.message.clone(),
                file: diagnostic.location.path.to_string(),
                line: position.line as u64,
                column: position.column as u64,
                notes: diagnostic.notes.clone(),
                help: diagnostic.help.clone(),
                why: rendering.why(diagnostic),
                fixable: diagnostic.fix.is_some(),
            }
        })
        .collect()
}
