//! One package as a document of the index.

use super::fields::{FACETS, Fields, push_level};
use super::listed::Listed;
use super::ranking::{self, FIELDS, Frequencies};
use super::text;
use crate::model::{License, PublisherLevel, Status};
use crate::validate::registry::Package;
use crate::validate::{Dependents, Registry};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use tantivy::TantivyDocument;

/// What a result shows of a package; stored in the index.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// The id.
    pub id: String,
    /// The display name.
    pub name: String,
    /// The tagline, else the description.
    pub tagline: Option<String>,
    /// The newest version people should get.
    pub version: String,
    /// The same version as another catalog spells it.
    #[serde(default)]
    pub source_version: Option<String>,
    /// What it is.
    pub kind: String,
    /// The category.
    pub category: Option<String>,
    /// The publisher's display name.
    pub publisher: String,
    /// How much the registry knows about the publisher.
    pub level: String,
    /// The licence.
    pub license: Option<String>,
    /// How it is paid for.
    pub pricing: Option<String>,
    /// The state of the listing; of an active one whose newest release is withdrawn, the level of that.
    pub status: String,
    /// Mean of the ratings, and how many.
    pub rating: Option<(f64, u64)>,
    /// Day of the latest release.
    pub updated: Option<String>,
    /// Number of packages that need it.
    pub dependents: u64,
}

/// Most bytes of a README that are searched.
const MAX_README: usize = 100_000;

impl Card {
    /// Returns the card of a package.
    pub(super) fn of(registry: &Registry, dependents: &Dependents, package: &Package) -> Self {
        let newest = package.newest();
        let listing = package.listing.as_ref().map(|listing| &listing.wire);
        let publisher = registry.publishers.get(&newest.publisher);
        let level = publisher.map_or(PublisherLevel::Unverified, |publisher| publisher.level());
        let tagline = listing.and_then(|listing| listing.tagline.clone());
        Self {
            id: package.id.to_string(),
            name: package.display_name().to_owned(),
            tagline: tagline.or_else(|| newest.description.clone()),
            version: newest.version.to_string(),
            source_version: newest.source_version.clone(),
            kind: newest.kind.to_string(),
            category: listing.and_then(|listing| listing.category.clone()),
            publisher: publisher
                .map_or_else(|| newest.publisher.to_string(), |publisher| publisher.wire.name.clone()),
            level: level.to_string(),
            license: newest.license.as_ref().map(ToString::to_string),
            pricing: package.pricing().map(|model| model.to_string()),
            status: status(package),
            rating: rating(package),
            updated: package.last_published().map(|moment| moment.day()),
            dependents: dependents.get(&package.id).len() as u64,
        }
    }
}

/// Returns the state of the listing, or the level that its newest release is withdrawn at.
fn status(package: &Package) -> String {
    match &package.newest().withdrawal {
        Some(withdrawal) if package.status() == Status::Active => withdrawal.wire.level.to_string(),
        _ => package.status().to_string(),
    }
}

/// Returns the keys under which a package is found by its whole name, sorted, each once.
pub(super) fn name_keys(listed: &Listed<'_>) -> Vec<String> {
    let mut keys: Vec<String> = [listed.package.id.last_label(), &listed.card.name].map(text::key).into();
    keys.retain(|key| !key.is_empty());
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Returns the values of a package by facet, in the order of [`FACETS`].
pub(super) fn facet_values(listed: &Listed<'_>) -> [Vec<String>; FACETS.len()] {
    let card = &listed.card;
    let newest = listed.package.newest();
    let licenses = newest.license.iter().flat_map(License::ids).map(str::to_lowercase).collect();
    let one = |value: Option<String>| value.into_iter().collect::<Vec<String>>();
    let platform = newest.platform.as_ref().map(ToString::to_string);
    let band = listed.score.map(|score| score_band(score).to_owned());
    [
        vec![card.kind.clone()],
        one(card.category.clone()),
        licenses,
        one(card.pricing.clone()),
        vec![card.level.clone()],
        one(platform),
        one(band),
        vec![card.status.clone()],
    ]
}

/// Bands of the scan's score: what may be published without a word, the rest, and the best.
fn score_band(score: u8) -> &'static str {
    match score {
        90.. => "90-100",
        70..=89 => "70-89",
        _ => "0-69",
    }
}

