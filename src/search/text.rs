//! How text becomes the words that are searched: one definition for the index,
//! for questions, and, rule by rule, for the module in the browser.
//!
//! The rules are small on purpose, so that Rust and JavaScript agree to the letter;
//! `tests/search/words.json` holds examples that both are tested on.
//!
//! 1. *Fold*: NFKD, lower case, without accents (U+0300 to U+036F, U+3099, U+309A); `ς` is `σ`.
//! 2. *Cut*: runs of letters and digits (Unicode `Alphabetic` or number) are words. Runs of Han,
//!    Hiragana and Katakana are cut into overlapping pairs of characters, for they have no spaces.
//! 3. *Stem*: English plurals, `-ing`, `-ed` and a last `-e` or `-y` are taken off, so that
//!    `cache`, `caches` and `caching` are one word. A stem is always the beginning of its word.

use unicode_normalization::UnicodeNormalization;

/// Most characters of a word; longer runs are no words of a language.
pub const MAX_WORD: usize = 40;

/// Words that say nothing by themselves, sorted; neither indexed nor asked for beside others.
pub const STOP_WORDS: [&str; 26] = [
    "a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "into", "is", "it", "its", "of",
    "on", "or", "that", "the", "this", "to", "use", "with", "you", "your",
];

const VOWELS: [char; 5] = ['a', 'e', 'i', 'o', 'u'];

/// Returns the text folded: equal for spellings that people take for the same.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkd()
        .flat_map(char::to_lowercase)
        .filter(|c| !matches!(c, '\u{300}'..='\u{36f}' | '\u{3099}' | '\u{309a}'))
        .map(|c| if c == 'ς' { 'σ' } else { c })
        .collect()
}

/// Returns the key under which names are equal: folded, letters and digits alone.
pub fn key(text: &str) -> String {
    let mut folded = fold(text);
    folded.retain(char::is_alphanumeric);
    folded
}

/// Returns the folded words of a text, not yet stemmed, in order.
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    each_word(&fold(text), |word| words.push(word.to_owned()));
    words
}

/// Calls back for each word of a folded text, in order.
pub(super) fn each_word<'a>(folded: &'a str, mut found: impl FnMut(&'a str)) {
    for run in folded.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty()) {
        if run.is_ascii() {
            if run.len() <= MAX_WORD {
                found(run);
            }
            continue;
        }
        each_of_run(run, &mut found);
    }
}

/// Cuts a run of letters and digits where its script changes to one without spaces and back.
fn each_of_run<'a>(run: &'a str, found: &mut impl FnMut(&'a str)) {
    let mut start = 0;
    while let Some(first) = run[start..].chars().next() {
        let is_dense = has_no_spaces(first);
        let end = run[start..]
            .char_indices()
            .find(|(_, c)| has_no_spaces(*c) != is_dense)
            .map_or(run.len(), |(offset, _)| start + offset);
        let part = &run[start..end];
        if is_dense {
            each_pair(part, found);
        } else if part.chars().count() <= MAX_WORD {
            found(part);
        }
        start = end;
    }
}

fn each_pair<'a>(part: &'a str, found: &mut impl FnMut(&'a str)) {
    let starts: Vec<usize> = part.char_indices().map(|(at, _)| at).chain([part.len()]).collect();
    if starts.len() == 2 {
        found(part);
    }
    for window in starts.windows(3) {
        found(&part[window[0]..window[2]]);
    }
}

/// Whether a character is of a script that is written without spaces and cut into pairs.
fn has_no_spaces(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2fa1f}')
}

/// Whether a folded word says nothing by itself.
pub fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.binary_search(&word).is_ok()
}

/// Returns the stem of a folded word. Only words of ASCII letters change.
pub fn stem(word: &str) -> &str {
    if word.len() < 4 || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return word;
    }
    let singular = singular(word);
    if singular.len() >= 6 {
        for suffix in ["ing", "ed"] {
            if let Some(rest) = singular.strip_suffix(suffix).filter(|rest| is_stem(rest, singular)) {
                return without_doubling(rest);
            }
        }
    }
    if singular.len() >= 5 { without_e(singular) } else { singular }
}

/// Takes a plural ending off, and the `-y` that `-ies` stands for.
fn singular(word: &str) -> &str {
    let is_consonant = |rest: &&str| rest.len() >= 2 && !rest.ends_with(VOWELS);
    if let Some(rest) = word.strip_suffix("ies").or(word.strip_suffix('y')).filter(is_consonant) {
        return rest;
    }
    let is_sibilant = ["ches", "shes", "sses", "xes", "zes"].iter().any(|end| word.ends_with(end));
    if is_sibilant {
        &word[..word.len() - 2]
    } else if word.ends_with('s') && !["ss", "us", "is"].iter().any(|end| word.ends_with(end)) {
        &word[..word.len() - 1]
    } else {
        word
    }
}

fn is_stem(rest: &str, word: &str) -> bool {
    rest.len() >= 4 && rest.contains(['a', 'e', 'i', 'o', 'u', 'y']) && !word.ends_with("eed")
}

fn without_doubling(rest: &str) -> &str {
    let bytes = rest.as_bytes();
    match (bytes.last(), bytes.len().checked_sub(2).and_then(|at| bytes.get(at))) {
        (Some(last), Some(before)) if last == before && !b"lsz".contains(last) => &rest[..rest.len() - 1],
        _ => without_e(rest),
    }
}

/// Takes a last `e` after a consonant off.
fn without_e(word: &str) -> &str {
    match word.strip_suffix('e') {
        Some(rest) if !rest.ends_with(VOWELS) => rest,
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `tests/search/words.json` says of one text.
    #[derive(serde::Deserialize)]
    struct Example {
        text: String,
        key: String,
        words: Vec<String>,
        stems: Vec<String>,
    }

    #[test]
    fn text_becomes_the_words_that_the_browser_makes_of_it() {
        let examples: Vec<Example> =
            serde_json::from_str(include_str!("../../tests/search/words.json")).unwrap();
        assert!(examples.len() > 40);
        for example in examples {
            assert_eq!(key(&example.text), example.key, "{}", example.text);
            let found = words(&example.text);
            assert_eq!(found, example.words, "{}", example.text);
            assert_eq!(found.iter().map(|word| stem(word)).collect::<Vec<_>>(), example.stems);
        }
    }

    #[test]
    fn stop_words_are_sorted() {
        assert!(STOP_WORDS.is_sorted());
    }
}
