//! Authored formats of the registry itself: what operators and curators write
//! at its root, under `publishers/` and under `collections/`.

use crate::model::{Kind, PublisherLevel, PublisherType, RuleLevel};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::DateTime;

/// `registry.toml`: the registry itself.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Registry {
    /// The format's version: 1.
    pub format: u32,
    /// The name, shown everywhere.
    pub name: String,
    /// One sentence for the home page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where the site will be served from; ends in a slash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// Last labels that no package may take.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reserved: Vec<String>,
    /// Prefixes that nobody owns; under them a prefix has one label more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shared_prefixes: Vec<String>,
    /// Categories: id to one sentence.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub categories: BTreeMap<String, String>,
    /// The host the packages run on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<PlatformSection>,
    /// Where `path` artifacts are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifacts: Option<Artifacts>,
    /// The binary that judges pull requests; only the base's counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<Gate>,
    /// Audiences other than `public`, each with what it sees.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub audiences: BTreeMap<String, Audience>,
}

/// The host platform.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PlatformSection {
    /// Its name.
    pub name: String,
    /// Its versions, each of three parts.
    #[serde(default)]
    pub versions: Vec<String>,
}

/// The artifact store.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Artifacts {
    /// A directory or an object store address.
    pub store: String,
}

/// The binary that judges pull requests in continuous integration.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Gate {
    /// The version of Shelfmark, for people.
    pub version: String,
    /// Where the binary, or an archive of it, is downloaded: over https.
    #[schemars(regex(pattern = "^https://"))]
    pub url: String,
    /// SHA-256 of the download, 64 hexadecimal digits.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub sha256: String,
}

/// One audience.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Audience {
    /// The audiences whose packages it sees besides its own.
    #[serde(default)]
    pub sees: Vec<String>,
}

/// `policy.toml`: thresholds and levels.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Policy {
    /// The format's version: 1.
    pub format: u32,
    /// The security score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<ScorePolicy>,
    /// Rule id to level.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub levels: BTreeMap<String, RuleLevel>,
    /// Which publisher levels may publish which kinds, by phase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publish: Option<Publish>,
    /// Required reviews by kind.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reviews: BTreeMap<Kind, RequiredReviews>,
    /// Permission prefix to class.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub permissions: BTreeMap<String, String>,
    /// Licences.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licenses: Option<Licenses>,
    /// Waiting times.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub timers: BTreeMap<String, u64>,
}

/// The bar a release must pass.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ScorePolicy {
    /// Fewest points, out of 100.
    #[schemars(range(max = 100))]
    pub threshold: u8,
}

/// Who may publish what: the phase in force, then a table for each phase.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Publish {
    /// The phase in force.
    pub phase: String,
    /// Phase to publisher level to kinds (`"*"` is all).
    #[serde(flatten)]
    pub phases: BTreeMap<String, BTreeMap<PublisherLevel, Vec<String>>>,
}

/// The reviews a kind needs.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RequiredReviews {
    /// Areas, each by a curator of that area.
    pub areas: Vec<String>,
}

/// The licence allow-list.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Licenses {
    /// SPDX ids; all are allowed when the list is empty.
    #[serde(default)]
    pub allow: Vec<String>,
}

/// `curators.toml`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Curators {
    /// The format's version: 1.
    pub format: u32,
    /// The people.
    #[serde(default, rename = "curator")]
    pub curators: Vec<Curator>,
}

/// One curator.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Curator {
    /// The name used in review files.
    pub name: String,
    /// The forge of the account.
    pub forge: String,
    /// The account's numeric id, which survives renames.
    pub id: u64,
    /// What they may decide.
    #[serde(default)]
    pub areas: Vec<String>,
    /// Where, `"*"` is everywhere.
    #[serde(default)]
    pub prefixes: Vec<String>,
}

/// `publishers/<prefix>.toml`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Publisher {
    /// The format's version: 1.
    pub format: u32,
    /// The display name.
    pub name: String,
    /// One sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// A person or an organization.
    #[serde(rename = "type")]
    pub publisher_type: PublisherType,
    /// How much the registry knows about it.
    pub level: PublisherLevel,
    /// The prefixes it owns; the first is its id.
    pub prefixes: Vec<String>,
    /// Its web site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// Accounts that may submit.
    #[serde(default, rename = "identity", skip_serializing_if = "Vec::is_empty")]
    pub identities: Vec<Identity>,
    /// Signing keys.
    #[serde(default, rename = "key", skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<Key>,
    /// Workflows that may publish without a long-lived secret.
    #[serde(default, rename = "trusted-ci", skip_serializing_if = "Vec::is_empty")]
    pub trusted_ci: Vec<TrustedCi>,
}

/// One account on a forge.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Identity {
    /// The forge, such as `github`.
    pub forge: String,
    /// The account's name today.
    pub login: String,
    /// The account's numeric id.
    pub id: u64,
}

/// One signing key.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Key {
    /// The key's name.
    pub id: String,
    /// The algorithm.
    pub algorithm: String,
    /// The public key.
    pub pem: String,
    /// First moment it counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<DateTime>,
    /// First moment it no longer counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<DateTime>,
}

/// One trusted workflow.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TrustedCi {
    /// The token issuer.
    pub issuer: String,
    /// The repository.
    pub repository: String,
    /// The workflow file.
    pub workflow: String,
}

/// `collections/<name>.toml`: a curated list.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Collection {
    /// The format's version: 1.
    pub format: u32,
    /// The display name.
    pub name: String,
    /// One sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Package ids, in the order to show.
    pub packages: Vec<String>,
}
