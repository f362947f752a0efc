//! The machine-readable twins: `p/<id>/index.json`, `p/<id>/index.md` and
//! `api/v1/packages.json`.
//!
//! Keys of the JSON twin are always present and in this order; what is unknown
//! is `null`, and nothing is `[]`. Readers ignore keys they do not know; a key
//! that changes its meaning raises `v`.

mod markdown;

use super::Error;
use super::catalog::{Item, LETTERS, category_of};
use super::engine::Site;
use super::text::https;
use super::view::similar::{Similar, similar};
use crate::diagnostic::render::neutralize;
use crate::model::{
    Digest, Kind, PackageId, PricingModel, Requirement, Status, Timestamp, Version, WithdrawalLevel,
};
use crate::scan::Scans;
use crate::schema::{Agent, IntegrationProvider, Lineage, Template};
use crate::validate::registry::{ArtifactLocation, Dependency, Release};
use serde::Serialize;

/// Most bytes of `api/v1/packages.json` before it is cut by letter.
const MOST_LIST_BYTES: usize = 5_000_000;
/// Its address.
const LIST: &str = "api/v1/packages.json";

/// `p/<id>/index.json`.
#[derive(Serialize)]
struct Twin<'a> {
    /// The format's version: 1.
    v: u32,
    id: &'a str,
    name: &'a str,
    /// The page for people.
    url: String,
    kind: Kind,
    /// The newest version that is not withdrawn, else the newest.
    version: &'a Version,
    tagline: Option<&'a str>,
    description: Option<&'a str>,
    category: Option<&'a str>,
    tags: &'a [String],
    keywords: &'a [String],
    status: Status,
    /// The package to use instead.
    replacement: Option<&'a str>,
    /// Whether every release is removed.
    removed: bool,
    publisher: Publisher<'a>,
    license: Option<&'a str>,
    pricing: Option<PricingModel>,
    links: Links,
    /// Ids of listed packages that require it.
    dependents: Vec<&'a str>,
    /// Packages that say much the same of themselves, the most alike first, and how they differ.
    similar: Vec<Similar<'a>>,
    /// Average of the ratings out of five, to one decimal.
    rating: Option<Rating>,
    agent: Option<&'a Agent>,
    template: Option<&'a Template>,
    integration_provider: Option<&'a IntegrationProvider>,
    starter_pack: Option<Pack<'a>>,
    /// Members of a solution.
    members: Vec<Needed<'a>>,
    /// Every release, newest first.
    releases: Vec<ReleaseTwin<'a>>,
    /// The README as Markdown, as it stands in the artifact.
    readme: Option<&'a str>,
}

#[derive(Serialize)]
struct Publisher<'a> {
    id: &'a str,
    name: &'a str,
    level: &'a str,
}

#[derive(Serialize)]
struct Links {
    homepage: Option<String>,
    documentation: Option<String>,
    support: Option<String>,
    repository: Option<String>,
}

#[derive(Serialize)]
struct Rating {
    average: String,
    count: usize,
}

#[derive(Serialize)]
struct Pack<'a> {
    vertical: &'a str,
    modules: Vec<Needed<'a>>,
    pipelines: Vec<&'a str>,
    message_templates: Vec<&'a str>,
}

/// One release, with the keys of its authored file and what was said later.
#[derive(Serialize)]
struct ReleaseTwin<'a> {
    version: &'a Version,
    published: Option<Timestamp>,
    license: Option<&'a str>,
    namespaces: Vec<&'a str>,
    platform: Option<&'a str>,
    permissions: &'a [String],
    capabilities: &'a [String],
    dependencies: Vec<Needed<'a>>,
    artifact: Option<Artifact<'a>>,
    lineage: Option<&'a Lineage>,
    /// Names of the evidence files.
    evidence: Vec<&'a str>,
    amendments: Vec<Amended<'a>>,
    withdrawn: Option<Withdrawn<'a>>,
    /// Null where the artifact was not scanned.
    score: Option<u8>,
}

