//! The registry as checked types: what every later stage works on.

pub use crate::artifact::ArtifactLocation;
use crate::model::{
    Digest, Kind, License, MetadataType, Namespace, PackageId, Prefix, PricingModel, PublisherLevel, RelPath,
    Requirement, Status, Timestamp, Version,
};
use crate::schema;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// All authored files of one registry, parsed. Files that did not parse are
/// absent, and their packages are named in `broken`.
#[derive(Debug, Default)]
pub struct Registry {
    /// Name, categories, platform and so on.
    pub settings: Settings,
    /// `policy.toml`, or its defaults.
    pub policy: schema::Policy,
    /// `curators.toml`.
    pub curators: Vec<schema::Curator>,
    /// Publishers by id, which is their first prefix.
    pub publishers: BTreeMap<Prefix, Publisher>,
    /// Packages that have at least one release.
    pub packages: BTreeMap<PackageId, Package>,
    /// Folder names under `packages/`, and paths of publishers, with a file that
    /// did not parse: nobody should be told that these do not exist.
    pub broken: BTreeSet<String>,
    /// Listings, withdrawals and so on of packages without any release file.
    pub orphans: Vec<Arc<str>>,
    /// Curated lists by file name.
    pub collections: BTreeMap<String, Collection>,
    /// OSV records, in the order of their paths.
    pub advisories: Vec<Advisory>,
    /// Waivers, in the order of their paths.
    pub waivers: Vec<Waiver>,
    /// Reviews of releases that are still pull requests: folder name, version, review.
    pub pending_reviews: Vec<(String, String, Review)>,
    /// Folders `sources/<id>/<version>` that hold a file.
    pub source_folders: BTreeSet<String>,
}

/// `registry.toml`, parsed.
#[derive(Debug, Default)]
pub struct Settings {
    /// The name.
    pub name: String,
    /// One sentence.
    pub description: Option<String>,
    /// Where the site is served from, ending in a slash.
    pub base_url: Option<String>,
    /// Last labels nobody may take.
    pub reserved: Vec<String>,
    /// Prefixes nobody owns.
    pub shared_prefixes: Vec<Prefix>,
    /// Categories: id to one sentence.
    pub categories: BTreeMap<String, String>,
    /// Name of the host platform.
    pub platform_name: Option<String>,
    /// Versions of the host platform, ascending.
    pub platform_versions: Vec<Version>,
    /// Audience to everything it sees, itself included, transitively. `public` is always there.
    pub audiences: BTreeMap<String, BTreeSet<String>>,
    /// Where `path` artifacts are: a folder or an address.
    pub artifact_store: Option<String>,
}

/// A publisher.
#[derive(Debug)]
pub struct Publisher {
    /// Path of its file.
    pub path: Arc<str>,
    /// Its id: the file name, which is its first prefix.
    pub id: Prefix,
    /// The prefixes it owns, its id among them.
    pub prefixes: Vec<Prefix>,
    /// The file.
    pub wire: schema::Publisher,
}

impl Publisher {
    /// Returns whether one of its prefixes covers the id.
    pub fn owns(&self, id: &PackageId) -> bool {
        self.prefixes.iter().any(|prefix| prefix.covers(id))
    }

    /// Returns how much the registry knows about it.
    pub fn level(&self) -> PublisherLevel {
        self.wire.level
    }
}

/// A package with at least one release.
#[derive(Debug)]
pub struct Package {
    /// Its id.
    pub id: PackageId,
    /// The listing, if there is one.
    pub listing: Option<Listing>,
    /// Releases, ascending by version; never empty.
    pub releases: Vec<Release>,
    /// Ratings, in the order of their paths.
    pub ratings: Vec<Rating>,
    /// Paths of the files under `media/`.
    pub media: BTreeSet<Arc<str>>,
    /// Withdrawals, amendments, reviews and evidence of versions that do not exist.
    pub strays: Vec<Stray>,
}

impl Package {
    /// Returns the kind, as its newest release has it.
    pub fn kind(&self) -> Kind {
        self.newest().kind
    }

