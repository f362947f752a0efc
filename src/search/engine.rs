//! Answers a question from any source of words and names: the steps of the ranking.
//!
//! The tantivy index and the browser's projection are two such sources, so both give the
//! same answer; `site/assets/search/engine.js` takes the same steps in the browser.

use super::Error;
use super::question::Question;
use super::ranking::{KEPT, WEIGHTS, edits, is_common, rarity, worth};
use super::text;
use std::cmp::Reverse;

/// A package under a word or a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit {
    /// The package's number.
    pub(super) number: u32,
    /// Level of the word in it, or standing of the package under a name.
    pub(super) level: u8,
    /// Whether the package comes after everything else.
    pub(super) is_demoted: bool,
}

/// Distinguishes packages that are not demoted, in a group.
const REGULAR: u8 = 32;

impl Hit {
    /// Returns the group of the package: its level, and 32 more unless it is demoted.
    pub(super) fn group(&self) -> u8 {
        self.level | if self.is_demoted { 0 } else { REGULAR }
    }

    /// Returns a hit of a group.
    pub(super) fn in_group(group: u8, number: u32) -> Self {
        Self { number, level: group & (REGULAR - 1), is_demoted: group & REGULAR == 0 }
    }

    /// Returns what lists are sorted by: the best first, then by number.
    pub(super) fn order(&self) -> (Reverse<u8>, u32) {
        (Reverse(self.group()), self.number)
    }
}

/// All packages with a word.
#[derive(Debug, Clone, Default)]
pub(super) struct Postings {
    /// How many they are.
    pub(super) packages: u64,
    pub(super) hits: Vec<Hit>,
}

/// A name with the packages that have it.
#[derive(Debug, Clone)]
pub(super) struct Name {
    /// Edits from what was asked for.
    pub(super) distance: u8,
    pub(super) key: String,
    pub(super) hits: Vec<Hit>,
}

/// A package whose name begins with what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LongerName {
    /// Characters of the name's key.
    pub(super) length: usize,
    pub(super) hit: Hit,
}

/// Leaves the best names of those that begin alike: of short ones and of packages in good standing.
pub(super) fn keep_best(names: &mut Vec<LongerName>) {
    let points = |name: &LongerName| {
        // Names are at most a few hundred characters.
        #[allow(clippy::cast_precision_loss)]
        let points = (1.0 + WEIGHTS.standing * f64::from(name.hit.level)) / name.length as f64;
        if name.hit.is_demoted { points - WEIGHTS.demotion } else { points }
    };
    names.sort_by(|a, b| points(b).total_cmp(&points(a)).then(a.hit.number.cmp(&b.hit.number)));
    names.truncate(WEIGHTS.longer_names);
}

/// Where words and names are looked up.
pub(super) trait Lexicon {
    /// Number of packages.
    fn packages(&self) -> u64;
    /// Returns the packages with this key of a name.
    fn name(&self, key: &str) -> Result<Vec<Hit>, Error>;
    /// Returns the packages with this stem.
    fn word(&self, stem: &str) -> Result<Postings, Error>;
    /// Returns the names that begin with a key and are longer, or the best of them.
    fn names_beginning(&self, key: &str) -> Result<Vec<LongerName>, Error>;
    /// Returns the longer stems that begin with a word and most packages have, at most so many.
    fn words_beginning(&self, word: &str, most: usize) -> Result<Vec<String>, Error>;
    /// Returns the names within so many edits of a key.
    fn names_near(&self, key: &str, edits: u8) -> Result<Vec<Name>, Error>;
    /// Returns the well placed stems within so many edits, the nearest and most frequent first.
    fn words_near(&self, stem: &str, edits: u8, most: usize) -> Result<Vec<String>, Error>;
}

/// Which packages answer, before they are filtered.
#[derive(Debug)]
pub(super) struct Tally {
    /// Points by number, of packages that have a word or a name.
    pub(super) points: Vec<f64>,
    /// Words that a package has, a bit each.
    has: Vec<u32>,
    /// Points for the name.
    named: Vec<f64>,
    is_demoted: Vec<bool>,
    /// Bits of all words.
    every: u32,
    /// Bits of the words that a match has.
    needed: u32,
    /// What was used instead of what was asked, where the spelling was questioned.
    pub(super) near: Option<String>,
    /// Stems that were found, for showing them.
    pub(super) found: Vec<String>,
}

impl Tally {
    /// Whether a package has all the words that are asked for, or the name.
    pub(super) fn is_whole(&self, number: usize) -> bool {
        self.has[number] & self.needed == self.needed
    }

    /// Whether a package has a word or the name.
    pub(super) fn is_hit(&self, number: usize) -> bool {
        self.has[number] != 0
    }

    fn whole(&self) -> u64 {
        self.has.iter().filter(|has| **has & self.needed == self.needed).count() as u64
    }

