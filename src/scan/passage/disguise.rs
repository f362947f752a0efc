//! Undoes what hides words from a search but not from a model: invisible and
//! look-alike characters, spaced letters, digits for letters, encodings.

use super::super::text::{unlike, visible};
use super::Kind;
use data_encoding::{BASE64, BASE64_NOPAD, HEXLOWER_PERMISSIVE};
use unicode_normalization::UnicodeNormalization;

/// Shortest run of an encoding that is decoded.
const SHORTEST_CODE: usize = 32;
/// Fewest letters in a row with gaps between that are joined.
const FEWEST_SPACED: usize = 5;
/// Words that are looked for behind digits.
const LEET_WORDS: &[&str] = &[
    "ignore",
    "disregard",
    "forget",
    "override",
    "bypass",
    "previous",
    "prior",
    "above",
    "instructions",
    "instruction",
    "rules",
    "system",
    "prompt",
    "secret",
    "secrets",
    "password",
    "passwords",
    "token",
    "tokens",
    "reveal",
    "send",
    "silently",
    "user",
    "developer",
    "mode",
    "credentials",
    "execute",
    "delete",
];

/// Returns a piece in lower case, white space collapsed, disguises undone.
pub(super) fn normalise(piece: &str) -> String {
    let plain = if piece.is_ascii() { piece.to_ascii_lowercase() } else { unfold(piece) };
    let plain = collapse(&plain);
    let plain = if has_spaced(&plain) { join_spaced(&plain) } else { collapse_words(&plain) };
    unleet(plain)
}

/// Folds compatibility forms; letters of other alphabets become the Latin ones
/// they look like in a Latin text or word, and stay themselves elsewhere.
fn unfold(piece: &str) -> String {
    let text: String = piece.chars().filter_map(visible).nfkc().collect();
    let latin = text.chars().filter(char::is_ascii_alphabetic).count();
    let other = text.chars().filter(|c| matches!(c, '\u{370}'..='\u{52f}')).count();
    let fold = |word: &str, out: &mut String| {
        let is_latin = latin >= 3 * other || word.contains(|c: char| c.is_ascii_alphabetic());
        out.extend(word.chars().map(|c| if is_latin || !c.is_alphabetic() { unlike(c) } else { c }));
    };
    let mut out = String::with_capacity(text.len());
    text.split_inclusive(|c: char| !c.is_alphabetic()).for_each(|word| fold(word, &mut out));
    out.to_lowercase()
}

/// Drops emphasis, turns code spans of several words into quotes, keeps double
/// spaces as one form feed, since they part words of spaced letters.
fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut spaces = 0;
    for c in text.trim().chars() {
        if c.is_whitespace() {
            spaces += 1;
            continue;
        }
        if spaces > 0 {
            out.push(if spaces > 1 { '\u{c}' } else { ' ' });
            spaces = 0;
        }
        if c != '*' {
            out.push(c);
        }
    }
    if out.contains('`') { spans(&out) } else { out }
}

fn spans(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, part) in text.split('`').enumerate() {
        let is_quote = at % 2 == 1 && part.bytes().filter(|byte| matches!(byte, b' ' | 0xc)).count() >= 2;
        if is_quote {
            out.extend(['"']);
            out.push_str(part);
            out.extend(['"']);
        } else {
            out.push_str(part);
        }
    }
    out
}

fn collapse_words(text: &str) -> String {
    text.replace('\u{c}', " ")
}

fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '.' | '-' | '_' | '\u{b7}')
}

/// Returns how many characters from `at` are single letters with one gap between.
fn spaced_run(chars: &[char], at: usize) -> usize {
    let Some(gap) = chars.get(at + 1).copied().filter(|c| is_gap(*c)) else { return 0 };
    let mut end = at;
    while chars.get(end).is_some_and(|c| c.is_alphabetic()) && chars.get(end + 1) == Some(&gap) {
        end += 2;
    }
    let is_last = chars.get(end).is_some_and(|c| c.is_alphabetic())
        && !chars.get(end + 1).is_some_and(|c| c.is_alphanumeric());
    (end - at) / 2 + usize::from(is_last)
}

