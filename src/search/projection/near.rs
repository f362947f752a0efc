//! Near shards: what a misspelt question may have meant.
//!
//! One edit leaves one half of a word alone. So each name and well placed word stands in the
//! shards of its first and of its last letters, cut where a word one letter shorter, as
//! long, or one longer would be cut; and a question is looked up by its own two halves.

use super::hash;
use std::collections::BTreeSet;

/// Returns the hashes of the halves that a word of so many characters is looked up by.
pub(super) fn halves(word: &str) -> [u32; 2] {
    let length = word.chars().count();
    let first = length.saturating_sub(1) / 2;
    halves_at(word, first, length.saturating_sub(1 + first))
}

fn halves_at(word: &str, first: usize, last: usize) -> [u32; 2] {
    let head: String = word.chars().take(first).collect();
    let tail: String = word.chars().skip(word.chars().count().saturating_sub(last)).collect();
    [hash(&format!("<{head}")), hash(&format!(">{tail}"))]
}

/// Returns the hashes under which a word is found by any word one edit away.
pub(super) fn found_by(word: &str) -> BTreeSet<u32> {
    let length = word.chars().count();
    (length.saturating_sub(1)..=length + 1)
        .flat_map(|asked| {
            let first = asked.saturating_sub(1) / 2;
            halves_at(word, first, asked.saturating_sub(1 + first))
        })
        .collect()
}

/// Whether a word has one of the two halves that another is looked up by.
pub(super) fn is_half_same(asked: &str, word: &str) -> bool {
    let first = asked.chars().count().saturating_sub(1) / 2;
    let end = asked.char_indices().nth(first).map_or(asked.len(), |(at, _)| at);
    let tail = asked.char_indices().nth(first + 1).map_or(asked.len(), |(at, _)| at);
    word.starts_with(&asked[..end]) || word.ends_with(&asked[tail..])
}

/// Returns the number of the near shard of a hash.
pub(super) fn shard(hash: u32, bits: u32) -> usize {
    (hash >> (32 - bits)) as usize
}

/// Returns the edits between two words, a transposition of neighbours counting as one, up to a limit.
pub(super) fn distance(one: &str, other: &str) -> usize {
    strsim::osa_distance(one, other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_word_is_found_by_every_word_one_edit_away(word in "[a-e]{3,12}", at in 0_usize..12, letter in "[a-f]", edit in 0_u8..4) {
            let letters: Vec<char> = word.chars().collect();
            let at = at.min(letters.len() - 1);
            let mut typed = letters.clone();
            match edit {
                0 => typed[at] = letter.chars().next().unwrap(),
                1 => typed.insert(at, letter.chars().next().unwrap()),
                2 => { typed.remove(at); }
                _ => if at + 1 < typed.len() { typed.swap(at, at + 1) },
            }
            let typed: String = typed.into_iter().collect();
            prop_assert!(distance(&word, &typed) <= 1);
            let known = found_by(&word);
            prop_assert!(halves(&typed).iter().any(|half| known.contains(half)), "{} {}", word, typed);
        }
    }
}