    /// Returns the release people should get: the newest normal version that is
    /// not yanked, else the newest pre-release that is not, else the newest.
    pub fn newest(&self) -> &Release {
        let usable = |release: &&Release| !release.is_yanked();
        self.releases
            .iter()
            .rev()
            .filter(usable)
            .find(|release| !release.version.is_prerelease())
            .or_else(|| self.releases.iter().rev().find(usable))
            .unwrap_or_else(|| self.last())
    }

    /// Returns the release of the highest version.
    pub fn last(&self) -> &Release {
        // `load` never makes a package without a release.
        &self.releases[self.releases.len() - 1]
    }

    /// Returns the release of that version.
    pub fn release(&self, version: &Version) -> Option<&Release> {
        self.releases
            .binary_search_by(|release| release.version.cmp(version))
            .ok()
            .map(|at| &self.releases[at])
    }

    /// Returns the display name: of the listing, else the last label.
    pub fn display_name(&self) -> &str {
        self.listing.as_ref().map_or_else(|| self.id.last_label(), |listing| &listing.wire.name)
    }

    /// Returns the state of the listing.
    pub fn status(&self) -> Status {
        self.listing.as_ref().and_then(|listing| listing.wire.status).unwrap_or(Status::Active)
    }

    /// Returns who sees it.
    pub fn audience(&self) -> &str {
        self.listing.as_ref().and_then(|listing| listing.wire.audience.as_deref()).unwrap_or("public")
    }

    /// Returns how it is paid for, if the listing says.
    pub fn pricing(&self) -> Option<PricingModel> {
        self.listing.as_ref()?.wire.pricing.as_ref().map(|pricing| pricing.model)
    }

    /// Returns the moment of the first release that has one.
    pub fn first_published(&self) -> Option<Timestamp> {
        self.releases.iter().filter_map(|release| release.published).min()
    }

    /// Returns the moment of the latest release that has one.
    pub fn last_published(&self) -> Option<Timestamp> {
        self.releases.iter().filter_map(|release| release.published).max()
    }
}

/// A file about a version that does not exist.
#[derive(Debug)]
pub struct Stray {
    /// Its path.
    pub path: Arc<str>,
    /// What it is, such as `withdrawal`.
    pub what: &'static str,
    /// The version in its name.
    pub version: String,
}

/// A listing.
#[derive(Debug)]
pub struct Listing {
    /// Path of its file.
    pub path: Arc<str>,
    /// The file.
    pub wire: schema::Listing,
}

impl Listing {
    /// Returns the icon and the screenshots: where each is named, and its path
    /// from the package's folder.
    pub fn images(&self) -> impl Iterator<Item = (Vec<String>, &str)> {
        let icon = self.wire.icon.iter().map(|file| (vec!["icon".to_owned()], file.as_str()));
        let screenshots = self.wire.screenshots.iter().enumerate().map(|(at, screenshot)| {
            (vec!["screenshot".to_owned(), at.to_string(), "file".to_owned()], screenshot.file.as_str())
        });
        icon.chain(screenshots)
    }
}

/// A rating.
#[derive(Debug)]
pub struct Rating {
    /// Path of its file.
    pub path: Arc<str>,
    /// The account, such as `github-12`.
    pub account: String,
    /// When.
    pub date: Timestamp,
    /// The file.
    pub wire: schema::Rating,
}

