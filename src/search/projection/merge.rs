//! Merges the words and names of all segments into one list in the order of the keys.

use crate::search::Error;
use crate::search::engine::Hit;
use crate::search::native::Segment;
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// All packages under one key.
pub(super) struct Merged {
    pub(super) key: String,
    pub(super) names: Vec<Hit>,
    pub(super) word: Vec<Hit>,
}

/// Keys in order with their packages, close together in memory.
#[derive(Default)]
pub(super) struct Part {
    is_name: bool,
    keys: String,
    key_ends: Vec<usize>,
    hits: Vec<Hit>,
    hit_ends: Vec<usize>,
}

impl Part {
    fn push(&mut self, key: &[u8], hits: &[Hit]) {
        self.keys.push_str(&String::from_utf8_lossy(key));
        self.key_ends.push(self.keys.len());
        self.hits.extend_from_slice(hits);
        self.hit_ends.push(self.hits.len());
    }

    /// Gives back the room that growing left.
    fn trimmed(mut self) -> Self {
        self.keys.shrink_to_fit();
        self.key_ends.shrink_to_fit();
        self.hits.shrink_to_fit();
        self.hit_ends.shrink_to_fit();
        self
    }

    fn len(&self) -> usize {
        self.key_ends.len()
    }

    fn key(&self, at: usize) -> &str {
        &self.keys[start(&self.key_ends, at)..self.key_ends[at]]
    }

    fn hits(&self, at: usize) -> &[Hit] {
        &self.hits[start(&self.hit_ends, at)..self.hit_ends[at]]
    }

    /// Returns the position of the first key that is not less.
    fn position(&self, key: &str) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.key(middle) < key { low = middle + 1 } else { high = middle }
        }
        low
    }
}

fn start(ends: &[usize], at: usize) -> usize {
    at.checked_sub(1).map_or(0, |before| ends[before])
}

/// Reads the segments: for each its words and its names.
pub(super) fn parts(segments: &[Segment]) -> Result<Vec<Part>, Error> {
    let pairs: Vec<[Part; 2]> = segments
        .par_iter()
        .map(|segment| {
            let mut words = Part::default();
            segment.each_word(|key, hits| words.push(key, &hits))?;
            let mut names = Part { is_name: true, ..Part::default() };
            segment.each_name(|key, hits| names.push(key, &hits))?;
            Ok([words.trimmed(), names.trimmed()])
        })
        .collect::<Result<_, Error>>()?;
    Ok(pairs.into_iter().flatten().collect())
}

/// Returns a part of words that are no text, such as those that name a publisher; sorted by key.
pub(super) fn part(mut words: Vec<(String, Hit)>) -> Part {
    words.sort_by(|(key_a, a), (key_b, b)| key_a.cmp(key_b).then(a.number.cmp(&b.number)));
    let mut part = Part::default();
    for group in words.chunk_by(|(a, _), (b, _)| a == b) {
        let hits: Vec<Hit> = group.iter().map(|(_, hit)| *hit).collect();
        part.push(group[0].0.as_bytes(), &hits);
    }
    part
}

/// Merges all parts; makes something, or nothing, of each key, in order.
pub(super) fn merge<T: Send>(parts: &[Part], make: impl Fn(Merged) -> Option<T> + Sync) -> Vec<T> {
    let bounds = bounds(parts);
    let ranges: Vec<(Option<&str>, Option<&str>)> = (0..=bounds.len())
        .map(|at| (at.checked_sub(1).map(|at| bounds[at]), bounds.get(at).copied()))
        .collect();
    let made: Vec<Vec<T>> = ranges
        .into_par_iter()
        .map(|(from, to)| {
            let spans = parts.iter().map(|part| {
                let end = to.map_or(part.len(), |to| part.position(to));
                (part, from.map_or(0, |from| part.position(from))..end)
            });
            merge_range(spans.collect(), &make)
        })
        .collect();
    let mut all = Vec::with_capacity(made.iter().map(Vec::len).sum());
    all.extend(made.into_iter().flatten());
    all
}

/// Keys that divide the work into about equal ranges.
fn bounds(parts: &[Part]) -> Vec<&str> {
    let Some(longest) = parts.iter().max_by_key(|part| part.len()) else { return Vec::new() };
    let step = (longest.len() / 64).max(1_000);
    (step..longest.len()).step_by(step).map(|at| longest.key(at)).collect()
}

fn merge_range<T>(
    spans: Vec<(&Part, std::ops::Range<usize>)>,
    make: &impl Fn(Merged) -> Option<T>,
) -> Vec<T> {
    let mut heap: BinaryHeap<Reverse<(&str, usize, usize)>> = spans
        .iter()
        .enumerate()
        .filter(|(_, (_, span))| !span.is_empty())
        .map(|(from, (part, span))| Reverse((part.key(span.start), from, span.start)))
        .collect();
    let mut made = Vec::new();
    while let Some(Reverse((key, ..))) = heap.peek() {
        let key = *key;
        let mut merged = Merged { key: key.to_owned(), names: Vec::new(), word: Vec::new() };
        while let Some(Reverse((_, from, at))) =
            heap.peek().copied().filter(|Reverse((next, ..))| *next == key)
        {
            heap.pop();
            let (part, span) = &spans[from];
            let list = if part.is_name { &mut merged.names } else { &mut merged.word };
            list.extend_from_slice(part.hits(at));
            if at + 1 < span.end {
                heap.push(Reverse((part.key(at + 1), from, at + 1)));
            }
        }
        made.extend(make(merged));
    }
    made
}
