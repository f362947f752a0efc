//! Writes the index: hash-named files first, named ones next, the root last.

use super::{leaf, merkle, names};
use crate::model::{Digest, PackageId, Timestamp};
use crate::publish::{Output, OutputError, Phase};
use crate::scan::Scans;
use crate::schema::{IndexConfig, PublisherEntry, Publishers, Root};
use crate::validate::ValidRegistry;
use crate::validate::registry::Package;
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;

/// What the index is made of.
pub struct IndexInput<'a> {
    /// The registry.
    pub registry: &'a ValidRegistry,
    /// The packages of this build's audience.
    pub packages: &'a [&'a Package],
    /// The git tree id of the source.
    pub source_tree: String,
    /// The moment things are judged by.
    pub as_of: Timestamp,
    /// SHA-256 of `search/head.json`.
    pub search: Digest,
    /// What the scan found.
    pub scans: &'a Scans,
}

/// What was written.
#[derive(Debug, Clone)]
pub struct IndexReport {
    /// The root pointer.
    pub root: Root,
    /// Number of node files.
    pub nodes: usize,
    /// Bytes of all index files.
    pub leaf_bytes: u64,
}

/// Builds the index of a registry.
///
/// # Errors
/// When a file cannot be written.
pub fn build(input: &IndexInput<'_>, output: &dyn Output) -> Result<IndexReport, OutputError> {
    let leaves: Vec<(PackageId, Digest, u64)> = input
        .packages
        .par_iter()
        .map(|package| {
            let bytes = leaf(package, input.scans);
            let digest = put_both(output, &names::leaf(&package.id), &bytes)?;
            Ok((package.id.clone(), digest, bytes.len() as u64))
        })
        .collect::<Result<_, OutputError>>()?;
    let leaf_bytes = leaves.iter().map(|(_, _, bytes)| bytes).sum();
    let leaves: BTreeMap<PackageId, Digest> =
        leaves.into_iter().map(|(id, digest, _)| (id, digest)).collect();
    let tree = merkle::build(&leaves);
    for (digest, bytes) in &tree.nodes {
        output.put(Phase::Hashed, &names::node(*digest), bytes)?;
    }
    let root = Root {
        v: 1,
        registry: input.registry.settings.name.clone(),
        source_tree: input.source_tree.clone(),
        as_of: input.as_of,
        packages: input.packages.len() as u64,
        releases: input.packages.iter().map(|package| package.releases.len() as u64).sum(),
        merkle: tree.root,
        config: put_both(output, names::CONFIG, &compact(&config()))?,
        publishers: put_both(output, names::PUBLISHERS, &compact(&publishers(input.registry)))?,
        advisories: put_both(output, names::ADVISORIES, &advisories(input))?,
        search: input.search,
    };
    output.put(Phase::Root, names::ROOT, &compact(&root))?;
    Ok(IndexReport { root, nodes: tree.nodes.len(), leaf_bytes })
}

/// Puts a file under its name and under its hash, so that readers who follow an
/// earlier root still find what it named.
fn put_both(output: &dyn Output, path: &str, bytes: &[u8]) -> Result<Digest, OutputError> {
    let digest = Digest::of(bytes);
    output.put(Phase::Hashed, &names::node(digest), bytes)?;
    output.put(Phase::Named, path, bytes)?;
    Ok(digest)
}

