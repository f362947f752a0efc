//! Wire formats: serde structs without logic, versioned, with their JSON
//! Schemas (draft 2020-12) committed in `src/schema/json/`.
//!
//! Authored formats (TOML) keep identifiers, versions and digests as plain
//! text, so that a file with ten mistakes yields ten diagnostics; the types in
//! the model take over when a registry is validated. Published formats (JSON)
//! are written from checked types only.

mod authored;
mod catalog;
mod index;
mod registry;
mod review;
mod scan;

pub use authored::{
    Agent, Amendment, Artifact, Credential, DateTime, Dependency, DependencyDetail, IntegrationProvider,
    Lineage, Links, Listing, Pricing, PricingPlan, Rating, Release, Review, Screenshot, Solution,
    StarterPack, Template, Waiver, Withdrawal,
};
pub use catalog::{Record, RecordDependency};
pub use index::{
    AmendmentEntry, DependencyEntry, EvidenceEntry, IndexConfig, IndexLine, Origin, PublisherEntry,
    Publishers, Root, SearchFile, SearchHead, StatusEntry, StatusFile, WithdrawnEntry,
};
pub use registry::{
    Artifacts, Audience, Collection, Curator, Curators, Gate, Identity, Key, Licenses, PlatformSection,
    Policy, Publish, Publisher, Registry, RequiredReviews, ScorePolicy, TrustedCi,
};

pub use review::{
    ActorFact, AuthorityFact, ChangedFile, ChangesEntry, CuratorFact, DecisionEntry, DiagnosticEntry, Facts,
    NeedEntry, Outcome, ProblemFact, ReleaseFact, ReleaseReport, ReviewFact, ReviewReport, RevisionEntry,
    ScanFact, StepEntry, SubmissionState,
};
pub use scan::{
    Counts, Differential, FileChange, FileEntry, FileRename, FindingChange, FindingEntry, LicenseEntry,
    Place, ScanReport, ScannedArtifact,
};

use serde_json::Value;

/// The version of every authored format.
pub const FORMAT: u32 = 1;

/// One published JSON Schema: the name `shelfmark schema` takes, what it is for, and its maker.
pub struct Named {
    /// The name on the command line and in the file name.
    pub name: &'static str,
    /// One clause for the list.
    pub about: &'static str,
    make: fn() -> schemars::Schema,
}

macro_rules! named {
    ($($name:literal, $about:literal, $type:ty;)+) => {
        &[$(Named { name: $name, about: $about, make: || generator().into_root_schema_for::<$type>() },)+]
    };
}

/// Every wire format, in the order people meet them.
pub const ALL: &[Named] = named![
    "registry", "registry.toml, the registry itself", Registry;
    "policy", "policy.toml, thresholds and rule levels", Policy;
    "curators", "curators.toml, who decides what", Curators;
    "publisher", "publishers/<prefix>.toml", Publisher;
    "listing", "package.toml, the listing of a package", Listing;
    "release", "<version>.toml, one immutable release", Release;
    "withdrawal", "withdrawals/<version>.toml", Withdrawal;
    "amendment", "amendments/<version>.<n>.toml", Amendment;
    "review", "reviews/<version>/<area>.<curator>.toml", Review;
    "rating", "ratings/<forge>-<id>.toml", Rating;
    "collection", "collections/<name>.toml", Collection;
    "waiver", "waivers/*.toml", Waiver;
    "index-root", "index/root.json", Root;
    "index-config", "index/config.json", IndexConfig;
    "index-publishers", "index/publishers.json", Publishers;
    "index-line", "one line of an index file", IndexLine;
    "search-head", "search/head.json", SearchHead;
    "status", "status.json, addresses that answer 410 or 451", StatusFile;
    "scan-report", "reports/<artifact sha256>.json, what the scan found", ScanReport;
    "differential", "what changed in a package since its last admitted release", Differential;
    "review-report", "what `shelfmark review --format json` prints", ReviewReport;
    "import-record", "one line of a foreign catalog, read by `shelfmark import`", Record;
];

impl Named {
    /// Finds a format by its name.
    pub fn find(name: &str) -> Option<&'static Named> {
        ALL.iter().find(|named| named.name == name)
    }

    /// Returns the JSON Schema.
    pub fn schema(&self) -> Value {
        let mut schema = (self.make)();
        schema.insert("$id".into(), format!("urn:shelfmark:schema:{}:1", self.name).into());
        let mut value = schema.to_value();
        if self.is_authored() {
            forbid_null(&mut value);
        }
        value
    }

    /// Returns whether people write the format, in TOML.
    fn is_authored(&self) -> bool {
        !self.name.starts_with("index-")
            && !matches!(
                self.name,
                "search-head" | "status" | "scan-report" | "differential" | "review-report" | "import-record"
            )
    }

    /// Returns the text that is committed and printed: two-space JSON with a final newline.
    pub fn text(&self) -> String {
        let mut text = serde_json::to_string_pretty(&self.schema()).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// Takes `null` out of a schema: TOML has none, an absent key says the same.
fn forbid_null(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(forbid_null),
        Value::Object(object) => {
            if let Some(Value::Array(types)) = object.get_mut("type") {
                types.retain(|name| name != "null");
                if let [one] = types.as_slice() {
                    let one = one.clone();
                    object.insert("type".into(), one);
                }
            }
            if let Some(Value::Array(branches)) = object.get_mut("anyOf") {
                branches.retain(|branch| branch.get("type").is_none_or(|name| name != "null"));
                if let [Value::Object(one)] = branches.as_slice() {
                    let one = one.clone();
                    object.remove("anyOf");
                    object.extend(one);
                }
            }
            if object.get("default").is_some_and(Value::is_null) {
                object.remove("default");
            }
            object.values_mut().for_each(forbid_null);
        }
        _ => {}
    }
}

fn generator() -> schemars::SchemaGenerator {
    schemars::generate::SchemaSettings::draft2020_12().into_generator()
}
