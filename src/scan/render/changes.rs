//! What is new since the last admitted release: findings, permissions, files.

use crate::diagnostic::render::layout::{Layout, Style, one_line};
use crate::schema::{Differential, FindingChange};

/// Most lines of each list that follows the findings.
const MOST_LINES: usize = 20;

/// Writes what is new since the base: findings, permissions, files.
pub(super) fn changes(out: &mut Layout, differential: &Differential) {
    out.text.push('\n');
    let Some(base) = &differential.base else {
        out.named(
            0,
            "note",
            Style::Cyan,
            "no earlier release is at hand, so there is nothing to compare with",
        );
        return;
    };
    let list = |changes: &[FindingChange]| -> String {
        if changes.is_empty() {
            return "nothing".to_owned();
        }
        let names = changes.iter().take(MOST_LINES).map(finding_name);
        let more = changes.len().saturating_sub(MOST_LINES);
        let tail = (more > 0).then(|| format!("and {more} more"));
        names.chain(tail).collect::<Vec<_>>().join(", ")
    };
    let style = if differential.findings_new.is_empty() { Style::Green } else { Style::Red };
    out.named(0, &format!("new since {}", one_line(base)), style, &list(&differential.findings_new));
    if !differential.findings_fixed.is_empty() {
        out.named(0, "fixed", Style::Green, &list(&differential.findings_fixed));
    }
    if differential.rules_changed {
        let words =
            "the two were scanned with other rules or advisories, so that some of this may be new rules";
        out.named(0, "note", Style::Cyan, words);
    }
    if let Some(before) = differential.score_before.filter(|before| *before != differential.score_after) {
        let words = format!("{before}, now {}", differential.score_after);
        out.named(0, &format!("score of {}", one_line(base)), Style::Bold, &words);
    }
    let added = differential.permissions_added.iter().map(|name| (Style::Red, format!("+ {name}")));
    let removed = differential.permissions_removed.iter().map(|name| (Style::Green, format!("- {name}")));
    lines(out, "permissions", added.chain(removed).collect());
    lines(out, "files", file_lines(differential));
}

/// Returns the check, the file and what else to know.
fn finding_name(change: &FindingChange) -> String {
    let details: Vec<String> =
        change.path.iter().map(|path| format!("`{path}`")).chain(change.note.clone()).collect();
    if details.is_empty() {
        return change.check.clone();
    }
    format!("{} ({})", change.check, details.join(", "))
}

fn file_lines(differential: &Differential) -> Vec<(Style, String)> {
    let added = differential.files_added.iter().map(|file| format!("+ {} ({})", file.path, bytes(file.size)));
    let changed = differential
        .files_changed
        .iter()
        .map(|file| format!("~ {} ({}, now {})", file.path, bytes(file.size_before), file.size_after));
    let renamed = differential.files_renamed.iter().map(|file| format!("> {} is now {}", file.from, file.to));
    let removed = differential.files_removed.iter().map(|file| format!("- {}", file.path));
    added.chain(changed).chain(renamed).chain(removed).map(|line| (Style::Plain, line)).collect()
}

fn lines(out: &mut Layout, name: &str, list: Vec<(Style, String)>) {
    if list.is_empty() {
        return;
    }
    let name = out.paint(Style::Bold, name);
    out.text.push_str(&format!("{name}:\n"));
    let more = list.len().saturating_sub(MOST_LINES);
    for (style, line) in list.into_iter().take(MOST_LINES) {
        out.paragraph("  ", 4, &line, style);
    }
    if more > 0 {
        out.paragraph("  ", 4, &format!("… and {more} more"), Style::Plain);
    }
}

fn bytes(count: u64) -> String {
    format!("{count} {}", if count == 1 { "byte" } else { "bytes" })
}
