//! The first files of a package: listing, release 0.1.0 and its sources.

use super::kinds::{self, Sources};
use super::{Error, MANIFEST, Plan, manifest_text, templates};
use crate::artifact::{PackFile, pack};
use crate::model::{Digest, Kind, Namespace, PackageId, RelPath, Timestamp, Version};
use crate::schema;
use crate::validate::Registry;
use minijinja::context;
use std::collections::BTreeSet;

/// The version of a first release.
const FIRST: &str = "0.1.0";

/// What to write a package for.
#[derive(Debug, Clone)]
pub struct NewPackage {
    /// The id.
    pub id: PackageId,
    /// The kind.
    pub kind: Kind,
    /// The display name; made of the last label when absent.
    pub name: Option<String>,
    /// The moment of the release.
    pub published: Timestamp,
}

/// What the registry around a new package decides.
pub(super) struct Surroundings {
    pub(super) publisher: Publisher,
    pub(super) category: Option<String>,
    pub(super) platform: Option<String>,
    pub(super) license: String,
    pub(super) namespace: String,
}

/// The publisher of a new package.
pub(super) struct Publisher {
    pub(super) id: String,
    pub(super) name: String,
}

/// Plans a package of a registry.
///
/// # Errors
/// When the package exists or no publisher owns a prefix of its id.
pub fn new_package(registry: &Registry, new: &NewPackage) -> Result<Plan, Error> {
    if registry.packages.contains_key(&new.id) || registry.broken.contains(new.id.as_str()) {
        return Err(Error::PackageExists(new.id.clone()));
    }
    let publisher = registry
        .publishers
        .values()
        .find(|publisher| publisher.owns(&new.id))
        .ok_or_else(|| Error::NoPublisher(new.id.clone()))?;
    let allowed =
        registry.policy.licenses.as_ref().map(|licenses| licenses.allow.as_slice()).unwrap_or_default();
    let usual = "Apache-2.0".to_owned();
    let license = if allowed.contains(&usual) { usual } else { allowed.first().cloned().unwrap_or(usual) };
    let surroundings = Surroundings {
        publisher: Publisher { id: publisher.id.to_string(), name: publisher.wire.name.clone() },
        category: registry.settings.categories.keys().next().cloned(),
        platform: Some(platform(&registry.settings.platform_versions)),
        license,
        namespace: namespace(registry, &new.id),
    };
    plan_package(new, &surroundings)
}

/// Plans a package in known surroundings.
pub(super) fn plan_package(new: &NewPackage, around: &Surroundings) -> Result<Plan, Error> {
    let name = new.name.clone().unwrap_or_else(|| title(new.id.last_label()));
    let description = format!("{name}: say here in one sentence what it does and for whom.");
    let sources = kinds::sources(new.kind);
    let mut release = wire(new, around, &description, &sources);
    let environment = templates::environment()?;
    let day = new.published.day();
    let values = context! {
        id => new.id.as_str(),
        // JSON and Markdown take these as they are.
        name => plain(&name),
        label => new.id.last_label(),
        description => plain(&description),
        license => around.license.as_str(),
        publisher_name => around.publisher.name.as_str(),
        day => day.as_str(),
        year => day.split('-').next(),
        inside => sources.inside,
        example => sources.example,
        permissions_text => permissions_text(&release.permissions),
    };
    let mut files: Vec<(String, String)> = vec![(MANIFEST.into(), manifest_text(&release)?)];
    let common = [
        ("README.md", "package/README.md"),
        ("CHANGELOG.md", "package/CHANGELOG.md"),
        ("LICENSE", "package/LICENSE"),
        ("examples/first.md", "kind/example.md"),
    ];
    for (path, template) in common.iter().chain(sources.files) {
        files.push(((*path).to_owned(), environment.get_template(template)?.render(&values)?));
    }
    let tree = format!("sources/{}/{FIRST}", new.id);
    release.artifact = Some(artifact(&tree, &files)?);
    let listing = schema::Listing { name, ..listing(&description, around) };
    let folder = new.id.folder();
    let mut plan = vec![
        (format!("{folder}/package.toml"), toml::to_string(&listing)?),
        (format!("{folder}/{FIRST}.toml"), toml::to_string(&release)?),
    ];
    plan.extend(files.into_iter().map(|(path, text)| (format!("{tree}/{path}"), text)));
    Ok(plan)
}

