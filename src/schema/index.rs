//! Published formats: what `build` writes under `index/`, `search/head.json`
//! and `status.json`. Keys are snake_case and always present.

use crate::model::{Digest, Kind, PublisherLevel, PublisherType, Timestamp, Version, WithdrawalLevel};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `index/root.json`, the one pointer from which everything else is checked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Root {
    /// The format's version: 1.
    pub v: u32,
    /// The registry's name.
    pub registry: String,
    /// The git tree id of the registry's folder, in hexadecimal.
    pub source_tree: String,
    /// The moment that waivers, levels and "this week" are judged by.
    #[schemars(with = "String")]
    pub as_of: Timestamp,
    /// Number of packages.
    pub packages: u64,
    /// Number of releases.
    pub releases: u64,
    /// SHA-256 of the Merkle tree's root node.
    #[schemars(with = "String")]
    pub merkle: Digest,
    /// SHA-256 of `index/config.json`.
    #[schemars(with = "String")]
    pub config: Digest,
    /// SHA-256 of `index/publishers.json`.
    #[schemars(with = "String")]
    pub publishers: Digest,
    /// SHA-256 of `index/advisories.json`.
    #[schemars(with = "String")]
    pub advisories: Digest,
    /// SHA-256 of `search/head.json`.
    #[schemars(with = "String")]
    pub search: Digest,
}

/// `index/config.json`: where things are, as templates relative to the site.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct IndexConfig {
    /// The format's version: 1.
    pub v: u32,
    /// The root pointer.
    pub root: String,
    /// A package's index file.
    pub leaf: String,
    /// A node of the Merkle tree, or the hash-named copy of a named file.
    pub node: String,
    /// An artifact.
    pub artifact: String,
}

/// `index/publishers.json`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Publishers {
    /// The format's version: 1.
    pub v: u32,
    /// Prefix to publisher.
    pub prefixes: BTreeMap<String, PublisherEntry>,
}

/// Who owns a prefix.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct PublisherEntry {
    /// The publisher's id, its first prefix.
    pub publisher: String,
    /// The display name.
    pub name: String,
    /// A person or an organization.
    #[serde(rename = "type")]
    pub publisher_type: PublisherType,
    /// How much the registry knows about it.
    pub level: PublisherLevel,
}

/// One line of `index/<label1>/<label2>/<id>`: one release, keys in this order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct IndexLine {
    /// The line's version: 1; readers skip others.
    pub v: u32,
    /// The package id.
    pub id: String,
    /// The version.
    #[schemars(with = "String")]
    pub vers: Version,
    /// What the package is.
    pub kind: Kind,
    /// Namespaces, sorted.
    pub namespaces: Vec<String>,
    /// The publisher's id.
    pub publisher: String,
    /// The SPDX licence expression.
    pub license: Option<String>,
    /// When it was published.
    #[schemars(with = "Option<String>")]
    pub published: Option<Timestamp>,
    /// The requirement on the host platform.
    pub platform: Option<String>,
    /// Permissions, sorted.
    pub permissions: Vec<String>,
    /// Capabilities, sorted.
    pub capabilities: Vec<String>,
    /// Dependencies as released, sorted by id.
    pub deps: Vec<DependencyEntry>,
    /// SHA-256 of the artifact.
    #[schemars(with = "Option<String>")]
    pub cksum: Option<Digest>,
    /// Size of the artifact in bytes.
    pub size: Option<u64>,
    /// Where the artifact is served from.
    pub origin: Option<Origin>,
    /// Evidence files; only grows.
    pub evidence: Vec<EvidenceEntry>,
    /// Amendments by number; only grows.
    pub amendments: Vec<AmendmentEntry>,
    /// The security score, null until scanned.
    pub score: Option<u8>,
    /// Whether new resolutions skip it: withdrawn at level yanked or above.
    pub yanked: bool,
    /// The withdrawal, if any.
    pub withdrawn: Option<WithdrawnEntry>,
}

/// One dependency of a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DependencyEntry {
    /// The required package.
    pub id: String,
    /// The requirement.
    pub req: String,
    /// Whether the package works without it.
    pub optional: bool,
}

/// Where an artifact is served from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// By the registry, at the `artifact` template.
    Registry,
    /// By its publisher, at this https address.
    Url(String),
}

/// One evidence file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EvidenceEntry {
    /// The file's name, such as `bundle.sigstore.json`.
    pub name: String,
    /// SHA-256 of the file.
    #[schemars(with = "String")]
    pub sha256: Digest,
}

/// One amendment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AmendmentEntry {
    /// Its number, from 1.
    pub n: u32,
    /// Since when.
    #[schemars(with = "String")]
    pub date: Timestamp,
    /// The narrower requirement on the platform.
    pub platform: Option<String>,
    /// Narrower requirements.
    pub deps: Vec<DependencyEntry>,
}

/// A withdrawal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WithdrawnEntry {
    /// How far.
    pub level: WithdrawalLevel,
    /// Since when.
    #[schemars(with = "String")]
    pub date: Timestamp,
    /// What is wrong.
    pub reason: Option<String>,
    /// What to use instead.
    pub replacement: Option<String>,
    /// Ids of advisories.
    pub advisories: Vec<String>,
}

/// `search/head.json`: the files of the search index and their digests.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct SearchHead {
    /// The format's version: 1.
    pub v: u32,
    /// Number of packages in the index.
    pub documents: u64,
    /// The head of what browsers search, `search/head.bin`, which names the rest of it.
    pub projection: SearchFile,
    /// The tantivy index under `search/tantivy/`, sorted by name.
    pub tantivy: Vec<SearchFile>,
}

/// One file of the search index.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct SearchFile {
    /// The file's name.
    pub name: String,
    /// SHA-256 of the file.
    #[schemars(with = "String")]
    pub sha256: Digest,
    /// Size in bytes.
    pub size: u64,
}

/// `status.json`: addresses that a capable host answers with 410 or 451.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct StatusFile {
    /// The format's version: 1.
    pub v: u32,
    /// Path to status, sorted.
    pub paths: BTreeMap<String, StatusEntry>,
}

/// The answer for one path.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct StatusEntry {
    /// 410 (gone) or 451 (legal reasons).
    pub status: u16,
    /// Why.
    pub reason: Option<String>,
}
