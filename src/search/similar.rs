//! Near-duplicates: packages that say of themselves what another says.
//!
//! Candidates are ranked by the rare words that two texts share (BM25 of name and
//! description, as tantivy's more-like-this ranks them), then verified by the
//! overlap of shingles and by the distance of the names. It reads the outline of
//! a registry and needs no index, so that a gate with nothing at hand answers too.

use super::text::{each_word, fold};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Candidates that are verified.
const CANDIDATES: usize = 30;

/// Words of a shingle.
const SHINGLE: usize = 2;

/// Share of the shorter text's shingles that both have, from which two texts say the same.
const SAME_TEXT: f64 = 0.5;

/// Share of the words' weight that both have, from which names alike are enough.
const SAME_SUBJECT: f64 = 0.6;

/// What is compared of a package.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// The id.
    pub id: &'a str,
    /// The display name.
    pub name: &'a str,
    /// Tagline, description and keywords.
    pub summary: &'a str,
}

/// A package that says much the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Similar {
    /// Position among the known texts.
    pub index: usize,
    /// Share of the shorter text's pairs of words that both have, from 0 to 1.
    pub overlap: f64,
    /// Share of the weight of the words that both have, from 0 to 1.
    pub subject: f64,
    /// Edits between the names.
    pub name_distance: usize,
    /// The rarest words that both have, at most six.
    pub shared: Vec<String>,
}

/// Returns the known texts that say much the same as a proposed one, the nearest first.
pub fn similar(proposed: Text<'_>, known: &[Text<'_>]) -> Vec<Similar> {
    let own = words(proposed);
    let own_set: BTreeSet<&str> = own.iter().map(String::as_str).collect();
    if own_set.is_empty() {
        return Vec::new();
    }
    let mut frequency: HashMap<&str, u32> = own_set.iter().map(|word| (*word, 0)).collect();
    let mut hits: Vec<(usize, BTreeSet<&str>)> = Vec::new();
    for (index, text) in known.iter().enumerate().filter(|(_, text)| text.id != proposed.id) {
        let all = words(*text);
        let shared: BTreeSet<&str> =
            all.iter().filter_map(|word| own_set.get(word.as_str()).copied()).collect();
        for word in &shared {
            *frequency.entry(word).or_default() += 1;
        }
        if !shared.is_empty() {
            hits.push((index, shared));
        }
    }
    let weight = |word: &str| weight(known.len(), frequency.get(word).copied().unwrap_or(0));
    let total: f64 = own_set.iter().map(|word| weight(word)).sum();
    let mut ranked: Vec<(f64, usize, BTreeSet<&str>)> = hits
        .into_iter()
        .map(|(index, shared)| (shared.iter().map(|word| weight(word)).sum(), index, shared))
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut found: Vec<Similar> = ranked
        .into_iter()
        .take(CANDIDATES)
        .filter_map(|(score, index, shared)| {
            let text = known.get(index)?;
            let overlap = overlap(&own, &words(*text));
            let subject = score / total;
            let name_distance = distance(proposed.name, text.name);
            let is_named_alike =
                name_distance <= proposed.name.chars().count().max(text.name.chars().count()) / 3;
            let is_near = overlap >= SAME_TEXT || (subject >= SAME_SUBJECT && is_named_alike);
            is_near.then(|| Similar {
                index,
                overlap,
                subject,
                name_distance,
                shared: rarest(shared, &weight),
            })
        })
        .collect();
    found.sort_by(|a, b| {
        (b.overlap + b.subject).total_cmp(&(a.overlap + a.subject)).then(a.index.cmp(&b.index))
    });
    found
}

/// The weight of a word by the number of texts that have it: BM25's inverse document frequency.
fn weight(texts: usize, with_word: u32) -> f64 {
    let (texts, with_word) = (texts as f64, f64::from(with_word));
    (1.0 + (texts - with_word + 0.5) / (with_word + 0.5)).ln()
}

/// Cuts a text into words as the search index does; the shortest say nothing.
fn words(text: Text<'_>) -> Vec<String> {
    let mut words = Vec::new();
    each_word(&fold(&format!("{} {}", text.name, text.summary)), |word| {
        if word.chars().count() > 2 {
            words.push(word.to_owned());
        }
    });
    words
}

fn overlap(one: &[String], other: &[String]) -> f64 {
    let shingles = |words: &[String]| -> BTreeSet<String> {
        words.windows(SHINGLE).map(|pair| pair.join(" ")).collect()
    };
    let (one, other) = (shingles(one), shingles(other));
    let least = one.len().min(other.len());
    // Texts of a few words overlap by chance.
    if least < 4 {
        return 0.0;
    }
    one.intersection(&other).count() as f64 / least as f64
}

fn distance(one: &str, other: &str) -> usize {
    let short = |text: &str| -> String { text.to_lowercase().chars().take(128).collect() };
    strsim::damerau_levenshtein(&short(one), &short(other))
}

fn rarest(shared: BTreeSet<&str>, weight: &dyn Fn(&str) -> f64) -> Vec<String> {
    let mut words: BTreeMap<(std::cmp::Reverse<u64>, &str), ()> = BTreeMap::new();
    for word in shared {
        // Weights are at most a few dozen: a thousandth is finer than any reader sees.
        words.insert((std::cmp::Reverse((weight(word) * 1_000.0) as u64), word), ());
    }
    words.into_keys().take(6).map(|(_, word)| word.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [Text<'_>; 3] = [
        Text {
            id: "a",
            name: "Invoices",
            summary: "Write invoices, send them by letter and see which customers have paid.",
        },
        Text { id: "b", name: "Dusk theme", summary: "A dark theme with warm colours for late hours." },
        Text { id: "c", name: "Payments", summary: "Take card payments and return them." },
    ];

    #[test]
    fn the_same_in_other_words_is_found_and_another_subject_is_not() {
        let copy = Text {
            id: "x",
            name: "Invoicing",
            summary: "Write invoices, send them by letter, and see which of your customers have paid.",
        };
        let found = similar(copy, &KNOWN);
        assert_eq!(found.iter().map(|one| one.index).collect::<Vec<_>>(), [0]);
        assert!(found[0].overlap > 0.6, "{found:?}");
        let other =
            Text { id: "x", name: "Fleet", summary: "Know where your lorries are and what they carry." };
        assert_eq!(similar(other, &KNOWN), []);
    }

    #[test]
    fn nothing_is_like_nothing() {
        assert_eq!(similar(Text { id: "x", name: "", summary: "" }, &KNOWN), []);
        assert_eq!(similar(KNOWN[0], &[]), []);
        assert_eq!(similar(KNOWN[0], &KNOWN), [], "not like itself");
    }
}
