//! Parts of a package's page, each with the function that reads it from the registry.

use super::super::catalog::{Catalog, category_of, license_name};
use super::super::engine::Site;
use super::super::text::{self, https, web};
use super::shared::{Date, Ref, RequirementView, Setting, average, joint, mark, platform, shown_version};
use crate::model::{PackageId, Status};
use crate::validate::registry::{Dependency, Package, Release};
use serde::Serialize;
use std::collections::BTreeMap;

/// Most dependents shown.
const MOST_DEPENDENTS: usize = 20;
/// Most reviews shown.
const MOST_REVIEWS: usize = 20;

#[derive(Serialize)]
pub(super) struct Category<'a> {
    id: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
pub(super) struct License<'a> {
    text: &'a str,
    href: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Platform<'a> {
    name: &'a str,
    requirement: String,
}

#[derive(Serialize)]
pub(super) struct Lineage<'a> {
    source: Option<String>,
    commit: Option<&'a str>,
    blueprint: Option<&'a str>,
    /// The blueprint, where it is an address.
    blueprint_url: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Pricing {
    model: &'static str,
    model_name: &'static str,
    plans: Vec<Plan>,
}

#[derive(Serialize)]
pub(super) struct Plan {
    name: String,
    price: String,
}

#[derive(Serialize)]
pub(super) struct Dependents {
    count: usize,
    packages: Vec<Ref>,
}

#[derive(Serialize)]
pub(super) struct Link {
    label: &'static str,
    url: String,
}

#[derive(Serialize)]
pub(super) struct Rating<'a> {
    average: String,
    rounded: u64,
    count: usize,
    reviews: Vec<Review<'a>>,
}

#[derive(Serialize)]
pub(super) struct Review<'a> {
    stars: u8,
    title: Option<&'a str>,
    text: Option<&'a str>,
    version: Option<String>,
    date: Date,
    author: String,
}

#[derive(Serialize)]
pub(super) struct Metadata {
    #[serde(rename = "type")]
    kind: &'static str,
    names: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Version {
    version: String,
    semver: String,
    published: Option<Date>,
    mark: Option<&'static str>,
    score: Option<u8>,
}

#[derive(Serialize)]
pub(super) struct Agent<'a> {
    role: &'a str,
    tools: &'a [String],
    scopes: &'a [String],
    collaborates_with: Vec<Ref>,
}