    fn name(&mut self, hits: &[Hit], points: f64) {
        for hit in hits {
            let Some(named) = self.named.get_mut(hit.number as usize) else { continue };
            // An exact name is as exact in a package of no standing.
            let raised = points * (1.0 + WEIGHTS.standing * f64::from(hit.level));
            *named = named.max(if points >= WEIGHTS.exact { points } else { raised });
            self.has[hit.number as usize] = self.every;
            self.is_demoted[hit.number as usize] |= hit.is_demoted;
        }
    }
}

/// One word of a question with what stands for it.
struct Asked {
    /// What having it counts for coverage.
    base: f64,
    /// Stem, factor, and the most that its rarity counts.
    variants: Vec<(String, f64, f64)>,
    packages: u64,
    /// Whether it is common, and the question has words that are not.
    is_common: bool,
}

/// Tallies the packages that answer a question with words.
pub(super) fn tally(lexicon: &dyn Lexicon, question: &Question) -> Result<Tally, Error> {
    let size = usize::try_from(lexicon.packages()).unwrap_or(usize::MAX);
    let every = u32::MAX >> (32 - question.words.len().clamp(1, 16));
    let mut tally = Tally {
        points: vec![0.0; size],
        has: vec![0; size],
        named: vec![0.0; size],
        is_demoted: vec![false; size],
        every,
        needed: every,
        near: None,
        found: Vec::new(),
    };
    let mut asked = Vec::new();
    for word in &question.words {
        let stem = text::stem(word);
        let packages = lexicon.word(stem)?.packages;
        let base =
            rarity(lexicon.packages(), packages).min(if packages == 0 { WEIGHTS.unknown } else { f64::MAX });
        asked.push(Asked {
            base,
            variants: vec![(stem.to_owned(), 1.0, f64::MAX)],
            packages,
            is_common: false,
        });
    }
    tally.needed = mark_common(lexicon, &mut asked);
    if asked.len() == 2 {
        add_joined(lexicon, question, &mut asked)?;
    }
    let named = tally_names(lexicon, question, &mut tally)?;
    tally_words(lexicon, &asked, &mut tally)?;
    if named != Named::Exactly && tally.whole() < WEIGHTS.few {
        widen(lexicon, question, &mut asked, &mut tally)?;
    }
    let is_known = asked.iter().all(|word| word.packages > 0);
    if named == Named::Not && tally.whole() < if is_known { 1 } else { WEIGHTS.weak } {
        question_spelling(lexicon, question, &mut asked, &mut tally)?;
    }
    finish(&asked, &mut tally);
    Ok(tally)
}

/// Marks the common words, if there are others; returns the bits of the others, or of all.
fn mark_common(lexicon: &dyn Lexicon, asked: &mut [Asked]) -> u32 {
    let is_common = |word: &Asked| is_common(lexicon.packages(), word.packages);
    let are_all = asked.iter().all(is_common);
    let mut needed = u32::from(asked.is_empty());
    for (at, word) in asked.iter_mut().enumerate() {
        word.is_common = !are_all && is_common(word);
        needed |= u32::from(!word.is_common) << at;
    }
    needed
}

/// Keeps the hits of a common word that a served site keeps with the word.
fn keep_first(hits: &mut Vec<Hit>) {
    if hits.len() > KEPT {
        hits.select_nth_unstable_by_key(KEPT - 1, Hit::order);
        hits.truncate(KEPT);
    }
}

/// Less than a page has all the words: what they begin, and what two of them make, is as good.
fn widen(
    lexicon: &dyn Lexicon,
    question: &Question,
    asked: &mut [Asked],
    tally: &mut Tally,
) -> Result<(), Error> {
    add_longer(lexicon, question, asked)?;
    if asked.len() > 2 {
        add_joined(lexicon, question, asked)?;
    }
    if asked.iter().any(|word| word.variants.len() > 1) {
        tally_words(lexicon, asked, tally)?;
    }
    Ok(())
}

/// The last word may be the beginning of one that is still being typed.
fn add_longer(lexicon: &dyn Lexicon, question: &Question, asked: &mut [Asked]) -> Result<(), Error> {
    let (Some(word), Some(last)) = (question.words.last(), asked.last_mut()) else { return Ok(()) };
    let is_long_enough = !word.is_ascii() || word.len() >= 3;
    if last.packages >= WEIGHTS.rare || !is_long_enough {
        return Ok(());
    }
    let cap = last.base;
    for longer in lexicon.words_beginning(word, WEIGHTS.longer_words)? {
        if last.variants.iter().all(|(stem, ..)| *stem != longer) {
            last.variants.push((longer, WEIGHTS.longer, cap));
        }
    }
    Ok(())
}

/// Two words of a question may be written as one: `date picker`, `datepicker`.
fn add_joined(lexicon: &dyn Lexicon, question: &Question, asked: &mut [Asked]) -> Result<(), Error> {
    for at in 1..asked.len() {
        if asked[at - 1].packages >= WEIGHTS.rare && asked[at].packages >= WEIGHTS.rare {
            continue;
        }
        let joined = format!("{}{}", question.words[at - 1], question.words[at]);
        let stem = text::stem(&joined).to_owned();
        if lexicon.word(&stem)?.packages > 0 {
            asked[at - 1].variants.push((stem.clone(), WEIGHTS.joined, f64::MAX));
            asked[at].variants.push((stem, WEIGHTS.joined, f64::MAX));
        }
    }
    Ok(())
}

