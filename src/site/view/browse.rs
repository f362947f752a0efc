//! Lists by kind, category, letter and licence, the list of all, and the pages
//! that lead to them.

use super::super::Error;
use super::super::catalog::{Catalog, Shelf, letter_label};
use super::super::engine::{Page, Site};
use super::super::paging::{CARDS, Paging, parts};
use super::super::text;
use super::Address;
use super::shared::Crumb;
use minijinja::value::Serde;
use minijinja::{Value, context};
use rayon::prelude::*;
use serde::Serialize;

/// Most siblings shown above a list.
const MOST_SIBLINGS: usize = 60;
/// Most publishers in the facet.
const MOST_PUBLISHERS: usize = 24;

#[derive(Serialize)]
struct Browse<'a> {
    heading: &'a str,
    lede: Option<&'a str>,
    facet_name: &'a str,
    crumbs: &'a [Crumb],
    siblings: Vec<Sibling<'a>>,
    groups: Vec<Group>,
    paging: &'a Paging,
}

#[derive(Serialize)]
struct Sibling<'a> {
    label: &'a str,
    href: &'a str,
    count: usize,
    current: bool,
}

#[derive(Serialize)]
struct Group {
    label: Option<String>,
    packages: Vec<Value>,
}

#[derive(Serialize)]
struct Facet {
    id: &'static str,
    name: &'static str,
    note: Option<&'static str>,
    values: Vec<FacetValue>,
}

#[derive(Serialize)]
struct FacetValue {
    label: String,
    href: String,
    count: usize,
    note: Option<String>,
}

/// One list to write.
struct List<'a> {
    href: String,
    label: &'a str,
    lede: Option<&'a str>,
    members: &'a [usize],
}

/// The lists of one facet.
struct Lists<'a> {
    name: &'static str,
    /// Whether members stand under letters.
    is_lettered: bool,
    lists: Vec<List<'a>>,
}

/// Writes every list, the index of lists and the search page.
pub(super) fn write(site: &Site<'_>) -> Result<Vec<Address>, Error> {
    let mut addresses = Vec::new();
    for lists in all_lists(&site.catalog) {
        let written: Result<Vec<Vec<Address>>, Error> =
            lists.lists.par_iter().map(|list| write_list(site, &lists, list)).collect();
        addresses.extend(written?.into_iter().flatten());
    }
    let facets = Value::from(Serde(facets(&site.catalog)));
    let page = Page {
        title: "Browse".into(),
        description: format!(
            "Packages of {} by kind, category, letter, licence and publisher.",
            site.input.registry.settings.name
        ),
        path: "browse/".into(),
        section: "browse",
        ..Page::default()
    };
    addresses.push(Address::new(&page.path));
    site.page("browse-index.html", page, context! { facets => facets.clone() })?;
    let page = Page {
        title: "Search".into(),
        description: format!("Search the packages of {}.", site.input.registry.settings.name),
        path: "search/".into(),
        section: "search",
        noindex: true,
        ..Page::default()
    };
    site.page("search.html", page, context! { facets })?;
    Ok(addresses)
}

fn all_lists<'a>(catalog: &'a Catalog<'_>) -> Vec<Lists<'a>> {
    let descriptions = &catalog.registry.settings.categories;
    let list = |href: String, shelf: &'a Shelf, lede: Option<&'a str>| List {
        href,
        label: &shelf.label,
        lede,
        members: &shelf.members,
    };
    let plain = |name, lists| Lists { name, is_lettered: false, lists };
    vec![
        plain(
            "Kind",
            catalog
                .kinds
                .iter()
                .map(|(kind, shelf)| list(format!("browse/kind/{kind}/"), shelf, None))
                .collect(),
        ),
        plain(
            "Category",
            catalog
                .categories
                .iter()
                .map(|(id, shelf)| {
                    list(format!("browse/category/{id}/"), shelf, descriptions.get(*id).map(String::as_str))
                })
                .collect(),
        ),
        plain(
            "Letter",
            catalog
                .letters
                .iter()
                .map(|(id, shelf)| list(format!("browse/letter/{id}/"), shelf, None))
                .collect(),
        ),
        plain(
            "Licence",
            catalog
                .licenses
                .iter()
                .map(|(name, shelf)| list(format!("browse/license/{name}/"), shelf, None))
                .collect(),
        ),
        Lists {
            name: "All",
            is_lettered: true,
            lists: vec![List {
                href: "browse/all/".into(),
                label: "All packages",
                lede: None,
                members: &catalog.listed,
            }],
        },
    ]
}

