//! Check `trojan-source`.

use super::{Check, Findings, Subject};
use crate::model::{Confidence, Severity};
use crate::scan::context::tests_begin;
use crate::scan::instructions::{Tone, tone_as_read};
use crate::scan::unicode::{
    is_balanced, is_blank_letter, is_direction, is_look_alike, is_override, is_right_to_left, is_zero_width,
};
use crate::scan::{Hit, Role, ScannedFile};
use std::collections::BTreeSet;

pub(super) static CHECK: Check = Check {
    id: "trojan-source",
    summary: "Characters make code or text look different from what a machine reads.",
    docs: "\
Some characters are drawn in another order than they are stored, some are drawn as nothing, and some are drawn like a
letter they are not. Reviewers see harmless code, the compiler or the model reads something else
(CVE-2021-42574, CVE-2021-42694).

* **high**: characters that force or embed a direction of writing in code or settings, or that are left open in text
  for a model; an identifier that mixes Latin letters with letters of another script drawn the same; an
  invisible character inside a word of code; several disguised words in text for a model, one in a sentence against its user;
* **medium**: directions properly closed in a line of code that holds Arabic or Hebrew letters, a disguised word in
  text, a direction left open in a document, an identifier made of look-alikes alone;
* **low**: a direction left open in a line of Arabic or Hebrew text.

Closed directions in Arabic or Hebrew prose, Greek letters as in `Δt`, and character classes such as `[a-zа-я]` are fine.

```text
high: trojan-source: src/auth.py:12: the identifier `is_аdmin` mixes scripts: `а` is U+0430
```

Write the characters as escapes (`\\u202e`) where a program needs them, and rename identifiers to one script.
",
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for file in &subject.files {
        let text = file.str();
        if text.is_ascii() {
            continue;
        }
        subject.count_work(text.len());
        directions(file, text, findings);
        words(file, text, findings);
    }
}

/// Whether a machine reads the file.
fn is_machine_read(file: &ScannedFile) -> bool {
    file.role == Role::Code || file.language.is_code() || file.role == Role::Data
}

/// Reports characters that change the direction of writing.
fn directions(file: &ScannedFile, text: &str, findings: &mut Findings) {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let first = line.char_indices().find(|(_, c)| is_direction(*c));
        if let Some((offset, first)) = first
            && let Some((severity, what)) = direction(file, line)
        {
            let hit = Hit::in_file(file, Some(at + offset), severity, Confidence::Likely, what);
            let hit = hit.pattern(format!("u-{:x}", u32::from(first))).excerpt(line);
            findings.add(
                hit.help("write such characters as escapes where a program needs them, else take them out"),
            );
        }
        at += line.len();
    }
}

fn direction(file: &ScannedFile, line: &str) -> Option<(Severity, &'static str)> {
    let is_closed = is_balanced(line);
    let is_natural = line.chars().filter(|c| is_right_to_left(*c)).count() >= 2;
    let has_override = line.chars().any(is_override);
    Some(match (is_machine_read(file), is_natural, is_closed) {
        (true, true, true) if !has_override => {
            (Severity::Medium, "characters in code change the direction of writing")
        }
        (true, ..) if !file.language.is_code() && tests_begin(file) == 0 => {
            (Severity::Medium, "characters in settings change the order in which they are read")
        }
        (true, ..) => (Severity::High, "characters in code change the order in which it is read"),
        (false, true, true) => return None,
        (false, true, false) => (Severity::Low, "a change of the direction of writing is left open"),
        (false, false, true) if !has_override => return None,
        (false, false, _) if file.role == Role::Prompt => {
            (Severity::High, "characters in text for a model change the order in which it is read")
        }
        (false, false, _) => (Severity::Medium, "characters change the order in which the text is read"),
    })
}

/// Reports words that are not what they look like.
fn words(file: &ScannedFile, text: &str, findings: &mut Findings) {
    let is_code = file.language.is_code();
    let mut disguised = BTreeSet::new();
    let mut styled = 0;
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || is_hidden(c);
    for (at, word) in pieces(text, is_part) {
        if word.is_ascii() {
            continue;
        }
        let hit = |severity, what: String| {
            Hit::in_file(file, Some(at), severity, Confidence::Likely, what).excerpt(word)
        };
        if is_code && hides(word) && !(is_quoted(text, at, word) && word.chars().count() == 1) {
            let what = "a word of code holds a character that nobody sees".to_owned();
            findings.add(hit(Severity::High, what).pattern("invisible-in-identifier"));
            continue;
        }
        match disguise(word) {
            Some(Disguise::Mixed(c)) if is_code || file.role == Role::Data => {
                let code = u32::from(c);
                let what = format!("the word `{}` mixes scripts: `{c}` is U+{code:04X}", shown(word));
                let severity = if is_code { Severity::High } else { Severity::Medium };
                findings.add(hit(severity, what).pattern("mixed-identifier"));
            }
            Some(Disguise::Mixed(c)) => {
                disguised.insert(word);
                let is_many = file.role == Role::Prompt && disguised.len() >= 3;
                let is_against = disguised.len() <= MOST_LINES_READ && is_against(file, at);
                let severity = if is_many || is_against { Severity::High } else { Severity::Medium };
                let code = u32::from(c);
                let what = format!("the word `{}` mixes scripts: `{c}` is U+{code:04X}", shown(word));
                findings.add(hit(severity, what).pattern("mixed-word"));
            }
            Some(Disguise::Styled) if !is_code && styled < MOST_LINES_READ => {
                styled += 1;
                if is_against(file, at) {
                    let what = format!("the word `{}` is written with letters of other forms", shown(word));
                    findings.add(hit(Severity::High, what).pattern("styled-word"));
                }
            }
            Some(Disguise::Whole) if is_code && is_lone(text, word) => {
                let what = format!("`{}` is drawn like Latin letters and is none", shown(word));
                findings.add(hit(Severity::Medium, what).pattern("look-alike-identifier"));
            }
            _ => {}
        }
    }
}

