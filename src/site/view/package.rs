//! The page of a package.

use super::super::Error;
use super::super::catalog::{Catalog, Item, category_of, license_name};
use super::super::engine::{Page, Site};
use super::super::media::{self, ReadmeImages};
use super::super::text::{self, https};
use super::super::markdown;
use super::permissions::{self, Class};
use super::shared::{
    Date, ProviderView, PublisherRef, Ref, RequirementView, Setting, Size, average, labels, mark, platform, settings,
    tagline,
};
use super::versions::{Withdrawn, withdrawn};
use crate::model::{PackageId, Status};
use crate::source::Reader;
use crate::validate::registry::{ArtifactLocation, Dependency, Package, Release};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Most dependents shown.
const MOST_DEPENDENTS: usize = 20;
/// Most reviews shown.
const MOST_REVIEWS: usize = 20;
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
    icon: Option<String>,
    category: Option<Category<'a>>,
    publisher: &'a PublisherRef,
    status: Status,
    replacement: Option<Ref>,
    audience: Option<&'a str>,
    removed: bool,
    withdrawn: Option<Withdrawn>,
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
    findings: Option<()>,
    report: Option<String>,
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
struct Category<'a> {
    id: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct License<'a> {
    text: &'a str,
    href: Option<String>,
}

#[derive(Serialize)]
struct Platform<'a> {
    name: &'a str,
    requirement: &'a str,
}

#[derive(Serialize)]
struct Lineage<'a> {
    source: Option<String>,
    commit: Option<&'a str>,
    blueprint: Option<&'a str>,
}

#[derive(Serialize)]
struct Pricing {
    model: &'static str,
    model_name: &'static str,
    plans: Vec<Plan>,
}

#[derive(Serialize)]
struct Plan {
    name: String,
    price: String,
}

#[derive(Serialize)]
struct Dependents {
    count: usize,
    packages: Vec<Ref>,
}

#[derive(Serialize)]
struct Link {
    label: &'static str,
    url: String,
}

#[derive(Serialize)]
struct Rating<'a> {
    average: String,
    rounded: u64,
    count: usize,
    reviews: Vec<Review<'a>>,
}

#[derive(Serialize)]
struct Review<'a> {
    stars: u8,
    title: Option<&'a str>,
    text: Option<&'a str>,
    version: Option<&'a str>,
    date: Date,
    author: &'a str,
}

#[derive(Serialize)]
struct Screenshot<'a> {
    src: String,
    alt: &'a str,
    width: Option<u32>,
    height: Option<u32>,
}

#[derive(Serialize)]
struct Metadata {
    #[serde(rename = "type")]
    kind: &'static str,
    names: Vec<String>,
}

#[derive(Serialize)]
struct Version {
    version: String,
    published: Option<Date>,
    mark: Option<&'static str>,
    score: Option<u8>,
}

#[derive(Serialize)]
struct Similar<'a> {
    #[serde(flatten)]
    reference: Ref,
    tagline: Option<&'a str>,
}

#[derive(Serialize)]
struct Agent<'a> {
    role: &'a str,
    tools: &'a [String],
    scopes: &'a [String],
    collaborates_with: Vec<Ref>,
}

#[derive(Serialize)]
struct Template {
    family: &'static str,
    overlay_of: Option<Ref>,
    parameters: Vec<Setting>,
}

/// A starter pack, on its page and on the page of all.
#[derive(Serialize)]
pub(super) struct StarterPackView<'a> {
    pub(super) vertical: &'a str,
    pub(super) modules: Vec<RequirementView>,
    pub(super) pipelines: Vec<String>,
    pub(super) message_templates: Vec<String>,
}

#[derive(Serialize)]
struct Solution {
    members: Vec<RequirementView>,
}