fn write_list(site: &Site<'_>, lists: &Lists<'_>, list: &List<'_>) -> Result<Vec<Address>, Error> {
    let mut addresses = Vec::new();
    let crumbs = [Crumb { label: "Browse".into(), href: "browse/".into() }];
    for part in parts(&list.href, list.members.len(), CARDS) {
        let members = list.members.get(part.range.clone()).unwrap_or_default();
        let title = match part.number {
            1 => list.label.to_owned(),
            number => format!("{}, page {number}", list.label),
        };
        let page = Page {
            description: text::shorten(
                list.lede.unwrap_or(&format!("{title} in {}.", site.input.registry.settings.name)),
                160,
            ),
            title,
            path: part.path.clone(),
            section: "browse",
            noindex: list.members.is_empty(),
            ..Page::default()
        };
        if !page.noindex {
            addresses.push(Address::new(&part.path));
        }
        let body = Browse {
            heading: list.label,
            lede: list.lede,
            facet_name: lists.name,
            crumbs: &crumbs,
            siblings: siblings(lists, list),
            groups: groups(&site.catalog, members, lists.is_lettered),
            paging: &part.paging,
        };
        site.page("browse.html", page, body)?;
    }
    Ok(addresses)
}

fn siblings<'a>(lists: &'a Lists<'_>, current: &List<'_>) -> Vec<Sibling<'a>> {
    if !(2..=MOST_SIBLINGS).contains(&lists.lists.len()) {
        return Vec::new();
    }
    lists
        .lists
        .iter()
        .map(|list| Sibling {
            label: list.label,
            href: &list.href,
            count: list.members.len(),
            current: list.href == current.href,
        })
        .collect()
}

fn groups(catalog: &Catalog<'_>, members: &[usize], is_lettered: bool) -> Vec<Group> {
    if members.is_empty() {
        return Vec::new();
    }
    if !is_lettered {
        return vec![Group { label: None, packages: catalog.cards(members) }];
    }
    let letter = |at: &usize| catalog.item(*at).map_or("0-9", |item| item.letter);
    members
        .chunk_by(|a, b| letter(a) == letter(b))
        .map(|chunk| Group {
            label: chunk.first().map(|at| letter_label(letter(at))),
            packages: catalog.cards(chunk),
        })
        .collect()
}

fn facets(catalog: &Catalog<'_>) -> Vec<Facet> {
    let descriptions = &catalog.registry.settings.categories;
    let value = |label: &str, href: String, count: usize, note: Option<String>| FacetValue {
        label: label.to_owned(),
        href,
        count,
        note,
    };
    let of = |shelf: &Shelf, href: String, note: Option<String>| {
        value(&shelf.label, href, shelf.members.len(), note)
    };
    let has = |shelf: &Shelf| !shelf.members.is_empty();
    let facet = |id, name, values| Facet { id, name, note: None, values };
    let kinds = catalog.kinds.iter().filter(|(_, shelf)| has(shelf));
    let categories = catalog.categories.iter().filter(|(_, shelf)| has(shelf));
    let mut facets = vec![
        facet(
            "kind",
            "Kind",
            kinds.map(|(id, shelf)| of(shelf, format!("browse/kind/{id}/"), None)).collect(),
        ),
        facet(
            "category",
            "Category",
            categories
                .map(|(id, shelf)| {
                    of(shelf, format!("browse/category/{id}/"), descriptions.get(*id).cloned())
                })
                .collect(),
        ),
        facet(
            "letter",
            "Letter",
            catalog
                .letters
                .iter()
                .map(|(id, shelf)| of(shelf, format!("browse/letter/{id}/"), None))
                .collect(),
        ),
        facet(
            "license",
            "Licence",
            catalog
                .licenses
                .iter()
                .map(|(id, shelf)| of(shelf, format!("browse/license/{id}/"), None))
                .collect(),
        ),
        publishers(catalog),
        facet("all", "All", vec![value("All packages", "browse/all/".into(), catalog.listed.len(), None)]),
    ];
    facets.retain(|facet| !facet.values.is_empty());
    facets
}

fn publishers(catalog: &Catalog<'_>) -> Facet {
    let mut items: Vec<_> = catalog.publishers.values().filter(|item| !item.members.is_empty()).collect();
    items.sort_by_key(|item| std::cmp::Reverse(item.members.len()));
    let note = (items.len() > MOST_PUBLISHERS).then_some("The 24 with the most packages.");
    let values = items
        .into_iter()
        .take(MOST_PUBLISHERS)
        .map(|item| FacetValue {
            label: item.reference.name.clone(),
            href: format!("publishers/{}/", item.reference.id),
            count: item.members.len(),
            note: None,
        })
        .collect();
    Facet { id: "publisher", name: "Publisher", note, values }
}
