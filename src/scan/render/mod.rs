//! A scan report as a person reads it: what it comes to, what was found, what is
//! new, and how to see the same.

mod changes;

use crate::diagnostic::render::TextOptions;
use crate::diagnostic::render::layout::{Layout, Style, one_line};
use crate::diagnostic::shell_word;
use crate::model::Severity;
use crate::scan::verdict::{SCORE, Verdict, Waiver};
use crate::schema::{Counts, Differential, FindingEntry, ScanReport};

/// Column at which what belongs to a finding stands.
const INDENT: usize = 7;

/// Everything the text is made of.
pub struct Shown<'a> {
    /// The report.
    pub report: &'a ScanReport,
    /// What the report says of publishing.
    pub verdict: &'a Verdict,
    /// Points to publish, by `policy.toml`.
    pub threshold: u8,
    /// Waivers in force for this release; they are shown and change nothing else.
    pub waivers: &'a [&'a Waiver],
    /// What is new since the last admitted release.
    pub differential: Option<&'a Differential>,
    /// The file or folder that was scanned, for the command that scans it again.
    pub target: &'a str,
    /// Most findings to show.
    pub most: usize,
}

/// Renders a report, with a final newline.
pub fn text(shown: &Shown<'_>, options: TextOptions) -> String {
    let mut out = Layout::new(options);
    headline(&mut out, shown);
    findings(&mut out, shown);
    waivers(&mut out, shown);
    if let Some(differential) = shown.differential {
        changes::changes(&mut out, differential);
    }
    closing(&mut out, shown);
    out.text
}

/// Returns `one` or a number, for a sentence.
fn number(count: usize) -> String {
    if count == 1 { "one".to_owned() } else { count.to_string() }
}

fn plural<'a>(count: usize, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}

/// Returns `com.hotcrm.finance@1.4.0`, or what was scanned where no manifest names it.
fn name(shown: &Shown<'_>) -> String {
    match (&shown.report.package, &shown.report.version) {
        (Some(package), Some(version)) => format!("{package}@{version}"),
        (Some(package), None) => package.clone(),
        _ => shown.target.to_owned(),
    }
}

fn headline(out: &mut Layout, shown: &Shown<'_>) {
    let (score, threshold) = (shown.report.score, shown.threshold);
    let criticals = |count: u32| {
        let count = count as usize;
        format!("{} open {}", number(count), plural(count, "critical", "criticals"))
    };
    let low = |threshold: u8| format!("score {score} where the policy asks for {threshold}");
    let (style, word, rest) = match shown.verdict {
        Verdict::Passes => {
            (Style::Green, "passes", format!("score {score}, the policy asks for {threshold}"))
        }
        Verdict::Waived { by } => {
            let ids: Vec<String> = by.iter().map(|id| format!("`{id}`")).collect();
            let rest = format!("score {score}, the policy asks for {threshold}; waived: {}", ids.join(", "));
            (Style::Yellow, "passes with waivers", rest)
        }
        Verdict::Refused { open_criticals, threshold, .. } => {
            let rest = match (open_criticals, threshold) {
                (0, None) => format!("score {score}"),
                (0, Some(threshold)) => low(*threshold),
                (count, None) => format!("{}, score {score}", criticals(*count)),
                (count, Some(threshold)) => format!("{}, and {}", criticals(*count), low(*threshold)),
            };
            (Style::Red, "is rejected", rest)
        }
    };
    let name = one_line(&name(shown));
    let words = format!("{name} {word}: {rest}");
    // Colour goes in after wrapping, so that it takes no room.
    let start = out.text.len();
    out.paragraph("", 2, &words, Style::Plain);
    if out.color {
        let painted = format!("{name} {}", out.paint(style, word));
        if let Some(line) = out.text[start..].strip_prefix(&format!("{name} {word}")) {
            out.text = format!("{}{painted}{line}", &out.text[..start]);
        }
    }
    out.text.push('\n');
}

