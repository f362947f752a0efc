//! Check `invisible-text`.

use super::{Check, Findings, Subject};
use crate::model::{Confidence, Severity};
use crate::scan::instructions::{Tone, tone, tone_as_read};
use crate::scan::unicode::{
    is_blank_letter, is_of_joining_script, is_pictograph, is_tag, is_variation_selector, is_zero_width,
};
use crate::scan::{Hit, Language, Role, ScannedFile};
use std::ops::Range;

pub(super) static CHECK: Check = Check {
    id: "invisible-text",
    summary: "A file holds text that readers do not see and machines read.",
    docs: "\
A model and a compiler read everything in a file; a reviewer sees what is drawn. Text that is drawn as nothing is how
instructions are smuggled past people: letters of Unicode's tags block, bits written as zero-width characters or variation
selectors, HTML comments and hidden elements in Markdown, and code pushed out of view by spaces.

* **high**: tag characters, runs of zero-width characters or variation selectors; hidden text that tells a model to act
  against its user; code after hundreds of spaces; terminal escapes in text for a model;
* **medium**: other hidden instructions for a model, hidden elements with text in Markdown, words split by
  invisible characters in text for a model, text after hundreds of spaces or dozens of empty lines;
* **low**: the same in documents that people read.

A byte order mark, emoji and their selectors, flags, joiners in Persian, Arabic and Indic words, comments for linters and generators
(`<!-- prettier-ignore -->`), and notes to authors are fine.

```text
high: invisible-text: SKILL.md:9: an HTML comment tells a model to act against its user
```

Say it in plain sight or take it out.
",
    run,
};

const HELP: &str = "say it in plain sight or take it out";

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for file in subject.files.iter().filter(|file| file.text.is_some()) {
        let text = file.str();
        subject.count_work(text.len());
        if !text.is_ascii() {
            characters(file, text, findings);
        }
        controls(file, text, findings);
        pushed_away(file, text, findings);
        if is_document(file) {
            comments(file, text, findings);
        }
        for found in subject.matches_in(CHECK.id, file) {
            let is_page = file.language == Language::Html;
            let severity = match (tone(found.group), file.role) {
                (Tone::Subverts, _) => Severity::High,
                (Tone::Instructs, Role::Prompt) => Severity::Medium,
                (Tone::Instructs, _) if !is_page => Severity::Low,
                (Tone::Plain, _) if !is_page && found.pattern.severity > Severity::Low => {
                    found.pattern.severity
                }
                _ => continue,
            };
            findings.add(Hit::of(&found).severity(severity).help(HELP));
        }
    }
}

/// Whether comments of HTML are drawn as nothing in it.
fn is_document(file: &ScannedFile) -> bool {
    matches!(file.language, Language::Markdown | Language::Html | Language::Xml)
        || (file.language == Language::Text && file.role != Role::License)
        || file.role == Role::Prompt
}

fn hit<'a>(
    file: &'a ScannedFile,
    at: usize,
    severity: Severity,
    id: &'static str,
    what: &'static str,
) -> Hit<'a> {
    Hit::in_file(file, Some(at), severity, Confidence::Likely, what).pattern(id).help(HELP)
}

/// Counts of what is drawn as nothing.
#[derive(Default)]
struct Counts {
    split: usize,
    hyphens: usize,
    first_split: usize,
    first_hyphen: usize,
}

/// Looks for characters that are drawn as nothing.
fn characters(file: &ScannedFile, text: &str, findings: &mut Findings) {
    let mut counts = Counts::default();
    let mut before = '\0';
    let mut skip = 0;
    for (at, c) in text.char_indices() {
        if at < skip {
            continue;
        }
        if c.is_ascii() || !is_unseen(c) {
            before = c;
            continue;
        }
        let run = &text[at..];
        let length: usize = run.chars().take_while(|c| is_unseen(*c)).map(char::len_utf8).sum();
        let run = &run[..length];
        skip = at + length;
        let after = text[skip..].chars().next().unwrap_or('\0');
        if let Some((severity, id, what)) = unseen(run, before, at == 0) {
            findings.add(hit(file, at, severity, id, what).excerpt(run));
        } else if before.is_ascii_alphanumeric()
            && after.is_ascii_alphanumeric()
            && !run.contains(['\u{200e}', '\u{200f}'])
        {
            if c == '\u{ad}' {
                counts.hyphens += 1;
                counts.first_hyphen = if counts.hyphens == 1 { at } else { counts.first_hyphen };
            } else {
                counts.split += 1;
                counts.first_split = if counts.split == 1 { at } else { counts.first_split };
            }
        }
        before = after;
    }
    let is_prompt = file.role == Role::Prompt;
    let is_against = |at: usize| {
        file.text.as_ref().is_some_and(|text| {
            let (line, _) = text.position(at);
            tone_as_read(text.line(line)) == Tone::Subverts
        })
    };
    let severity = match (is_prompt, counts.split) {
        (_, 0) => None,
        _ if is_against(counts.first_split) => Some(Severity::High),
        (true, 4..) => Some(Severity::High),
        (true, _) => Some(Severity::Medium),
        (false, 4..) => Some(Severity::Medium),
        (false, _) => Some(Severity::Low),
    };
    if let Some(severity) = severity {
        let what = "invisible characters stand inside words";
        findings.add(hit(file, counts.first_split, severity, "split-words", what));
    }
    if counts.hyphens >= 3 {
        let severity = match is_prompt {
            _ if is_against(counts.first_hyphen) => Severity::High,
            true => Severity::Medium,
            false => Severity::Low,
        };
        findings.add(hit(file, counts.first_hyphen, severity, "soft-hyphens", "soft hyphens split words"));
    }
}

