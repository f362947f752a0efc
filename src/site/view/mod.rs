//! What each template is given, one file a page; `templates/site/CONTEXT.md`
//! is the contract that the field names follow.

mod browse;
mod checks;
mod home;
mod package;
mod permissions;
mod policy;
mod publishers;
pub(super) mod queue;
mod rules;
mod scan;
mod sections;
mod sentence;
pub(super) mod shared;
mod showcases;
pub(super) mod similar;
mod versions;

use super::engine::{Page, Site};
use super::{Error, content, twin};
use crate::model::Timestamp;
use minijinja::context;
use rayon::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};

/// An address for the sitemap.
pub(super) struct Address {
    pub(super) path: String,
    /// When what it shows last changed, where a date says so.
    pub(super) changed: Option<Timestamp>,
}

impl Address {
    /// Makes an address without a date.
    pub(super) fn new(path: &str) -> Self {
        Self { path: path.to_owned(), changed: None }
    }
}

/// Writes every page that is not about one package.
pub(super) fn write_lists(site: &Site<'_>) -> Result<Vec<Address>, Error> {
    let mut addresses = home::write(site)?;
    for part in [
        browse::write(site)?,
        publishers::write(site)?,
        showcases::write(site)?,
        rules::write(site)?,
        policy::write(site)?,
        queue::write(site)?,
        content::write(site)?,
    ] {
        addresses.extend(part);
    }
    write_not_found(site)?;
    Ok(addresses)
}

fn write_not_found(site: &Site<'_>) -> Result<(), Error> {
    let page = Page {
        title: "Not on the shelf".into(),
        description: "There is no page at this address.".into(),
        path: "404.html".into(),
        noindex: true,
        ..Page::default()
    };
    site.page_at("404.html", "404.html", site.base_path(), &page, context! {})
}

/// Writes the pages and twins of every visible package.
pub(super) fn write_packages(site: &Site<'_>) -> Result<Vec<Address>, Error> {
    let done = AtomicU64::new(0);
    let written: Result<Vec<Vec<Address>>, Error> = (0..site.catalog.items.len())
        .into_par_iter()
        .map_init(
            || site.input.snapshot.reader(),
            |reader, at| {
                let again;
                let reader = match reader {
                    Ok(reader) => &*reader,
                    // The thread's own could not be opened: one more try, whose error can be given away.
                    Err(_) => {
                        again = site.input.snapshot.reader()?;
                        &again
                    }
                };
                let Some(item) = site.catalog.item(at) else { return Ok(Vec::new()) };
                let readme = package::write(site, reader, item)?;
                versions::write(site, item)?;
                twin::write(site, item, readme)?;
                (site.input.progress)(done.fetch_add(1, Ordering::Relaxed) + 1);
                Ok(addresses_of(item))
            },
        )
        .collect();
    Ok(written?.into_iter().flatten().collect())
}

fn addresses_of(item: &super::catalog::Item<'_>) -> Vec<Address> {
    if !item.is_listed {
        return Vec::new();
    }
    let changed = last_change(item.package);
    let path = format!("p/{}/", item.package.id);
    vec![Address { path: format!("{path}versions/"), changed }, Address { path, changed }]
}

/// Returns the latest date that anything says about the package.
fn last_change(package: &crate::validate::registry::Package) -> Option<Timestamp> {
    let releases = package.releases.iter().flat_map(|release| {
        let withdrawal = release.withdrawal.iter().map(|withdrawal| withdrawal.date);
        let amendments = release.amendments.iter().map(|amendment| amendment.date);
        release.published.into_iter().chain(withdrawal).chain(amendments)
    });
    releases.chain(package.ratings.iter().map(|rating| rating.date)).max()
}