/// A release with everything that was said about it later.
#[derive(Debug)]
pub struct Release {
    /// Path of its file.
    pub path: Arc<str>,
    /// SHA-256 of its file.
    pub digest: Digest,
    /// The package.
    pub id: PackageId,
    /// The version.
    pub version: Version,
    /// The version as another catalog spells it.
    pub source_version: Option<String>,
    /// What the package is.
    pub kind: Kind,
    /// The publisher's id.
    pub publisher: Prefix,
    /// Namespaces, as written.
    pub namespaces: Vec<Namespace>,
    /// One line.
    pub description: Option<String>,
    /// The licence, if it is an SPDX expression.
    pub license: Option<License>,
    /// The licence as written.
    pub license_text: Option<String>,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// The requirement on the platform.
    pub platform: Option<Requirement>,
    /// Permissions, as written.
    pub permissions: Vec<String>,
    /// Capabilities, as written.
    pub capabilities: Vec<String>,
    /// Keywords, as written.
    pub keywords: Vec<String>,
    /// Path in the artifact of the settings' schema.
    pub configuration: Option<RelPath>,
    /// Path in the artifact of the migrations.
    pub migrations: Option<RelPath>,
    /// Dependencies, by id.
    pub dependencies: Vec<Dependency>,
    /// Where the bytes are.
    pub artifact: Option<Artifact>,
    /// Where the release came from.
    pub lineage: Option<schema::Lineage>,
    /// Fields of the kind, parsed.
    pub details: Details,
    /// Amendments, by number.
    pub amendments: Vec<Amendment>,
    /// The withdrawal, if any.
    pub withdrawal: Option<Withdrawal>,
    /// Evidence files: name, path, SHA-256.
    pub evidence: Vec<Evidence>,
    /// Reviews, in the order of their paths.
    pub reviews: Vec<Review>,
    /// What is inside the artifact; `None` where it was not looked at.
    pub contents: Option<Contents>,
    /// Optional keys of the file that are there with an unusable value, which was told already.
    pub refused: Vec<&'static str>,
}

impl Release {
    /// Returns whether new resolutions skip it.
    pub fn is_yanked(&self) -> bool {
        self.withdrawal.as_ref().is_some_and(|withdrawal| withdrawal.wire.level.is_yanked())
    }

    /// Returns what it requires: its dependencies, the modules of a starter pack and the members of a solution.
    pub fn required(&self) -> impl Iterator<Item = &Dependency> {
        let modules = self.details.starter_pack.iter().flat_map(|pack| &pack.modules);
        let members = self.details.solution.iter().flatten();
        self.dependencies.iter().chain(modules).chain(members)
    }

    /// Returns whether every requirement on the dependency, as amended, admits the version.
    pub fn admits(&self, dependency: &Dependency, version: &Version) -> bool {
        dependency.requirement.matches(version)
            && self
                .amendments
                .iter()
                .flat_map(|amendment| &amendment.dependencies)
                .all(|narrower| narrower.id != dependency.id || narrower.requirement.matches(version))
    }

    /// Returns `id@version`.
    pub fn name(&self) -> String {
        format!("{}@{}", self.id, self.version)
    }
}

/// Fields that only some kinds have.
#[derive(Debug, Default)]
pub struct Details {
    /// Of an agent.
    pub agent: Option<schema::Agent>,
    /// Of a template.
    pub template: Option<schema::Template>,
    /// Of a starter pack.
    pub starter_pack: Option<StarterPack>,
    /// Of an integration provider.
    pub integration_provider: Option<schema::IntegrationProvider>,
    /// Members of a solution, by id.
    pub solution: Option<Vec<Dependency>>,
}

/// A starter pack.
#[derive(Debug)]
pub struct StarterPack {
    /// The business it is for.
    pub vertical: String,
    /// Modules it enables, by id.
    pub modules: Vec<Dependency>,
    /// Paths of the pipelines it creates.
    pub pipelines: Vec<RelPath>,
    /// Paths of the message templates it creates.
    pub message_templates: Vec<RelPath>,
}

/// A requirement on another package.
#[derive(Debug, Clone)]
pub struct Dependency {
    /// The other package.
    pub id: PackageId,
    /// The versions that will do.
    pub requirement: Requirement,
    /// Whether the package works without it.
    pub optional: bool,
}

/// Where an artifact's bytes are, and what they must be.
#[derive(Debug, Clone)]
pub struct Artifact {
    /// Where.
    pub location: ArtifactLocation,
    /// SHA-256 of the archive.
    pub sha256: Digest,
    /// Bytes of the archive.
    pub size: u64,
}