#[derive(Serialize)]
pub(super) struct Template {
    family: &'static str,
    overlay_of: Option<Ref>,
    pub(super) parameters: Vec<Setting>,
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
pub(super) struct Solution {
    members: Vec<RequirementView>,
}

pub(super) fn category<'a>(catalog: &'a Catalog<'_>, package: &Package) -> Option<Category<'a>> {
    let (id, shelf) = catalog.categories.get_key_value(category_of(package)?)?;
    Some(Category { id, name: &shelf.label })
}

/// The list of the licence, where the expression is one licence and has a list.
pub(super) fn license_href(catalog: &Catalog<'_>, release: &Release) -> Option<String> {
    let mut ids = release.license.as_ref()?.ids();
    let name = license_name(ids.next()?);
    (ids.next().is_none() && catalog.licenses.contains_key(&name)).then(|| format!("browse/license/{name}/"))
}

pub(super) fn evidence_name(file: &str) -> &str {
    match file {
        "bundle.sigstore.json" => "Sigstore bundle",
        "artifact.sig" => "Signature by a registered key",
        "provenance.intoto.jsonl" => "SLSA provenance",
        other => other,
    }
}

pub(super) fn pricing(pricing: &crate::schema::Pricing) -> Pricing {
    let plans = pricing.plans.iter().map(|plan| {
        let period = plan.period.as_deref().map(per).unwrap_or_default();
        let price = match (&plan.currency, &plan.price) {
            (_, Some(price)) if is_nothing(price) => "free".into(),
            (Some(currency), Some(price)) => format!("{currency} {price}{period}"),
            (None, Some(price)) => format!("{price}{period}"),
            (_, None) => "Price on request".into(),
        };
        Plan { name: plan.name.clone(), price }
    });
    Pricing {
        model: pricing.model.as_str(),
        model_name: text::pricing_name(pricing.model),
        plans: plans.collect(),
    }
}

/// Whether a price is zero, as `0` or `0.00`.
fn is_nothing(price: &str) -> bool {
    price.contains('0') && price.chars().all(|c| matches!(c, '0' | '.'))
}

/// Returns a period in words: `user/month` is ` per user per month`.
fn per(period: &str) -> String {
    period
        .split('/')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(|part| format!(" per {part}"))
        .collect()
}

/// Returns an account as its forge's and its number there: reviews carry no names.
fn account(account: &str) -> String {
    match account.rsplit_once('-') {
        Some((forge, number)) => format!("a {} account ({number})", text::forge_name(forge)),
        None => account.to_owned(),
    }
}

/// Returns a version of the package as people know it.
fn spelled(package: &Package, version: &str) -> String {
    let release = crate::model::Version::parse(version).ok().and_then(|version| package.release(&version));
    release.map_or_else(|| version.to_owned(), shown_version)
}

/// Returns a requirement as it is printed.
pub(super) fn requirement(catalog: &Catalog<'_>, dependency: &Dependency) -> RequirementView {
    RequirementView {
        reference: catalog.reference(&dependency.id),
        requirement: dependency.requirement.as_str().to_owned(),
        optional: dependency.optional,
    }
}

/// Dependencies with what is asked of them today, amendments included.
pub(super) fn dependencies(catalog: &Catalog<'_>, release: &Release) -> Vec<RequirementView> {
    let amended = || release.amendments.iter().flat_map(|amendment| &amendment.dependencies);
    let asked = |dependency: &Dependency| {
        let later = amended().filter(|later| later.id == dependency.id).map(|later| &later.requirement);
        joint([&dependency.requirement].into_iter().chain(later))
    };
    release
        .dependencies
        .iter()
        .map(|dependency| RequirementView {
            requirement: asked(dependency),
            ..requirement(catalog, dependency)
        })
        .collect()
}

pub(super) fn dependents(site: &Site<'_>, package: &Package) -> Dependents {
    let visible = site.dependents(&package.id);
    Dependents {
        count: visible.len(),
        packages: visible.into_iter().take(MOST_DEPENDENTS).map(|id| site.catalog.reference(id)).collect(),
    }
}

pub(super) fn links(package: &Package) -> Vec<Link> {
    let Some(links) = package.listing.as_ref().and_then(|listing| listing.wire.links.as_ref()) else {
        return Vec::new();
    };
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

pub(super) fn rating(package: &Package) -> Option<Rating<'_>> {
    let (average, rounded) = average(package)?;
    let mut told: Vec<_> = package
        .ratings
        .iter()
        .filter(|rating| rating.wire.title.is_some() || rating.wire.text.is_some())
        .collect();
    told.sort_by(|a, b| b.date.cmp(&a.date).then_with(|| a.account.cmp(&b.account)));
    let reviews = told
        .into_iter()
        .take(MOST_REVIEWS)
        .map(|rating| Review {
            stars: rating.wire.stars.clamp(1, 5),
            title: rating.wire.title.as_deref(),
            text: rating.wire.text.as_deref(),
            version: rating.wire.version.as_deref().map(|version| spelled(package, version)),
            date: rating.date.into(),
            author: account(&rating.account),
        })
        .collect();
    Some(Rating { average: average.average, rounded, count: average.count, reviews })
}

/// Objects by type; their names are qualified where the namespace is certain.
pub(super) fn metadata(release: &Release) -> Vec<Metadata> {
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

pub(super) fn version(site: &Site<'_>, release: &Release) -> Version {
    Version {
        version: shown_version(release),
        semver: release.version.to_string(),
        published: release.published.map(Date::from),
        mark: mark(Status::Active, release),
        score: site.input.scans.score(release),
    }
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

/// The licence as written, with its list if it is one licence.
pub(super) fn license<'a>(catalog: &Catalog<'_>, release: &'a Release) -> Option<License<'a>> {
    release.license_text.as_deref().map(|text| License { text, href: license_href(catalog, release) })
}

/// The requirement on the host.
pub(super) fn host<'a>(site: &'a Site<'_>, release: &Release) -> Option<Platform<'a>> {
    platform(release).map(|requirement| Platform {
        name: site.input.registry.settings.platform_name.as_deref().unwrap_or("platform"),
        requirement,
    })
}

/// Where the release came from.
pub(super) fn lineage(release: &Release) -> Option<Lineage<'_>> {
    release.lineage.as_ref().map(|lineage| Lineage {
        source: https(lineage.source.as_deref()),
        commit: lineage.commit.as_deref(),
        blueprint: lineage.blueprint.as_deref(),
        blueprint_url: web(lineage.blueprint.as_deref()),
    })
}

/// Fields of an agent.
pub(super) fn agent<'a>(catalog: &Catalog<'_>, release: &'a Release) -> Option<Agent<'a>> {
    release.details.agent.as_ref().map(|agent| Agent {
        role: &agent.role,
        tools: &agent.tools,
        scopes: &agent.scopes,
        collaborates_with: agent.collaborates_with.iter().filter_map(|id| mention(catalog, id)).collect(),
    })
}

/// Fields of a template; its parameters are read later.
pub(super) fn template(catalog: &Catalog<'_>, release: &Release) -> Option<Template> {
    release.details.template.as_ref().map(|template| Template {
        family: template.family.as_str(),
        overlay_of: template.overlay_of.as_deref().and_then(|id| mention(catalog, id)),
        parameters: Vec::new(),
    })
}

/// Members of a solution.
pub(super) fn solution(catalog: &Catalog<'_>, release: &Release) -> Option<Solution> {
    let members = release.details.solution.as_ref()?;
    Some(Solution { members: members.iter().map(|member| requirement(catalog, member)).collect() })
}

/// Mentions the package of that id, if it is one.
pub(super) fn mention(catalog: &Catalog<'_>, id: &str) -> Option<Ref> {
    PackageId::parse(id).ok().map(|id| catalog.reference(&id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_and_accounts_are_words() {
        assert_eq!(per("user/month"), " per user per month");
        assert_eq!(per("month"), " per month");
        assert!(is_nothing("0") && is_nothing("0.00") && !is_nothing("10") && !is_nothing(""));
        assert_eq!(account("github-990000205"), "a GitHub account (990000205)");
        assert_eq!(account("somebody"), "somebody");
    }
}