/// Writes a line for each finding, what belongs to it below, and a count of the rest.
fn findings(out: &mut Layout, shown: &Shown<'_>) {
    let all = &shown.report.findings;
    let listed = &all[..all.len().min(shown.most)];
    let width = |text: fn(&FindingEntry) -> usize| listed.iter().map(text).max().unwrap_or(0);
    let check_width = width(|finding| one_line(&finding.check).chars().count()).min(32);
    let grade_width = width(|finding| grade(finding).chars().count());
    for finding in listed {
        let check = format!("{:check_width$}", one_line(&finding.check));
        let grade = format!("{:grade_width$}", grade(finding));
        let indent = INDENT + check.chars().count() + 2 + grade.chars().count() + 2;
        let style = Style::of(finding.severity);
        let head = format!(
            "{}  {}  {}  ",
            out.paint(style, &format!("{:>5}", format!("-{}", finding.points))),
            out.paint(Style::Bold, &check),
            out.paint(style, &grade)
        );
        let words = match place(finding) {
            Some(place) => format!("{place}: {}", finding.message),
            None => finding.message.clone(),
        };
        if out.width < indent + 30 {
            out.text.push_str(head.trim_end());
            out.text.push('\n');
            out.paragraph(&" ".repeat(INDENT), INDENT, &words, Style::Plain);
        } else {
            out.paragraph(&head, indent, &words, Style::Plain);
        }
        details(out, shown, finding);
    }
    rest(out, shown, listed);
}

fn details(out: &mut Layout, shown: &Shown<'_>, finding: &FindingEntry) {
    if let Some(excerpt) = &finding.excerpt {
        // An excerpt is one line of somebody's file: cut, not wrapped.
        let room = out.width.saturating_sub(INDENT + 2);
        let mut line: String = one_line(excerpt).chars().take(room).collect();
        if excerpt.chars().count() > room {
            line.pop();
            line.push('…');
        }
        let line = out.paint(Style::Dim, &format!("| {line}"));
        out.text.push_str(&format!("{}{line}\n", " ".repeat(INDENT)));
    }
    if let Some(help) = &finding.help {
        out.named(INDENT, "help", Style::Cyan, help);
    }
    if finding.severity == Severity::Critical {
        for waiver in shown.waivers.iter().filter(|waiver| waiver.id == finding.check) {
            out.named(INDENT, "waived", Style::Yellow, &terms(waiver));
        }
    }
}

/// Returns until when a waiver holds, who granted it, and why.
fn terms(waiver: &Waiver) -> String {
    format!("until {} by {}: {}", waiver.until.day(), waiver.by, waiver.reason)
}

/// Returns `critical, sure`.
fn grade(finding: &FindingEntry) -> String {
    format!("{}, {}", finding.severity, finding.confidence)
}

/// Returns `` `path:14` and 6 more places ``.
fn place(finding: &FindingEntry) -> Option<String> {
    let path = finding.path.as_ref()?;
    let line = finding.places.first().and_then(|place| place.line);
    let more = (finding.hits as usize).saturating_sub(1);
    let at = line.map(|line| format!(":{line}")).unwrap_or_default();
    Some(match more {
        0 => format!("`{path}{at}`"),
        more => format!("`{path}{at}` and {more} more {}", plural(more, "place", "places")),
    })
}

fn rest(out: &mut Layout, shown: &Shown<'_>, listed: &[FindingEntry]) {
    let counts = &shown.report.counts;
    let total: u64 = Severity::ALL.iter().map(|severity| u64::from(counts.of(*severity))).sum();
    if total == 0 {
        let files = shown.report.files.len();
        let words = format!("nothing was found in {files} {}", plural(files, "file", "files"));
        out.paragraph("  ", 2, &words, Style::Plain);
        return;
    }
    let mut shown_counts = Counts::default();
    listed.iter().for_each(|finding| shown_counts.add(finding.severity));
    let left: Vec<String> = Severity::ALL
        .iter()
        .rev()
        .map(|severity| (counts.of(*severity).saturating_sub(shown_counts.of(*severity)), severity))
        .filter(|(count, _)| *count > 0)
        .map(|(count, severity)| format!("{count} {severity}"))
        .collect();
    let more = total.saturating_sub(listed.len() as u64);
    if more > 0 {
        out.paragraph("     ", INDENT, &format!("… and {more} more: {}", left.join(", ")), Style::Plain);
    }
}

