//! The projection: the index as small immutable files that a browser reads from any host.
//!
//! Everything is under `search/`. `head.bin` is the one file with a fixed name; it names the rest:
//!
//! * `words/`: *shards* of the lexicon: keys of names and stems in the order of their bytes, each
//!   with the packages that have it, best first ([`shard`]);
//! * `near/`: *near shards*: names and words by halves of their letters, for misspelt questions
//!   ([`near`]);
//! * `cards/`: what a result shows, some packages a file ([`cards`]);
//! * `data/`: *tails*, what is too long to stand in a shard, and *columns*, one value a package, for
//!   facets and for sorting ([`columns`]).
//!
//! Files are compressed in themselves (raw deflate) and named by their content: those of `data/` by
//! 12 hexadecimal digits of SHA-256; a shard by 6 and its place, since it must only be told from
//! what stood in that place before, and every digit is in the head once a shard. Cards are
//! `cards/<block>/<n>`: a stale card shows yesterday's tagline and nothing worse. `block` is made
//! of the ids in it, so a number never shows another package. A catalog whose files are small
//! together has them inside `head.bin`.
//!
//! The format is described field by field in `site/content/search-format.md`.

mod cards;
mod columns;
mod cut;
mod head;
mod merge;
mod near;
mod read;
mod shard;
mod write;

pub use read::{Fetch, FetchError, SearchSite};
pub(super) use write::project;

use super::Error;
use flate2::Compression;
use std::io::{Read, Write};

/// Most bytes of one file when it is unpacked; a hostile host sends no more.
const MAX_UNPACKED: u64 = 64 << 20;

/// Compresses as every file of the projection is.
fn pack(bytes: &[u8]) -> Vec<u8> {
    let mut encoder =
        flate2::write::DeflateEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::best());
    // Writing to memory does not fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

/// Compresses texts that are unlike each other, each with code lengths of its own.
fn pack_apart(pieces: &[&[u8]]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), Compression::best());
    for piece in pieces {
        let _ = encoder.write_all(piece).and_then(|()| encoder.flush());
    }
    encoder.finish().unwrap_or_default()
}

/// Unpacks a file, up to a limit.
fn unpack(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    flate2::read::DeflateDecoder::new(bytes)
        .take(MAX_UNPACKED + 1)
        .read_to_end(&mut out)
        .map_err(|_| Error::Damaged("a file that cannot be unpacked"))?;
    if out.len() as u64 > MAX_UNPACKED {
        return Err(Error::Damaged("a file that is too large"));
    }
    Ok(out)
}

/// Adds a number, seven bits a byte, the lowest first (LEB128).
fn put_number(out: &mut Vec<u8>, mut number: u64) {
    loop {
        // The low seven bits fit a byte.
        #[allow(clippy::cast_possible_truncation)]
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

/// Bytes that are read from the front.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn byte(&mut self) -> Result<u8, Error> {
        let (first, rest) = self.0.split_first().ok_or(CUT_SHORT)?;
        self.0 = rest;
        Ok(*first)
    }

    fn bytes(&mut self, count: u64) -> Result<&'a [u8], Error> {
        let count = usize::try_from(count).map_err(|_| CUT_SHORT)?;
        let (taken, rest) = self.0.split_at_checked(count).ok_or(CUT_SHORT)?;
        self.0 = rest;
        Ok(taken)
    }

    fn number(&mut self) -> Result<u64, Error> {
        let mut number = 0;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Error::Damaged("a number that is too long"))
    }
}

const CUT_SHORT: Error = Error::Damaged("a file that ends too early");

/// FNV-1a in 32 bits over UTF-16, which JavaScript computes as fast as Rust.
fn hash(text: &str) -> u32 {
    text.encode_utf16().fold(0x811c_9dc5, |hash, unit| (hash ^ u32::from(unit)).wrapping_mul(0x0100_0193))
}
