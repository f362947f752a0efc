//! The demo registry: valid, complete, and found by its words.

use crate::support::{demo, ok, run, tree};
use shelfmark::artifact::{PackFile, pack};
use shelfmark::model::{Digest, Kind, PricingModel, PublisherLevel, RelPath, RuleLevel, WithdrawalLevel};
use shelfmark::scan::{against_showing, is_picture};
use shelfmark::source::Snapshot;
use shelfmark::validate::registry::ArtifactLocation;
use shelfmark::validate::validate;
use std::collections::BTreeSet;

#[test]
fn the_demo_has_nothing_that_denies() {
    let validation = validate(&Snapshot::of_directory(&demo()).unwrap(), None).unwrap();
    let bad: Vec<_> = validation.diagnostics.iter().filter(|d| d.level > RuleLevel::Note).collect();
    assert!(bad.is_empty(), "{bad:#?}");
}

#[test]
fn packed_sources_have_the_digests_of_their_release_files() {
    let validation = validate(&Snapshot::of_directory(&demo()).unwrap(), None).unwrap();
    let mut packed = 0;
    for release in validation.registry().packages.values().flat_map(|package| &package.releases) {
        let Some(artifact) = &release.artifact else { continue };
        let ArtifactLocation::Tree(tree) = &artifact.location else { continue };
        let folder = demo().join(tree.as_str());
        let files = crate::support::tree(&folder);
        let list = files
            .iter()
            .map(|(path, content)| PackFile { path: RelPath::parse(path).unwrap(), content })
            .collect();
        let archive = pack(list).unwrap();
        assert_eq!(
            (Digest::of(&archive), archive.len() as u64),
            (artifact.sha256, artifact.size),
            "{}",
            release.name()
        );
        packed += 1;
    }
    assert!(packed > 60, "{packed} artifacts");
}

#[test]
fn the_demo_shows_everything_a_registry_can_hold() {
    let validation = validate(&Snapshot::of_directory(&demo()).unwrap(), None).unwrap();
    let registry = validation.registry();
    let packages = || registry.packages.values();
    for name in [
        "crm",
        "finance",
        "marketing",
        "products",
        "support",
        "hr",
        "analytics",
        "integration",
        "community",
        "healthcare",
        "real-estate",
        "education",
        "financial-services",
    ] {
        assert!(packages().any(|package| package.id == *format!("com.hotcrm.{name}")), "{name} is missing");
    }
    let pricing: BTreeSet<PricingModel> = packages().filter_map(|package| package.pricing()).collect();
    assert_eq!(pricing.len(), PricingModel::ALL.len(), "{pricing:?}");
    let levels: BTreeSet<PublisherLevel> =
        registry.publishers.values().map(|publisher| publisher.level()).collect();
    assert_eq!(levels.len(), PublisherLevel::ALL.len(), "{levels:?}");
    let count = |kind: Kind| packages().filter(|package| package.kind() == kind).count();
    for (kind, fewest) in [
        (Kind::Template, 9),
        (Kind::Agent, 4),
        (Kind::Module, 5),
        (Kind::StarterPack, 3),
        (Kind::IntegrationProvider, 8),
        (Kind::Solution, 1),
    ] {
        assert!(count(kind) >= fewest, "{kind}: {}", count(kind));
    }
    let withdrawn = |level: WithdrawalLevel| {
        packages()
            .flat_map(|package| &package.releases)
            .filter_map(|release| release.withdrawal.as_ref())
            .any(|w| w.wire.level == level && w.wire.replacement.is_some())
    };
    assert!(withdrawn(WithdrawalLevel::Yanked) && withdrawn(WithdrawalLevel::Deprecated));
    let several = packages().filter(|package| package.releases.len() > 1).count();
    assert!(
        several * 2 > registry.packages.len(),
        "{several} of {} have several versions",
        registry.packages.len()
    );
}

#[test]
fn people_find_what_they_look_for() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let out = out.to_str().unwrap();
    ok(&["--quiet", "build", "--registry", demo().to_str().unwrap(), "--out", out], folder.path());
    let found = |words: &str, more: &[&str]| -> Vec<String> {
        let args = [&["search", words, "--site", out, "--format", "json"], more].concat();
        let answer: serde_json::Value = serde_json::from_slice(&run(&args, folder.path()).stdout).unwrap();
        answer["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|card| card["id"].as_str().unwrap().to_owned())
            .collect()
    };
    for (words, first) in [
        ("com.hotcrm.finance", "com.hotcrm.finance"),
        ("finance", "com.hotcrm.finance"),
        ("Real Estate", "com.hotcrm.real-estate"),
        ("realestate", "com.hotcrm.real-estate"),
        ("financial services", "com.hotcrm.financial-services"),
        ("stripe", "dev.shelfmark.provider-stripe"),
        ("anthropic", "dev.shelfmark.provider-anthropic"),
    ] {
        assert_eq!(found(words, &[]).first().map(String::as_str), Some(first), "{words}");
    }
    assert!(found("finnance", &[]).contains(&"com.hotcrm.finance".to_owned()), "a typo finds nothing");
    assert!(found("", &["--kind", "starter-pack"]).len() >= 3);
    assert!(found("", &["--kind", "starter-pack"]).iter().all(|id| id.starts_with("com.brightdesk")));
    let empty = run(&["search", "zzzzzzzzzz", "--site", out], folder.path());
    assert_eq!(empty.status.code(), Some(1));
    assert!(
        !std::path::Path::new(out).join("search/tantivy/.tantivy-meta.lock").exists(),
        "searching left a lock file"
    );
    let info = ok(&["info", "com.hotcrm.integration", "--site", out], folder.path());
    assert!(info.contains("1.2.0 (withdrawn)"), "{info}");
    let wrong = run(&["info", "com.hotcrm.finanse", "--site", out], folder.path());
    assert_eq!(wrong.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("com.hotcrm.finance"));
}

#[test]
fn every_picture_of_the_demo_may_be_shown() {
    let mut count = 0;
    for (path, bytes) in tree(&demo().join("packages")) {
        let path = RelPath::parse(&path).unwrap();
        if path.as_str().contains("/media/") && is_picture(&path) {
            let found = against_showing(path.clone(), bytes);
            assert!(found.is_empty(), "{path}: {}", found[0].message);
            count += 1;
        }
    }
    assert!(count > 5, "only {count} pictures");
}
