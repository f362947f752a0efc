//! Every release of a package on one page, each with an anchor.

use super::super::Error;
use super::super::catalog::{Catalog, Item};
use super::super::engine::{Page, Site};
use super::shared::{Date, PublisherRef, Size, labels, platform, shown_version};
use crate::model::{PackageId, Version, WithdrawalLevel};
use crate::validate::registry::{Package, Release};
use serde::Serialize;
use std::collections::BTreeSet;

#[derive(Serialize)]
struct View<'a> {
    package: Head<'a>,
    versions: Vec<Row>,
}

#[derive(Serialize)]
struct Head<'a> {
    id: &'a str,
    labels: Vec<String>,
    name: &'a str,
    kind_name: &'static str,
    publisher: &'a PublisherRef,
    install: Option<String>,
}

#[derive(Serialize)]
struct Row {
    version: String,
    semver: String,
    published: Option<Date>,
    size: Option<Size>,
    sha256: Option<String>,
    platform: Option<String>,
    score: Option<u8>,
    report: Option<String>,
    withdrawn: Option<Withdrawn>,
    amendments: Vec<Amended>,
    permissions_added: Vec<String>,
    permissions_removed: Vec<String>,
}

#[derive(Serialize)]
struct Amended {
    n: u32,
    date: Date,
    reason: String,
}

/// A withdrawal, on any page.
#[derive(Serialize)]
pub(in super::super) struct Withdrawn {
    level: WithdrawalLevel,
    date: Date,
    reason: String,
    replacement: Option<Replacement>,
    advisories: Vec<Advisory>,
    legal: Option<String>,
}

#[derive(Serialize)]
struct Replacement {
    text: String,
    href: Option<String>,
}

#[derive(Serialize)]
struct Advisory {
    id: String,
    /// Advisories of the registry have no page of their own.
    url: Option<String>,
}

/// Writes the page.
pub(super) fn write(site: &Site<'_>, item: &Item<'_>) -> Result<(), Error> {
    let package = item.package;
    let mut versions = Vec::with_capacity(package.releases.len());
    let mut before: &[String] = &[];
    for release in &package.releases {
        versions.push(row(site, package, release, before, versions.is_empty()));
        before = &release.permissions;
    }
    versions.reverse();
    let name = package.display_name();
    let page = Page {
        title: format!("Versions of {name}"),
        description: format!(
            "The {} of {name}, newest first.",
            super::super::text::count(package.releases.len(), "release")
        ),
        path: format!("p/{}/versions/", package.id),
        section: "browse",
        noindex: !item.is_listed,
        ..Page::default()
    };
    let head = Head {
        id: package.id.as_str(),
        labels: labels(package),
        name,
        kind_name: super::super::text::kind_names(package.kind()).0,
        publisher: &item.publisher,
        install: super::package::install(item),
    };
    site.page("versions.html", page, View { package: head, versions })
}

fn row(site: &Site<'_>, package: &Package, release: &Release, before: &[String], is_first: bool) -> Row {
    let missing = |from: &[String], within: &[String]| -> Vec<String> {
        let set = |names: &[String]| -> BTreeSet<String> { names.iter().cloned().collect() };
        if is_first { Vec::new() } else { set(from).difference(&set(within)).cloned().collect() }
    };
    let artifact = release.artifact.as_ref();
    let score = site.input.scans.score(release);
    Row {
        version: shown_version(release),
        semver: release.version.to_string(),
        published: release.published.map(Date::from),
        size: artifact.map(|artifact| artifact.size.into()),
        sha256: artifact.map(|artifact| artifact.sha256.hex()),
        platform: platform(release),
        score,
        report: score.and(artifact).map(|artifact| format!("reports/{}.json", artifact.sha256)),
        withdrawn: withdrawn(&site.catalog, package, release),
        amendments: release
            .amendments
            .iter()
            .map(|amendment| Amended {
                n: amendment.n,
                date: amendment.date.into(),
                reason: amendment.reason.clone().unwrap_or_else(|| "no reason given".into()),
            })
            .collect(),
        permissions_added: missing(&release.permissions, before),
        permissions_removed: missing(before, &release.permissions),
    }
}

/// Returns the withdrawal of a release as it is printed.
pub(super) fn withdrawn(catalog: &Catalog<'_>, package: &Package, release: &Release) -> Option<Withdrawn> {
    let withdrawal = release.withdrawal.as_ref()?;
    let wire = &withdrawal.wire;
    Some(Withdrawn {
        level: wire.level,
        date: withdrawal.date.into(),
        reason: wire.reason.clone().unwrap_or_else(|| "No reason was given.".into()),
        replacement: wire.replacement.as_ref().map(|text| replacement(catalog, package, text)),
        advisories: wire.advisories.iter().map(|id| Advisory { id: id.clone(), url: None }).collect(),
        legal: wire.legal.clone(),
    })
}

/// Returns another version of the package, or another package.
fn replacement(catalog: &Catalog<'_>, package: &Package, text: &str) -> Replacement {
    let release = Version::parse(text).ok().and_then(|version| package.release(&version));
    if let Some(release) = release {
        let href = format!("p/{}/versions/#v{}", package.id, release.version);
        return Replacement { text: shown_version(release), href: Some(href) };
    }
    let id = PackageId::parse(text).ok().filter(|id| catalog.position(id).is_some());
    Replacement { text: text.to_owned(), href: id.map(|id| format!("p/{id}/")) }
}
