//! A question, taken apart: words, phrases, words not wanted, and filters.
//!
//! ```text
//! invoice reminder kind:plugin publisher:hotcrm license:MIT -tax "past due"
//! ```

use super::fields::FACETS;
use super::text;
use std::collections::BTreeMap;

/// Most words of a question that count; the rest is ignored.
const MAX_WORDS: usize = 16;

/// Most bytes of a question that are read.
const MAX_TEXT: usize = 1_000;

/// Values that a result must have one of, by facet; `publisher` is one more.
pub type Filters = BTreeMap<String, Vec<String>>;

/// Name of the filter on publishers, which are too many to be a facet.
pub(super) const PUBLISHER: &str = "publisher";

/// A question.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Question {
    /// The key of all words together: what a name is compared with; of a whole id, its last label's.
    pub(super) key: String,
    /// The whole question, where it is an id.
    pub(super) id: Option<String>,
    /// The same without a version at the end, where there is one.
    pub(super) unversioned: Option<String>,
    /// Folded words, each once, without those that say nothing.
    pub(super) words: Vec<String>,
    /// Quoted phrases, as stems; their words are among `words`, too.
    pub(super) phrases: Vec<Vec<String>>,
    /// Stems that a result must not have.
    pub(super) without: Vec<String>,
    /// What the question itself asks for.
    pub(super) filters: Filters,
    /// Whether anything was asked for that is not a filter.
    pub(super) has_words: bool,
}

impl Question {
    /// Takes a question apart. Anything is a question.
    pub(super) fn parse(asked: &str) -> Self {
        let asked = spread(super::document::cut(asked, MAX_TEXT));
        let mut question = Self::default();
        let mut plain = String::new();
        for part in parts(&asked) {
            match part {
                Part::Quoted(phrase) => {
                    let stems: Vec<String> =
                        text::words(phrase).iter().map(|word| text::stem(word).to_owned()).collect();
                    if stems.len() > 1 {
                        question.phrases.push(stems);
                    }
                    plain.push_str(phrase);
                    plain.push(' ');
                }
                Part::Bare(word) => question.add(word, &mut plain),
            }
        }
        let plain = plain.trim();
        let labels = id_labels(plain);
        question.id = labels.as_ref().map(|_| plain.to_lowercase());
        question.key = text::key(labels.as_ref().and_then(|labels| labels.last()).unwrap_or(&plain));
        question.unversioned = unversioned(plain);
        question.has_words = !plain.is_empty();
        let told = labels.map_or_else(|| plain.to_owned(), |labels| labels[1..].join(" "));
        question.words = significant(text::words(&told));
        question
    }

    fn add(&mut self, word: &str, plain: &mut String) {
        if let Some(unwanted) = word.strip_prefix('-').filter(|rest| !rest.is_empty()) {
            self.without.extend(text::words(unwanted).iter().map(|word| text::stem(word).to_owned()));
            return;
        }
        if let Some((name, value)) = word.split_once(':') {
            let is_filter = name == PUBLISHER || FACETS.contains(&name);
            if is_filter && !value.is_empty() {
                self.filters.entry(name.to_owned()).or_default().push(value.to_lowercase());
                return;
            }
        }
        plain.push_str(word);
        plain.push(' ');
    }
}

/// Writes a quoted phrase with a minus before it as words with one each: what has one is not wanted.
fn spread(asked: &str) -> String {
    let mut told = String::with_capacity(asked.len());
    let mut from = 0;
    for (at, _) in asked.match_indices("-\"") {
        let is_inside = asked[..at].chars().next_back().is_some_and(|before| !before.is_whitespace());
        if at < from || is_inside {
            continue;
        }
        let rest = &asked[at + 2..];
        let phrase = rest.split('"').next().unwrap_or_default();
        told.push_str(&asked[from..at]);
        told.extend(phrase.split_whitespace().map(|word| format!("-{word} ")));
        from = (at + 2 + phrase.len() + 1).min(asked.len());
    }
    told.push_str(&asked[from..]);
    told
}

