//! Ranking, as data: one table of weights for every engine that answers a question.
//!
//! What a word is worth in a package is decided once, when the index is made: BM25F over
//! all fields, times a small prior of the package, rounded to a *level* from 2 to 31. tantivy
//! keeps the level as the frequency of the word, and the browser's projection keeps it
//! beside the document number, so both engines add the same numbers:
//!
//! `score = coverage · Σ words idf(word) · level / 16`, then what a name adds.
//!
//! `idf` is BM25's, from the number of packages with the word; `coverage` is the share of the
//! weight of the words that the package has. Nothing in a level depends on other packages
//! but the prior, and that in coarse steps: a changed package changes its own words.
//!
//! BM25F: Robertson, Zaragoza, Taylor, "Simple BM25 extension to multiple weighted fields" (2004).

use serde::{Deserialize, Serialize};

/// One searched field and what a word in it is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FieldWeight {
    /// The field's name.
    pub field: &'static str,
    /// Factor of the frequency of a word.
    pub weight: f64,
    /// How much a long field takes from a word in it, from 0 to 1 (BM25's `b`).
    pub length_share: f64,
    /// Words that the field usually has; a constant, so that it does not change with the catalog.
    pub usual_length: f64,
}

/// Text fields, best first.
pub const FIELDS: [FieldWeight; 6] = [
    FieldWeight { field: "name", weight: 4.0, length_share: 0.3, usual_length: 3.0 },
    FieldWeight { field: "label", weight: 1.0, length_share: 0.0, usual_length: 1.0 },
    FieldWeight { field: "keywords", weight: 1.0, length_share: 0.0, usual_length: 6.0 },
    FieldWeight { field: "tagline", weight: 2.5, length_share: 0.5, usual_length: 8.0 },
    FieldWeight { field: "description", weight: 2.5, length_share: 0.5, usual_length: 8.0 },
    FieldWeight { field: "readme", weight: 0.5, length_share: 0.6, usual_length: 60.0 },
];

/// BM25's `k1`: how fast a repeated word is worth less.
const SATURATION: f64 = 1.2;

/// The highest level of a word in a package.
pub const MAX_LEVEL: u8 = 31;

/// The lowest. What is worth less is not indexed: a word that stands once in a README of more
/// than some 360 words says little about the package, and such words are a third of all.
pub const MIN_LEVEL: u8 = 2;

/// Levels of a word that is worth 1.
const STEPS: f64 = 16.0;

/// The highest standing of a package.
pub const MAX_STANDING: u8 = 15;

/// The weights that are applied when a question is answered; they travel with the projection.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Weights {
    /// Added when the whole question is the id, the last label or the display name, folded. Above
    /// everything, the demotion too: who types a whole name means that package.
    pub exact: f64,
    /// Added when a question with a version after it is the name without it.
    pub versioned: f64,
    /// Added when a name begins with the whole question, times the share of the name that was typed.
    pub prefix: f64,
    /// Added when a name is one edit from the whole question; half of it for two edits.
    pub near: f64,
    /// Added when a package has every word.
    pub all_words: f64,
    /// Taken from withdrawn, deprecated, archived and suspended packages.
    pub demotion: f64,
    /// What one step of standing adds to a name's points, as a share.
    pub standing: f64,
    /// Factor of a longer word that begins with the last word of a question.
    pub longer: f64,
    /// Factor, for each of the two words, of a word that is two words of a question joined.
    pub joined: f64,
    /// Factor of a word that is an edit away from a word nobody has.
    pub misspelt: f64,
    /// The most that the rarity of a word counts for a word that no package has.
    pub unknown: f64,
    /// Longer and joined words are looked for when fewer packages than this have the word itself.
    pub rare: u64,
    /// Longer words, and joined ones in a question of three words or more, are looked for when
    /// fewer packages than this have all the words: less than a page of results.
    pub few: u64,
    /// A word is *common* when more packages than this have it, and more than one in
    /// [`Self::common_share`]. Beside words that are not, it is not asked for: it adds points to
    /// the packages that it stands best in, as many as are kept with the word.
    pub common: u64,
    /// See [`Self::common`].
    pub common_share: u64,
    /// Names that begin with the question and count.
    pub longer_names: usize,
    /// Longer words that are tried.
    pub longer_words: usize,
    /// Words near a misspelt one that are tried.
    pub near_words: usize,
    /// Spelling is questioned when fewer packages have all the words: of a question whose words
    /// are all known, when none has them.
    pub weak: u64,
    /// The least level, in some package, of a word that a misspelt one is taken for.
    pub near_level: u8,
}

/// The weights.
pub const WEIGHTS: Weights = Weights {
    exact: 1_000_000.0,
    versioned: 30.0,
    prefix: 12.0,
    near: 14.0,
    all_words: 1_000.0,
    demotion: 100_000.0,
    standing: 0.06,
    longer: 0.5,
    joined: 0.5,
    misspelt: 0.5,
    unknown: 6.0,
    rare: 100,
    few: 10,
    common: 1_536,
    common_share: 8,
    longer_names: 32,
    longer_words: 3,
    near_words: 2,
    weak: 5,
    near_level: 10,
};

/// Packages that are kept with a word that more than [`Weights::common`] have: those that it
/// stands best in. The others are in files of their own.
pub const KEPT: usize = 512;

