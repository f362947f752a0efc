//! The files of the registry itself: name, policy, publisher and categories.

use super::catalog::{Catalog, Package};
use super::report::{ImportReport, Reason};
use super::{Options, name, text};
use crate::model::{PublisherLevel, PublisherType, RuleLevel};
use crate::schema;
use crate::validate::rules;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Most categories: `registry.toml` has at most 64 KiB.
const MOST_CATEGORIES: usize = 200;

/// Rules that a foreign catalog breaks by its nature: one warning each time, so
/// that the registry builds and `check` still lists every case.
pub(super) const WARNED: [&str; 24] = [
    "category-missing",
    "category-unknown",
    "dependency-cycle",
    "dependency-self",
    "dependency-unknown",
    "dependency-withdrawn",
    "description-missing",
    "id-reserved",
    "kind-table-missing",
    "license-missing",
    "license-not-allowed",
    "license-not-spdx",
    "link-invalid",
    "text-unfit",
    "listing-missing",
    "manifest-missing",
    "name-fold-collision",
    "published-missing",
    "readme-missing",
    "replacement-missing",
    "replacement-unknown",
    "requirement-unsatisfiable",
    "withdrawal-reason-missing",
    "withdrawal-replacement-unknown",
];

/// Rules that nearly every release of a foreign catalog breaks, and that would
/// drown the others: a catalog knows neither the host's versions nor artifacts.
pub(super) const ALLOWED: [&str; 2] = ["artifact-missing", "platform-missing"];

/// Returns the categories of the newest releases: the catalog's word to the id here.
pub(super) fn categories(catalog: &Catalog, report: &mut ImportReport) -> BTreeMap<Arc<str>, String> {
    let mut counts: BTreeMap<Arc<str>, u64> = BTreeMap::new();
    for package in &catalog.packages {
        if let Some(category) = Package::newest(&package.releases).and_then(|newest| newest.category.as_ref())
        {
            *counts.entry(Arc::clone(category)).or_default() += 1;
        }
    }
    let mut largest: Vec<(Arc<str>, u64)> = counts.into_iter().collect();
    largest.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mut ids = BTreeSet::new();
    let mut kept = BTreeMap::new();
    for (category, count) in largest {
        let id = name::label(&category);
        if ids.contains(&id) || ids.len() < MOST_CATEGORIES {
            ids.insert(id.clone());
            kept.insert(category, id);
        } else {
            report.tally_many(Reason::CategoryLeftOut, &category, count);
        }
    }
    kept
}

/// Returns `registry.toml`.
pub(super) fn registry(options: &Options, categories: &BTreeMap<Arc<str>, String>) -> schema::Registry {
    let mut described: BTreeMap<String, String> = BTreeMap::new();
    for (category, id) in categories {
        let line = text::one_line(category);
        let sentence = format!("Packages that the source catalog lists under {}.", text::cut(&line, 80).0);
        described.entry(id.clone()).or_insert(sentence);
    }
    schema::Registry {
        format: schema::FORMAT,
        name: options.registry_name.clone(),
        description: Some(format!("An imported catalog: every package is under {}.", options.owner_prefix)),
        base_url: Some(options.base_url.clone()),
        reserved: Vec::new(),
        shared_prefixes: Vec::new(),
        categories: described,
        platform: None,
        artifacts: None,
        gate: None,
        audiences: BTreeMap::new(),
    }
}

/// Returns `policy.toml`: only rules that are stricter by themselves.
pub(super) fn policy() -> schema::Policy {
    let wanted = WARNED
        .iter()
        .map(|id| (*id, RuleLevel::Warn))
        .chain(ALLOWED.iter().map(|id| (*id, RuleLevel::Allow)));
    let levels = wanted
        .filter(|(id, level)| rules::find(id).is_some_and(|rule| rule.level > *level))
        .map(|(id, level)| (id.to_owned(), level))
        .collect();
    schema::Policy { format: schema::FORMAT, levels, ..schema::Policy::default() }
}

/// Returns the one publisher, who owns every package.
pub(super) fn publisher(options: &Options) -> schema::Publisher {
    schema::Publisher {
        format: schema::FORMAT,
        name: options.registry_name.clone(),
        description: Some("Stands for everyone who published in the source catalog.".into()),
        publisher_type: PublisherType::Organization,
        level: PublisherLevel::Unverified,
        prefixes: vec![options.owner_prefix.to_string()],
        website: None,
        identities: Vec::new(),
        keys: Vec::new(),
        trusted_ci: Vec::new(),
    }
}