enum Part<'a> {
    Bare(&'a str),
    Quoted(&'a str),
}

/// Splits at spaces, but not between quotes; a quote that is never closed counts to the end.
fn parts(asked: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    for (at, piece) in asked.split('"').enumerate() {
        if at % 2 == 1 {
            parts.push(Part::Quoted(piece));
        } else {
            parts.extend(piece.split_whitespace().map(Part::Bare));
        }
    }
    parts
}

/// Leaves out words that say nothing, unless all are such, and repetitions.
fn significant(words: Vec<String>) -> Vec<String> {
    let all_stop = words.iter().all(|word| text::is_stop_word(word));
    let mut kept: Vec<String> = Vec::new();
    for word in words {
        if (all_stop || !text::is_stop_word(&word)) && !kept.contains(&word) && kept.len() < MAX_WORDS {
            kept.push(word);
        }
    }
    kept
}

/// Returns the labels of a question that is an id: at least three, of letters, digits and hyphens.
fn id_labels(plain: &str) -> Option<Vec<&str>> {
    let labels: Vec<&str> = plain.split('.').collect();
    let is_label = |label: &&str| {
        label.starts_with(|c: char| c.is_ascii_alphabetic())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    (labels.len() > 2 && labels.iter().all(is_label)).then_some(labels)
}

/// Returns the key without a version at its end: `nodejs` for `nodejs_24` and `nodejs 24.1`.
fn unversioned(plain: &str) -> Option<String> {
    let folded = text::fold(plain);
    let head =
        folded.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '_' | '-' | '@' | ' '));
    let head = match head.strip_suffix('v') {
        Some(rest) if !rest.ends_with(|c: char| c.is_ascii_alphanumeric()) => rest,
        _ => head,
    };
    let has_version = folded.ends_with(|c: char| c.is_ascii_digit());
    Some(text::key(head)).filter(|key| has_version && key.chars().count() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_words_phrases_filters_and_what_is_not_wanted() {
        let question = Question::parse(
            "Invoice  reminders kind:plugin kind:App license:MIT -tax \"past due\" it's http://x",
        );
        assert_eq!(question.words, ["invoice", "reminders", "past", "due", "s", "http", "x"]);
        assert_eq!(question.phrases, [["past", "due"]]);
        assert_eq!(question.without, ["tax"]);
        let other = Question::parse("crm -\"real estate\" a-\"b c\" -\"open");
        assert_eq!(other.without, ["real", "estat", "open"]);
        assert_eq!(question.filters["kind"], ["plugin", "app"]);
        assert_eq!(question.filters["license"], ["mit"]);
        assert_eq!(Question::parse("the who").words, ["who"]);
        assert_eq!(Question::parse("which is it").words, ["which"]);
        assert_eq!(Question::parse("it is").words, ["it", "is"]);
        assert_eq!(Question::parse("Real-Estate 2.0").key, "realestate20");
        let id = Question::parse(" com.HotCRM.real-estate");
        assert_eq!((id.key.as_str(), id.id.as_deref()), ("realestate", Some("com.hotcrm.real-estate")));
        assert_eq!(id.words, ["hotcrm", "real", "estate"]);
        assert_eq!(Question::parse("node.js").id, None);
        assert_eq!(Question::parse("- : \" kind:").words, ["kind"]);
    }

    #[test]
    fn a_version_at_the_end_is_told_from_a_name() {
        for (asked, expected) in [
            ("nodejs_24", Some("nodejs")),
            ("nodejs 24.1", Some("nodejs")),
            ("crm v2", Some("crm")),
            ("crm@1.0.0", Some("crm")),
            ("7zip", None),
            ("2048", None),
            ("s3", None),
            ("crm", None),
        ] {
            assert_eq!(Question::parse(asked).unversioned.as_deref(), expected, "{asked}");
        }
    }
}
