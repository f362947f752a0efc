//! The registry arranged for readers, once: what is visible, in which order,
//! under which kind, category, letter, licence and publisher.

use super::text::{capitalized, title_of};
use super::view::shared::{Card, PublisherRef, Ref};
use crate::model::{Kind, PackageId, PublisherLevel, WithdrawalLevel};
use crate::scan::Scans;
use crate::validate::registry::{Package, Publisher, Registry, Release};
use minijinja::Value;
use minijinja::value::Serde;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// The letters that names begin with.
pub(super) const LETTERS: [&str; 27] = [
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u",
    "v", "w", "x", "y", "z", "0-9",
];

/// A visible package.
pub(super) struct Item<'a> {
    pub(super) package: &'a Package,
    /// The release people should get.
    pub(super) newest: &'a Release,
    /// Whether every release is removed.
    pub(super) is_removed: bool,
    /// Whether it stands in lists.
    pub(super) is_listed: bool,
    /// The letter it stands under.
    pub(super) letter: &'static str,
    /// Address of the icon.
    pub(super) icon: Option<String>,
    pub(super) publisher: PublisherRef,
    /// The score of the newest release, if it was scanned.
    pub(super) score: Option<u8>,
}

/// One value of a facet.
#[derive(Default)]
pub(super) struct Shelf {
    /// What it is called.
    pub(super) label: String,
    /// Positions of its packages, by name.
    pub(super) members: Vec<usize>,
}

/// A publisher and its visible packages.
pub(super) struct PublisherItem<'a> {
    /// Its file; none for a publisher that only releases name.
    pub(super) publisher: Option<&'a Publisher>,
    pub(super) reference: PublisherRef,
    /// Positions of its listed packages, by name.
    pub(super) members: Vec<usize>,
}

/// The arranged registry.
pub(super) struct Catalog<'a> {
    pub(super) registry: &'a Registry,
    /// Visible packages, by id.
    pub(super) items: Vec<Item<'a>>,
    /// Positions of the listed ones, by name, then id.
    pub(super) listed: Vec<usize>,
    pub(super) kinds: BTreeMap<Kind, Shelf>,
    pub(super) categories: BTreeMap<&'a str, Shelf>,
    pub(super) letters: BTreeMap<&'static str, Shelf>,
    /// By the name used in addresses.
    pub(super) licenses: BTreeMap<String, Shelf>,
    pub(super) publishers: BTreeMap<String, PublisherItem<'a>>,
    cards: Vec<Value>,
}

impl<'a> Catalog<'a> {
    /// Arranges a registry. `icons` are the addresses of the icons that may be shown.
    pub(super) fn new(registry: &'a Registry, icons: &BTreeMap<PackageId, String>, scans: &Scans) -> Self {
        let items: Vec<Item<'a>> = registry
            .visible("public")
            .into_iter()
            .map(|package| item(registry, package, icons.get(&package.id).cloned(), scans))
            .collect();
        let mut named: Vec<(String, usize)> = items
            .iter()
            .enumerate()
            .filter(|(_, item)| item.is_listed)
            .map(|(at, item)| (item.package.display_name().to_lowercase(), at))
            .collect();
        named.sort();
        let listed: Vec<usize> = named.into_iter().map(|(_, at)| at).collect();
        let cards = items.par_iter().map(|item| Value::from(Serde(Card::new(item)))).collect();
        let mut catalog = Self {
            registry,
            items,
            listed,
            kinds: BTreeMap::new(),
            categories: BTreeMap::new(),
            letters: BTreeMap::new(),
            licenses: BTreeMap::new(),
            publishers: BTreeMap::new(),
            cards,
        };
        catalog.arrange();
        catalog
    }

