//! Alike packages: for every listed one, those that say the most alike of themselves.
//!
//! The texts are names, keywords, taglines and descriptions, cut into stems. A stem is worth
//! what its text is worth times its rarity, and two packages are as alike as the cosine of
//! their stems. Each package carries one more rare stem that nobody shares, so two texts of
//! one word are not the same for it. Candidates come through the rarest stems of a package,
//! so the work grows with the number of packages and not with its square.
//!
//! It does not read READMEs, and it does not judge: the gate does, in [`super::similar`].

mod subject;
#[cfg(test)]
mod tests;

use super::{ranking, text};
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

/// Most packages that are named as alike.
pub const MOST: usize = 4;

/// Most words that are named as the reason.
const MOST_REASONS: usize = 5;

/// Stems of a package, its rarest, through which candidates are looked for.
const RAREST: usize = 8;

/// Packages that are looked at for a stem: those in which it weighs most.
const MOST_SHARING: usize = 500;

/// Candidates that are compared by all their stems.
const COMPARED: usize = 24;

/// Cosine of the rarest stems below which a candidate is not compared.
const LEAST_BY_RAREST: f32 = 0.06;

/// Likeness below which nothing is shown, in ten-thousandths.
const LEAST: u32 = 1_400;

/// Likeness from which a single word is reason enough, in ten-thousandths.
const LEAST_BY_ONE_WORD: u32 = 3_000;

/// Added for the same category, in ten-thousandths.
const SAME_CATEGORY: u32 = 400;

/// Added for the same kind, in ten-thousandths.
const SAME_KIND: u32 = 300;

/// Share of its worth that a stem of the owner's name keeps: a brand is no subject.
const BRAND: f32 = 0.3;

/// What is compared of a package.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    /// The id.
    pub id: &'a str,
    /// What it is.
    pub kind: &'a str,
    /// The category.
    pub category: Option<&'a str>,
    /// What it says of itself, each text with the worth of its words.
    pub texts: Vec<(f32, &'a str)>,
    /// Whether it is withdrawn or given up, and so not recommended.
    pub is_demoted: bool,
    /// Ids of what it requires or is replaced by, which are related and not alike.
    pub related: Vec<&'a str>,
}

/// A package that is alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// Its id.
    pub id: String,
    /// How alike, from 0 to 100.
    pub percent: u32,
    /// The rarest words that both have, at most five, as the package that is compared spells them.
    pub shared: Vec<String>,
}

/// For each package the ones that are alike, the most alike first.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Likenesses(BTreeMap<String, Vec<Alike>>);

impl Likenesses {
    /// Compares packages with each other, in any order: ties are broken by id.
    pub fn among(mut subjects: Vec<Subject<'_>>) -> Self {
        subjects.sort_by_key(|subject| subject.id);
        let corpus = Corpus::of(&subjects);
        let blank = || vec![0.0; subjects.len()];
        let found: Vec<(String, Vec<Alike>)> = (0..subjects.len())
            .into_par_iter()
            .map_init(blank, |sums, at| (subjects[at].id.to_owned(), corpus.alike(at, sums)))
            .filter(|(_, alike)| !alike.is_empty())
            .collect();
        Self(found.into_iter().collect())
    }

    /// Returns at most [`MOST`] packages that are alike, the most alike first.
    pub fn get(&self, id: &str) -> &[Alike] {
        self.0.get(id).map_or(&[], Vec::as_slice)
    }
}

/// A stem of a package.
struct Term {
    /// Number of the stem.
    stem: usize,
    /// Its share of the package's direction.
    weight: f32,
    /// The word it was cut from.
    word: String,
}

/// A stem as a package says it.
struct Said {
    /// The stem.
    stem: String,
    /// The shortest word of it.
    word: String,
    /// The worth of the best text that it is in.
    worth: f32,
}

/// All packages with their stems, and the other way round.
struct Corpus<'s, 'a> {
    /// What is compared, by id.
    subjects: &'s [Subject<'a>],
    /// Stems of each package, by their number.
    terms: Vec<Vec<Term>>,
    /// Packages that may be recommended, by stem, with its weight in them.
    sharing: Vec<Vec<(u32, f32)>>,
    /// Number of packages that have a stem.
    counts: Vec<u64>,
}