#[derive(Serialize)]
struct Needed<'a> {
    id: &'a str,
    requirement: &'a str,
    optional: bool,
}

#[derive(Serialize)]
struct Artifact<'a> {
    sha256: Digest,
    size: u64,
    /// The address it is fetched from; absolute, or from the site's top.
    url: std::borrow::Cow<'a, str>,
}

#[derive(Serialize)]
struct Amended<'a> {
    n: u32,
    date: Timestamp,
    reason: Option<&'a str>,
    platform: Option<&'a str>,
    dependencies: Vec<Needed<'a>>,
}

#[derive(Serialize)]
struct Withdrawn<'a> {
    level: WithdrawalLevel,
    date: Timestamp,
    reason: Option<&'a str>,
    replacement: Option<&'a str>,
    advisories: &'a [String],
    legal: Option<&'a str>,
}

/// Writes both twins of a package.
pub(super) fn write(site: &Site<'_>, item: &Item<'_>, readme: Option<&str>) -> Result<(), Error> {
    let twin = twin(site, item, readme);
    let path = format!("p/{}/index", item.package.id);
    let mut json = neutralize(&serde_json::to_string(&twin)?);
    json.push('\n');
    site.put(&format!("{path}.json"), json.as_bytes())?;
    site.put(&format!("{path}.md"), markdown::render(&twin).as_bytes())
}

fn twin<'a>(site: &'a Site<'_>, item: &'a Item<'_>, readme: Option<&'a str>) -> Twin<'a> {
    let (package, newest) = (item.package, item.newest);
    let listing = package.listing.as_ref().map(|listing| &listing.wire);
    let links = listing.and_then(|listing| listing.links.clone()).unwrap_or_default();
    Twin {
        v: 1,
        id: package.id.as_str(),
        name: package.display_name(),
        url: format!("{}p/{}/", site.input.base_url, package.id),
        kind: package.kind(),
        version: &newest.version,
        tagline: listing.and_then(|listing| listing.tagline.as_deref()),
        description: newest.description.as_deref(),
        category: category_of(package),
        tags: listing.map_or(&[], |listing| &listing.tags),
        keywords: &newest.keywords,
        status: package.status(),
        replacement: listing.and_then(|listing| listing.replacement.as_deref()),
        removed: item.is_removed,
        publisher: Publisher {
            id: &item.publisher.id,
            name: &item.publisher.name,
            level: item.publisher.level,
        },
        license: newest.license_text.as_deref(),
        pricing: package.pricing(),
        links: Links {
            homepage: https(links.homepage.as_deref()),
            documentation: https(links.documentation.as_deref()),
            support: https(links.support.as_deref()),
            repository: https(links.repository.as_deref()),
        },
        dependents: site.dependents(&package.id).into_iter().map(PackageId::as_str).collect(),
        similar: if item.is_removed { Vec::new() } else { similar(site, item) },
        rating: super::view::shared::average(package)
            .map(|(average, _)| Rating { average: average.average, count: average.count }),
        agent: newest.details.agent.as_ref(),
        template: newest.details.template.as_ref(),
        integration_provider: newest.details.integration_provider.as_ref(),
        starter_pack: newest.details.starter_pack.as_ref().map(|pack| Pack {
            vertical: &pack.vertical,
            modules: needed(&pack.modules),
            pipelines: pack.pipelines.iter().map(|path| path.as_str()).collect(),
            message_templates: pack.message_templates.iter().map(|path| path.as_str()).collect(),
        }),
        members: newest.details.solution.as_deref().map(needed).unwrap_or_default(),
        releases: package.releases.iter().rev().map(|one| release(one, site.input.scans)).collect(),
        readme,
    }
}

