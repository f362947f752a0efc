//! A review as workflow commands, which GitHub shows beside the lines of a pull
//! request. Format: "Workflow commands for GitHub Actions" in GitHub's
//! documentation. What comes from a package cannot start a command of its own.

use super::{headline, repository_path};
use crate::diagnostic::render::neutralize;
use crate::model::{RuleLevel, Severity};
use crate::schema::{DiagnosticEntry, Outcome, ReviewReport};

/// Renders one command a line.
pub fn github(report: &ReviewReport) -> String {
    let mut out = String::new();
    for diagnostic in &report.diagnostics {
        let kind = match diagnostic.level {
            RuleLevel::Allow | RuleLevel::Note => "notice",
            RuleLevel::Warn | RuleLevel::Review => "warning",
            RuleLevel::Deny | RuleLevel::Forbid => "error",
        };
        let file = repository_path(report, &diagnostic.file);
        let place = [
            ("file", file.as_str()),
            ("line", &diagnostic.line.to_string()),
            ("col", &diagnostic.column.to_string()),
            ("title", &diagnostic.rule),
        ];
        out.push_str(&command(kind, &place, &words(diagnostic)));
    }
    for release in &report.releases {
        let Some(scan) = &release.scan else { continue };
        let file = release_file(report, &release.release);
        let grave = scan.findings.iter().filter(|finding| finding.severity >= Severity::High);
        for finding in grave.take(20) {
            let line = finding.places.first().and_then(|place| place.line);
            let inside = finding.path.as_ref().map(|path| match line {
                Some(line) => format!("{path}:{line} in the artifact: "),
                None => format!("{path} in the artifact: "),
            });
            let message = format!("{}{}", inside.unwrap_or_default(), finding.message);
            let title = format!("{} ({})", finding.check, finding.severity);
            out.push_str(&command("error", &[("file", &file), ("title", &title)], &message));
        }
    }
    let kind = match report.decision.outcome {
        Outcome::Admit => "notice",
        Outcome::NeedsReview => "warning",
        Outcome::Reject => "error",
    };
    let title = format!("shelfmark: {}", headline(report.decision.outcome));
    out.push_str(&command(kind, &[("title", &title)], &report.decision.summary));
    out
}

fn words(diagnostic: &DiagnosticEntry) -> String {
    let notes = diagnostic.notes.iter().map(|note| format!("note: {note}"));
    let help = diagnostic.help.iter().map(|help| format!("help: {help}"));
    let why = [format!("why: {}", diagnostic.why)];
    std::iter::once(diagnostic.message.clone())
        .chain(notes)
        .chain(help)
        .chain(why)
        .collect::<Vec<_>>()
        .join("\n")
}

fn release_file(report: &ReviewReport, release: &str) -> String {
    let wanted = release.split_once('@').unwrap_or_default();
    let ends = format!("/{}/{}.toml", wanted.0, wanted.1);
    let known = report.changes.files.iter().find(|file| file.path.ends_with(&ends));
    repository_path(report, known.map_or("registry.toml", |file| &file.path))
}

fn command(kind: &str, properties: &[(&str, &str)], message: &str) -> String {
    let properties: Vec<String> =
        properties.iter().map(|(name, value)| format!("{name}={}", property(value))).collect();
    format!("::{kind} {}::{}\n", properties.join(","), data(message))
}

/// Escapes what ends a message.
fn data(text: &str) -> String {
    neutralize(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes what ends a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::command;

    #[test]
    fn a_package_cannot_start_a_command_of_its_own() {
        let line = command(
            "error",
            &[("file", "a,b::c\n"), ("title", "x")],
            "one\n::set-output name=x::y\r\u{1b}[2J%0A",
        );
        assert_eq!(line.matches('\n').count(), 1);
        assert_eq!(
            line,
            "::error file=a%2Cb%3A%3Ac%0A,title=x::one%0A::set-output name=x::y\u{fffd}\u{fffd}[2J%250A\n"
        );
    }
}
