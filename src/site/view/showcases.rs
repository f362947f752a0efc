//! The page of all starter packs and the page of all integration providers.

use super::super::Error;
use super::super::catalog::Item;
use super::super::engine::{Page, Site};
use super::Address;
use super::package::install;
use super::sections::{StarterPackView, starter_pack};
use super::shared::{ProviderView, PublisherRef, labels, mark, shown_version, tagline};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

#[derive(Serialize)]
struct Head<'a> {
    id: &'a str,
    labels: Vec<String>,
    name: &'a str,
    tagline: Option<&'a str>,
    version: Option<String>,
    semver: Option<String>,
    publisher: &'a PublisherRef,
    mark: Option<&'static str>,
}

#[derive(Serialize)]
struct Pack<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    #[serde(flatten)]
    pack: StarterPackView<'a>,
    command: Option<String>,
}

#[derive(Serialize)]
struct Provider<'a> {
    #[serde(flatten)]
    head: Head<'a>,
    #[serde(flatten)]
    provider: ProviderView,
}

/// Writes both pages.
pub(super) fn write(site: &Site<'_>) -> Result<Vec<Address>, Error> {
    let items: Vec<&Item<'_>> = site.catalog.listed.iter().filter_map(|at| site.catalog.item(*at)).collect();
    let packs: Vec<Pack<'_>> = items
        .iter()
        .filter_map(|item| {
            let pack = starter_pack(&site.catalog, item.newest)?;
            Some(Pack { head: head(item), pack, command: install(item) })
        })
        .collect();
    let providers: Vec<Provider<'_>> = items
        .iter()
        .filter_map(|item| Some(Provider { head: head(item), provider: ProviderView::of(item.newest)? }))
        .collect();
    let name = &site.input.registry.settings.name;
    let page = |section: &'static str, title: &str, description: String| Page {
        title: title.into(),
        description,
        path: format!("{section}/"),
        section,
        ..Page::default()
    };
    let described = format!("Modules, pipelines and message templates in one step, from {name}.");
    site.page(
        "starter-packs.html",
        page("starter-packs", "Starter packs", described),
        context! { packs => Value::from(Serde(packs)) },
    )?;
    let described = format!("The services that packages of {name} can connect to.");
    site.page(
        "integration-providers.html",
        page("integration-providers", "Integration providers", described),
        context! { providers => Value::from(Serde(providers)) },
    )?;
    Ok(vec![Address::new("starter-packs/"), Address::new("integration-providers/")])
}

fn head<'a>(item: &'a Item<'_>) -> Head<'a> {
    Head {
        id: item.package.id.as_str(),
        labels: labels(item.package),
        name: item.package.display_name(),
        tagline: tagline(item.package),
        version: Some(shown_version(item.newest)),
        semver: Some(item.newest.version.to_string()),
        publisher: &item.publisher,
        mark: mark(item.package.status(), item.newest),
    }
}
