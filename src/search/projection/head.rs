//! `head.bin`: what is where, and the weights.

use super::{pack, unpack};
use crate::search::Error;
use crate::search::ranking::Weights;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the format; a reader refuses another.
pub(super) const VERSION: u32 = 1;

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
    pub(super) blocks: String,
    /// The least key of each shard but the first, as short as it tells them apart.
    pub(super) bounds: Vec<String>,
    /// Twelve hexadecimal digits for each shard.
    pub(super) shards: String,
    /// Bits of a hash that name a near shard.
    pub(super) near_bits: u32,
    /// The file that has twelve hexadecimal digits for each near shard.
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

/// Digits of a file's name.
pub(super) const NAME: usize = 12;

/// Returns the n-th name of a list of names without separators.
pub(super) fn nth(names: &str, at: usize, digits: usize) -> Result<&str, Error> {
    names.get(at * digits..(at + 1) * digits).ok_or(Error::Damaged("a head that names too few files"))
}

impl Head {
    /// Returns the file, with other files inside.
    pub(super) fn encode(&self, inside: &[(String, Vec<u8>)]) -> Vec<u8> {
        let files = inside.iter().map(|(path, bytes)| (path.clone(), bytes.len() as u64)).collect();
        let mut bytes = serde_json::to_vec(&Self { inside: files, ..self.clone() }).unwrap_or_default();
        bytes.push(b'\n');
        for (_, file) in inside {
            bytes.extend_from_slice(file);
        }
        pack(&bytes)
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

/// The one field that every version has.
#[derive(Deserialize)]
struct Version {
    v: u32,
}