/// An amendment.
#[derive(Debug)]
pub struct Amendment {
    /// Path of its file.
    pub path: Arc<str>,
    /// Its number, from 1.
    pub n: u32,
    /// Since when.
    pub date: Timestamp,
    /// Why.
    pub reason: Option<String>,
    /// The narrower requirement on the platform.
    pub platform: Option<Requirement>,
    /// Narrower requirements, by id.
    pub dependencies: Vec<Dependency>,
}

/// A withdrawal.
#[derive(Debug)]
pub struct Withdrawal {
    /// Path of its file.
    pub path: Arc<str>,
    /// Since when.
    pub date: Timestamp,
    /// The file.
    pub wire: schema::Withdrawal,
}

/// An evidence file.
#[derive(Debug)]
pub struct Evidence {
    /// Its name.
    pub name: String,
    /// Its path.
    pub path: Arc<str>,
    /// SHA-256 of its content.
    pub digest: Digest,
}

/// A review.
#[derive(Debug)]
pub struct Review {
    /// Path of its file.
    pub path: Arc<str>,
    /// The area in its name.
    pub area: String,
    /// The curator in its name.
    pub curator: String,
    /// The release file it binds to.
    pub subject: Digest,
    /// When.
    pub date: Timestamp,
    /// The file.
    pub wire: schema::Review,
}

/// A curated list.
#[derive(Debug)]
pub struct Collection {
    /// Path of its file.
    pub path: Arc<str>,
    /// The file.
    pub wire: schema::Collection,
}

/// A waiver.
#[derive(Debug)]
pub struct Waiver {
    /// Path of its file.
    pub path: Arc<str>,
    /// First moment it holds.
    pub from: Timestamp,
    /// First moment it no longer holds.
    pub until: Timestamp,
    /// The file.
    pub wire: schema::Waiver,
}

/// An OSV record.
#[derive(Debug)]
pub struct Advisory {
    /// Path of its file.
    pub path: Arc<str>,
    /// Its id.
    pub id: String,
    /// The whole record.
    pub record: serde_json::Value,
}

/// Text of a file of an artifact. It shares the bytes of the snapshot: READMEs are nearly half of
/// the bytes of a large registry.
#[derive(Debug, Clone)]
pub struct SharedText(Arc<[u8]>);

impl SharedText {
    /// Takes the bytes; what is not UTF-8 in them is replaced.
    pub fn of(bytes: Arc<[u8]>) -> Self {
        match String::from_utf8_lossy(&bytes) {
            Cow::Borrowed(_) => Self(bytes),
            Cow::Owned(replaced) => Self(replaced.into_bytes().into()),
        }
    }
}

impl std::ops::Deref for SharedText {
    type Target = str;

    fn deref(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// What is inside an artifact.
#[derive(Debug, Default)]
pub struct Contents {
    /// Every file: path in the artifact, then path in the registry; of an archive
    /// `<release file without .toml>.tgz!/<path in the artifact>`.
    pub files: BTreeMap<String, Arc<str>>,
    /// SHA-256 and size of the archive, for a folder of the one that `pack` makes of it.
    pub packed: Option<(Digest, u64)>,
    /// `shelfmark.toml`.
    pub manifest: Option<SharedText>,
    /// The release file, to compare the manifest with.
    pub release_file: Option<SharedText>,
    /// `README.md`.
    pub readme: Option<SharedText>,
    /// `CHANGELOG.md`.
    pub changelog: Option<SharedText>,
    /// The JSON Schema of the settings.
    pub configuration: Option<serde_json::Value>,
    /// The JSON Schema of a template's parameters.
    pub parameters: Option<serde_json::Value>,
    /// Metadata objects, by path.
    pub metadata: Vec<MetadataObject>,
}

/// One file under `metadata/`.
#[derive(Debug)]
pub struct MetadataObject {
    /// Path in the registry, as in [`Contents::files`].
    pub path: Arc<str>,
    /// The type, by its folder.
    pub metadata_type: MetadataType,
    /// The name, by its file.
    pub name: String,
    /// The object; `None` when the file is not JSON.
    pub value: Option<serde_json::Value>,
}
