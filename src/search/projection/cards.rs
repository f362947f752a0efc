//! Cards: what a result shows, some packages a file.
//!
//! A file has a line for each of [`COLUMNS`], and in it the values of its packages, separated by
//! tabs: values that are alike stand together, and compress.

use super::head::edition;
use super::pack;
use crate::search::listed::Listed;
use crate::search::{Card, Error};

/// Packages in one file.
pub(super) const FILE: usize = 26;

/// Files in one block.
pub(super) const BLOCK: usize = 20;

/// Most characters of a tagline.
const TAGLINE: usize = 160;

/// Values of a card, in the order of the lines:
///
/// 0. the id; 1. the name, if it is not the last label of the id; 2. the tagline; 3. the version as it is shown; 4. the kind; 5. the category; 6. the publisher;
/// 7. its level; 8. the licence; 9. the pricing; 10. the status, unless it is `active`;
/// 11. mean and number of ratings, with a space between; 12. the day of the latest release;
/// 13. the number of dependents, unless it is 0; 14. the version, where it is shown as another
///     catalog spells it.
///
/// A value that is not there is empty.
const COLUMNS: usize = 15;

/// Returns the names of the blocks and all files, as path and bytes.
pub(super) fn files(listed: &[Listed<'_>]) -> (String, Vec<(String, Vec<u8>)>) {
    use rayon::prelude::*;
    let names: Vec<String> = listed.par_chunks(FILE * BLOCK).map(block_name).collect();
    let files = listed
        .par_chunks(FILE)
        .enumerate()
        .map(|(at, packages)| {
            let cards: Vec<[String; COLUMNS]> = packages.iter().map(|one| values(&one.card)).collect();
            let lines: Vec<String> = (0..COLUMNS)
                .map(|column| cards.iter().map(|card| card[column].as_str()).collect::<Vec<_>>().join("\t"))
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
    edition(ids.join("\n").as_bytes())
}

fn values(card: &Card) -> [String; COLUMNS] {
    let (version, other) = match &card.source_version {
        Some(shown) => (shown, Some(&card.version)),
        None => (&card.version, None),
    };
    let label = last_label(&card.id);
    let text = |value: Option<&String>| value.cloned().unwrap_or_default();
    let values = [
        card.id.clone(),
        if card.name == label { String::new() } else { card.name.clone() },
        card.tagline.as_deref().map(cut).unwrap_or_default(),
        version.clone(),
        card.kind.clone(),
        text(card.category.as_ref()),
        card.publisher.clone(),
        card.level.clone(),
        text(card.license.as_ref()),
        text(card.pricing.as_ref()),
        if card.status == ACTIVE { String::new() } else { card.status.clone() },
        card.rating.map(|(mean, count)| format!("{mean} {count}")).unwrap_or_default(),
        text(card.updated.as_ref()),
        if card.dependents == 0 { String::new() } else { card.dependents.to_string() },
        text(other),
    ];
    values.map(|value| value.replace(['\t', '\n', '\r'], " "))
}

/// The status of most packages.
const ACTIVE: &str = "active";

fn last_label(id: &str) -> &str {
    id.rsplit_once('.').map_or(id, |(_, label)| label)
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
    let text = std::str::from_utf8(bytes).map_err(|_| Error::Damaged("cards that are no text"))?;
    let lines: Vec<Vec<&str>> = text.split('\n').map(|line| line.split('\t').collect()).collect();
    let count = lines.first().map_or(0, Vec::len);
    if lines.len() != COLUMNS || lines.iter().any(|line| line.len() != count) {
        return Err(Error::Damaged("cards that lack a value"));
    }
    (0..count).map(|at| card(|column| lines[column][at])).collect()
}

fn card<'a>(value: impl Fn(usize) -> &'a str) -> Result<Card, Error> {
    let text = |column: usize| Some(value(column).to_owned()).filter(|text| !text.is_empty());
    let id = value(0).to_owned();
    let (version, source_version) = match text(14) {
        Some(version) => (version, text(3)),
        None => (value(3).to_owned(), None),
    };
    let rating = match value(11).split_once(' ') {
        Some((mean, count)) => Some((number(mean)?, number(count)?)),
        None => None,
    };
    Ok(Card {
        name: text(1).unwrap_or_else(|| last_label(&id).to_owned()),
        id,
        tagline: text(2),
        version,
        source_version,
        kind: value(4).to_owned(),
        category: text(5),
        publisher: value(6).to_owned(),
        level: value(7).to_owned(),
        license: text(8),
        pricing: text(9),
        status: text(10).unwrap_or_else(|| ACTIVE.to_owned()),
        rating,
        updated: text(12),
        dependents: text(13).map_or(Ok(0), |count| number(&count))?,
    })
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, Error> {
    text.parse().map_err(|_| Error::Damaged("a card with a number that is none"))
}
