//! Authored formats of a package: what partners and curators write under `packages/`.

use crate::model::{AuthType, Kind, PricingModel, ReviewDecision, Status, TemplateFamily, WithdrawalLevel};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A TOML date-time with an offset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DateTime(pub toml::value::Datetime);

impl JsonSchema for DateTime {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "DateTime".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string", "format": "date-time",
            "description": "A date-time with an offset, written in TOML without quotes: 2026-02-17T00:00:00Z"
        })
    }
}

/// One immutable release of a package. Hard-required: format, id, version, kind, publisher.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Release {
    /// The format's version: 1.
    pub format: u32,
    /// The package id; agrees with the folder.
    pub id: String,
    /// The version; agrees with the file name.
    pub version: String,
    /// What the package is.
    pub kind: Kind,
    /// The publisher's first prefix. Absent in the manifest inside an artifact.
    pub publisher: String,
    /// Namespaces of the metadata objects.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub namespaces: Vec<String>,
    /// One line, at most 1,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000))]
    pub description: Option<String>,
    /// An SPDX licence expression.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// When the release was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<DateTime>,
    /// A requirement on the host platform's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// Permissions the package asks for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<String>,
    /// What the package adds to the host.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capabilities: Vec<String>,
    /// Words people search by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// Path in the artifact of a JSON Schema for the settings; `"writeOnly": true` marks secrets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configuration: Option<String>,
    /// Path in the artifact of the migration steps, by version they start from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub migrations: Option<String>,
    /// The version as another catalog spells it, for imported releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_version: Option<String>,
    /// Required packages: id to requirement.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dependencies: BTreeMap<String, Dependency>,
    /// Where the bytes are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact: Option<Artifact>,
    /// Where the release came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lineage: Option<Lineage>,
    /// Fields of kind `agent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<Agent>,
    /// Fields of kind `template`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<Template>,
    /// Fields of kind `starter-pack`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starter_pack: Option<StarterPack>,
    /// Fields of kind `integration-provider`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integration_provider: Option<IntegrationProvider>,
    /// Fields of kind `solution`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solution: Option<Solution>,
}

/// A requirement, or a table when there is more to say.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Dependency {
    /// `"^1.0"`.
    Requirement(String),
    /// `{ version = "^1.1", optional = true }`.
    Detail(DependencyDetail),
}

/// The long form of a dependency.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DependencyDetail {
    /// The requirement.
    pub version: String,
    /// Whether the package works without it.
    #[serde(default)]
    pub optional: bool,
}

/// The artifact: exactly one of `url`, `path`, `tree`, and always `sha256` and `size`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Artifact {
    /// An https address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// A path in the registry's artifact store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// A folder of the registry that the builder packs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tree: Option<String>,
    /// SHA-256 of the archive in lower-case hexadecimal.
    pub sha256: String,
    /// Size of the archive in bytes.
    pub size: u64,
}

/// From idea to build.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Lineage {
    /// Address of the source repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The commit that was built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The blueprint it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blueprint: Option<String>,
}

/// An AI agent.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Agent {
    /// What the agent is for, in a few words.
    pub role: String,
    /// Tools it calls.
    #[serde(default)]
    pub tools: Vec<String>,
    /// Data and actions it may reach.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Agents it works with, by package id.
    #[serde(default)]
    pub collaborates_with: Vec<String>,
}

/// A template.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Template {
    /// The family.
    pub family: TemplateFamily,
    /// The package id of the template that an overlay applies to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overlay_of: Option<String>,
    /// Path in the artifact of a JSON Schema for the parameters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameters: Option<String>,
}

/// A starter pack.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct StarterPack {
    /// The business it is for.
    pub vertical: String,
    /// Modules it enables: id to requirement.
    #[serde(default)]
    pub modules: BTreeMap<String, String>,
    /// Paths in the artifact of the pipelines it creates.
    #[serde(default)]
    pub pipelines: Vec<String>,
    /// Paths in the artifact of the message templates it creates.
    #[serde(default)]
    pub message_templates: Vec<String>,
}