fn is_unseen(c: char) -> bool {
    is_tag(c) || is_variation_selector(c) || is_zero_width(c) || is_blank_letter(c) || c == '\u{ad}'
}

/// Judges a run of characters that are drawn as nothing.
fn unseen(run: &str, before: char, is_start: bool) -> Option<(Severity, &'static str, &'static str)> {
    /// The flags of England, Scotland and Wales are a black flag and such tags.
    const MOST_OF_A_FLAG: usize = 6;
    let count = |test: fn(char) -> bool| run.chars().filter(|c| test(*c)).count();
    let tags = count(is_tag);
    let selectors = count(is_variation_selector);
    let blank = count(is_blank_letter);
    let zero = count(is_zero_width);
    let is_flag = before == '\u{1f3f4}' && tags <= MOST_OF_A_FLAG && run.ends_with('\u{e007f}');
    if (1..3).contains(&tags) && !is_flag {
        return Some((Severity::Low, "tags", "a tag character is drawn as nothing"));
    }
    if tags > 0 && !is_flag {
        return Some((
            Severity::High,
            "tags",
            "text is written in tag characters, which are drawn as nothing",
        ));
    }
    // One selector typed again and again carries no data.
    let is_same = run.chars().all(|c| run.starts_with(c)) && selectors < 16;
    if is_same && selectors > 0 {
        return None;
    }
    if selectors >= 3 || run.chars().filter(|c| *c >= '\u{e0100}' && is_variation_selector(*c)).count() >= 2 {
        return Some((
            Severity::High,
            "variation-selectors",
            "data is written in variation selectors, which are drawn as nothing",
        ));
    }
    let is_natural = is_of_joining_script(before) || is_pictograph(before);
    let all = zero + blank;
    match all {
        6.. => Some((Severity::High, "zero-width", "a run of characters is drawn as nothing")),
        3..=5 if !is_natural && !is_start => {
            Some((Severity::Medium, "zero-width", "a run of characters is drawn as nothing"))
        }
        _ => None,
    }
}

/// Looks for escapes that a terminal acts on.
fn controls(file: &ScannedFile, text: &str, findings: &mut Findings) {
    let is_prompt = file.role == Role::Prompt;
    let raw = text.find("\u{1b}[").or_else(|| text.find("\u{1b}]"));
    if let Some(at) = raw.filter(|_| !file.language.is_code()) {
        let severity = if is_prompt { Severity::High } else { Severity::Low };
        findings.add(hit(
            file,
            at,
            severity,
            "terminal-escape",
            "escapes that a terminal acts on are in the text",
        ));
    }
    let conceals = ["\\u001b[8m", "\\x1b[8m", "\\033[8m", "\u{1b}[8m"];
    if let Some(at) = conceals.iter().find_map(|escape| text.find(escape)) {
        let severity = if is_prompt { Severity::High } else { Severity::Low };
        findings.add(hit(file, at, severity, "terminal-conceal", "an escape makes a terminal hide text"));
    } else if is_prompt
        && file.language == Language::Json
        && let Some(at) = text.find("\\u001b[")
    {
        let what = "escapes that a terminal acts on are in the text";
        findings.add(hit(file, at, Severity::Medium, "terminal-escape", what));
    }
    if let Some(at) = text.find("\u{8}\u{8}\u{8}").filter(|_| !file.language.is_code()) {
        findings.add(hit(file, at, Severity::Medium, "backspaces", "backspaces rub out text before them"));
    }
}

/// Fewest spaces that push text out of view.
const FAR: usize = 200;

/// Most spaces that a line of nested code is indented more than the one before.
const STEP: usize = 40;