fn has_spaced(text: &str) -> bool {
    let mut run = 0;
    let mut was_gap = true;
    for c in text.chars() {
        let is_letter = c.is_alphabetic();
        run = match (is_letter, was_gap) {
            (true, true) => run + 1,
            (true, false) => 0,
            (false, _) if is_gap(c) || c == '\u{c}' => run,
            _ => 0,
        };
        if run >= FEWEST_SPACED {
            return true;
        }
        was_gap = !is_letter;
    }
    false
}

fn join_spaced(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let is_start = at == 0 || !chars[at - 1].is_alphanumeric();
        let count = if is_start && chars[at].is_alphabetic() { spaced_run(&chars, at) } else { 0 };
        if count >= FEWEST_SPACED {
            out.extend(chars[at..].iter().step_by(2).take(count));
            at += 2 * count - 1;
        } else {
            out.push(if chars[at] == '\u{c}' { ' ' } else { chars[at] });
            at += 1;
        }
    }
    out
}

/// Reads digits as letters in the words that injected orders are made of.
fn unleet(text: String) -> String {
    let is_digit = |c: char| matches!(c, '0' | '1' | '3' | '4' | '5' | '7' | '@' | '$');
    if !text.contains(is_digit) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(' ') {
        let word = piece.trim_end_matches([' ', '.', ',', ':', '!', ';']);
        let plain =
            if (4..=14).contains(&word.len()) && word.contains(is_digit) { plain_word(word) } else { None };
        out.push_str(plain.unwrap_or(word));
        out.push_str(&piece[word.len()..]);
    }
    out
}

fn plain_word(word: &str) -> Option<&'static str> {
    let read = |one: char| -> String {
        let letter = |c: char| match c {
            '0' => 'o',
            '1' => one,
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            other => other,
        };
        word.chars().map(letter).collect()
    };
    let (i, l) = (read('i'), read('l'));
    LEET_WORDS.iter().copied().find(|known| *known == i || *known == l)
}

/// Finds texts that stand in a piece in another form.
pub(super) fn decode(piece: &str, found: &mut dyn FnMut(Kind, String)) {
    if piece.len() >= SHORTEST_CODE {
        let is_code = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
        for run in piece.split(|c: char| !is_code(c)).filter(|run| run.len() >= SHORTEST_CODE) {
            if let Some(text) = decoded(run) {
                found(Kind::Decoded, text);
            }
        }
    }
    if piece.is_ascii() {
        return;
    }
    let tags: String =
        piece.chars().filter(|c| matches!(c, '\u{e0020}'..='\u{e007e}')).filter_map(visible).collect();
    if !tags.is_empty() {
        found(Kind::Hidden, tags);
    }
    let bits: Vec<bool> =
        piece.chars().filter(|c| matches!(c, '\u{200b}' | '\u{200c}')).map(|c| c == '\u{200c}').collect();
    for one in [true, false] {
        let byte = |bits: &[bool]| bits.iter().fold(0u8, |byte, bit| byte << 1 | u8::from(*bit == one));
        let bytes: Vec<u8> = bits.chunks_exact(8).map(byte).collect();
        if let Some(text) = readable(&bytes) {
            found(Kind::Hidden, text);
        }
    }
}

fn decoded(run: &str) -> Option<String> {
    if let Some(text) = HEXLOWER_PERMISSIVE.decode(run.as_bytes()).ok().and_then(|bytes| readable(&bytes)) {
        return Some(text);
    }
    let bare = run.trim_end_matches('=');
    let whole = &bare[..bare.len() - usize::from(bare.len() % 4 == 1)];
    let bytes = BASE64.decode(run.as_bytes()).or_else(|_| BASE64_NOPAD.decode(whole.as_bytes())).ok()?;
    readable(&bytes)
}

/// Returns bytes that are words of a text.
fn readable(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let is_text = text.len() >= 8
        && text.contains(' ')
        && text.chars().all(|c| !c.is_control() || c.is_whitespace())
        && text.chars().filter(|c| c.is_alphabetic() || *c == ' ').count() * 10 >= text.chars().count() * 7;
    is_text.then(|| text.to_owned())
}
