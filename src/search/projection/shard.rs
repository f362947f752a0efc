//! Shards of the lexicon: keys in order, each with its packages.
//!
//! ```text
//! shard  = entry*
//! entry  = shared length suffix size body     bytes shared with the key before, then the rest of it
//! body   = flags [names] [packages word [tails]] [beginning] [frequency]
//! names  = list                               packages with this key of a name   (flag 1)
//! word   = list                               the best packages with this stem   (flag 2)
//! tails  = count (name6 bytes top)*           where the rest of them is          (flag 8)
//! beginning = count (length number group)* count (size suffix)*                  (flag 4)
//! frequency = packages                        of a word in a near shard          (flag 16)
//! list   = groups (group count gap*)*         groups descending, numbers ascending
//! ```
//!
//! A *group* is a level, plus 32 unless the package is demoted. A *gap* is the number less the
//! one before it and less one. All other numbers are LEB128 but `flags`, `group` and `top`, which
//! are bytes, and `name6`, six bytes of a file's name.

use super::{Reader, put_number};
use crate::search::Error;
use crate::search::engine::{Hit, LongerName};

/// Packages in one tail.
pub(super) const TAIL: usize = 65_536;

/// Where packages of a word go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tail {
    /// Twelve hexadecimal digits.
    pub(super) file: String,
    /// Its size.
    pub(super) bytes: u64,
    /// The highest group in it.
    pub(super) top: u8,
}

/// What stands under one key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) names: Vec<Hit>,
    /// Number of packages with the stem; 0 for a key that is no stem.
    pub(super) packages: u64,
    pub(super) word: Vec<Hit>,
    pub(super) tails: Vec<Tail>,
    /// The best names, and the most frequent words, that begin with this key: for keys whose
    /// longer ones are in more than one shard.
    pub(super) longer: Option<(Vec<LongerName>, Vec<String>)>,
    /// Whether `packages` alone is said of the word.
    pub(super) is_near: bool,
}

/// Adds a list that is sorted by [`Hit::order`].
pub(super) fn put_list(out: &mut Vec<u8>, hits: &[Hit]) {
    let groups: Vec<&[Hit]> = hits.chunk_by(|a, b| a.group() == b.group()).collect();
    put_number(out, groups.len() as u64);
    for members in groups {
        out.push(members.first().map_or(0, |first| first.group()));
        put_number(out, members.len() as u64);
        let mut next = 0;
        for hit in members {
            put_number(out, u64::from(hit.number) - next);
            next = u64::from(hit.number) + 1;
        }
    }
}

/// Reads a list.
pub(super) fn list(bytes: &mut Reader<'_>) -> Result<Vec<Hit>, Error> {
    let mut hits = Vec::new();
    for _ in 0..bytes.number()? {
        let group = bytes.byte()?;
        let mut next = 0_u64;
        for _ in 0..bytes.number()? {
            let number = next.saturating_add(bytes.number()?);
            hits.push(Hit::in_group(
                group,
                u32::try_from(number).map_err(|_| Error::Damaged("a number that is too large"))?,
            ));
            next = number.saturating_add(1);
        }
    }
    Ok(hits)
}

