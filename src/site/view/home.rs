//! The top page.

use super::super::Error;
use super::super::catalog::{LETTERS, letter_label};
use super::super::engine::{Page, Site};
use super::super::text;
use super::Address;
use crate::model::PackageId;
use minijinja::Value;
use serde::Serialize;

/// Most packages among the newest.
const MOST_RECENT: usize = 12;

#[derive(Serialize)]
struct Home {
    kinds: Vec<Count>,
    categories: Vec<Category>,
    letters: Vec<Letter>,
    collections: Vec<Collection>,
    recent: Vec<Value>,
    /// Whether any package has a licence to browse by.
    has_licenses: bool,
}

#[derive(Serialize)]
struct Count {
    id: &'static str,
    name: String,
    count: usize,
}

#[derive(Serialize)]
struct Category {
    id: String,
    name: String,
    description: String,
    count: usize,
}

#[derive(Serialize)]
struct Letter {
    id: &'static str,
    label: String,
    count: usize,
}

#[derive(Serialize)]
struct Collection {
    id: String,
    name: String,
    description: Option<String>,
    packages: Vec<Value>,
}

/// Writes the page.
pub(super) fn write(site: &Site<'_>) -> Result<Vec<Address>, Error> {
    let settings = &site.input.registry.settings;
    let home = Home {
        kinds: kinds(site),
        categories: categories(site),
        letters: LETTERS
            .into_iter()
            .map(|id| Letter {
                id,
                label: letter_label(id),
                count: site.catalog.letters.get(id).map_or(0, |shelf| shelf.members.len()),
            })
            .collect(),
        collections: collections(site),
        recent: recent(site),
        has_licenses: !site.catalog.licenses.is_empty(),
    };
    let page = Page {
        title: settings.name.clone(),
        description: text::shorten(settings.description.as_deref().unwrap_or(&settings.name), 160),
        section: "home",
        ..Page::default()
    };
    site.page("home.html", page, home)?;
    Ok(vec![Address { path: String::new(), changed: Some(site.input.as_of) }])
}

fn kinds(site: &Site<'_>) -> Vec<Count> {
    let shelves = site.catalog.kinds.iter().filter(|(_, shelf)| !shelf.members.is_empty());
    shelves
        .map(|(kind, shelf)| Count {
            id: kind.as_str(),
            name: shelf.label.clone(),
            count: shelf.members.len(),
        })
        .collect()
}

fn categories(site: &Site<'_>) -> Vec<Category> {
    let descriptions = &site.input.registry.settings.categories;
    let shelves = site.catalog.categories.iter();
    shelves
        .map(|(id, shelf)| Category {
            id: (*id).to_owned(),
            name: shelf.label.clone(),
            description: descriptions.get(*id).cloned().unwrap_or_default(),
            count: shelf.members.len(),
        })
        .collect()
}

fn collections(site: &Site<'_>) -> Vec<Collection> {
    let listed = |id: &String| {
        let at = site.catalog.position(&PackageId::parse(id).ok()?)?;
        site.catalog.item(at).filter(|item| item.is_listed).map(|_| at)
    };
    site.input
        .registry
        .collections
        .iter()
        .map(|(id, collection)| {
            let members: Vec<usize> = collection.wire.packages.iter().filter_map(listed).collect();
            Collection {
                id: id.clone(),
                name: collection.wire.name.clone(),
                description: collection.wire.description.clone(),
                packages: site.catalog.cards(&members),
            }
        })
        .filter(|collection| !collection.packages.is_empty())
        .collect()
}

fn recent(site: &Site<'_>) -> Vec<Value> {
    let mut dated: Vec<_> = site
        .catalog
        .listed
        .iter()
        .filter_map(|at| {
            let item = site.catalog.item(*at).filter(|item| !item.newest.is_yanked())?;
            Some((std::cmp::Reverse(item.newest.published?), *at))
        })
        .collect();
    dated.sort();
    let newest: Vec<usize> = dated.into_iter().take(MOST_RECENT).map(|(_, at)| at).collect();
    site.catalog.cards(&newest)
}
