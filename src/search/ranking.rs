//! Ranking, as data: one table of weights for every engine that answers a query.

/// One searched field and what a match in it is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FieldWeight {
    /// The field's name.
    pub field: &'static str,
    /// Factor of its BM25 score.
    pub weight: f32,
}

/// Text fields, best first.
pub const FIELDS: [FieldWeight; 6] = [
    FieldWeight { field: "name", weight: 6.0 },
    FieldWeight { field: "label", weight: 5.0 },
    FieldWeight { field: "keywords", weight: 3.0 },
    FieldWeight { field: "tagline", weight: 2.0 },
    FieldWeight { field: "description", weight: 1.5 },
    FieldWeight { field: "readme", weight: 0.4 },
];

/// Added when the whole query is the id, the last label or the display name,
/// compared without case, separators and diacritics. Above any sum of the rest, and
/// above the demotion: who types a whole name means that package, withdrawn or not.
pub const EXACT: f32 = 2_000_000.0;

/// Added when the display name or last label begins with the whole query.
pub const PREFIX: f32 = 25.0;

/// Added for each query word that the document has; prefers documents with all words.
pub const WORD: f32 = 8.0;

/// Factor of a name found by edit distance, which is tried only when nothing else was found.
pub const FUZZY: f32 = 1.0;

/// The same for a word of keywords, tagline or description.
pub const FUZZY_TEXT: f32 = 0.2;

/// Edits allowed for a word of so many characters.
pub const fn edits(length: usize) -> u8 {
    match length {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// Subtracted from withdrawn, deprecated, archived and suspended packages: below everything
/// else but an exact name.
pub const DEMOTION: f32 = 1_000_000.0;

/// A small prior, so that of two equal matches the better known comes first:
/// points for the publisher's level (0 unverified to 4 partner), for the rating
/// above three stars, and for the logarithm of the number of dependents.
pub fn prior(level: u64, rating: f64, dependents: u64) -> f32 {
    // Counts stay far below the 24 bits that f32 holds exactly.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
    {
        0.15 * level as f32 + 0.3 * ((rating - 3.0).max(0.0) as f32) + 0.4 * (dependents as f32).ln_1p()
    }
}

/// Returns the key under which names are equal: lower case, diacritics folded
/// by the caller's tokenizer, everything but letters and digits left out.
pub fn fold(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prior_never_outweighs_an_exact_name() {
        assert!(prior(4, 5.0, u64::MAX) < PREFIX);
        const { assert!(EXACT > DEMOTION && DEMOTION > PREFIX + 16.0 * WORD) };
        assert_eq!(fold("Real-Estate 2.0"), "realestate20");
    }
}
