//! The page of a package.

use super::super::Error;
use super::super::catalog::Item;
use super::super::engine::{Page, Site};
use super::super::markdown;
use super::super::media::{self, ReadmeImages};
use super::super::text::{self, https};
use super::permissions::{self, Class};
use super::scan::{self, ScanView};
use super::sections::{
    Agent, Category, Dependents, License, Lineage, Link, Metadata, Platform, Pricing, Rating, Solution,
    StarterPackView, Template, Version, agent, category, dependencies, dependents, evidence_name, host,
    license, lineage, links, mention, metadata, pricing, rating, solution, starter_pack, template, version,
};
use super::shared::{
    Date, ProviderView, PublisherRef, Ref, RequirementView, Setting, Size, labels, settings, shown_version,
    tagline,
};
use super::similar::{Similar, similar};
use super::versions::{Withdrawn, withdrawn};
use crate::model::{Status, WithdrawalLevel};
use crate::schema::Counts;
use crate::source::Reader;
use crate::validate::registry::{ArtifactLocation, Package, Release};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

/// Most versions shown; the rest is a page of its own.
const MOST_VERSIONS: usize = 10;

#[derive(Serialize)]
struct View<'a> {
    id: &'a str,
    labels: Vec<String>,
    name: &'a str,
    kind: &'static str,
    kind_name: &'static str,
    tagline: Option<&'a str>,
    description: Option<&'a str>,
    version: Option<String>,
    semver: Option<String>,
    icon: Option<String>,
    category: Option<Category<'a>>,
    publisher: &'a PublisherRef,
    status: Status,
    replacement: Option<Ref>,
    audience: Option<&'a str>,
    removed: bool,
    withdrawn: Option<Withdrawn>,
    is_told_once: bool,
    install: Option<String>,
    readme: Option<Value>,
    license: Option<License<'a>>,
    platform: Option<Platform<'a>>,
    published: Option<Date>,
    size: Option<Size>,
    sha256: Option<String>,
    artifact: Option<String>,
    evidence: Vec<&'a str>,
    lineage: Option<Lineage<'a>>,
    score: Option<u8>,
    findings: Option<Counts>,
    report: Option<String>,
    scan: Option<ScanView>,
    pricing: Option<Pricing>,
    permissions: Vec<Class>,
    dependencies: Vec<RequirementView>,
    dependents: Dependents,
    capabilities: &'a [String],
    namespaces: Vec<&'a str>,
    keywords: &'a [String],
    links: Vec<Link>,
    rating: Option<Rating<'a>>,
    screenshots: Vec<Screenshot<'a>>,
    configuration: Vec<Setting>,
    metadata: Vec<Metadata>,
    versions: Vec<Version>,
    version_count: usize,
    similar: Vec<Similar<'a>>,
    agent: Option<Agent<'a>>,
    template: Option<Template>,
    starter_pack: Option<StarterPackView<'a>>,
    integration_provider: Option<ProviderView>,
    solution: Option<Solution>,
}

#[derive(Serialize)]
struct Screenshot<'a> {
    src: String,
    alt: &'a str,
    width: Option<u32>,
    height: Option<u32>,
}

/// Writes the page and what belongs to it; returns the README as it stands in the artifact.
pub(super) fn write<'a>(
    site: &Site<'a>,
    reader: &Reader<'_>,
    item: &Item<'a>,
) -> Result<Option<&'a str>, Error> {
    let contents = item.newest.contents.as_ref().filter(|_| !item.is_removed);
    let readme = contents.and_then(|contents| contents.readme.as_deref());
    let html = match readme {
        Some(text) => Some(readme_html(site, reader, item, text)?),
        None => None,
    };
    let mut view = view(site, item);
    view.readme = html.map(Value::from_safe_string);
    if !item.is_removed {
        view.icon = icon(site, reader, item)?;
        view.screenshots = screenshots(site, reader, item.package)?;
        if let Some(template) = &mut view.template {
            template.parameters = parameters(item.newest);
        }
    }
    let path = format!("p/{}/", item.package.id);
    let page = Page {
        title: item.package.display_name().to_owned(),
        description: describe(item),
        json: Some(format!("{path}index.json")),
        md: Some(format!("{path}index.md")),
        path,
        section: "browse",
        noindex: !item.is_listed,
    };
    site.page("package.html", page, context! { package => Value::from(Serde(view)) })?;
    Ok(readme)
}

/// Returns at most 160 characters about a package.
pub(super) fn describe(item: &Item<'_>) -> String {
    let name = item.package.display_name();
    let line = tagline(item.package).or(item.newest.description.as_deref());
    text::shorten(line.unwrap_or(&format!("{name}, version {}.", item.newest.version)), 160)
}

fn readme_html(site: &Site<'_>, reader: &Reader<'_>, item: &Item<'_>, readme: &str) -> Result<String, Error> {
    let Some(contents) = &item.newest.contents else { return Ok(String::new()) };
    let images = ReadmeImages::new(site, reader, item.newest, &contents.files);
    let (html, refused) = markdown::readme(readme, &|path| images.get(path));
    if let Some(refused) = refused {
        site.problem(format!("the README of `{}` is shown as plain text: {refused}", item.newest.name()));
    }
    images.finish()?;
    Ok(html)
}

