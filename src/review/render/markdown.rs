//! A review as the one comment on a pull request, which is edited in place. What
//! comes from a package stands in code spans or is escaped: it cannot format,
//! link, mention or hide anything.

use super::headline;
use crate::diagnostic::render::neutralize;
use crate::model::RuleLevel;
use crate::schema::{DiagnosticEntry, Differential, NeedEntry, Outcome, ReleaseReport, ReviewReport};

/// The first line, by which the comment is found again.
pub const MARKER: &str = "<!-- shelfmark-report -->";

/// GitHub takes comments of up to 65,536 characters.
const MOST_CHARACTERS: usize = 60_000;

/// Most rows of a list.
const MOST_ROWS: usize = 30;

/// Renders a report.
pub fn markdown(report: &ReviewReport) -> String {
    let mut out = format!("{MARKER}\n");
    let decision = &report.decision;
    let mark = match decision.outcome {
        Outcome::Admit => "✅",
        Outcome::NeedsReview => "🕓",
        Outcome::Reject => "❌",
    };
    out.push_str(&format!(
        "## {mark} Shelfmark: {}\n\n{}.\n\n",
        headline(decision.outcome),
        prose(&decision.summary)
    ));
    needs(&mut out, &decision.needs);
    problems(&mut out, &report.diagnostics);
    for release in &report.releases {
        release_section(&mut out, report, release);
    }
    arithmetic(&mut out, report);
    let facts = &report.facts;
    let actor = facts.actor.as_ref().map(|actor| format!(" --actor {}", actor.account)).unwrap_or_default();
    let opened = facts.opened.map(|opened| format!(" --opened {opened}")).unwrap_or_default();
    let command = format!(
        "shelfmark review --base {} --head {}{actor}{opened} --now {}",
        short(&report.base.commit),
        short(&report.head.commit),
        facts.now
    );
    out.push_str(&format!(
        "<sub>{} merged into {} (base {}), judged at {}. The same on a laptop: {}. This comment is edited in place.</sub>\n",
        code(&short(&report.head.commit)),
        code(&report.base.revision),
        code(&short(&report.base.commit)),
        facts.now,
        code(&command),
    ));
    cut(out)
}

fn short(commit: &str) -> String {
    commit.chars().take(10).collect()
}

/// Comments have an end: the rest is in the log of the job.
fn cut(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(MOST_CHARACTERS) {
        text.truncate(end);
        text.push_str("\n\n…the rest is in the log of the job.\n");
    }
    text
}

fn needs(out: &mut String, needs: &[NeedEntry]) {
    if needs.is_empty() {
        return;
    }
    out.push_str("### Awaited\n\n| for | about | who may decide | why |\n|---|---|---|---|\n");
    for need in needs.iter().take(MOST_ROWS) {
        let who: Vec<String> = need.who.iter().map(|who| code(who)).collect();
        let mut why: Vec<String> = need.why.iter().map(|why| prose(why)).collect();
        why.extend(need.until.map(|until| format!("until {until}")));
        if need.changes_requested {
            why.push("**changes are requested**".to_owned());
        }
        let who = if who.is_empty() { "–".to_owned() } else { who.join("<br>") };
        out.push_str(&format!(
            "| **{}** | {} | {who} | {} |\n",
            prose(&need.area),
            code(&need.about),
            why.join("<br>")
        ));
    }
    more(out, needs.len());
    let commands = needs.iter().filter_map(|need| need.command.as_ref());
    let commands: Vec<&String> = commands.filter(|command| command.starts_with("shelfmark ")).collect();
    if !commands.is_empty() {
        out.push_str("\nFor a curator:\n\n```sh\n");
        for command in commands.iter().take(MOST_ROWS) {
            out.push_str(&format!("{}\n", one_line(command).replace("```", "'''")));
        }
        out.push_str("```\n");
    }
    out.push('\n');
}

fn more(out: &mut String, count: usize) {
    if count > MOST_ROWS {
        out.push_str(&format!("\n…and {} more\n", count - MOST_ROWS));
    }
}

fn problems(out: &mut String, diagnostics: &[DiagnosticEntry]) {
    if diagnostics.is_empty() {
        return;
    }
    out.push_str("### What the rules say\n\n");
    for diagnostic in diagnostics.iter().take(MOST_ROWS) {
        let word = match diagnostic.level {
            RuleLevel::Allow | RuleLevel::Note => "note",
            RuleLevel::Warn => "warning",
            RuleLevel::Review => "review",
            RuleLevel::Deny | RuleLevel::Forbid => "error",
        };
        let link = match diagnostic.why.starts_with("http") {
            true => format!("[`{}`]({})", diagnostic.rule, diagnostic.why),
            false => format!("`{}`", diagnostic.rule),
        };
        let place = code(&format!("{}:{}:{}", diagnostic.file, diagnostic.line, diagnostic.column));
        out.push_str(&format!("* **{word}** {link} {place}<br>{}\n", prose(&diagnostic.message)));
        for note in &diagnostic.notes {
            out.push_str(&format!("  <br>note: {}\n", prose(note)));
        }
        if let Some(help) = &diagnostic.help {
            out.push_str(&format!("  <br>**help:** {}\n", prose(help)));
        }
    }
    more(out, diagnostics.len());
    out.push('\n');
}

