//! `head.bin`: what is where, and the weights.

use super::{pack_apart, unpack};
use crate::model::Digest;
use crate::search::Error;
use crate::search::ranking::Weights;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the format; a reader refuses another.
pub(super) const VERSION: u32 = 3;

/// The head: JSON in one line, then the files that it carries in itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Head {
    /// [`VERSION`].
    pub(super) v: u32,
    /// Number of packages; numbers run from 0.
    pub(super) documents: u64,
    /// Packages in one file of cards.
    pub(super) card: u64,
    /// Files of cards in one block.
    pub(super) block: u64,
    /// Six hexadecimal digits for each block, made of the ids in it.
    #[serde(with = "editions")]
    pub(super) blocks: String,
    /// The least key of each shard but the first, as short as it tells them apart.
    #[serde(with = "bounds")]
    pub(super) bounds: Vec<String>,
    /// Six hexadecimal digits for each shard, of its content.
    #[serde(with = "editions")]
    pub(super) shards: String,
    /// Bits of a hash that name a near shard.
    pub(super) near_bits: u32,
    /// The file that has three bytes for each near shard, of its content.
    pub(super) near: String,
    /// The file of each column.
    pub(super) columns: BTreeMap<String, String>,
    /// What questions are weighed with.
    pub(super) weights: Weights,
    /// Words that say nothing by themselves.
    pub(super) stop_words: Vec<String>,
    /// Files that follow, as path and size.
    #[serde(default)]
    pub(super) inside: Vec<(String, u64)>,
}

/// Digits of the name of a file that is named by its content alone.
const NAME: usize = 12;

/// Digits that tell a file from what stood in its place before.
const EDITION: usize = 6;

/// Returns the path of a file that is named by its content.
pub(super) fn data_path(name: &str) -> String {
    format!("data/{name}")
}

/// Returns the path of a shard: its content, and its least key in hexadecimal digits.
pub(super) fn shard_path(edition: &str, bound: &str) -> String {
    format!("words/{edition}-{}", data_encoding::HEXLOWER.encode(bound.as_bytes()))
}

/// Returns the path of a near shard: its content, and its number.
pub(super) fn near_path(edition: &str, at: usize) -> String {
    format!("near/{edition}-{at}")
}

/// Returns the name by content of a file that has no other.
pub(super) fn name(bytes: &[u8]) -> String {
    digits(bytes, NAME)
}

/// Returns what tells a file from what stood in its place before.
pub(super) fn edition(bytes: &[u8]) -> String {
    digits(bytes, EDITION)
}

fn digits(bytes: &[u8], count: usize) -> String {
    Digest::of(bytes).hex().chars().take(count).collect()
}

/// Returns the n-th edition of a list without separators.
pub(super) fn nth(editions: &str, at: usize) -> Result<&str, Error> {
    let (from, to) = (at.saturating_mul(EDITION), at.saturating_add(1).saturating_mul(EDITION));
    editions.get(from..to).ok_or(Error::Damaged("a head that names too few files"))
}

impl Head {
    /// Returns the file, with other files inside.
    pub(super) fn encode(&self, inside: &[(String, Vec<u8>)]) -> Vec<u8> {
        let files = inside.iter().map(|(path, bytes)| (path.clone(), bytes.len() as u64)).collect();
        let mut line = serde_json::to_vec(&Self { inside: files, ..self.clone() }).unwrap_or_default();
        line.push(b'\n');
        let inside = inside.iter().flat_map(|(_, file)| file).copied().collect::<Vec<_>>();
        let pieces: Vec<&[u8]> = pieces(&line).chain([inside.as_slice()]).collect();
        pack_apart(&pieces)
    }

    /// Reads the file; returns the head and what was inside.
    pub(super) fn decode(file: &[u8]) -> Result<(Self, BTreeMap<String, Vec<u8>>), Error> {
        let bytes = unpack(file)?;
        let end =
            bytes.iter().position(|byte| *byte == b'\n').ok_or(Error::Damaged("a head without an end"))?;
        let (line, mut rest) = (&bytes[..end], &bytes[end + 1..]);
        let version: Version =
            serde_json::from_slice(line).map_err(|_| Error::Damaged("a head that is not JSON"))?;
        if version.v != VERSION {
            return Err(Error::Version(version.v));
        }
        let head: Self =
            serde_json::from_slice(line).map_err(|_| Error::Damaged("a head without its fields"))?;
        if head.documents > u64::from(u32::MAX)
            || head.card == 0
            || head.block == 0
            || !(1..=31).contains(&head.near_bits)
        {
            return Err(Error::Damaged("a head with impossible numbers"));
        }
        let mut inside = BTreeMap::new();
        for (path, size) in &head.inside {
            let size = usize::try_from(*size).unwrap_or(usize::MAX);
            let (file, after) =
                rest.split_at_checked(size).ok_or(Error::Damaged("a head that ends too early"))?;
            inside.insert(path.clone(), file.to_vec());
            rest = after;
        }
        Ok((head, inside))
    }
}

/// Bytes of a text from which on it is compressed by itself.
const LONG: usize = 500;

