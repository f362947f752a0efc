//! What the index says of each listed package: its number, its standing, its card.

use super::document::Card;
use super::ranking::Reputation;
use super::text;
use crate::model::{PublisherLevel, Status};
use crate::scan::Scans;
use crate::validate::registry::Package;
use crate::validate::{Dependents, Registry};
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// A package of the index with what depends on the others.
pub(super) struct Listed<'a> {
    pub(super) package: &'a Package,
    /// Rank by first release, then id: later packages come after, so earlier numbers stay.
    pub(super) number: u32,
    /// See [`Reputation::standing`].
    pub(super) standing: u8,
    /// Whether it comes after everything else.
    pub(super) is_demoted: bool,
    pub(super) card: Card,
    /// The scan's score of the newest release.
    pub(super) score: Option<u8>,
}

/// Bytes of a README in which names of other packages are looked for.
const MENTIONING: usize = 1_000;

/// Returns the packages that are listed, in the order of their numbers.
pub(super) fn listed<'a>(
    registry: &'a Registry,
    packages: &[&'a Package],
    dependents: &Dependents,
    scans: &Scans,
) -> Vec<Listed<'a>> {
    let mut chosen: Vec<&Package> = packages.iter().copied().filter(|package| package.is_listed()).collect();
    chosen.par_sort_by_cached_key(|package| {
        let first = package.first_published();
        (first.is_none(), first.map_or(0, |moment| moment.unix_seconds()), package.id.as_str())
    });
    let family = families(&chosen);
    let mentions = mentions(&chosen);
    chosen
        .par_iter()
        .enumerate()
        .map(|(at, package)| {
            let card = Card::of(registry, dependents, package);
            let publisher = registry.publishers.get(&package.newest().publisher);
            let level = publisher.map_or(PublisherLevel::Unverified, |publisher| publisher.level());
            let reputation = Reputation {
                level: PublisherLevel::ALL.iter().position(|known| *known == level).unwrap_or(0) as u64,
                rating: card.rating.map_or(0.0, |(mean, _)| mean),
                installs: 0,
                dependents: card.dependents,
                family: family.get(&family_name(package)).copied().unwrap_or(0),
                mentions: mentions.get(package.id.last_label()).copied().unwrap_or(0),
            };
            Listed {
                package,
                // A registry of four thousand million packages does not fit in memory.
                number: u32::try_from(at).unwrap_or(u32::MAX),
                standing: reputation.standing(),
                is_demoted: package.status() != Status::Active || package.newest().withdrawal.is_some(),
                card,
                score: scans.score(package.newest()),
            }
        })
        .collect()
}

fn family_name(package: &Package) -> String {
    text::words(package.id.last_label()).join("-")
}

/// Counts, for every beginning of a label that ends with a word, the labels that go on after it.
fn families(packages: &[&Package]) -> HashMap<String, u64> {
    let mut counts = HashMap::new();
    for package in packages {
        let name = family_name(package);
        for (end, _) in name.match_indices('-') {
            match counts.get_mut(&name[..end]) {
                Some(count) => *count += 1,
                None => drop(counts.insert(name[..end].to_owned(), 1)),
            }
        }
    }
    counts
}

/// Counts, for every label of a single word, the other packages whose texts have that word.
fn mentions<'a>(packages: &[&'a Package]) -> HashMap<&'a str, u64> {
    let folded: Vec<String> =
        packages.par_iter().map(|package| text::fold(package.id.last_label())).collect();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (at, label) in folded.iter().enumerate() {
        let is_word =
            label.chars().all(char::is_alphanumeric) && label.len() > 1 && !text::is_stop_word(label);
        if is_word {
            // Of equal labels the first stands for all.
            places.entry(label).or_insert(at);
        }
    }
    let counts: Vec<AtomicU64> = packages.iter().map(|_| AtomicU64::new(0)).collect();
    packages.par_iter().enumerate().for_each(|(own, package)| {
        let own = places.get(folded[own].as_str());
        let mut found: Vec<usize> = Vec::new();
        for part in short_texts(package) {
            text::each_word(&text::fold(part), |word| found.extend(places.get(word)));
        }
        found.sort_unstable();
        found.dedup();
        for at in found.iter().filter(|at| Some(*at) != own) {
            counts[*at].fetch_add(1, Ordering::Relaxed);
        }
    });
    packages
        .iter()
        .zip(&folded)
        .filter_map(|(package, label)| {
            let at = places.get(label.as_str())?;
            Some((package.id.last_label(), counts[*at].load(Ordering::Relaxed)))
        })
        .collect()
}

/// Name, tagline, description, keywords and the beginning of the README.
fn short_texts(package: &Package) -> impl Iterator<Item = &str> {
    let newest = package.newest();
    let listing = package.listing.as_ref().map(|listing| &listing.wire);
    let tagline = listing.and_then(|listing| listing.tagline.as_deref());
    let readme = newest.contents.as_ref().and_then(|contents| contents.readme.as_deref());
    [Some(package.display_name()), tagline, newest.description.as_deref()]
        .into_iter()
        .chain([readme.map(|readme| super::document::cut(readme, MENTIONING))])
        .flatten()
        .chain(newest.keywords.iter().map(String::as_str))
}
