//! The list of publishers and the page of each.

use super::super::Error;
use super::super::catalog::PublisherItem;
use super::super::engine::{Page, Site};
use super::super::paging::{CARDS, PUBLISHERS, Paging, parts};
use super::super::text::{self, https};
use super::Address;
use super::shared::{Date, PublisherRef};
use crate::model::{PublisherLevel, PublisherType, Timestamp};
use crate::schema;
use minijinja::Value;
use rayon::prelude::*;
use serde::Serialize;

#[derive(Serialize)]
struct List<'a> {
    levels: &'a [Level],
    publishers: Vec<Entry<'a>>,
    paging: Paging,
}

#[derive(Serialize)]
struct Level {
    id: &'static str,
    name: &'static str,
    meaning: &'static str,
    count: usize,
}

#[derive(Serialize)]
struct Entry<'a> {
    #[serde(flatten)]
    reference: &'a PublisherRef,
    type_name: &'static str,
    count: usize,
}

#[derive(Serialize)]
struct One<'a> {
    publisher: &'a View<'a>,
    packages: Vec<Value>,
    paging: Paging,
}

#[derive(Serialize)]
struct View<'a> {
    #[serde(flatten)]
    reference: &'a PublisherRef,
    level_meaning: &'static str,
    type_name: &'static str,
    description: Option<&'a str>,
    website: Option<String>,
    prefixes: Vec<String>,
    identities: Vec<Identity<'a>>,
    keys: Vec<Key<'a>>,
    trusted_ci: &'a [schema::TrustedCi],
}

#[derive(Serialize)]
struct Identity<'a> {
    forge: &'a str,
    login: &'a str,
}

#[derive(Serialize)]
struct Key<'a> {
    id: &'a str,
    algorithm: &'a str,
    from: Option<Date>,
    revoked: Option<Date>,
}

/// Writes the list and every publisher's page.
pub(super) fn write(site: &Site<'_>) -> Result<Vec<Address>, Error> {
    let mut addresses = write_list(site)?;
    let items: Vec<&PublisherItem<'_>> = site.catalog.publishers.values().collect();
    let written: Result<Vec<Vec<Address>>, Error> =
        items.par_iter().map(|item| write_one(site, item)).collect();
    addresses.extend(written?.into_iter().flatten());
    Ok(addresses)
}

fn write_list(site: &Site<'_>) -> Result<Vec<Address>, Error> {
    let mut addresses = Vec::new();
    let mut items: Vec<&PublisherItem<'_>> = site.catalog.publishers.values().collect();
    items.sort_by_cached_key(|item| (item.reference.name.to_lowercase(), item.reference.id.clone()));
    let levels: Vec<Level> = PublisherLevel::ALL
        .iter()
        .map(|level| Level {
            id: level.as_str(),
            name: text::level_names(*level).0,
            meaning: text::level_names(*level).1,
            count: items.iter().filter(|item| item.reference.level == level.as_str()).count(),
        })
        .collect();
    for part in parts("publishers/", items.len(), PUBLISHERS) {
        let page = Page {
            title: "Publishers".into(),
            description: format!("Who publishes packages in {}.", site.input.registry.settings.name),
            path: part.path,
            section: "publishers",
            ..Page::default()
        };
        addresses.push(Address::new(&page.path));
        let publishers = items
            .get(part.range)
            .unwrap_or_default()
            .iter()
            .map(|item| Entry {
                reference: &item.reference,
                type_name: type_name(item),
                count: item.members.len(),
            })
            .collect();
        site.page("publishers.html", page, List { levels: &levels, publishers, paging: part.paging })?;
    }
    Ok(addresses)
}

fn write_one(site: &Site<'_>, item: &PublisherItem<'_>) -> Result<Vec<Address>, Error> {
    let mut addresses = Vec::new();
    let view = view(item);
    let path = format!("publishers/{}/", item.reference.id);
    for part in parts(&path, item.members.len(), CARDS) {
        let described = view.description.map_or_else(
            || format!("Packages of {} in {}.", item.reference.name, site.input.registry.settings.name),
            str::to_owned,
        );
        let page = Page {
            title: item.reference.name.clone(),
            description: text::shorten(&described, 160),
            path: part.path,
            section: "publishers",
            ..Page::default()
        };
        addresses.push(Address::new(&page.path));
        let packages = site.catalog.cards(item.members.get(part.range).unwrap_or_default());
        site.page("publisher.html", page, One { publisher: &view, packages, paging: part.paging })?;
    }
    Ok(addresses)
}

fn type_name(item: &PublisherItem<'_>) -> &'static str {
    match item.publisher.map(|publisher| publisher.wire.publisher_type) {
        Some(PublisherType::Individual) => "Individual",
        Some(PublisherType::Organization) | None => "Organization",
    }
}

fn view<'a>(item: &'a PublisherItem<'a>) -> View<'a> {
    let wire = item.publisher.map(|publisher| &publisher.wire);
    let level = item.publisher.map_or(PublisherLevel::Unverified, |publisher| publisher.level());
    let date = |date: &Option<schema::DateTime>| {
        date.as_ref().and_then(|date| Timestamp::parse(&date.0.to_string()).ok()).map(Date::from)
    };
    View {
        reference: &item.reference,
        level_meaning: text::level_names(level).1,
        type_name: type_name(item),
        description: wire.and_then(|wire| wire.description.as_deref()),
        website: https(wire.and_then(|wire| wire.website.as_deref())),
        prefixes: item
            .publisher
            .iter()
            .flat_map(|publisher| &publisher.prefixes)
            .map(ToString::to_string)
            .collect(),
        identities: wire
            .iter()
            .flat_map(|wire| &wire.identities)
            .map(|identity| Identity { forge: &identity.forge, login: &identity.login })
            .collect(),
        keys: wire
            .iter()
            .flat_map(|wire| &wire.keys)
            .map(|key| Key {
                id: &key.id,
                algorithm: &key.algorithm,
                from: date(&key.from),
                revoked: date(&key.revoked),
            })
            .collect(),
        trusted_ci: wire.map_or(&[], |wire| &wire.trusted_ci),
    }
}
