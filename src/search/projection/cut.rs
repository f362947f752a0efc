//! Where a sorted list is cut into shards: between keys that differ early, so that the head tells
//! the shards apart in few letters, and of those at keys chosen by their own hash, so that a
//! changed entry moves the cuts beside it and no others.

use super::hash;

/// Sizes between which cuts are made, in bytes before compression.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    pub(super) least: usize,
    pub(super) usual: usize,
    pub(super) most: usize,
}

impl Sizes {
    /// Returns sizes around a usual one.
    pub(super) fn around(usual: usize) -> Self {
        Self { least: usual / 2, usual, most: usual * 2 }
    }
}

/// Returns the ends of the shards over keys with their sizes: positions after the last entry.
pub(super) fn ends<'a>(entries: impl Iterator<Item = (&'a str, usize)>, sizes: Sizes) -> Vec<usize> {
    let mut ends = Vec::new();
    let (mut size, mut count, mut before) = (0, 0, "");
    for (at, (key, bytes)) in entries.enumerate() {
        count = at + 1;
        let (letters, wish) = (separator(before, key).chars().count(), hash(key));
        let is_wished = match size {
            size if size < sizes.least => false,
            size if size < sizes.usual => letters <= 3 && wish.is_multiple_of(16),
            size if size < sizes.usual + sizes.least => letters <= 4 && wish.is_multiple_of(4),
            _ => letters <= 6,
        };
        if size > 0 && (is_wished || size + bytes > sizes.most) {
            ends.push(at);
            size = 0;
        }
        size += bytes;
        before = key;
    }
    if count > 0 {
        ends.push(count);
    }
    ends
}

/// Returns the shortest beginning of a key that is greater than the key before it.
pub(super) fn separator<'a>(before: &str, key: &'a str) -> &'a str {
    let shared = key.chars().zip(before.chars()).take_while(|(a, b)| a == b).count();
    let end = key.char_indices().nth(shared + 1).map_or(key.len(), |(end, _)| end);
    &key[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_entry_moves_few_cuts() {
        let mut keys: Vec<String> =
            (0..20_000).map(|number| format!("{:08x}", hash(&number.to_string()))).collect();
        keys.sort();
        let sizes = Sizes::around(6_000);
        let plain = ends(keys.iter().map(|key| (key.as_str(), 14)), sizes);
        for changed in (0..20_000).step_by(997) {
            let other = ends(
                keys.iter().enumerate().map(|(at, key)| (key.as_str(), if at == changed { 40 } else { 14 })),
                sizes,
            );
            let moved = other.iter().filter(|end| !plain.contains(end)).count();
            assert!(moved <= 3, "{moved} of {} cuts moved", plain.len());
        }
        let mut start = 0;
        for end in plain {
            assert!((end - start) * 14 <= sizes.most);
            start = end;
        }
    }
}
