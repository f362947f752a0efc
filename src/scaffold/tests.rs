//! What is scaffolded passes validation.

use super::*;
use crate::model::{Kind, RuleLevel, Timestamp};
use crate::source::{Mode, Snapshot};
use crate::validate::{Validation, validate};

fn at() -> Timestamp {
    Timestamp::parse("2026-03-01T10:00:00Z").unwrap()
}

fn registry() -> NewRegistry {
    NewRegistry {
        name: "Example \"quoted\" registry".into(),
        base_url: "https://packages.example/".into(),
        publisher: Prefix::parse("com.example").unwrap(),
        publisher_name: "Example GmbH".into(),
        published: at(),
    }
}

fn judge(plan: &Plan) -> Validation {
    let files = plan.iter().map(|(path, text)| (path.clone(), Mode::Regular, text.clone().into_bytes()));
    validate(&Snapshot::from_memory(files).unwrap(), None).unwrap()
}

fn new(kind: Kind, id: &str) -> NewPackage {
    NewPackage { id: PackageId::parse(id).unwrap(), kind, name: None, published: at() }
}

#[test]
fn a_new_registry_has_no_diagnostic() {
    let validation = judge(&init(&registry()).unwrap());
    assert!(validation.diagnostics.is_empty(), "{:#?}", validation.diagnostics);
    assert_eq!(validation.registry().packages.len(), 1);
}

#[test]
fn every_file_for_github_is_planned() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/scaffold/registry");
    let plan = init(&registry()).unwrap();
    let planned = |path: &str| plan.iter().any(|(known, _)| known == path);
    let mut count = 0;
    for item in walkdir::WalkDir::new(folder.join(".github")).into_iter().flatten() {
        if item.file_type().is_file() {
            let path = item.path().strip_prefix(&folder).unwrap().to_str().unwrap().to_owned();
            assert!(planned(&path), "{path} is not written by `init`");
            count += 1;
        }
    }
    assert!(count >= 9, "{count}");
}

#[test]
fn the_setup_names_curators_before_it_closes_the_branch() {
    let plan = init(&registry()).unwrap();
    let (_, setup) = plan.iter().find(|(path, _)| path.ends_with("SETUP.md")).unwrap();
    let push = setup.find("push it to the default branch before you switch the ruleset on").unwrap();
    assert!(push < setup.find("Settings › Rules › Rulesets").unwrap());
}

#[test]
fn a_new_package_of_every_kind_has_no_diagnostic() {
    let mut plan = init(&registry()).unwrap();
    for kind in Kind::ALL {
        let before = judge(&plan);
        plan.extend(new_package(before.registry(), &new(*kind, &format!("com.example.new-{kind}"))).unwrap());
        let after = judge(&plan);
        let found: Vec<_> = after.diagnostics.iter().filter(|found| found.level >= RuleLevel::Warn).collect();
        assert!(found.is_empty(), "{kind}: {found:#?}");
    }
    assert_eq!(judge(&plan).registry().packages.len(), Kind::ALL.len() + 1);
}

#[test]
fn odd_labels_get_a_namespace_of_their_own() {
    let mut plan = init(&registry()).unwrap();
    for id in ["com.example.base", "com.example.2fa", "com.example.sub.hello", "com.example.sub.hello.hello"]
    {
        let before = judge(&plan);
        plan.extend(new_package(before.registry(), &new(Kind::App, id)).unwrap());
        let after = judge(&plan);
        assert!(
            after.diagnostics.iter().all(|found| found.level < RuleLevel::Warn),
            "{id}: {:#?}",
            after.diagnostics
        );
    }
}

#[test]
fn what_cannot_be_published_is_not_planned() {
    let validation = judge(&init(&registry()).unwrap());
    let plan = |id| new_package(validation.registry(), &new(Kind::App, id));
    assert!(matches!(plan("com.example.hello"), Err(Error::PackageExists(_))));
    assert!(matches!(plan("org.other.app"), Err(Error::NoPublisher(_))));
    let shared = NewRegistry { publisher: Prefix::parse("io.github").unwrap(), ..registry() };
    assert!(matches!(init(&shared), Err(Error::SharedPrefix(_))));
}