/// Divides a line of JSON where a long text begins or ends: letters of bounds cost a quarter less
/// where editions do not share their code.
fn pieces(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let quotes: Vec<usize> = (0..line.len()).filter(|at| line[*at] == b'"').collect();
    let long = quotes.windows(2).filter(|pair| pair[1] - pair[0] > LONG);
    let cuts: Vec<usize> =
        [0].into_iter().chain(long.flat_map(|pair| [pair[0] + 1, pair[1]])).chain([line.len()]).collect();
    (1..cuts.len()).map(move |at| &line[cuts[at - 1]..cuts[at]])
}

/// Editions as text: their bytes in Base64, which compresses to little more than the bytes.
mod editions {
    use data_encoding::{BASE64_NOPAD, HEXLOWER};
    use serde::{Deserialize, Deserializer, Serializer, de, ser};

    pub(super) fn serialize<S: Serializer>(editions: &str, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes = HEXLOWER.decode(editions.as_bytes()).map_err(ser::Error::custom)?;
        serializer.serialize_str(&BASE64_NOPAD.encode(&bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = BASE64_NOPAD.decode(text.as_bytes()).map_err(de::Error::custom)?;
        Ok(HEXLOWER.encode(&bytes))
    }
}

/// Bounds as text: those after the first share letters with the one before, and a letter costs
/// half a byte in the head. For each a digit to the base of 36, how many UTF-16 units it
/// shares, and the rest; spaces between.
mod bounds {
    use serde::{Deserialize, Deserializer, Serializer};

    /// The most that one digit tells.
    const MOST: usize = 35;

    pub(super) fn serialize<S: Serializer>(bounds: &[String], serializer: S) -> Result<S::Ok, S::Error> {
        let mut before = "";
        let mut parts = Vec::with_capacity(bounds.len());
        for bound in bounds {
            let shared = shared(before, bound);
            let units: usize = bound[..shared].chars().map(char::len_utf16).sum();
            // At most 35: a digit.
            #[allow(clippy::cast_possible_truncation)]
            let digit = char::from_digit(units as u32, 36).unwrap_or('0');
            parts.push(format!("{digit}{}", &bound[shared..]));
            before = bound;
        }
        serializer.serialize_str(&parts.join(" "))
    }

    /// Bytes of the characters that two texts begin with.
    fn shared(one: &str, other: &str) -> usize {
        let (mut bytes, mut units) = (0, 0);
        for (a, b) in one.chars().zip(other.chars()) {
            units += a.len_utf16();
            if a != b || units > MOST {
                break;
            }
            bytes += a.len_utf8();
        }
        bytes
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut bounds: Vec<String> = Vec::new();
        for part in text.split(' ').filter(|part| !part.is_empty()) {
            let bound = after(bounds.last().map_or("", String::as_str), part);
            bounds.push(bound.ok_or_else(|| serde::de::Error::custom("a bound that shares too much"))?);
        }
        Ok(bounds)
    }

    fn after(before: &str, part: &str) -> Option<String> {
        let digit = part.chars().next()?;
        let mut units = digit.to_digit(36)? as usize;
        let mut end = 0;
        for character in before.chars() {
            if units == 0 {
                break;
            }
            units = units.checked_sub(character.len_utf16())?;
            end += character.len_utf8();
        }
        (units == 0).then(|| format!("{}{}", &before[..end], &part[digit.len_utf8()..]))
    }

    #[cfg(test)]
    mod tests {
        use proptest::prelude::*;

        #[derive(serde::Serialize, serde::Deserialize, PartialEq, Debug)]
        struct Line(#[serde(with = "super")] Vec<String>);

        proptest! {
            #[test]
            fn bounds_are_read_as_they_were_written(keys in prop::collection::btree_set("[a-c\u{10400}é]{1,40}", 0..30)) {
                let line = Line(keys.into_iter().collect());
                let text = serde_json::to_string(&line).unwrap();
                prop_assert_eq!(serde_json::from_str::<Line>(&text).unwrap(), line);
            }
        }

        #[test]
        fn bounds_that_share_what_is_not_there_are_refused() {
            assert!(serde_json::from_str::<Line>("\"0ab 3c\"").is_err());
            assert!(serde_json::from_str::<Line>("\"0\u{10400} 1c\"").is_err());
            assert_eq!(serde_json::from_str::<Line>("\"0ab 1c 0d\"").unwrap().0, ["ab", "ac", "d"]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_a_piece_of_its_own_and_nothing_is_lost() {
        let (one, other) = ("a".repeat(600), "b".repeat(LONG));
        let line = format!(r#"{{"v":3,"one":"{one}","short":"c","other":"{other}"}}"#);
        let found: Vec<&[u8]> = pieces(line.as_bytes()).collect();
        assert_eq!(found.concat(), line.as_bytes());
        assert_eq!(found.iter().filter(|piece| piece.len() >= LONG).count(), 2);
        assert_eq!(found[1], one.as_bytes());
        assert_eq!(unpack(&pack_apart(&found)).unwrap(), line.as_bytes());
    }
}

/// The one field that every version has.
#[derive(Deserialize)]
struct Version {
    v: u32,
}