fn release_section(out: &mut String, report: &ReviewReport, release: &ReleaseReport) {
    let since = release
        .before
        .as_ref()
        .map_or("first release".to_owned(), |before| format!("since {}", code(before)));
    out.push_str(&format!("### {} ({}, {since})\n\n", code(&release.release), prose(&release.kind)));
    permissions(out, release);
    let fact = report.facts.releases.iter().find(|fact| fact.release == release.release);
    let threshold = fact.and_then(|fact| fact.scan.as_ref()).map_or(0, |scan| scan.threshold);
    let Some(scan) = &release.scan else {
        out.push_str("The artifact was not scanned.\n\n");
        return;
    };
    let before = release.differential.as_ref().and_then(|differential| differential.score_before);
    let before = before.map(|before| format!(", before {before}")).unwrap_or_default();
    out.push_str(&format!("Security score **{}**{before}; the policy asks for {threshold}.\n\n", scan.score));
    if !scan.findings.is_empty() {
        out.push_str("| points | check | severity | where | what |\n|---:|---|---|---|---|\n");
        for finding in scan.findings.iter().take(MOST_ROWS) {
            let place = finding.path.as_deref().map_or("–".to_owned(), |path| {
                let line = finding.places.first().and_then(|place| place.line);
                code(&line.map_or(path.to_owned(), |line| format!("{path}:{line}")))
            });
            out.push_str(&format!(
                "| −{} | `{}` | {}, {} | {place} | {} |\n",
                finding.points,
                finding.check,
                finding.severity,
                finding.confidence,
                prose(&finding.message)
            ));
        }
        more(out, scan.findings.len());
        out.push('\n');
    }
    if let Some(differential) = release.differential.as_ref().filter(|_| release.before.is_some()) {
        files(out, differential);
    }
}

fn permissions(out: &mut String, release: &ReleaseReport) {
    if release.permissions_added.is_empty() && release.permissions_removed.is_empty() {
        return;
    }
    out.push_str("Permissions:\n\n```diff\n");
    for (name, class) in &release.permissions_added {
        let class = class.as_ref().map(|class| format!("  ({class})")).unwrap_or_default();
        out.push_str(&format!("+ {}\n", fenced(&format!("{name}{class}"))));
    }
    for name in &release.permissions_removed {
        out.push_str(&format!("- {}\n", fenced(name)));
    }
    out.push_str("```\n\n");
}

fn files(out: &mut String, differential: &Differential) {
    let added = differential.files_added.iter().map(|file| format!("+ {} ({} bytes)", file.path, file.size));
    let removed = differential.files_removed.iter().map(|file| format!("- {}", file.path));
    let changed = differential
        .files_changed
        .iter()
        .map(|file| format!("! {} ({} bytes, now {})", file.path, file.size_before, file.size_after));
    let renamed = differential.files_renamed.iter().map(|file| format!("! {} is now {}", file.from, file.to));
    let lines: Vec<String> = added.chain(removed).chain(changed).chain(renamed).collect();
    if lines.is_empty() {
        return;
    }
    out.push_str(&format!(
        "<details><summary>Files in the artifact: {} differ</summary>\n\n```diff\n",
        lines.len()
    ));
    for line in lines.iter().take(5 * MOST_ROWS) {
        out.push_str(&format!("{}\n", fenced(line)));
    }
    if lines.len() > 5 * MOST_ROWS {
        out.push_str(&format!("…and {} more\n", lines.len() - 5 * MOST_ROWS));
    }
    out.push_str("```\n\n</details>\n\n");
}

fn arithmetic(out: &mut String, report: &ReviewReport) {
    out.push_str(
        "<details><summary>How this was decided</summary>\n\n| about | fact | effect |\n|---|---|---|\n",
    );
    let steps = &report.decision.steps;
    for step in steps.iter().take(3 * MOST_ROWS) {
        out.push_str(&format!("| {} | {} | {} |\n", code(&step.about), prose(&step.fact), step.effect));
    }
    out.push_str("\nThe decision is the strictest of these effects.\n\n</details>\n\n");
}

fn one_line(text: &str) -> String {
    neutralize(text).replace(['\n', '\r', '\t'], " ")
}

/// A line inside a fence, which it cannot close.
fn fenced(text: &str) -> String {
    one_line(text).replace("```", "'''")
}

/// Returns a code span, whatever the text holds; fit for a table.
fn code(text: &str) -> String {
    let text = one_line(text).replace('|', "\\|");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.is_empty() { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Escapes a sentence, of which the parts in backticks stay code.
fn prose(text: &str) -> String {
    let text = one_line(text);
    let pieces: Vec<&str> = text.split('`').collect();
    let is_paired = pieces.len() % 2 == 1;
    let render = |(at, piece): (usize, &&str)| {
        if at % 2 == 1 && is_paired && !piece.is_empty() { code(piece) } else { escape(piece) }
    };
    let joined: Vec<String> = pieces.iter().enumerate().map(render).collect();
    joined.concat()
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // GitHub reads entities before it looks for mentions: something has to stand between.
            '@' | '#' => out.extend([c, '\u{200b}']),
            '\\' | '*' | '_' | '[' | ']' | '!' | '|' | '~' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out.replace("://", "&#58;//").replace("www.", "www&#46;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_cannot_format_link_or_mention() {
        let text = prose(
            "see [x](https://evil.example) www.evil.example <img src=x> @octocat #12 | `a|b` *now*\n## x",
        );
        assert_eq!(
            text,
            "see \\[x\\](https&#58;//evil.example) www&#46;evil.example &lt;img src=x&gt; @\u{200b}octocat #\u{200b}12 \\| `a\\|b` \\*now\\* #\u{200b}#\u{200b} x"
        );
        assert_eq!(prose("one ` alone <b>"), "one  alone &lt;b&gt;");
        assert_eq!(code("a``b`"), "``` a``b` ```");
        assert_eq!(fenced("x\n```\ny"), "x ''' y");
    }
}