/// An outside service and the credentials it needs.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct IntegrationProvider {
    /// How it authenticates.
    pub auth_type: AuthType,
    /// Address of the service's documentation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub docs: Option<String>,
    /// What a person must enter.
    #[serde(default, rename = "credential")]
    pub credentials: Vec<Credential>,
}

/// One credential of an integration provider.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Credential {
    /// The key of the setting.
    pub id: String,
    /// What the input is called.
    pub label: String,
    /// What the value looks like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Where to find the value.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// Whether it must be kept secret.
    #[serde(default)]
    pub secret: bool,
    /// A regular expression that every value matches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
}

/// A set of packages.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Solution {
    /// Members: id to requirement.
    #[serde(default)]
    pub members: BTreeMap<String, String>,
}

/// The mutable marketing face of a package.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Listing {
    /// The format's version: 1.
    pub format: u32,
    /// The display name.
    #[schemars(length(max = 100))]
    pub name: String,
    /// One sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200))]
    pub tagline: Option<String>,
    /// A category of `registry.toml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Free words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The state; `active` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// The package id to use instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replacement: Option<String>,
    /// Who sees it; `public` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// Path of the icon, under the package's folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// Pictures of the product.
    #[serde(default, rename = "screenshot", skip_serializing_if = "Vec::is_empty")]
    pub screenshots: Vec<Screenshot>,
    /// Addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub links: Option<Links>,
    /// What it costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pricing: Option<Pricing>,
}

/// One picture.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Screenshot {
    /// Path under the package's folder.
    pub file: String,
    /// What the picture shows, for those who cannot see it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt: Option<String>,
}

/// Addresses of a package.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Links {
    /// The product's page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub homepage: Option<String>,
    /// The manual.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documentation: Option<String>,
    /// Where to ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support: Option<String>,
    /// The source code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
}

/// What a package costs.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Pricing {
    /// How it is paid for.
    pub model: PricingModel,
    /// Plans on offer.
    #[serde(default, rename = "plan", skip_serializing_if = "Vec::is_empty")]
    pub plans: Vec<PricingPlan>,
}

/// One plan.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PricingPlan {
    /// The plan's name.
    pub name: String,
    /// The amount, as text: `"29"` or `"0.50"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<String>,
    /// An ISO 4217 code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// What the amount is for, such as `month` or `user/month`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
}

/// A graded withdrawal of one release.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Withdrawal {
    /// The format's version: 1.
    pub format: u32,
    /// How far.
    pub level: WithdrawalLevel,
    /// Since when.
    pub date: DateTime,
    /// What is wrong and what to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// A version of this package, or another package's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replacement: Option<String>,
    /// Ids of advisories.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub advisories: Vec<String>,
    /// The legal ground; addresses answer 451 instead of 410.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal: Option<String>,
}

/// A later narrowing of what a release requires.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Amendment {
    /// The format's version: 1.
    pub format: u32,
    /// Since when.
    pub date: DateTime,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// A narrower requirement on the platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// Narrower requirements on packages the release already requires.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dependencies: BTreeMap<String, String>,
}

/// A curator's review of one release.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Review {
    /// The format's version: 1.
    pub format: u32,
    /// What was reviewed.
    pub area: String,
    /// The curator's name.
    pub curator: String,
    /// SHA-256 of the release file that was reviewed.
    pub subject: String,
    /// The decision.
    pub decision: ReviewDecision,
    /// When.
    pub date: DateTime,
    /// What the reviewer wants to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

/// One person's rating of a package.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Rating {
    /// The format's version: 1.
    pub format: u32,
    /// One to five.
    #[schemars(range(min = 1, max = 5))]
    pub stars: u8,
    /// A few words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The review itself, as plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The version that was used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// When.
    pub date: DateTime,
}

/// A recorded, expiring exception.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Waiver {
    /// The format's version: 1.
    pub format: u32,
    /// The rule or check it lifts.
    pub id: String,
    /// The package it is for.
    pub package: String,
    /// The versions it is for, as a requirement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub versions: Option<String>,
    /// Why.
    pub reason: String,
    /// Who granted it.
    pub by: String,
    /// First moment it holds.
    pub from: DateTime,
    /// First moment it no longer holds.
    pub until: DateTime,
}