/// Writes compact JSON with a final newline.
fn compact(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn config() -> IndexConfig {
    IndexConfig {
        v: 1,
        root: names::ROOT.into(),
        leaf: "index/{label1}/{label2}/{id}".into(),
        node: "index/tree/{sha256}".into(),
        artifact: "artifacts/{sha256}.tgz".into(),
    }
}

fn publishers(registry: &ValidRegistry) -> Publishers {
    let mut prefixes = BTreeMap::new();
    for publisher in registry.visible_publishers("public") {
        for prefix in &publisher.prefixes {
            let entry = PublisherEntry {
                publisher: publisher.id.to_string(),
                name: publisher.wire.name.clone(),
                publisher_type: publisher.wire.publisher_type,
                level: publisher.wire.level,
            };
            prefixes.insert(prefix.to_string(), entry);
        }
    }
    Publishers { v: 1, prefixes }
}

/// Returns every OSV record of this audience, one a line, by id.
fn advisories(input: &IndexInput<'_>) -> Vec<u8> {
    let shown = input.registry.advisories.iter().filter(|advisory| is_shown(input, &advisory.record));
    let sorted: BTreeMap<&str, &serde_json::Value> =
        shown.map(|advisory| (advisory.id.as_str(), &advisory.record)).collect();
    let mut bytes = b"[".to_vec();
    for (position, record) in sorted.values().enumerate() {
        bytes.extend_from_slice(if position == 0 { b"\n" } else { b",\n" });
        bytes.extend_from_slice(record.to_string().as_bytes());
    }
    bytes.extend_from_slice(b"\n]\n");
    bytes
}

/// Returns whether a record is for this audience: one that names packages of
/// other audiences alone would tell that they exist.
fn is_shown(input: &IndexInput<'_>, record: &serde_json::Value) -> bool {
    let affected = record.get("affected").and_then(|list| list.as_array()).into_iter().flatten();
    let known = affected
        .filter_map(|one| one.get("package")?.get("name")?.as_str())
        .filter(|name| input.registry.packages.contains_key(*name));
    let is_visible = |name: &str| input.packages.binary_search_by(|one| one.id.as_str().cmp(name)).is_ok();
    known.map(is_visible).reduce(|a, b| a || b).unwrap_or(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Mode, Snapshot};
    use crate::validate::validate;

    #[test]
    fn an_advisory_about_another_audience_alone_is_not_told() {
        let release = |id: &str| {
            let text = format!(
                "format = 1\nid = \"{id}\"\nversion = \"1.0.0\"\nkind = \"plugin\"\npublisher = \"com.a\"\n"
            );
            (format!("packages/com/a/{id}/1.0.0.toml"), text)
        };
        let advisory = |id: &str, names: &[&str]| {
            let affected: Vec<_> =
                names.iter().map(|name| serde_json::json!({"package": {"name": name}})).collect();
            (format!("advisories/{id}.json"), serde_json::json!({"id": id, "affected": affected}).to_string())
        };
        let settings = "format = 1\nname = \"x\"\n[audiences]\npartner = { sees = [\"public\"] }\n";
        let levels = [
            "artifact-missing",
            "description-missing",
            "license-missing",
            "listing-missing",
            "platform-missing",
            "prefix-not-owned",
            "published-missing",
            "publisher-unknown",
        ];
        let levels: String = levels.iter().map(|rule| format!("{rule} = \"allow\"\n")).collect();
        let listing = "format = 1\nname = \"B\"\naudience = \"partner\"\n";
        let files = [
            ("registry.toml".to_owned(), settings.to_owned()),
            (
                "policy.toml".to_owned(),
                format!("format = 1\n[levels]\ncategory-missing = \"allow\"\n{levels}"),
            ),
            release("com.a.open"),
            release("com.a.secret"),
            ("packages/com/a/com.a.secret/package.toml".to_owned(), listing.to_owned()),
            advisory("A-1", &["com.a.open", "com.a.secret"]),
            advisory("A-2", &["com.a.secret"]),
            advisory("A-3", &["elsewhere"]),
        ];
        let files = files.into_iter().map(|(path, text)| (path, Mode::Regular, text.into_bytes()));
        let snapshot = Snapshot::from_memory(files).unwrap();
        let (registry, _) = validate(&snapshot, None).unwrap().into_valid().unwrap();
        let packages = registry.visible("public");
        let scans = Scans::new(crate::scan::Knowledge::default(), None);
        let input = IndexInput {
            registry: &registry,
            packages: &packages,
            source_tree: String::new(),
            as_of: Timestamp::EPOCH,
            search: Digest::of(b""),
            scans: &scans,
        };
        let text = String::from_utf8(advisories(&input)).unwrap();
        let told = ["A-1", "A-2", "A-3"].map(|id| text.contains(id));
        assert_eq!(told, [true, false, true]);
    }
}