/// Returns whether a word that so many of all packages have says little beside rarer ones.
pub const fn is_common(packages: u64, with_word: u64) -> bool {
    with_word > WEIGHTS.common && with_word.saturating_mul(WEIGHTS.common_share) > packages
}

/// Edits within which a name or word of so many characters is taken for a misspelt one.
pub const fn edits(length: usize) -> u8 {
    match length {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// How often a word is in each field of a package, in the order of [`FIELDS`].
pub type Frequencies = [u32; FIELDS.len()];

/// Returns the level of a word in a package: its BM25F with the fields' lengths in words,
/// raised by the package's standing, from [`MIN_LEVEL`] to [`MAX_LEVEL`]; nothing for less.
pub fn level(frequencies: &Frequencies, lengths: &Frequencies, standing: u8) -> Option<u8> {
    let weighted: f64 = FIELDS
        .iter()
        .zip(frequencies.iter().zip(lengths))
        .filter(|(_, (frequency, _))| **frequency > 0)
        .map(|(field, (frequency, length))| {
            let long =
                1.0 - field.length_share + field.length_share * f64::from(*length) / field.usual_length;
            field.weight * f64::from(*frequency) / long
        })
        .sum();
    let worth = weighted / (SATURATION + weighted) * (1.0 + WEIGHTS.standing * f64::from(standing));
    // Between 0 and 32: the clamp keeps it in a byte.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let level = (STEPS * worth).round() as u8;
    (level >= MIN_LEVEL).then_some(level.min(MAX_LEVEL))
}

/// Returns the worth of a level.
pub fn worth(level: u8) -> f64 {
    f64::from(level) / STEPS
}

/// Returns BM25's inverse document frequency of a word that so many of all packages have.
pub fn rarity(packages: u64, with_word: u64) -> f64 {
    // Counts of packages stay far below 2^52.
    #[allow(clippy::cast_precision_loss)]
    let (all, with) = (packages as f64, with_word as f64);
    (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
}

/// What others make of a package, whatever is asked.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Reputation {
    /// The publisher's level, 0 unverified to 4 partner.
    pub level: u64,
    /// Mean of the ratings, 0 for none.
    pub rating: f64,
    /// Number of installations.
    pub installs: u64,
    /// Number of packages that require it.
    pub dependents: u64,
    /// Number of packages whose names begin with its name and go on: its plugins and parts.
    pub family: u64,
    /// Number of packages whose texts have its name, a single word, in them.
    pub mentions: u64,
}

/// Mentions from which a name is taken for an ordinary word.
const ORDINARY: f64 = 700.0;

impl Reputation {
    /// Returns the package's standing, from 0 to [`MAX_STANDING`]: so that of two equal
    /// matches the better known comes first.
    pub fn standing(&self) -> u8 {
        #[allow(clippy::cast_precision_loss)]
        let [level, installs, dependents, family, mentions] =
            [self.level, self.installs, self.dependents, self.family, self.mentions]
                .map(|count| count as f64);
        let spoken_of = if mentions < ORDINARY {
            mentions.ln_1p()
        } else {
            // An ordinary word is in many texts that do not mean the package.
            (ORDINARY.ln_1p() - 3.0 * (mentions / ORDINARY).ln()).max(0.0)
        };
        let points = 0.15 * level
            + 0.3 * (self.rating - 3.0).max(0.0)
            + 0.25 * installs.ln_1p()
            + 0.6 * dependents.ln_1p()
            + family.ln_1p()
            + 0.5 * spoken_of;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let steps = (2.0 * points).round() as u8;
        steps.min(MAX_STANDING)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standing_never_outweighs_an_exact_name_nor_the_demotion() {
        let most = worth(MAX_LEVEL) * rarity(1_000_000_000, 0) * 16.0
            + WEIGHTS.prefix * (1.0 + WEIGHTS.standing * f64::from(MAX_STANDING));
        assert!(most < WEIGHTS.all_words, "{most}");
        const { assert!(WEIGHTS.all_words * 2.0 < WEIGHTS.demotion) };
        const { assert!(WEIGHTS.demotion * 2.0 < WEIGHTS.exact) };
        let loud = Reputation {
            level: 4,
            rating: 5.0,
            installs: u64::MAX,
            dependents: u64::MAX,
            ..Reputation::default()
        };
        assert_eq!(loud.standing(), MAX_STANDING);
        assert_eq!(Reputation::default().standing(), 0);
    }

    #[test]
    fn a_name_is_worth_more_than_a_readme_and_a_short_field_more_than_a_long_one() {
        let lengths = [2, 3, 4, 8, 20, 400];
        let name = level(&[1, 0, 0, 0, 0, 0], &lengths, 0);
        let tagline = level(&[0, 0, 0, 1, 0, 0], &lengths, 0);
        let readme = level(&[0, 0, 0, 0, 0, 3], &lengths, 0);
        assert!(name > tagline && tagline > readme, "{name:?} {tagline:?} {readme:?}");
        assert!(
            level(&[0, 0, 0, 0, 1, 0], &lengths, 0) < level(&[0, 0, 0, 0, 1, 0], &[2, 3, 4, 8, 5, 400], 0)
        );
        assert!(level(&[1, 0, 0, 0, 0, 0], &lengths, 8) > name);
        assert_eq!(level(&[0, 0, 0, 0, 0, 1], &lengths, 0), None, "once in a long README");
        assert!(level(&[0, 0, 0, 0, 0, 1], &[2, 3, 4, 8, 20, 300], 0).is_some());
    }
}
