//! Makes the projection of an index.

use super::cut::{Sizes, ends, separator};
use super::head::{Head, VERSION, data_path, edition, name, near_path, shard_path};
use super::merge::{self, Merged};
use super::shard::{Entry, TAIL, Tail, body, encode, put_list};
use super::{cards, columns, near, pack};
use crate::publish::{Output, Phase};
use crate::search::Error;
use crate::search::engine::{Hit, LongerName, keep_best};
use crate::search::listed::Listed;
use crate::search::native::Native;
use crate::search::question::PUBLISHER;
use crate::search::ranking::{KEPT, WEIGHTS, is_common};
use crate::search::text::STOP_WORDS;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Files that are together smaller than this are carried by the head.
const INSIDE: usize = 64 << 10;

/// What was made.
#[derive(Debug, Clone)]
pub(in crate::search) struct Projection {
    /// `head.bin`.
    pub(in crate::search) head: Vec<u8>,
}

/// A word that one package has, at most at this level, deep in its README, is left out: a third
/// of all words are such, and nobody looks for a package by them.
const LONELY: u8 = 3;

/// An entry with its encoded body.
type Encoded = (String, Vec<u8>);

/// Writes the projection of an index of the packages, which are in the order of their numbers.
pub(in crate::search) fn project(
    native: &Native,
    listed: &[Listed<'_>],
    output: &dyn Output,
) -> Result<Projection, Error> {
    let sink = Sink::default();
    let entries = entries(native, listed, &sink)?;
    let (near_bits, near) = write_near(entries.par_iter().filter_map(near_entry).collect(), &sink);
    let (bounds, shards) = write_shards(entries, listed.len(), &sink);
    let columns = columns::columns(listed)
        .into_par_iter()
        .map(|(name, bytes)| (name, sink.data(&pack(&bytes))))
        .collect();
    let (blocks, cards) = cards::files(listed);
    let head = Head {
        v: VERSION,
        documents: listed.len() as u64,
        card: cards::FILE as u64,
        block: cards::BLOCK as u64,
        blocks,
        bounds,
        shards,
        near_bits,
        near: sink.data(&pack(&data_encoding::HEXLOWER.decode(near.as_bytes()).unwrap_or_default())),
        columns,
        weights: WEIGHTS,
        stop_words: STOP_WORDS.map(str::to_owned).to_vec(),
        inside: Vec::new(),
    };
    let hashed = sink.files();
    let size: usize = hashed.iter().chain(&cards).map(|(_, bytes)| bytes.len()).sum();
    if size <= INSIDE {
        let inside: Vec<(String, Vec<u8>)> = hashed.into_iter().chain(cards).collect();
        return Ok(Projection { head: head.encode(&inside) });
    }
    hashed
        .par_iter()
        .try_for_each(|(path, bytes)| output.put(Phase::Hashed, &format!("search/{path}"), bytes))?;
    cards
        .par_iter()
        .try_for_each(|(path, bytes)| output.put(Phase::Named, &format!("search/{path}"), bytes))?;
    Ok(Projection { head: head.encode(&[]) })
}

/// Collects files named by their content.
#[derive(Default)]
struct Sink(std::sync::Mutex<BTreeMap<String, Vec<u8>>>);

impl Sink {
    /// Keeps a file that is named by its content alone; returns its name.
    fn data(&self, bytes: &[u8]) -> String {
        let name = name(bytes);
        self.put(data_path(&name), bytes);
        name
    }

    /// Keeps a file of a place that others had before; returns what tells it from those.
    fn edition(&self, bytes: &[u8], path: impl Fn(&str) -> String) -> String {
        let edition = edition(bytes);
        self.put(path(&edition), bytes);
        edition
    }

    fn put(&self, path: String, bytes: &[u8]) {
        if let Ok(mut files) = self.0.lock() {
            files.insert(path, bytes.to_vec());
        }
    }

    fn files(self) -> Vec<(String, Vec<u8>)> {
        self.0.into_inner().unwrap_or_default().into_iter().collect()
    }
}

/// Returns the entries of all keys.
fn entries(native: &Native, listed: &[Listed<'_>], sink: &Sink) -> Result<Vec<Entry>, Error> {
    let mut parts = merge::parts(&native.segments)?;
    parts.push(merge::part(listed.iter().flat_map(publisher_words).collect()));
    Ok(merge::merge(&parts, |merged| entry(merged, listed.len(), sink)))
}

/// Keys under which a package is found by its publisher.
fn publisher_words(listed: &Listed<'_>) -> Vec<(String, Hit)> {
    let publisher = listed.package.newest().publisher.as_str();
    let label = publisher.rsplit_once('.').map(|(_, label)| label);
    let hit = Hit { number: listed.number, level: 1, is_demoted: listed.is_demoted };
    [Some(publisher), label].into_iter().flatten().map(|name| (format!("{PUBLISHER}:{name}"), hit)).collect()
}

/// Packages of a word that is not common which stand with it in its shard; of more, the best.
/// What is in a file of its own costs a question another round.
const WHOLE: usize = 4_096;

/// Returns the entry of a key; `None` of one that is left out.
fn entry(merged: Merged, documents: usize, sink: &Sink) -> Option<Entry> {
    let Merged { key, mut names, mut word } = merged;
    names.sort_unstable_by_key(Hit::order);
    word.sort_unstable_by_key(Hit::order);
    if word.len() == 1 && word.iter().all(|hit| hit.level <= LONELY) {
        word.clear();
    }
    if word.is_empty() && names.is_empty() {
        return None;
    }
    let packages = word.len() as u64;
    let is_split = word.len() > WHOLE || is_common(documents as u64, packages);
    let rest = if is_split { word.split_off(KEPT) } else { Vec::new() };
    let tails = rest.chunks(TAIL).map(|hits| tail(hits, sink)).collect();
    names.shrink_to_fit();
    word.shrink_to_fit();
    Some(Entry { key, names, packages, word, tails, ..Entry::default() })
}

fn tail(hits: &[Hit], sink: &Sink) -> Tail {
    let mut bytes = Vec::new();
    put_list(&mut bytes, hits);
    let packed = pack(&bytes);
    Tail {
        file: sink.data(&packed),
        bytes: packed.len() as u64,
        top: hits.first().map_or(0, |hit| hit.group()),
    }
}

/// Returns a number by its three highest bits: enough to tell which of two spellings is usual, and
/// seldom another when one package more has the word.
fn about(count: u64) -> u64 {
    let dropped = u64::BITS.saturating_sub(count.leading_zeros()).saturating_sub(3);
    count >> dropped << dropped
}

/// Returns what a misspelt word is compared with: names, and words that are well placed somewhere
/// and in more than one package.
fn near_entry(entry: &Entry) -> Option<Entry> {
    if entry.key.chars().count() < 3 || entry.key.contains(':') {
        return None;
    }
    let is_placed = entry.packages > 1 && entry.word.iter().any(|hit| hit.level >= WEIGHTS.near_level);
    let packages = if is_placed { about(entry.packages) } else { 0 };
    let is_wanted = packages > 0 || !entry.names.is_empty();
    is_wanted.then(|| Entry {
        key: entry.key.clone(),
        names: entry.names.clone(),
        packages,
        is_near: true,
        ..Entry::default()
    })
}

/// Bytes of a shard before compression. A question reads two or three shards, and the head once,
/// which tells each in some six bytes: so the best size grows as the root of the catalog.
fn usual_size(packages: usize) -> usize {
    match packages {
        0..=15_999 => 1_600,
        16_000..=63_999 => 2_200,
        64_000..=255_999 => 2_900,
        _ => 9_000,
    }
}

/// Cuts the entries into shards; returns the bounds and the names.
fn write_shards(entries: Vec<Entry>, packages: usize, sink: &Sink) -> (Vec<String>, String) {
    let bodies: Vec<Encoded> = entries.par_iter().map(|entry| (entry.key.clone(), body(entry))).collect();
    let sizes = Sizes::around(usual_size(packages));
    let ends = ends(bodies.iter().map(|(key, body)| (key.as_str(), body.len() + 5)), sizes);
    let bounds: Vec<String> = ends
        .iter()
        .take(ends.len().saturating_sub(1))
        .map(|end| separator(&entries[end - 1].key, &entries[*end].key).to_owned())
        .collect();
    let crossing = crossing(&entries, &bounds);
    drop(entries);
    let mut bodies: BTreeMap<String, Vec<u8>> = bodies.into_iter().collect();
    bodies.extend(crossing);
    let bodies: Vec<Encoded> = bodies.into_iter().collect();
    let mut shards = Vec::with_capacity(ends.len());
    let mut rest: &[Encoded] = &bodies;
    for bound in &bounds {
        let (shard, after) = rest.split_at(rest.partition_point(|(key, _)| key < bound));
        shards.push(shard);
        rest = after;
    }
    shards.push(rest);
    let names: Vec<String> = shards
        .par_iter()
        .enumerate()
        .map(|(at, shard)| {
            let bytes = pack(&encode(shard.iter().map(|(key, body)| (key.as_str(), body.as_slice()))));
            let bound = at.checked_sub(1).and_then(|before| bounds.get(before)).map_or("", String::as_str);
            sink.edition(&bytes, |edition| shard_path(edition, bound))
        })
        .collect();
    (bounds, names.concat())
}

/// Returns the entries of keys whose longer ones lie in more than one shard, with the best of those.
fn crossing(entries: &[Entry], bounds: &[String]) -> Vec<Encoded> {
    let keys: BTreeSet<&str> =
        bounds.iter().flat_map(|bound| bound.char_indices().skip(1).map(|(end, _)| &bound[..end])).collect();
    keys.into_par_iter()
        .map(|key| {
            let start = entries.partition_point(|entry| entry.key.as_str() < key);
            let end = start + entries[start..].partition_point(|entry| entry.key.starts_with(key));
            let range = &entries[start..end];
            let own = range.first().filter(|entry| entry.key == key);
            let longer = if own.is_some() { range.get(1..).unwrap_or_default() } else { range };
            let entry = Entry {
                longer: Some((best_names(longer), best_words(longer))),
                ..own.cloned().unwrap_or_else(|| Entry { key: key.to_owned(), ..Entry::default() })
            };
            (key.to_owned(), body(&entry))
        })
        .collect()
}

fn best_names(longer: &[Entry]) -> Vec<LongerName> {
    let mut names: Vec<LongerName> = longer
        .iter()
        .flat_map(|entry| {
            let length = entry.key.chars().count();
            entry.names.iter().map(move |hit| LongerName { length, hit: *hit })
        })
        .collect();
    keep_best(&mut names);
    names
}

fn best_words(longer: &[Entry]) -> Vec<String> {
    let mut words: Vec<(u64, &str)> = longer
        .iter()
        .filter(|entry| entry.packages > 0)
        .map(|entry| (entry.packages, entry.key.as_str()))
        .collect();
    words.sort_by(|(a, word_a), (b, word_b)| b.cmp(a).then(word_a.cmp(word_b)));
    words.into_iter().take(WEIGHTS.longer_words).map(|(_, word)| word.to_owned()).collect()
}

/// Bytes of a near shard before compression.
const NEAR: usize = 8_000;

/// Divides the entries among near shards by their halves; returns the bits and the names.
fn write_near(entries: Vec<Entry>, sink: &Sink) -> (u32, String) {
    let bodies: Vec<(&str, Vec<u8>, BTreeSet<u32>)> = entries
        .par_iter()
        .map(|entry| (entry.key.as_str(), body(entry), near::found_by(&entry.key)))
        .collect();
    let size: usize =
        bodies.iter().map(|(key, body, halves)| (key.len() / 2 + body.len() + 3) * halves.len()).sum();
    // At least one: a shift by all 32 bits of a hash is none.
    let bits = (size / NEAR).max(2).next_power_of_two().trailing_zeros();
    let mut shards: Vec<Vec<usize>> = vec![Vec::new(); 1 << bits];
    for (at, (_, _, halves)) in bodies.iter().enumerate() {
        let places: BTreeSet<usize> = halves.iter().map(|half| near::shard(*half, bits)).collect();
        for place in places {
            shards[place].push(at);
        }
    }
    let names: Vec<String> = shards
        .par_iter()
        .enumerate()
        .map(|(number, shard)| {
            let entries = shard.iter().map(|at| (bodies[*at].0, bodies[*at].1.as_slice()));
            sink.edition(&pack(&encode(entries)), |edition| near_path(edition, number))
        })
        .collect();
    (bits, names.concat())
}

#[cfg(test)]
mod tests {
    use super::about;

    #[test]
    fn a_count_keeps_its_three_highest_bits() {
        let counts = [0, 1, 7, 8, 9, 10, 1_000, u64::MAX];
        assert_eq!(counts.map(about), [0, 1, 7, 8, 8, 10, 896, 7 << 61]);
    }
}