    /// Fills the shelves, those without members included where pages link to them.
    fn arrange(&mut self) {
        for publisher in self.registry.visible_publishers("public") {
            let id = &publisher.id;
            let reference = PublisherRef::of(publisher);
            let item = PublisherItem { publisher: Some(publisher), reference, members: Vec::new() };
            self.publishers.insert(id.to_string(), item);
        }
        for id in self.registry.settings.categories.keys() {
            self.categories.insert(id, Shelf { label: title_of(id), members: Vec::new() });
        }
        for item in &self.items {
            let label = super::text::kind_names(item.package.kind()).1;
            self.kinds.entry(item.package.kind()).or_default().label = label.to_owned();
            self.publishers.entry(item.publisher.id.clone()).or_insert_with(|| PublisherItem {
                publisher: None,
                reference: item.publisher.clone(),
                members: Vec::new(),
            });
        }
        for &at in &self.listed {
            let Some(item) = self.items.get(at) else { continue };
            if let Some(shelf) = self.kinds.get_mut(&item.package.kind()) {
                shelf.members.push(at);
            }
            if let Some(shelf) = category_of(item.package).and_then(|id| self.categories.get_mut(id)) {
                shelf.members.push(at);
            }
            let letter = self.letters.entry(item.letter).or_default();
            letter.label = letter_label(item.letter);
            letter.members.push(at);
            for id in item.newest.license.iter().flat_map(|license| license.ids()) {
                let shelf = self.licenses.entry(license_name(id)).or_default();
                shelf.label = id.to_owned();
                if shelf.members.last() != Some(&at) {
                    shelf.members.push(at);
                }
            }
            if let Some(publisher) = self.publishers.get_mut(&item.publisher.id) {
                publisher.members.push(at);
            }
        }
    }

    /// Returns the position of a visible package.
    pub(super) fn position(&self, id: &PackageId) -> Option<usize> {
        self.items.binary_search_by(|item| item.package.id.cmp(id)).ok()
    }

    /// Returns a visible package.
    pub(super) fn item(&self, at: usize) -> Option<&Item<'a>> {
        self.items.get(at)
    }

    /// Returns what lists show of the packages at these positions.
    pub(super) fn cards(&self, positions: &[usize]) -> Vec<Value> {
        positions.iter().filter_map(|at| self.cards.get(*at)).cloned().collect()
    }

    /// Returns a mention of another package.
    pub(super) fn reference(&self, id: &PackageId) -> Ref {
        let item = self.position(id).and_then(|at| self.items.get(at));
        Ref {
            id: id.to_string(),
            name: item.map(|item| item.package.display_name().to_owned()),
            here: item.is_some(),
        }
    }

    /// Returns the number of releases of listed packages.
    pub(super) fn release_count(&self) -> usize {
        self.listed.iter().filter_map(|at| self.items.get(*at)).map(|item| item.package.releases.len()).sum()
    }
}

fn item<'a>(registry: &'a Registry, package: &'a Package, icon: Option<String>, scans: &Scans) -> Item<'a> {
    let newest = package.newest();
    let publisher = registry.publishers.get(&newest.publisher).map_or_else(
        || {
            PublisherRef::new(
                newest.publisher.as_str(),
                newest.publisher.as_str(),
                PublisherLevel::Unverified,
            )
        },
        PublisherRef::of,
    );
    Item {
        package,
        newest,
        is_removed: package.is_removed(),
        is_listed: package.is_listed(),
        letter: letter_of(package),
        icon,
        publisher,
        score: scans.score(newest),
    }
}

/// Returns how far a release is withdrawn.
pub(super) fn withdrawal_level(release: &Release) -> Option<WithdrawalLevel> {
    release.withdrawal.as_ref().map(|withdrawal| withdrawal.wire.level)
}

/// Returns the category in the listing.
pub(super) fn category_of(package: &Package) -> Option<&str> {
    package.listing.as_ref()?.wire.category.as_deref()
}

/// Returns the name of a licence in addresses: nothing in it needs encoding.
pub(super) fn license_name(id: &str) -> String {
    id.chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-') { c } else { '-' })
        .collect()
}

/// Returns the letter as it is printed.
pub(super) fn letter_label(letter: &str) -> String {
    if letter == "0-9" { "0–9".into() } else { capitalized(letter) }
}

/// The first letter of the name, or of the id's last label where the name
/// begins with none of the Latin alphabet.
fn letter_of(package: &Package) -> &'static str {
    let texts = [package.display_name(), package.id.last_label()];
    let first = texts.iter().filter_map(|text| text.trim().chars().next()).find(char::is_ascii_alphanumeric);
    let first = first.map_or('0', |c| c.to_ascii_lowercase());
    LETTERS.into_iter().find(|letter| letter.len() == 1 && letter.starts_with(first)).unwrap_or("0-9")
}