/// Returns the document of a package.
pub(super) fn document(fields: &Fields, listed: &Listed<'_>) -> TantivyDocument {
    let (package, card) = (listed.package, &listed.card);
    let newest = package.newest();
    let mut doc = TantivyDocument::new();
    doc.add_text(fields.id, &card.id);
    for key in name_keys(listed) {
        doc.add_text(fields.names, key);
    }
    let texts = Texts::of(listed);
    doc.add_text(fields.words, texts.levels(listed.standing));
    for text in texts.phrases() {
        doc.add_text(fields.text, text);
    }
    doc.add_text(fields.publisher, newest.publisher.as_str());
    if let Some((_, label)) = newest.publisher.as_str().rsplit_once('.') {
        doc.add_text(fields.publisher, label);
    }
    for (field, values) in fields.facets.into_iter().zip(facet_values(listed)) {
        for value in values {
            doc.add_text(field, value);
        }
    }
    doc.add_u64(fields.number, u64::from(listed.number));
    doc.add_u64(fields.standing, u64::from(listed.standing));
    doc.add_u64(fields.demoted, u64::from(listed.is_demoted));
    doc.add_i64(fields.published, package.first_published().map_or(0, |moment| moment.unix_seconds()));
    doc.add_i64(fields.updated, package.last_published().map_or(0, |moment| moment.unix_seconds()));
    doc.add_f64(fields.rating, card.rating.map_or(0.0, |(mean, _)| mean));
    doc.add_u64(fields.installs, 0);
    doc.add_u64(fields.dependents, card.dependents);
    doc.add_bytes(fields.card, &serde_json::to_vec(card).unwrap_or_default());
    doc
}

/// The searched texts of a package, folded, by field.
struct Texts([Vec<String>; FIELDS.len()]);

impl Texts {
    fn of(listed: &Listed<'_>) -> Self {
        let package = listed.package;
        let newest = package.newest();
        let listing = package.listing.as_ref().map(|listing| &listing.wire);
        let label = package.id.last_label();
        let mut name = vec![text::fold(&listed.card.name)];
        if text::key(label) != text::key(&listed.card.name) {
            name.push(text::fold(label));
        }
        let owner = package.id.as_str().strip_suffix(label).unwrap_or_default();
        let owner = owner.split_once('.').map_or("", |(_, rest)| rest);
        let mut keywords: Vec<String> = newest.keywords.iter().map(|word| text::fold(word)).collect();
        keywords.extend(listing.iter().flat_map(|listing| &listing.tags).map(|tag| text::fold(tag)));
        keywords.extend(listing.and_then(|listing| listing.category.as_deref()).map(text::fold));
        let one = |value: Option<&str>| value.map(text::fold).into_iter().collect::<Vec<String>>();
        let readme = newest.contents.as_ref().and_then(|contents| contents.readme.as_deref());
        Self([
            name,
            vec![text::fold(owner)],
            keywords,
            one(listing.and_then(|listing| listing.tagline.as_deref())),
            one(newest.description.as_deref()),
            one(readme.map(|readme| cut(readme, MAX_README))),
        ])
    }

    /// Name, keywords, tagline and description: what phrases are looked for in.
    fn phrases(&self) -> impl Iterator<Item = &str> {
        [0, 2, 3, 4].into_iter().flat_map(|field| &self.0[field]).map(String::as_str)
    }

    /// Returns every stem with its level, sorted, as the tokenizer reads it.
    fn levels(&self, standing: u8) -> String {
        let mut counts: HashMap<&str, Frequencies> = HashMap::new();
        let mut lengths = Frequencies::default();
        let mut joined: Vec<(usize, String)> = Vec::new();
        for (field, texts) in self.0.iter().enumerate() {
            for text in texts {
                let mut before: Option<&str> = None;
                text::each_word(text, |word| {
                    lengths[field] += 1;
                    // Names and keywords are found with their words joined, too.
                    if let Some(before) = before.filter(|_| field == 0 || field == 2) {
                        joined.push((field, format!("{before}{word}")));
                    }
                    before = Some(word);
                    if !text::is_stop_word(word) {
                        counts.entry(text::stem(word)).or_default()[field] += 1;
                    }
                });
            }
        }
        for (field, word) in &joined {
            if word.chars().count() <= text::MAX_WORD {
                counts.entry(text::stem(word)).or_default()[*field] += 1;
            }
        }
        let mut counts: Vec<(&str, Frequencies)> = counts.into_iter().collect();
        counts.sort_unstable_by_key(|(stem, _)| *stem);
        let mut lines = String::with_capacity(counts.len() * 10);
        for (stem, frequencies) in counts {
            if let Some(level) = ranking::level(&frequencies, &lengths, standing) {
                push_level(&mut lines, stem, level);
            }
        }
        lines
    }
}

fn rating(package: &Package) -> Option<(f64, u64)> {
    let count = package.ratings.len() as u64;
    let sum: u64 = package.ratings.iter().map(|rating| u64::from(rating.wire.stars)).sum();
    // A few thousand ratings at most: exact in f64.
    #[allow(clippy::cast_precision_loss)]
    let mean = sum as f64 / count as f64;
    (count > 0).then_some(((mean * 10.0).round() / 10.0, count))
}

/// Returns the beginning of a text, at most so many bytes.
pub(super) fn cut(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