impl<'s, 'a> Corpus<'s, 'a> {
    /// Cuts, counts and weighs the stems of all packages.
    fn of(subjects: &'s [Subject<'a>]) -> Self {
        let said: Vec<Vec<Said>> = subjects.par_iter().map(said).collect();
        let (mut terms, counts) = numbered(said);
        let rarity = |count: u64| rarity(subjects.len(), count);
        let rarities: Vec<f32> = counts.iter().map(|count| rarity(*count)).collect();
        terms.par_iter_mut().for_each(|terms| weigh(terms, &rarities, rarity(1)));
        let mut corpus = Self { subjects, terms, sharing: Vec::new(), counts };
        corpus.sharing = corpus.sharing();
        corpus
    }

    /// Returns, by stem, the packages that may be recommended for it.
    fn sharing(&self) -> Vec<Vec<(u32, f32)>> {
        let mut sharing: Vec<Vec<(u32, f32)>> = vec![Vec::new(); self.counts.len()];
        let recommended =
            (0..).zip(&self.terms).zip(self.subjects).filter(|(_, subject)| !subject.is_demoted);
        for ((at, terms), _) in recommended {
            for term in terms.iter().filter(|term| self.counts[term.stem] > 1) {
                sharing[term.stem].push((at, term.weight));
            }
        }
        sharing.par_iter_mut().filter(|list| list.len() > MOST_SHARING).for_each(|list| {
            list.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
            list.truncate(MOST_SHARING);
            list.shrink_to_fit();
        });
        sharing
    }

    /// Returns the packages that are alike. `sums` is all zero before and after.
    fn alike(&self, at: usize, sums: &mut [f32]) -> Vec<Alike> {
        let mut found: Vec<(Reverse<u32>, usize)> = self
            .candidates(at, sums)
            .into_iter()
            .filter_map(|other| Some((Reverse(self.likeness(at, other)?), other)))
            .collect();
        found.sort_unstable();
        found.truncate(MOST);
        let alike = |(Reverse(likeness), other): (Reverse<u32>, usize)| Alike {
            id: self.subjects[other].id.to_owned(),
            percent: ((likeness + 50) / 100).min(100),
            shared: self.reasons(at, other),
        };
        found.into_iter().map(alike).collect()
    }

    /// Returns the packages that share the most of the package's rarest stems.
    fn candidates(&self, at: usize, sums: &mut [f32]) -> Vec<usize> {
        let mut touched: Vec<usize> = Vec::new();
        for term in self.rarest(at) {
            for &(other, weight) in &self.sharing[term.stem] {
                let other = other as usize;
                if sums[other] == 0.0 {
                    touched.push(other);
                }
                sums[other] += term.weight * weight;
            }
        }
        let mut ranked: Vec<(Reverse<u32>, usize)> = Vec::new();
        for other in touched {
            let sum = std::mem::take(&mut sums[other]);
            if sum > LEAST_BY_RAREST && self.may_be_alike(at, other) {
                ranked.push((Reverse(points(sum)), other));
            }
        }
        if ranked.len() > COMPARED {
            ranked.select_nth_unstable(COMPARED);
            ranked.truncate(COMPARED);
        }
        ranked.into_iter().map(|(_, other)| other).collect()
    }

    /// Whether another package is neither itself nor related.
    fn may_be_alike(&self, at: usize, other: usize) -> bool {
        at != other && !self.subjects[at].related.contains(&self.subjects[other].id)
    }

    /// Returns the stems of a package that the fewest others have, and some other has.
    fn rarest(&self, at: usize) -> Vec<&Term> {
        let mut terms: Vec<&Term> =
            self.terms[at].iter().filter(|term| !self.sharing[term.stem].is_empty()).collect();
        terms.sort_by_key(|term| (self.counts[term.stem], term.stem));
        terms.truncate(RAREST);
        terms
    }

    /// Returns how alike two packages are in ten-thousandths, if it is enough to be shown.
    fn likeness(&self, at: usize, other: usize) -> Option<u32> {
        let (mut cosine, mut words) = (0.0, 0);
        self.each_shared(at, other, |one, other| {
            cosine += one.weight * other.weight;
            words += 1;
        });
        let least = if words > 1 { LEAST } else { LEAST_BY_ONE_WORD };
        let likeness = Some(points(cosine)).filter(|likeness| *likeness >= least)?;
        let (one, other) = (&self.subjects[at], &self.subjects[other]);
        let same_category = one.category.is_some() && one.category == other.category;
        let same_kind = one.kind == other.kind;
        Some(likeness + SAME_CATEGORY * u32::from(same_category) + SAME_KIND * u32::from(same_kind))
    }

    /// Returns the rarest words that both have.
    fn reasons(&self, at: usize, other: usize) -> Vec<String> {
        let mut shared: Vec<(u64, &str)> = Vec::new();
        self.each_shared(at, other, |term, _| shared.push((self.counts[term.stem], &term.word)));
        shared.sort_unstable();
        shared.into_iter().take(MOST_REASONS).map(|(_, word)| word.to_owned()).collect()
    }

    /// Calls back for each stem that both packages have.
    fn each_shared<'c>(&'c self, at: usize, other: usize, mut found: impl FnMut(&'c Term, &'c Term)) {
        let mut others = self.terms[other].iter().peekable();
        for term in &self.terms[at] {
            while others.next_if(|other| other.stem < term.stem).is_some() {}
            if let Some(other) = others.next_if(|other| other.stem == term.stem) {
                found(term, other);
            }
        }
    }
}