fn needed(dependencies: &[Dependency]) -> Vec<Needed<'_>> {
    dependencies
        .iter()
        .map(|dependency| Needed {
            id: dependency.id.as_str(),
            requirement: dependency.requirement.as_str(),
            optional: dependency.optional,
        })
        .collect()
}

fn release<'a>(release: &'a Release, scans: &Scans) -> ReleaseTwin<'a> {
    ReleaseTwin {
        version: &release.version,
        published: release.published,
        license: release.license_text.as_deref(),
        namespaces: release.namespaces.iter().map(|namespace| namespace.as_str()).collect(),
        platform: release.platform.as_ref().map(Requirement::as_str),
        permissions: &release.permissions,
        capabilities: &release.capabilities,
        dependencies: needed(&release.dependencies),
        artifact: release.artifact.as_ref().map(|artifact| Artifact {
            sha256: artifact.sha256,
            size: artifact.size,
            url: match &artifact.location {
                ArtifactLocation::Url(url) => url.as_str().into(),
                _ => format!("artifacts/{}.tgz", artifact.sha256).into(),
            },
        }),
        lineage: release.lineage.as_ref(),
        evidence: release.evidence.iter().map(|evidence| evidence.name.as_str()).collect(),
        amendments: release
            .amendments
            .iter()
            .map(|amendment| Amended {
                n: amendment.n,
                date: amendment.date,
                reason: amendment.reason.as_deref(),
                platform: amendment.platform.as_ref().map(Requirement::as_str),
                dependencies: needed(&amendment.dependencies),
            })
            .collect(),
        withdrawn: release.withdrawal.as_ref().map(|withdrawal| Withdrawn {
            level: withdrawal.wire.level,
            date: withdrawal.date,
            reason: withdrawal.wire.reason.as_deref(),
            replacement: withdrawal.wire.replacement.as_deref(),
            advisories: &withdrawal.wire.advisories,
            legal: withdrawal.wire.legal.as_deref(),
        }),
        score: scans.score(release),
    }
}

/// One entry of `api/v1/packages.json`.
#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    name: &'a str,
    version: &'a Version,
    kind: Kind,
    category: Option<&'a str>,
    tagline: Option<&'a str>,
}

#[derive(Serialize)]
struct List<'a> {
    v: u32,
    packages: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Shards {
    v: u32,
    /// Addresses of the parts, from this file's folder.
    shards: Vec<String>,
}

/// Writes the list of listed packages by id: one file, or one by letter and a
/// file that names them.
pub(super) fn write_list(site: &Site<'_>) -> Result<(), Error> {
    let whole = whole_list(site)?;
    if whole.len() < MOST_LIST_BYTES {
        return site.put(LIST, whole.as_bytes());
    }
    let mut shards = Vec::new();
    for letter in LETTERS {
        let packages: Vec<Entry<'_>> = listed(site).filter(|item| item.letter == letter).map(entry).collect();
        if !packages.is_empty() {
            let path = format!("packages/{letter}.json");
            site.put(&format!("api/v1/{path}"), json(List { v: 1, packages })?.as_bytes())?;
            shards.push(path);
        }
    }
    site.put(LIST, json(Shards { v: 1, shards })?.as_bytes())
}

fn whole_list(site: &Site<'_>) -> Result<String, Error> {
    json(List { v: 1, packages: listed(site).map(entry).collect() })
}

fn listed<'s>(site: &'s Site<'_>) -> impl Iterator<Item = &'s Item<'s>> {
    site.catalog.items.iter().filter(|item| item.is_listed)
}

fn json(value: impl Serialize) -> Result<String, Error> {
    Ok(neutralize(&serde_json::to_string(&value)?) + "\n")
}

fn entry<'a>(item: &'a Item<'_>) -> Entry<'a> {
    Entry {
        id: item.package.id.as_str(),
        name: item.package.display_name(),
        version: &item.newest.version,
        kind: item.package.kind(),
        category: category_of(item.package),
        tagline: super::view::shared::tagline(item.package),
    }
}
