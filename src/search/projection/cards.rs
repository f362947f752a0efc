//! Cards: what a result shows, a line of JSON a package, some packages a file.

use super::pack;
use crate::model::Digest;
use crate::search::listed::Listed;
use crate::search::{Card, Error};

/// Packages in one file.
pub(super) const FILE: usize = 22;

/// Files in one block.
pub(super) const BLOCK: usize = 20;

/// Most characters of a tagline.
const TAGLINE: usize = 160;

/// A card as it is in a file: an array, in this order.
type Line = (
    String,             // id
    String,             // name
    Option<String>,     // tagline
    String,             // version, as it is shown
    String,             // kind
    Option<String>,     // category
    String,             // publisher
    String,             // level
    Option<String>,     // licence
    Option<String>,     // pricing
    String,             // status
    Option<(f64, u64)>, // rating
    Option<String>,     // updated
    u64,                // dependents
    Option<String>,     // version, where it is shown as another catalog spells it
);

/// Returns the names of the blocks and all files, as path and bytes.
pub(super) fn files(listed: &[Listed<'_>]) -> (String, Vec<(String, Vec<u8>)>) {
    use rayon::prelude::*;
    let names: Vec<String> = listed.par_chunks(FILE * BLOCK).map(block_name).collect();
    let files = listed
        .par_chunks(FILE)
        .enumerate()
        .map(|(at, packages)| {
            let lines: Vec<String> = packages
                .iter()
                .map(|one| serde_json::to_string(&line(&one.card)).unwrap_or_default())
                .collect();
            (path(&names[at / BLOCK], at), pack(lines.join("\n").as_bytes()))
        })
        .collect();
    (names.concat(), files)
}

/// Returns the path of a file of cards, from `search/`.
pub(super) fn path(block: &str, at: usize) -> String {
    format!("cards/{block}/{at}")
}

fn block_name(packages: &[Listed<'_>]) -> String {
    let ids: Vec<&str> = packages.iter().map(|one| one.card.id.as_str()).collect();
    Digest::of(ids.join("\n").as_bytes()).hex().chars().take(6).collect()
}

fn line(card: &Card) -> Line {
    let (version, other) = match &card.source_version {
        Some(shown) => (shown.clone(), Some(card.version.clone())),
        None => (card.version.clone(), None),
    };
    let card = card.clone();
    (
        card.id,
        card.name,
        card.tagline.map(|tagline| cut(&tagline)),
        version,
        card.kind,
        card.category,
        card.publisher,
        card.level,
        card.license,
        card.pricing,
        card.status,
        card.rating,
        card.updated,
        card.dependents,
        other,
    )
}

/// One line of at most so many characters.
fn cut(tagline: &str) -> String {
    let line: Vec<&str> = tagline.split_whitespace().collect();
    let line = line.join(" ");
    if line.chars().count() <= TAGLINE {
        return line;
    }
    let head: String = line.chars().take(TAGLINE - 1).collect();
    format!("{}…", head.trim_end())
}

/// Reads the cards of a file.
pub(super) fn decode(bytes: &[u8]) -> Result<Vec<Card>, Error> {
    std::str::from_utf8(bytes)
        .map_err(|_| Error::Damaged("cards that are no text"))?
        .lines()
        .map(|text| {
            let line: Line = serde_json::from_str(text).map_err(|_| Error::Damaged("a card that is none"))?;
            let (version, source_version) = match line.14 {
                Some(version) => (version, Some(line.3)),
                None => (line.3, None),
            };
            Ok(Card {
                id: line.0,
                name: line.1,
                tagline: line.2,
                version,
                source_version,
                kind: line.4,
                category: line.5,
                publisher: line.6,
                level: line.7,
                license: line.8,
                pricing: line.9,
                status: line.10,
                rating: line.11,
                updated: line.12,
                dependents: line.13,
            })
        })
        .collect()
}