fn icon(site: &Site<'_>, reader: &Reader<'_>, item: &Item<'_>) -> Result<Option<String>, Error> {
    match item.package.listing.as_ref().and_then(|listing| listing.wire.icon.as_deref()) {
        Some(file) if item.icon.is_some() => media::publish(site, reader, item.package, file),
        _ => Ok(None),
    }
}

fn screenshots<'a>(
    site: &Site<'_>,
    reader: &Reader<'_>,
    package: &'a Package,
) -> Result<Vec<Screenshot<'a>>, Error> {
    let mut shown = Vec::new();
    for screenshot in package.listing.iter().flat_map(|listing| &listing.wire.screenshots) {
        if let Some(src) = media::publish(site, reader, package, &screenshot.file)? {
            shown.push(Screenshot {
                src,
                alt: screenshot.alt.as_deref().unwrap_or_default(),
                width: None,
                height: None,
            });
        }
    }
    Ok(shown)
}

fn parameters(release: &Release) -> Vec<Setting> {
    let schema = release.contents.as_ref().and_then(|contents| contents.parameters.as_ref());
    schema.map(settings).unwrap_or_default()
}

fn view<'a>(site: &'a Site<'_>, item: &'a Item<'_>) -> View<'a> {
    let (package, newest, catalog) = (item.package, item.newest, &site.catalog);
    let listing = package.listing.as_ref().map(|listing| &listing.wire);
    let shown = !item.is_removed;
    let artifact = newest.artifact.as_ref().filter(|_| shown);
    let scanned = if shown { (site.input.scanned)(newest) } else { None };
    View {
        id: package.id.as_str(),
        labels: labels(package),
        name: package.display_name(),
        kind: package.kind().as_str(),
        kind_name: text::kind_names(package.kind()).0,
        tagline: tagline(package),
        description: newest.description.as_deref(),
        version: Some(shown_version(newest)),
        semver: Some(newest.version.to_string()),
        icon: None,
        category: category(catalog, package),
        publisher: &item.publisher,
        status: package.status(),
        replacement: listing.and_then(|listing| mention(catalog, listing.replacement.as_deref()?)),
        audience: Some(package.audience()).filter(|audience| *audience != "public"),
        removed: item.is_removed,
        withdrawn: withdrawn(catalog, package, newest),
        is_told_once: is_told_once(package, newest),
        install: install(item),
        readme: None,
        license: license(catalog, newest),
        platform: host(site, newest),
        published: newest.published.map(Date::from),
        size: artifact.map(|artifact| artifact.size.into()),
        sha256: artifact.map(|artifact| artifact.sha256.hex()),
        artifact: artifact.and_then(|artifact| match &artifact.location {
            ArtifactLocation::Url(url) => https(Some(url)),
            _ => Some(format!("../../artifacts/{}.tgz", artifact.sha256)),
        }),
        evidence: newest.evidence.iter().map(|evidence| evidence_name(&evidence.name)).collect(),
        lineage: lineage(newest),
        score: scanned.as_ref().map(|scanned| scanned.report.score),
        findings: scanned.as_ref().map(scan::counts),
        report: scanned.as_ref().map(scan::report_href),
        scan: scanned.as_ref().map(|scanned| ScanView::of(newest, scanned)),
        pricing: listing.and_then(|listing| listing.pricing.as_ref()).map(pricing),
        permissions: permissions::classes(&site.input.registry.policy.permissions, &newest.permissions),
        dependencies: dependencies(catalog, newest),
        dependents: dependents(site, package),
        capabilities: &newest.capabilities,
        namespaces: newest.namespaces.iter().map(|namespace| namespace.as_str()).collect(),
        keywords: &newest.keywords,
        links: links(package),
        rating: rating(package),
        screenshots: Vec::new(),
        configuration: newest
            .contents
            .as_ref()
            .filter(|_| shown)
            .and_then(|contents| contents.configuration.as_ref())
            .map(settings)
            .unwrap_or_default(),
        metadata: if shown { metadata(newest) } else { Vec::new() },
        versions: package
            .releases
            .iter()
            .rev()
            .take(MOST_VERSIONS)
            .map(|release| version(site, release))
            .collect(),
        version_count: package.releases.len(),
        similar: if shown { similar(site, item) } else { Vec::new() },
        agent: agent(catalog, newest),
        template: template(catalog, newest),
        starter_pack: starter_pack(catalog, newest),
        integration_provider: ProviderView::of(newest),
        solution: solution(catalog, newest),
    }
}

/// Returns whether the withdrawal of the release says all that the status of the package would.
fn is_told_once(package: &Package, newest: &Release) -> bool {
    let replacement = package.listing.as_ref().and_then(|listing| listing.wire.replacement.as_deref());
    let withdrawal = newest.withdrawal.as_ref().map(|withdrawal| &withdrawal.wire);
    package.status() == Status::Deprecated
        && withdrawal.is_some_and(|wire| {
            wire.level == WithdrawalLevel::Deprecated
                && (replacement.is_none() || replacement == wire.replacement.as_deref())
        })
}

/// Returns the command that installs a package, unless it would be refused.
pub(super) fn install(item: &Item<'_>) -> Option<String> {
    if item.newest.is_yanked() || item.package.status() == Status::Suspended {
        return None;
    }
    let verb = if item.package.kind() == crate::model::Kind::StarterPack { "apply" } else { "install" };
    Some(format!("shelfmark {verb} {}", item.package.id))
}