/// Most lines with a disguised word of which the tone is told.
const MOST_LINES_READ: usize = 40;

/// Longest line of which the tone is told.
const LONG: usize = 4 << 10;

/// Returns whether the line of a disguised word tells a model to act against its user.
fn is_against(file: &ScannedFile, at: usize) -> bool {
    file.text.as_ref().is_some_and(|text| {
        let line = text.line(text.position(at).0);
        line.len() <= LONG && tone_as_read(line) == Tone::Subverts
    })
}

/// Most characters of a word in a message.
const MOST_SHOWN: usize = 40;

fn shown(word: &str) -> String {
    word.chars().take(MOST_SHOWN).collect()
}

fn is_hidden(c: char) -> bool {
    is_zero_width(c) || is_blank_letter(c) || c == '\u{ad}'
}

/// Returns whether an invisible character stands between ASCII letters, or is a letter drawn as nothing.
fn hides(word: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphabetic() || c == '_';
    if word.chars().any(is_blank_letter) {
        return true;
    }
    // Two letters on either side: packed data holds any pair of characters.
    let (mut before, mut after, mut is_open) = (0, 0, false);
    for c in word.chars() {
        match c {
            '\u{200e}' | '\u{200f}' | '\u{61c}' => {}
            c if is_hidden(c) => {
                is_open |= before >= 2;
                (before, after) = (0, 0);
            }
            c if is_letter(c) => {
                before += 1;
                after += 1;
                if is_open && after >= 2 {
                    return true;
                }
            }
            _ => (before, after, is_open) = (0, 0, false),
        }
    }
    false
}

/// Returns whether a word is all there is between two quotes.
fn is_quoted(text: &str, at: usize, word: &str) -> bool {
    let quotes = ['"', '\'', '`'];
    text[..at].ends_with(quotes) && text[at + word.len()..].starts_with(quotes)
}

enum Disguise {
    /// Latin letters with a letter that only looks Latin.
    Mixed(char),
    /// Latin letters with letters of other forms, such as full width.
    Styled,
    /// Only letters that look Latin.
    Whole,
}

fn disguise(word: &str) -> Option<Disguise> {
    let mut latin = 0;
    let mut other = None;
    let mut letters = 0;
    for c in word.chars().filter(|c| c.is_alphabetic()) {
        letters += 1;
        if c.is_ascii() {
            latin += 1;
        } else if is_look_alike(c) {
            other = other.or(Some(c));
        } else {
            return None;
        }
    }
    match other {
        Some(c) if latin >= 2 && letters >= 4 && !is_styled(c) => Some(Disguise::Mixed(c)),
        Some(_) if latin >= 2 && letters >= 4 => Some(Disguise::Styled),
        Some(c) if latin == 0 && letters >= 3 && !is_styled(c) => Some(Disguise::Whole),
        _ => None,
    }
}

/// Letters of other forms, such as full width: odd, and seen to be.
fn is_styled(c: char) -> bool {
    matches!(c, '\u{ff21}'..='\u{ff5a}' | '\u{1d400}'..='\u{1d6a3}' | '\u{1d00}'..='\u{1d7f}')
}

/// Returns whether no other letter of the text is of that script.
fn is_lone(text: &str, word: &str) -> bool {
    let foreign = |c: &char| c.is_alphabetic() && !c.is_ascii() && u32::from(*c) >= 0x370;
    text.chars().filter(foreign).take(64).all(|c| word.contains(c))
}

/// Returns the longest pieces of a text whose characters pass, with their offsets.
fn pieces(text: &str, is_part: impl Fn(char) -> bool) -> impl Iterator<Item = (usize, &str)> {
    let start = text.as_ptr() as usize;
    text.split(move |c| !is_part(c))
        .filter(|piece| !piece.is_empty())
        .map(move |piece| (piece.as_ptr() as usize - start, piece))
}