/// Writes the waivers that stand beside no finding.
fn waivers(out: &mut Layout, shown: &Shown<'_>) {
    let lifts = |waiver: &Waiver| match shown.verdict {
        Verdict::Waived { by } => by.contains(&waiver.id),
        _ if waiver.id == SCORE => shown.report.score < shown.threshold,
        _ => shown
            .report
            .findings
            .iter()
            .any(|finding| finding.severity == Severity::Critical && finding.check == waiver.id),
    };
    for waiver in shown.waivers {
        if waiver.id == SCORE && lifts(waiver) {
            out.named(0, "score waived", Style::Yellow, &terms(waiver));
        } else if !lifts(waiver) {
            let words = format!("the waiver of `{}` lifts nothing here", waiver.id);
            out.named(0, "note", Style::Cyan, &words);
        }
    }
}

/// Writes what to do next, and how to see the same.
fn closing(out: &mut Layout, shown: &Shown<'_>) {
    let report = shown.report;
    out.text.push('\n');
    if let (Verdict::Refused { .. }, Some(gravest)) = (shown.verdict, report.findings.first()) {
        let waiver = match gravest.check.as_str() {
            "not-scannable" => "no waiver lifts it",
            _ => "a curator may waive it, for a reason and for a time",
        };
        let words = format!("`shelfmark explain {}` says why and what to do; {waiver}", gravest.check);
        out.named(0, "help", Style::Cyan, &words);
    }
    let short = |hex: String| hex[..12].to_owned();
    // At the gate the artifact is in no place that a command could name.
    let command = match shown.target {
        "" => format!("score of {}", name(shown)),
        target => format!("`shelfmark scan {}`", shell_word(target)),
    };
    let words = format!(
        "{command} (sha256 {}, rules {}, advisories {}, policy {})",
        short(report.artifact.sha256.hex()),
        report.rule_set,
        short(report.advisories.hex()),
        short(report.policy.hex())
    );
    out.named(0, "reproduce", Style::Cyan, &words);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Timestamp;
    use crate::scan::differential::differential;
    use crate::scan::samples::{finding, report};
    use crate::scan::verdict::of_report;

    const PLAIN: TextOptions = TextOptions { color: false, width: 100 };

    fn shown(
        report: &ScanReport,
        waivers: &[&Waiver],
        base: Option<&ScanReport>,
        options: TextOptions,
    ) -> String {
        let verdict = of_report(report, 70, waivers);
        let differential = base.map(|base| differential(Some(base), report));
        let shown = Shown {
            report,
            verdict: &verdict,
            threshold: 70,
            waivers,
            differential: differential.as_ref(),
            target: "finance-1.4.0.tgz",
            most: 3,
        };
        text(&shown, options)
    }

    fn rejected() -> ScanReport {
        let mut secret = finding("secret-in-file", "metadata/connector/bank.json", Severity::Critical);
        secret.message = "holds what looks like a private key".into();
        secret.excerpt = Some("----… (1704 characters)".into());
        secret.help = Some("take the key out, and have it replaced where it opens something".into());
        let mut unused = finding("permission-unused", "shelfmark.toml", Severity::Medium);
        unused.hits = 7;
        let whole = finding("changelog-incomplete", "", Severity::Medium);
        let low = finding("alt-text-missing", "README.md", Severity::Low);
        let low_too = finding("alt-text-missing", "docs/a.md", Severity::Low);
        report(
            "1.4.0",
            vec![secret, unused, whole, low, low_too],
            &[("a.js", "2"), ("b.js", "moved")],
            &["p.delete"],
        )
    }

    fn waiver(id: &str) -> Waiver {
        let at = |text| Timestamp::parse(text).unwrap();
        Waiver {
            id: id.into(),
            package: "com.hotcrm.finance".into(),
            versions: None,
            from: at("2026-01-01T00:00:00Z"),
            until: at("2026-04-01T00:00:00Z"),
            reason: "a sample key that opens nothing".into(),
            by: "ada".into(),
        }
    }

    #[test]
    fn a_rejected_release_with_what_is_new() {
        let base = report(
            "1.3.2",
            vec![finding("old", "x.js", Severity::Low)],
            &[("a.js", "1"), ("c.js", "moved"), ("d.js", "")],
            &["p.read"],
        );
        let expected = "\
com.hotcrm.finance@1.4.0 is rejected: one open critical, and score 67 where the policy asks for 70

  -25  secret-in-file        critical, sure  `metadata/connector/bank.json:14`: holds what looks
                                             like a private key
       | ----… (1704 characters)
       help: take the key out, and have it replaced where it opens something
   -3  permission-unused     medium, sure    `shelfmark.toml:14` and 6 more places: what
                                             `permission-unused` says
   -3  changelog-incomplete  medium, sure    what `changelog-incomplete` says
     … and 2 more: 2 low

new since 1.3.2: secret-in-file (`metadata/connector/bank.json`), permission-unused
                 (`shelfmark.toml`), changelog-incomplete, alt-text-missing (`README.md`),
                 alt-text-missing (`docs/a.md`)
fixed: old (`x.js`)
score of 1.3.2: 99, now 67
permissions:
  + p.delete
  - p.read
files:
  ~ a.js (1 byte, now 1)
  > c.js is now b.js
  - d.js

help: `shelfmark explain secret-in-file` says why and what to do; a curator may waive it, for a
      reason and for a time
reproduce: `shelfmark scan finance-1.4.0.tgz` (sha256 74b860b32706, rules 0.1.0+000000000000,
           advisories e3b0c44298fc, policy e3b0c44298fc)
";
        assert_eq!(shown(&rejected(), &[], Some(&base), PLAIN), expected);
    }

    #[test]
    fn waivers_stand_beside_what_they_lift() {
        let (secret, score, idle) = (waiver("secret-in-file"), waiver(SCORE), waiver("permission-unused"));
        let found = shown(&rejected(), &[&secret, &score, &idle], None, PLAIN);
        let head = "com.hotcrm.finance@1.4.0 passes with waivers: score 67, the policy asks for 70; waived: `score`,\n  `secret-in-file`\n";
        assert!(found.starts_with(head), "{found}");
        for line in [
            "       waived: until 2026-04-01 by ada: a sample key that opens nothing\n",
            "\nscore waived: until 2026-04-01 by ada: a sample key that opens nothing\n",
            "\nnote: the waiver of `permission-unused` lifts nothing here\n",
        ] {
            assert_eq!(found.matches(line).count(), 1, "{line} in {found}");
        }
    }

    #[test]
    fn a_clean_release_and_a_first_one() {
        let clean = report("1.0.0", vec![], &[("a.js", "1")], &[]);
        let found = shown(&clean, &[], None, PLAIN);
        assert!(found.starts_with(
            "com.hotcrm.finance@1.0.0 passes: score 100, the policy asks for 70\n\n  nothing was found in 1 file\n\n"
        ));
    }

    #[test]
    fn a_package_cannot_write_to_the_terminal_or_command_a_log() {
        let mut bad = finding("a", "x\u{1b}[2J.js", Severity::High);
        bad.message = format!("{} ::error::gone\n::stop-commands::x\r", "word ".repeat(12));
        bad.excerpt = Some("\u{202e}\n::error::x".into());
        bad.help = Some("##[error]\u{1b}".into());
        let mut report = report("1.0.0\n::error::", vec![bad], &[], &["p\u{1b}"]);
        report.package = Some("com.\u{9b}31m".into());
        for width in [0, 60, 80, 100] {
            let found = shown(&report, &[], Some(&rejected()), TextOptions { color: false, width });
            assert!(found.chars().all(|c| c == '\n' || !crate::scan::is_unprintable(c)), "{found:?}");
            for line in found.lines() {
                assert!(!line.trim().starts_with("::") && !line.trim().starts_with("##"), "{line}");
            }
        }
    }

    #[test]
    fn colours_add_nothing_but_colour_and_no_line_is_too_wide() {
        let options = |color, width| TextOptions { color, width };
        let plain = shown(&rejected(), &[], None, options(false, 100));
        let colored = shown(&rejected(), &[], None, options(true, 100));
        let codes = regex::Regex::new("\x1b\\[[0-9;]*m").unwrap();
        assert_ne!(plain, colored);
        assert_eq!(codes.replace_all(&colored, ""), plain);
        for width in [60, 72, 100, 140] {
            let found = shown(&rejected(), &[], None, options(false, width));
            assert!(found.lines().all(|line| line.chars().count() <= width), "{width}: {found}");
        }
    }
}