/// Writes the page and what belongs to it; returns the README as it stands in the artifact.
pub(super) fn write<'a>(
    site: &Site<'a>,
    reader: &Reader<'_>,
    at: usize,
    item: &Item<'a>,
) -> Result<Option<Arc<str>>, Error> {
    let readme = if item.is_removed { None } else { item.newest.contents.as_ref().and_then(|contents| contents.readme.clone()) };
    let html = match &readme {
        Some(text) => Some(readme_html(site, reader, item, text)?),
        None => None,
    };
    let mut view = view(site, at, item);
    view.readme = html.map(Value::from_safe_string);
    if !item.is_removed {
        view.icon = icon(site, reader, item)?;
        view.screenshots = screenshots(site, reader, item.package)?;
        if let Some(template) = &mut view.template {
            template.parameters = parameters(site, reader, item.newest)?;
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
    let images = ReadmeImages::new(site, reader, item.package.id.as_str(), &contents.files);
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

fn screenshots<'a>(site: &Site<'_>, reader: &Reader<'_>, package: &'a Package) -> Result<Vec<Screenshot<'a>>, Error> {
    let mut shown = Vec::new();
    for screenshot in package.listing.iter().flat_map(|listing| &listing.wire.screenshots) {
        if let Some(src) = media::publish(site, reader, package, &screenshot.file)? {
            shown.push(Screenshot { src, alt: screenshot.alt.as_deref().unwrap_or_default(), width: None, height: None });
        }
    }
    Ok(shown)
}

fn parameters(site: &Site<'_>, reader: &Reader<'_>, release: &Release) -> Result<Vec<Setting>, Error> {
    let path = release.details.template.as_ref().and_then(|template| template.parameters.as_deref());
    let source = path.and_then(|path| release.contents.as_ref()?.files.get(path));
    let Some(entry) = source.and_then(|source| site.input.snapshot.entry(source)) else { return Ok(Vec::new()) };
    let schema: Option<serde_json::Value> = serde_json::from_slice(&reader.read(entry)?).ok();
    Ok(schema.as_ref().map(settings).unwrap_or_default())
}

fn view<'a>(site: &'a Site<'_>, at: usize, item: &'a Item<'_>) -> View<'a> {
    let (package, newest, catalog) = (item.package, item.newest, &site.catalog);
    let listing = package.listing.as_ref().map(|listing| &listing.wire);
    let shown = !item.is_removed;
    let artifact = newest.artifact.as_ref().filter(|_| shown);
    View {
        id: package.id.as_str(),
        labels: labels(package),
        name: package.display_name(),
        kind: package.kind().as_str(),
        kind_name: text::kind_names(package.kind()).0,
        tagline: tagline(package),
        description: newest.description.as_deref(),
        version: Some(newest.version.to_string()),
        icon: None,
        category: category(catalog, package),
        publisher: &item.publisher,
        status: package.status(),
        replacement: listing
            .and_then(|listing| PackageId::parse(listing.replacement.as_deref()?).ok())
            .map(|id| catalog.reference(&id)),
        audience: Some(package.audience()).filter(|audience| *audience != "public"),
        removed: item.is_removed,
        withdrawn: withdrawn(catalog, package, newest),
        install: install(item),
        readme: None,
        license: newest.license_text.as_deref().map(|text| License { text, href: license_href(catalog, newest) }),
        platform: platform(newest).map(|requirement| Platform {
            name: site.input.registry.settings.platform_name.as_deref().unwrap_or("platform"),
            requirement: requirement.as_str(),
        }),
        published: newest.published.map(Date::from),
        size: artifact.map(|artifact| artifact.size.into()),
        sha256: artifact.map(|artifact| artifact.sha256.hex()),
        artifact: artifact.and_then(|artifact| match &artifact.location {
            ArtifactLocation::Url(url) => https(Some(url)),
            _ => Some(format!("../../artifacts/{}.tgz", artifact.sha256)),
        }),
        evidence: newest.evidence.iter().map(|evidence| evidence_name(&evidence.name)).collect(),
        lineage: newest.lineage.as_ref().map(|lineage| Lineage {
            source: https(lineage.source.as_deref()),
            commit: lineage.commit.as_deref(),
            blueprint: lineage.blueprint.as_deref(),
        }),
        score: None,
        findings: None,
        report: None,
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
        versions: package.releases.iter().rev().take(MOST_VERSIONS).map(version).collect(),
        version_count: package.releases.len(),
        similar: if shown { similar(catalog, at) } else { Vec::new() },
        agent: newest.details.agent.as_ref().map(|agent| Agent {
            role: &agent.role,
            tools: &agent.tools,
            scopes: &agent.scopes,
            collaborates_with: agent
                .collaborates_with
                .iter()
                .filter_map(|id| PackageId::parse(id).ok())
                .map(|id| catalog.reference(&id))
                .collect(),
        }),
        template: newest.details.template.as_ref().map(|template| Template {
            family: template.family.as_str(),
            overlay_of: template
                .overlay_of
                .as_deref()
                .and_then(|id| PackageId::parse(id).ok())
                .map(|id| catalog.reference(&id)),
            parameters: Vec::new(),
        }),
        starter_pack: starter_pack(catalog, newest),
        integration_provider: ProviderView::of(newest),
        solution: newest
            .details
            .solution
            .as_ref()
            .map(|members| Solution { members: members.iter().map(|member| requirement(catalog, member)).collect() }),
    }
}

fn category<'a>(catalog: &'a Catalog<'_>, package: &Package) -> Option<Category<'a>> {
    let (id, shelf) = catalog.categories.get_key_value(category_of(package)?)?;
    Some(Category { id, name: &shelf.label })
}

/// The list of the licence, where the expression is one licence and has a list.
fn license_href(catalog: &Catalog<'_>, release: &Release) -> Option<String> {
    let mut ids = release.license.as_ref()?.ids();
    let name = license_name(ids.next()?);
    (ids.next().is_none() && catalog.licenses.contains_key(&name)).then(|| format!("browse/license/{name}/"))
}

/// Returns the command that installs a package, unless it would be refused.
pub(super) fn install(item: &Item<'_>) -> Option<String> {
    if item.newest.is_yanked() || item.package.status() == Status::Suspended {
        return None;
    }
    let verb = if item.package.kind() == crate::model::Kind::StarterPack { "apply" } else { "install" };
    Some(format!("shelfmark {verb} {}", item.package.id))
}

fn evidence_name(file: &str) -> &str {
    match file {
        "bundle.sigstore.json" => "Sigstore bundle",
        "artifact.sig" => "Signature by a registered key",
        "provenance.intoto.jsonl" => "SLSA provenance",
        other => other,
    }
}

fn pricing(pricing: &crate::schema::Pricing) -> Pricing {
    let plans = pricing.plans.iter().map(|plan| {
        let amount = match (&plan.currency, &plan.price) {
            (Some(currency), Some(price)) => format!("{currency} {price}"),
            (None, Some(price)) => price.clone(),
            (_, None) => "Price on request".into(),
        };
        let period = plan.period.as_ref().map(|period| format!(" / {period}")).unwrap_or_default();
        Plan { name: plan.name.clone(), price: format!("{amount}{period}") }
    });
    Pricing { model: pricing.model.as_str(), model_name: text::pricing_name(pricing.model), plans: plans.collect() }
}

/// Returns a requirement as it is printed.
pub(super) fn requirement(catalog: &Catalog<'_>, dependency: &Dependency) -> RequirementView {
    RequirementView {
        reference: catalog.reference(&dependency.id),
        requirement: dependency.requirement.as_str().to_owned(),
        optional: dependency.optional,
    }
}

/// Dependencies with the narrowest requirement: the latest amendment's.
fn dependencies(catalog: &Catalog<'_>, release: &Release) -> Vec<RequirementView> {
    let narrowed = |dependency: &Dependency| {
        let later = release.amendments.iter().rev().flat_map(|amendment| &amendment.dependencies);
        let requirement = later.into_iter().find(|later| later.id == dependency.id).map(|later| &later.requirement);
        requirement.unwrap_or(&dependency.requirement).as_str().to_owned()
    };
    release
        .dependencies
        .iter()
        .map(|dependency| RequirementView { requirement: narrowed(dependency), ..requirement(catalog, dependency) })
        .collect()
}

fn dependents(site: &Site<'_>, package: &Package) -> Dependents {
    let visible: Vec<&PackageId> = site
        .input
        .dependents
        .get(&package.id)
        .iter()
        .filter(|id| site.catalog.position(id).and_then(|at| site.catalog.item(at)).is_some_and(|item| item.is_listed))
        .collect();
    Dependents {
        count: visible.len(),
        packages: visible.into_iter().take(MOST_DEPENDENTS).map(|id| site.catalog.reference(id)).collect(),
    }
}

fn links(package: &Package) -> Vec<Link> {
    let Some(links) = package.listing.as_ref().and_then(|listing| listing.wire.links.as_ref()) else { return Vec::new() };
    [
        ("Homepage", &links.homepage),
        ("Documentation", &links.documentation),
        ("Support", &links.support),
        ("Repository", &links.repository),
    ]
    .into_iter()
    .filter_map(|(label, url)| Some(Link { label, url: https(url.as_deref())? }))
    .collect()
}

fn rating(package: &Package) -> Option<Rating<'_>> {
    let (average, rounded) = average(package)?;
    let mut told: Vec<_> =
        package.ratings.iter().filter(|rating| rating.wire.title.is_some() || rating.wire.text.is_some()).collect();
    told.sort_by(|a, b| b.date.cmp(&a.date).then_with(|| a.account.cmp(&b.account)));
    let reviews = told
        .into_iter()
        .take(MOST_REVIEWS)
        .map(|rating| Review {
            stars: rating.wire.stars.clamp(1, 5),
            title: rating.wire.title.as_deref(),
            text: rating.wire.text.as_deref(),
            version: rating.wire.version.as_deref(),
            date: rating.date.into(),
            author: &rating.account,
        })
        .collect();
    Some(Rating { average: average.average, rounded, count: average.count, reviews })
}

