//! One package as a document of the index.

use super::fields::Fields;
use super::ranking::fold;
use crate::model::{Kind, License, PublisherLevel, Status};
use crate::validate::registry::Package;
use crate::validate::{Dependents, Registry};
use serde::{Deserialize, Serialize};
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
    /// The state.
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

/// Returns the document of a package.
pub(super) fn document(
    fields: &Fields,
    registry: &Registry,
    dependents: &Dependents,
    package: &Package,
    score: Option<u8>,
) -> TantivyDocument {
    let newest = package.newest();
    let listing = package.listing.as_ref().map(|listing| &listing.wire);
    let publisher = registry.publishers.get(&newest.publisher);
    let level = publisher.map_or(PublisherLevel::Unverified, |publisher| publisher.level());
    let tagline = listing.and_then(|listing| listing.tagline.clone());
    let card = Card {
        id: package.id.to_string(),
        name: package.display_name().to_owned(),
        tagline: tagline.clone().or_else(|| newest.description.clone()),
        version: newest.version.to_string(),
        source_version: newest.source_version.clone(),
        kind: newest.kind.to_string(),
        category: listing.and_then(|listing| listing.category.clone()),
        publisher: publisher
            .map_or_else(|| newest.publisher.to_string(), |publisher| publisher.wire.name.clone()),
        level: level.to_string(),
        license: newest.license.as_ref().map(ToString::to_string),
        pricing: package.pricing().map(|model| model.to_string()),
        status: package.status().to_string(),
        rating: rating(package),
        updated: package.last_published().map(|moment| moment.day()),
        dependents: dependents.get(&package.id).len() as u64,
    };
    let mut doc = TantivyDocument::new();
    doc.add_text(fields.id, &card.id);
    for key in [fold(&card.id), fold(package.id.last_label()), fold(&card.name)] {
        doc.add_text(fields.exact, key);
    }
    doc.add_text(fields.name, &card.name);
    doc.add_text(fields.label, package.id.as_str());
    for word in newest.keywords.iter().chain(listing.iter().flat_map(|listing| &listing.tags)) {
        doc.add_text(fields.keywords, word);
    }
    doc.add_text(fields.tagline, tagline.unwrap_or_default());
    doc.add_text(fields.description, newest.description.as_deref().unwrap_or_default());
    let readme = newest.contents.as_ref().and_then(|contents| contents.readme.as_deref()).unwrap_or_default();
    doc.add_text(fields.readme, cut(readme, MAX_README));
    add_facets(&mut doc, fields, &card, newest.license.as_ref(), newest.kind);
    add_columns(&mut doc, fields, package, &card, level, score);
    doc.add_bytes(fields.card, &serde_json::to_vec(&card).unwrap_or_default());
    doc
}

fn add_facets(
    doc: &mut TantivyDocument,
    fields: &Fields,
    card: &Card,
    license: Option<&License>,
    kind: Kind,
) {
    let [kind_field, category, license_field, pricing, level, status] = fields.facets;
    doc.add_text(kind_field, kind.as_str());
    if let Some(value) = &card.category {
        doc.add_text(category, value);
    }
    for id in license.iter().flat_map(|license| license.ids()) {
        doc.add_text(license_field, id.to_lowercase());
    }
    if let Some(value) = &card.pricing {
        doc.add_text(pricing, value);
    }
    doc.add_text(level, &card.level);
    doc.add_text(status, &card.status);
}

fn add_columns(
    doc: &mut TantivyDocument,
    fields: &Fields,
    package: &Package,
    card: &Card,
    level: PublisherLevel,
    score: Option<u8>,
) {
    let is_active = package.status() == Status::Active && package.newest().withdrawal.is_none();
    let rank = PublisherLevel::ALL.iter().position(|known| *known == level).unwrap_or(0);
    doc.add_u64(fields.level_rank, rank as u64);
    doc.add_u64(fields.score, score.map_or(0, u64::from));
    doc.add_i64(fields.published, package.first_published().map_or(0, |moment| moment.unix_seconds()));
    doc.add_i64(fields.updated, package.last_published().map_or(0, |moment| moment.unix_seconds()));
    doc.add_f64(fields.rating, card.rating.map_or(0.0, |(mean, _)| mean));
    doc.add_u64(fields.installs, 0);
    doc.add_u64(fields.dependents, card.dependents);
    doc.add_u64(fields.demoted, u64::from(!is_active));
}

fn rating(package: &Package) -> Option<(f64, u64)> {
    let count = package.ratings.len() as u64;
    let sum: u64 = package.ratings.iter().map(|rating| u64::from(rating.wire.stars)).sum();
    // A few thousand ratings at most: exact in f64.
    #[allow(clippy::cast_precision_loss)]
    let mean = sum as f64 / count as f64;
    (count > 0).then_some(((mean * 10.0).round() / 10.0, count))
}

fn cut(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}