fn artifact(tree: &str, files: &[(String, String)]) -> Result<schema::Artifact, Error> {
    let mut packed = Vec::with_capacity(files.len());
    for (path, text) in files {
        packed.push(PackFile { path: RelPath::parse(path)?, content: text.as_bytes() });
    }
    let archive = pack(packed)?;
    Ok(schema::Artifact {
        url: None,
        path: None,
        tree: Some(tree.to_owned()),
        sha256: Digest::of(&archive).hex(),
        size: archive.len() as u64,
    })
}

fn wire(new: &NewPackage, around: &Surroundings, description: &str, sources: &Sources) -> schema::Release {
    let label = new.id.last_label();
    schema::Release {
        format: schema::FORMAT,
        id: new.id.to_string(),
        version: FIRST.into(),
        kind: new.kind,
        publisher: around.publisher.id.clone(),
        namespaces: sources.has_metadata.then(|| around.namespace.clone()).into_iter().collect(),
        description: Some(description.to_owned()),
        license: Some(around.license.clone()),
        published: new.published.to_string().parse().ok().map(schema::DateTime),
        platform: around.platform.clone(),
        permissions: sources.permissions.iter().map(|&permission| permission.to_owned()).collect(),
        capabilities: Vec::new(),
        keywords: vec![label.to_owned()],
        configuration: sources.configuration.map(ToOwned::to_owned),
        migrations: None,
        source_version: None,
        dependencies: std::collections::BTreeMap::new(),
        artifact: None,
        lineage: None,
        agent: kinds::agent(new.kind),
        template: kinds::template(new.kind),
        starter_pack: kinds::starter_pack(new.kind, label),
        integration_provider: kinds::integration_provider(new.kind),
        solution: kinds::solution(new.kind),
    }
}

fn listing(description: &str, around: &Surroundings) -> schema::Listing {
    schema::Listing {
        format: schema::FORMAT,
        name: String::new(),
        tagline: Some(description.chars().take(200).collect()),
        category: around.category.clone(),
        tags: Vec::new(),
        status: None,
        replacement: None,
        audience: None,
        icon: None,
        screenshots: Vec::new(),
        links: None,
        pricing: Some(schema::Pricing { model: crate::model::PricingModel::Free, plans: Vec::new() }),
    }
}

/// Returns the last label as words: `real-estate` is `Real estate`.
fn title(label: &str) -> String {
    let words = label.replace('-', " ");
    let mut characters = words.chars();
    characters
        .next()
        .map(|first| first.to_ascii_uppercase().to_string() + characters.as_str())
        .unwrap_or_default()
}

/// Drops what JSON strings cannot hold.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !matches!(c, '"' | '\\')).collect()
}

fn permissions_text(permissions: &[String]) -> String {
    if permissions.is_empty() {
        return "None.".into();
    }
    permissions.iter().map(|permission| format!("* `{permission}`: say why.")).collect::<Vec<_>>().join("\n")
}

/// Returns a requirement on the platform: the newest version's series.
fn platform(versions: &[Version]) -> String {
    match versions.last().map(Version::semver) {
        Some(newest) => format!(">={newest}, <{}.0.0", newest.major.saturating_add(1)),
        None => "*".into(),
    }
}

/// Returns a namespace made of the last label that no other package has.
fn namespace(registry: &Registry, id: &PackageId) -> String {
    let taken: BTreeSet<&str> = registry
        .packages
        .values()
        .flat_map(|package| package.releases.iter().flat_map(|release| &release.namespaces))
        .map(Namespace::as_str)
        .collect();
    let words: String = id.last_label().replace('-', "_").chars().take(24).collect();
    let stem = match words.trim_end_matches('_') {
        words if words.starts_with(|c: char| c.is_ascii_lowercase()) => words.to_owned(),
        words => format!("n{words}"),
    };
    let is_free = |name: &String| {
        Namespace::parse(name).is_ok_and(|namespace| !namespace.is_reserved())
            && !taken.contains(name.as_str())
    };
    let numbered = (2..1_000_000).map(|number| format!("{stem}{number}"));
    std::iter::once(stem.clone()).chain(numbered).find(is_free).unwrap_or(stem)
}