/// Objects by type; their names are qualified where the namespace is certain.
fn metadata(release: &Release) -> Vec<Metadata> {
    let namespace = match release.namespaces.as_slice() {
        [only] => Some(only.as_str()),
        _ => None,
    };
    let mut types: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for object in release.contents.iter().flat_map(|contents| &contents.metadata) {
        let name = match namespace {
            Some(namespace) if !object.name.contains("__") => format!("{namespace}__{}", object.name),
            _ => object.name.clone(),
        };
        types.entry(object.metadata_type).or_default().push(name);
    }
    types.into_iter().map(|(kind, names)| Metadata { kind: kind.as_str(), names }).collect()
}

fn version(release: &Release) -> Version {
    Version {
        version: release.version.to_string(),
        published: release.published.map(Date::from),
        mark: mark(Status::Active, release),
        score: None,
    }
}

fn similar<'a>(catalog: &'a Catalog<'_>, at: usize) -> Vec<Similar<'a>> {
    catalog
        .similar(at)
        .into_iter()
        .filter_map(|at| catalog.item(at))
        .map(|item| Similar { reference: catalog.reference(&item.package.id), tagline: tagline(item.package) })
        .collect()
}

/// Reads the fields of a starter pack; files are named by their last part.
pub(super) fn starter_pack<'a>(catalog: &Catalog<'_>, release: &'a Release) -> Option<StarterPackView<'a>> {
    let pack = release.details.starter_pack.as_ref()?;
    let name = |path: &crate::model::RelPath| {
        let file = path.file_name();
        file.strip_suffix(".json").unwrap_or(file).to_owned()
    };
    Some(StarterPackView {
        vertical: &pack.vertical,
        modules: pack.modules.iter().map(|module| requirement(catalog, module)).collect(),
        pipelines: pack.pipelines.iter().map(name).collect(),
        message_templates: pack.message_templates.iter().map(name).collect(),
    })
}
