//! The format of a foreign catalog: one JSON record per release, one a line.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One release of a foreign catalog. Unknown fields are ignored and counted.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Record {
    /// The package's name there.
    pub name: String,
    /// The version as spelt there.
    pub version: String,
    /// The version as SemVer, where it is not already.
    #[serde(default)]
    pub semver: Option<String>,
    /// The display name.
    #[serde(default)]
    pub title: Option<String>,
    /// One sentence.
    #[serde(default)]
    pub description: Option<String>,
    /// A licence, SPDX or not.
    #[serde(default)]
    pub license: Option<String>,
    /// Words people search by.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// A category.
    #[serde(default)]
    pub category: Option<String>,
    /// The product's page.
    #[serde(default)]
    pub homepage: Option<String>,
    /// The source code.
    #[serde(default)]
    pub repository: Option<String>,
    /// Required packages.
    #[serde(default)]
    pub dependencies: Vec<RecordDependency>,
    /// A checksum in any of the usual spellings.
    #[serde(default)]
    pub checksum: Option<String>,
    /// Address of the archive.
    #[serde(default)]
    pub download: Option<String>,
    /// Size of the archive in bytes.
    #[serde(default)]
    pub size: Option<u64>,
    /// Whether it was withdrawn.
    #[serde(default)]
    pub yanked: bool,
    /// Why.
    #[serde(default)]
    pub yanked_reason: Option<String>,
    /// What the package says about being superseded.
    #[serde(default)]
    pub deprecated: Option<serde_json::Value>,
    /// The README as Markdown.
    #[serde(default)]
    pub readme: Option<String>,
    /// When it was published.
    #[serde(default)]
    pub published: Option<String>,
}

/// One dependency of a record.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct RecordDependency {
    /// The required package's name there.
    pub name: String,
    /// The requirement: comparators joined by `, ` and alternatives by ` || `.
    #[serde(default)]
    pub req: Option<String>,
    /// Absent for a normal dependency.
    #[serde(default)]
    pub kind: Option<String>,
    /// Whether the package works without it.
    #[serde(default)]
    pub optional: bool,
}