/// Fewest empty lines that do.
const DEEP: usize = 60;

/// Looks for text that is out of view: far to the right, or far below.
fn pushed_away(file: &ScannedFile, text: &str, findings: &mut Findings) {
    let is_prompt = file.role == Role::Prompt;
    let is_code = file.language.is_code();
    let (mut at, mut empty, mut indent) = (0, 0, 0);
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        if empty >= DEEP && bare.len() >= 8 && (is_prompt || is_code) {
            let severity = if tone(bare) == Tone::Subverts { Severity::High } else { Severity::Medium };
            findings.add(
                hit(file, at, severity, "far-below", "text stands below dozens of empty lines").excerpt(bare),
            );
        }
        empty = if bare.is_empty() { empty + 1 } else { 0 };
        if line.len() > FAR
            && !bare.starts_with(['|', '+'])
            && let Some(offset) = far(line)
            // Deeply nested code comes there step by step.
            && !(line[..offset].trim().is_empty() && offset < indent + STEP)
        {
            let rest = line[offset..].trim();
            if let Some(severity) = far_right(file, rest) {
                let what = "text stands behind hundreds of spaces";
                findings.add(hit(file, at + offset, severity, "far-right", what).excerpt(rest));
            }
        }
        if !bare.is_empty() {
            indent = line.len() - line.trim_start().len();
        }
        at += line.len();
    }
}

/// Judges text behind very many spaces; data may be laid out so.
fn far_right(file: &ScannedFile, rest: &str) -> Option<Severity> {
    let is_code = file.language.is_code();
    match tone(rest) {
        Tone::Subverts | Tone::Instructs => Some(Severity::High),
        _ if is_code && rest.contains('(') => Some(Severity::High),
        _ if is_code || file.role == Role::Prompt => Some(Severity::Medium),
        Tone::Plain => None,
    }
}

/// Returns where a line goes on after very many spaces.
fn far(line: &str) -> Option<usize> {
    /// A tab counts as so many.
    const TAB: usize = 4;
    let mut width = 0;
    for (at, c) in line.char_indices() {
        match c {
            '\t' => width += TAB,
            '\n' | '\r' => return None,
            c if c.is_whitespace() => width += 1,
            _ if width >= FAR => return (line[at..].trim().len() >= 8).then_some(at),
            _ => width = 0,
        }
    }
    None
}

/// Judges what stands in comments of HTML and in link definitions used as comments.
fn comments(file: &ScannedFile, text: &str, findings: &mut Findings) {
    let shown = if file.language == Language::Markdown { code(text) } else { Vec::new() };
    let mut at = 0;
    while let Some(start) = text[at..].find("<!--").map(|start| at + start) {
        let next = shown.partition_point(|range| range.end <= start);
        if let Some(range) = shown.get(next).filter(|range| range.start <= start) {
            at = range.end;
            continue;
        }
        let body = start + "<!--".len();
        let end = text[body..].find("-->").map_or(text.len(), |end| body + end);
        judge_hidden(file, start, &text[body..end], "comment", findings);
        at = end;
    }
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        if bare.starts_with("[//]:") || bare.to_ascii_lowercase().starts_with("[comment]:") {
            judge_hidden(file, at, bare, "link-comment", findings);
        }
        at += line.len();
    }
}

/// Returns the parts of Markdown that are drawn as they stand: fenced blocks and code in a line.
fn code(text: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let (mut fence, mut at) = (None, 0);
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| bare.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some((mark, at)),
            (Some((open, start)), Some(mark)) if open == mark => {
                parts.push(start..at + line.len());
                fence = None;
            }
            (None, None) => in_line(line, at, &mut parts),
            _ => {}
        }
        at += line.len();
    }
    parts
}

/// Adds what stands between backticks in a line.
fn in_line(line: &str, at: usize, parts: &mut Vec<Range<usize>>) {
    let mut open = None;
    for (offset, _) in line.match_indices('`') {
        match open.take() {
            Some(start) => parts.push(at + start..at + offset + 1),
            None => open = Some(offset),
        }
    }
}

fn judge_hidden(file: &ScannedFile, at: usize, body: &str, id: &'static str, findings: &mut Findings) {
    let is_prompt = file.role == Role::Prompt;
    let (severity, what) = match tone(body) {
        Tone::Subverts => {
            (Severity::High, "a comment that nobody sees tells a model to act against its user")
        }
        Tone::Instructs if is_prompt => {
            (Severity::Medium, "a comment that nobody sees tells a model what to do")
        }
        _ => return,
    };
    findings.add(hit(file, at, severity, id, what).excerpt(body));
}