/// Returns the body of an entry.
pub(super) fn body(entry: &Entry) -> Vec<u8> {
    let has_word = entry.packages > 0 && !entry.is_near;
    let flags = u8::from(!entry.names.is_empty())
        | u8::from(has_word) << 1
        | u8::from(entry.longer.is_some()) << 2
        | u8::from(!entry.tails.is_empty()) << 3
        | u8::from(entry.is_near && entry.packages > 0) << 4;
    let mut out = vec![flags];
    if !entry.names.is_empty() {
        put_list(&mut out, &entry.names);
    }
    if has_word {
        put_number(&mut out, entry.packages);
        put_list(&mut out, &entry.word);
    }
    if !entry.tails.is_empty() {
        put_number(&mut out, entry.tails.len() as u64);
        for tail in &entry.tails {
            out.extend(data_encoding::HEXLOWER.decode(tail.file.as_bytes()).unwrap_or_default());
            put_number(&mut out, tail.bytes);
            out.push(tail.top);
        }
    }
    if let Some((names, words)) = &entry.longer {
        put_number(&mut out, names.len() as u64);
        for name in names {
            put_number(&mut out, name.length as u64);
            put_number(&mut out, u64::from(name.hit.number));
            out.push(name.hit.group());
        }
        put_number(&mut out, words.len() as u64);
        for word in words {
            let suffix = word.strip_prefix(&entry.key).unwrap_or_default();
            put_number(&mut out, suffix.len() as u64);
            out.extend_from_slice(suffix.as_bytes());
        }
    }
    if entry.is_near && entry.packages > 0 {
        put_number(&mut out, entry.packages);
    }
    out
}

/// Returns a shard, not yet compressed; entries are sorted by key, with their bodies.
pub(super) fn encode<'a>(entries: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut before = "";
    for (key, body) in entries {
        let shared = key.bytes().zip(before.bytes()).take_while(|(a, b)| a == b).count();
        let suffix = &key.as_bytes()[shared..];
        put_number(&mut out, shared as u64);
        put_number(&mut out, suffix.len() as u64);
        out.extend_from_slice(suffix);
        put_number(&mut out, body.len() as u64);
        out.extend_from_slice(body);
        before = key;
    }
    out
}

/// Reads a shard.
pub(super) fn decode(bytes: &[u8]) -> Result<Vec<Entry>, Error> {
    let mut reader = Reader(bytes);
    let mut key: Vec<u8> = Vec::new();
    let mut entries = Vec::new();
    while !reader.is_empty() {
        let shared = usize::try_from(reader.number()?).unwrap_or(usize::MAX);
        if shared > key.len() {
            return Err(Error::Damaged("a key that shares more than there is"));
        }
        key.truncate(shared);
        let length = reader.number()?;
        key.extend_from_slice(reader.bytes(length)?);
        let text = String::from_utf8(key.clone()).map_err(|_| Error::Damaged("a key that is no text"))?;
        let size = reader.number()?;
        entries.push(read_body(text, &mut Reader(reader.bytes(size)?))?);
    }
    Ok(entries)
}

fn read_body(key: String, body: &mut Reader<'_>) -> Result<Entry, Error> {
    let flags = body.byte()?;
    let has = |bit: u8| flags & (1 << bit) != 0;
    let mut entry = Entry { key, is_near: has(4), ..Entry::default() };
    if has(0) {
        entry.names = list(body)?;
    }
    if has(1) {
        entry.packages = body.number()?;
        entry.word = list(body)?;
    }
    if has(3) {
        for _ in 0..body.number()? {
            let file = data_encoding::HEXLOWER.encode(body.bytes(6)?);
            entry.tails.push(Tail { file, bytes: body.number()?, top: body.byte()? });
        }
    }
    if has(2) {
        entry.longer = Some(longer(&entry.key, body)?);
    }
    if has(4) {
        entry.packages = body.number()?;
    }
    Ok(entry)
}

fn longer(key: &str, body: &mut Reader<'_>) -> Result<(Vec<LongerName>, Vec<String>), Error> {
    let mut names = Vec::new();
    for _ in 0..body.number()? {
        let length = usize::try_from(body.number()?).unwrap_or(usize::MAX);
        let number =
            u32::try_from(body.number()?).map_err(|_| Error::Damaged("a number that is too large"))?;
        names.push(LongerName { length, hit: Hit::in_group(body.byte()?, number) });
    }
    let mut words = Vec::new();
    for _ in 0..body.number()? {
        let size = body.number()?;
        let suffix =
            std::str::from_utf8(body.bytes(size)?).map_err(|_| Error::Damaged("a key that is no text"))?;
        words.push(format!("{key}{suffix}"));
    }
    Ok((names, words))
}