/// Returns the rarity of a stem in quarters: so coarse that one package more or less changes the
/// pages of few others, and that machines agree on it.
fn rarity(packages: usize, with_stem: u64) -> f32 {
    // Rarities are at most a few dozen.
    #[allow(clippy::cast_possible_truncation)]
    let rarity = ranking::rarity(packages as u64, with_stem) as f32;
    (4.0 * rarity).round() / 4.0
}

/// Returns a likeness in ten-thousandths: so coarse that machines agree on it.
fn points(cosine: f32) -> u32 {
    // A cosine is at most 1; the clamp keeps what rounding added.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let points = (cosine.clamp(0.0, 1.0) * 10_000.0).round() as u32;
    points
}

/// Returns the stems of a package, each once, with the worth of the best text it is in.
fn said(subject: &Subject<'_>) -> Vec<Said> {
    let owner = subject.id.rsplit_once('.').map_or("", |(owner, _)| owner);
    let brand = text::fold(owner);
    let brand: Vec<&str> = brand.split(|c: char| !c.is_alphanumeric()).map(text::stem).collect();
    let mut said: Vec<Said> = Vec::new();
    for (worth, text) in &subject.texts {
        text::each_word(&text::fold(text), |word| {
            if is_telling(word) {
                let stem = text::stem(word);
                let worth = if brand.contains(&stem) { worth * BRAND } else { *worth };
                said.push(Said { stem: stem.to_owned(), word: word.to_owned(), worth });
            }
        });
    }
    // Of equal stems the one of the highest worth stays, and of these the shortest word.
    said.sort_by(|one, other| {
        (one.stem.cmp(&other.stem))
            .then(other.worth.total_cmp(&one.worth))
            .then_with(|| (one.word.len(), &one.word).cmp(&(other.word.len(), &other.word)))
    });
    said.dedup_by(|later, first| later.stem == first.stem);
    said
}

/// Whether a word says something of what a package is about.
fn is_telling(word: &str) -> bool {
    let is_short = word.len() < 2;
    !is_short && !text::is_stop_word(word) && !word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Numbers the stems in the order they are met, and counts the packages that have them.
fn numbered(said: Vec<Vec<Said>>) -> (Vec<Vec<Term>>, Vec<u64>) {
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut counts: Vec<u64> = Vec::new();
    let mut number = |stem: String| {
        let stem = *numbers.entry(stem).or_insert(counts.len());
        if stem == counts.len() {
            counts.push(0);
        }
        counts[stem] += 1;
        stem
    };
    let terms = said
        .into_iter()
        .map(|said| {
            let mut terms: Vec<Term> = said
                .into_iter()
                .map(|Said { stem, word, worth }| Term { stem: number(stem), weight: worth, word })
                .collect();
            terms.sort_unstable_by_key(|term| term.stem);
            terms
        })
        .collect();
    (terms, counts)
}

/// Multiplies the worth of stems with their rarity and brings the package to length 1,
/// with a stem that no other has.
fn weigh(terms: &mut [Term], rarity: &[f32], unshared: f32) {
    terms.iter_mut().for_each(|term| term.weight *= rarity[term.stem]);
    let squares: f32 = terms.iter().map(|term| term.weight * term.weight).sum();
    let length = (squares + unshared * unshared).sqrt();
    if length > 0.0 {
        terms.iter_mut().for_each(|term| term.weight /= length);
    }
}