/// How a name is like the whole question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    /// A name is the question.
    Exactly,
    /// A name begins with it, or is the question without its version.
    Partly,
    Not,
}

/// Adds what names are worth.
fn tally_names(lexicon: &dyn Lexicon, question: &Question, tally: &mut Tally) -> Result<Named, Error> {
    if question.key.is_empty() {
        return Ok(Named::Not);
    }
    let typed = question.key.chars().count();
    let exact = lexicon.name(&question.key)?;
    tally.name(&exact, WEIGHTS.exact);
    let mut longer = lexicon.names_beginning(&question.key)?;
    keep_best(&mut longer);
    for name in &longer {
        // Names are at most a few hundred characters.
        #[allow(clippy::cast_precision_loss)]
        let share = typed as f64 / name.length as f64;
        tally.name(&[name.hit], WEIGHTS.prefix * share);
    }
    if !exact.is_empty() {
        return Ok(Named::Exactly);
    }
    let unversioned = question.unversioned.as_ref().map(|key| lexicon.name(key)).transpose()?;
    let unversioned = unversioned.unwrap_or_default();
    tally.name(&unversioned, WEIGHTS.versioned);
    Ok(if longer.is_empty() && unversioned.is_empty() { Named::Not } else { Named::Partly })
}

/// Adds, for every word, the best of what stands for it.
fn tally_words(lexicon: &dyn Lexicon, asked: &[Asked], tally: &mut Tally) -> Result<(), Error> {
    tally.points.fill(0.0);
    let mut best = vec![0.0_f64; tally.points.len()];
    for (at, word) in asked.iter().enumerate() {
        best.fill(0.0);
        for (stem, factor, cap) in &word.variants {
            let mut postings = lexicon.word(stem)?;
            if word.is_common && is_common(lexicon.packages(), postings.packages) {
                keep_first(&mut postings.hits);
            }
            if postings.packages > 0 && !tally.found.contains(stem) {
                tally.found.push(stem.clone());
            }
            let value = factor * rarity(lexicon.packages(), postings.packages).min(*cap);
            for hit in &postings.hits {
                let number = hit.number as usize;
                let Some(best) = best.get_mut(number) else { continue };
                *best = best.max(value * worth(hit.level));
                tally.has[number] |= 1 << at;
                tally.is_demoted[number] |= hit.is_demoted;
            }
        }
        for (points, best) in tally.points.iter_mut().zip(&best) {
            *points += best;
        }
    }
    Ok(())
}

/// Few packages have all the words: names and words nearby are taken as meant.
fn question_spelling(
    lexicon: &dyn Lexicon,
    question: &Question,
    asked: &mut [Asked],
    tally: &mut Tally,
) -> Result<(), Error> {
    let mut names = lexicon.names_near(&question.key, edits(question.key.chars().count()))?;
    let nearest = names.iter().map(|name| name.distance).min();
    names.retain(|name| Some(name.distance) == nearest);
    for name in &names {
        tally.name(&name.hits, WEIGHTS.near / f64::from(name.distance));
    }
    let mut is_changed = false;
    // A name of several words with one of them misspelt is what was meant.
    let is_meant = !names.is_empty() && asked.len() > 1;
    let unknown = |asked: &Asked| asked.packages == 0 && !is_meant;
    for (word, asked) in question.words.iter().zip(asked.iter_mut()).filter(|(_, asked)| unknown(asked)) {
        let stem = text::stem(word);
        for near in lexicon.words_near(stem, edits(stem.chars().count()), WEIGHTS.near_words)? {
            asked.variants.push((near, WEIGHTS.misspelt, asked.base));
            is_changed = true;
        }
    }
    if is_changed {
        tally_words(lexicon, asked, tally)?;
    }
    let instead = asked.iter().filter(|word| word.packages == 0).find_map(|word| word.variants.get(1));
    tally.near = names.first().map(|name| name.key.clone()).or(instead.map(|(stem, ..)| stem.clone()));
    Ok(())
}

/// Turns what was added up into the points that results are sorted by.
fn finish(asked: &[Asked], tally: &mut Tally) {
    let total: f64 = asked.iter().map(|word| word.base).sum();
    for number in 0..tally.points.len() {
        let has = tally.has[number];
        if has == 0 {
            continue;
        }
        let covered: f64 =
            asked.iter().enumerate().filter(|(at, _)| has & (1 << at) != 0).map(|(_, word)| word.base).sum();
        let coverage = if total > 0.0 { covered / total } else { 1.0 };
        let mut points = tally.points[number] * coverage + tally.named[number];
        if has & tally.needed == tally.needed {
            points += WEIGHTS.all_words;
        }
        if tally.is_demoted[number] {
            points -= WEIGHTS.demotion;
        }
        tally.points[number] = points;
    }
}
