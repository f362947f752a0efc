//! Imports of small catalogs, looked at through the files they become.

use super::*;
use crate::model::{Requirement, RuleLevel, Version};
use crate::schema;
use crate::source::Snapshot;
use crate::validate;
use std::io::{Cursor, Read as _};

struct Imported {
    folder: tempfile::TempDir,
    report: ImportReport,
}

impl Imported {
    fn text(&self, path: &str) -> String {
        fs::read_to_string(&self.folder.path().join("r").join(path)).unwrap_or_else(|_| panic!("no {path}"))
    }

    fn release(&self, label: &str, version: &str) -> schema::Release {
        toml::from_str(&self.text(&format!("packages/dev/cat/dev.cat.{label}/{version}.toml"))).unwrap()
    }

    fn exists(&self, path: &str) -> bool {
        fs::exists(&self.folder.path().join("r").join(path))
    }
}

fn options(into: PathBuf, version_scheme: VersionScheme) -> Options {
    Options {
        owner_prefix: Prefix::parse("dev.cat").unwrap(),
        into,
        version_scheme,
        registry_name: "Cat".into(),
        base_url: "https://cat.example/".into(),
        kind: Kind::Module,
    }
}

fn import_bytes(bytes: Vec<u8>, scheme: VersionScheme) -> Imported {
    let folder = tempfile::tempdir().unwrap();
    let report = import(Cursor::new(bytes), &options(folder.path().join("r"), scheme), &|_| {}).unwrap();
    Imported { folder, report }
}

fn import_text(text: &str, scheme: VersionScheme) -> Imported {
    import_bytes(text.as_bytes().to_vec(), scheme)
}

fn requirement_of(dependency: &schema::Dependency) -> (&str, bool) {
    match dependency {
        schema::Dependency::Requirement(text) => (text, false),
        schema::Dependency::Detail(detail) => (&detail.version, detail.optional),
    }
}

#[test]
fn a_small_catalog_becomes_a_registry() {
    let made = import_text(
        concat!(
            r#"{"name":"Bee_Hive","version":"1.2","semver":"1.2.0","title":"Bee  hive","description":"Keeps bees. Well.\nMostly.","license":"BSD3","keywords":["bee","bee",""],"category":"Farm & Garden","homepage":"git://x","repository":"https://x.example/r","dependencies":[{"name":"wax","req":">=1.0"},{"name":"honey","req":"*","kind":"dev"},{"name":"Bee_Hive","req":"*"},{"name":"smoke","req":">=banana","optional":true}],"readme":"Hello\n","published":"2024-05-06T07:08:09+02:00","authors":["x"]}"#,
            "\n\nnot a record\n",
            r#"{"name":"wax","version":"1.0.1","yanked":true,"yanked_reason":"melts","published":"yesterday"}"#,
            "\n",
            r#"{"name":"wax","version":"1.0.0","deprecated":"use Bee_Hive instead","checksum":"sha256:00","size":12}"#,
            "\n",
        ),
        VersionScheme::SemVer,
    );
    let release = made.release("bee-hive", "1.2.0");
    assert_eq!(release.source_version.as_deref(), Some("1.2"));
    assert_eq!(release.description.as_deref(), Some("Keeps bees. Well. Mostly."));
    assert_eq!(release.license.as_deref(), Some("BSD3"));
    assert_eq!(release.keywords, ["bee"]);
    assert_eq!(release.published.unwrap().0.to_string(), "2024-05-06T05:08:09Z");
    let dependencies: Vec<_> = release
        .dependencies
        .iter()
        .map(|(id, dependency)| (id.as_str(), requirement_of(dependency)))
        .collect();
    assert_eq!(dependencies, [("dev.cat.smoke", ("*", true)), ("dev.cat.wax", (">=1.0.0", false))]);
    let artifact = release.artifact.unwrap();
    assert_eq!(artifact.tree.as_deref(), Some("sources/dev.cat.bee-hive/1.2.0"));
    assert_eq!(made.text("sources/dev.cat.bee-hive/1.2.0/README.md"), "Hello\n");
    let manifest = made.text("sources/dev.cat.bee-hive/1.2.0/shelfmark.toml");
    assert!(!manifest.contains("publisher") && !manifest.contains("published"));
    assert!(manifest.contains("source-version = \"1.2\""));

    let listing: schema::Listing =
        toml::from_str(&made.text("packages/dev/cat/dev.cat.bee-hive/package.toml")).unwrap();
    assert_eq!((listing.name.as_str(), listing.tagline.as_deref()), ("Bee hive", Some("Keeps bees.")));
    assert_eq!(listing.category.as_deref(), Some("farm-garden"));
    assert_eq!(listing.links.unwrap().homepage, None);
    let listing: schema::Listing =
        toml::from_str(&made.text("packages/dev/cat/dev.cat.wax/package.toml")).unwrap();
    assert_eq!(listing.status, Some(crate::model::Status::Deprecated));
    assert_eq!(listing.replacement.as_deref(), Some("dev.cat.bee-hive"));
    let withdrawal = made.text("packages/dev/cat/dev.cat.wax/withdrawals/1.0.1.toml");
    assert!(
        withdrawal.contains("level = \"yanked\"") && withdrawal.contains("reason = \"melts\""),
        "{withdrawal}"
    );

    let report = &made.report;
    assert_eq!((report.records, report.packages, report.releases, report.dependencies), (3, 2, 3, 2));
    for (reason, count) in [
        (Reason::LineMalformed, 1),
        (Reason::NameChanged, 1),
        (Reason::RequirementUnreadable, 1),
        (Reason::DependencyOnItself, 1),
        (Reason::DependencyKindLeftOut, 1),
        (Reason::LicenseNotSpdx, 1),
        (Reason::ArtifactIncomplete, 1),
        (Reason::DateUnreadable, 1),
        (Reason::DescriptionJoined, 1),
        (Reason::KeywordsLeftOut, 2),
        (Reason::LinkLeftOut, 1),
        (Reason::DeprecationText, 1),
        (Reason::FieldUnknown, 1),
        (Reason::VersionDuplicate, 0),
    ] {
        assert_eq!(report.count(reason), count, "{}", reason.id());
    }
    assert_eq!(report.groups[&Reason::LineMalformed].cases[0].line, Some(3));
    assert!(fs::is_file(&made.folder.path().join("r.import-report.json")));
    assert!(made.exists("registry.toml") && made.exists("publishers/dev.cat.toml"));
}

#[test]
fn of_two_equal_versions_the_exact_spelling_stays_else_the_later() {
    let made = import_text(
        concat!(
            r#"{"name":"a","version":"1.0.0","description":"exact"}"#,
            "\n",
            r#"{"name":"a","version":"1.0.0+build","description":"build"}"#,
            "\n",
            r#"{"name":"a","version":"v2.0.0","description":"first","published":"2024-01-02T00:00:00Z"}"#,
            "\n",
            r#"{"name":"a","version":"2.0","semver":"2.0.0","description":"older","published":"2024-01-01T00:00:00Z"}"#,
            "\n",
            r#"{"name":"a","version":"3.0.0-RC1"}"#,
            "\n",
            r#"{"name":"a","version":"3.0.0-rc1"}"#,
            "\n",
            r#"{"name":"gone","version":"latest"}"#,
            "\n",
        ),
        VersionScheme::SemVer,
    );
    assert_eq!(made.release("a", "1.0.0").description.as_deref(), Some("exact"));
    assert_eq!(made.release("a", "2.0.0").description.as_deref(), Some("first"));
    assert!(made.exists("packages/dev/cat/dev.cat.a/3.0.0-rc1.toml"));
    assert!(!made.exists("packages/dev/cat/dev.cat.a/3.0.0-RC1.toml"));
    assert!(!made.exists("packages/dev/cat/dev.cat.gone"));
    for (reason, count) in [
        (Reason::VersionDuplicate, 2),
        (Reason::VersionCaseCollision, 1),
        (Reason::VersionUnrepresentable, 1),
        (Reason::PackageEmpty, 1),
    ] {
        assert_eq!(made.report.count(reason), count, "{}", reason.id());
    }
}

#[test]
fn repeated_dependencies_become_one() {
    let made = import_text(
        concat!(
            r#"{"name":"a","version":"1.0.0","dependencies":[{"name":"b","req":">=1"},{"name":"b","req":"<2"},"#,
            r#"{"name":"c","req":"<1"},{"name":"c","req":">=2"},{"name":"d","req":">=9","kind":"exe"},{"name":"d","req":"*"},"#,
            r#"{"name":"e","req":"=1.0","kind":"any_of"},{"name":"e","req":"=2.0","kind":"any_of"}]}"#,
            "\n",
            r#"{"name":"E","version":"1.0.0"}"#,
        ),
        VersionScheme::SemVer,
    );
    let release = made.release("a", "1.0.0");
    let dependencies: Vec<_> = release
        .dependencies
        .iter()
        .map(|(id, dependency)| (id.as_str(), requirement_of(dependency)))
        .collect();
    assert_eq!(
        dependencies,
        [
            ("dev.cat.b", (">=1.0.0, <2.0.0", false)),
            ("dev.cat.c", ("<1.0.0 || >=2.0.0", false)),
            ("dev.cat.d", ("*", false)),
            ("dev.cat.e", ("=1.0.0 || =2.0.0", true)),
        ]
    );
    assert_eq!(made.report.count(Reason::RequirementsContradict), 1);
    assert_eq!(made.report.count(Reason::DependencyRepeated), 4);
    assert_eq!(made.report.count(Reason::DependencyNameFolded), 2);
}

#[test]
fn pvp_requirements_find_pvp_versions() {
    let made = import_text(
        concat!(
            r#"{"name":"aeson","version":"1.5.6.0"}"#,
            "\n",
            r#"{"name":"user","version":"0.1","dependencies":[{"name":"aeson","req":">=1.5.6.0, <1.6"}]}"#,
        ),
        VersionScheme::Pvp,
    );
    let target = made.release("aeson", "1000000005.6.0");
    assert_eq!(target.source_version.as_deref(), Some("1.5.6.0"));
    let user = made.release("user", "1.0.0");
    let (text, _) = requirement_of(&user.dependencies["dev.cat.aeson"]);
    assert!(Requirement::parse(text).unwrap().matches(&Version::parse(&target.version).unwrap()));
}

#[test]
fn compressed_catalogs_are_known_by_their_first_bytes() {
    let plain = br#"{"name":"a","version":"1.0.0"}"#;
    let mut compressed = Vec::new();
    zstd::stream::read::Encoder::new(&plain[..], 1).unwrap().read_to_end(&mut compressed).unwrap();
    assert!(
        import_bytes(compressed.clone(), VersionScheme::SemVer)
            .exists("packages/dev/cat/dev.cat.a/1.0.0.toml")
    );
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().join("r");
    compressed.truncate(compressed.len() - 4);
    let cut = import(Cursor::new(compressed), &options(into.clone(), VersionScheme::SemVer), &|_| {});
    assert!(matches!(cut, Err(Error::Read(_))));
    assert!(!fs::exists(&into));
}

#[test]
fn what_is_no_catalog_and_what_is_in_the_way_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().join("r");
    let run = |text: &str| {
        import(Cursor::new(text.as_bytes().to_vec()), &options(into.clone(), VersionScheme::SemVer), &|_| {})
    };
    assert!(matches!(run("<html>\n"), Err(Error::NoRecord { lines: 1 })));
    assert!(matches!(run(""), Err(Error::NoRecord { lines: 0 })));
    assert!(run(r#"{"name":"a","version":"1.0.0"}"#).is_ok());
    assert!(matches!(run(r#"{"name":"a","version":"1.0.0"}"#), Err(Error::NotEmpty(_))));
}

#[test]
fn every_rule_of_the_policy_exists_and_may_be_lowered() {
    for id in settings::WARNED.iter().chain(&settings::ALLOWED) {
        let rule = validate::rules::find(id);
        assert!(rule.is_some_and(|rule| rule.level < RuleLevel::Forbid), "{id}");
    }
}

#[test]
fn an_imported_registry_has_no_diagnostic_that_stops_a_build() {
    let hostile = concat!(
        r#"{"name":"<script>","version":"1.0.0","title":"a\u202eb","description":"x\u0000\u200b\r\n'''\"\"\"]]","license":"\"","#,
        r#""keywords":["a\nb"],"category":"…","homepage":"https://x/\"","readme":"<script>alert(1)</script>","#,
        r#""dependencies":[{"name":"<script>"},{"name":"../../etc","req":"<0"},{"name":"con"}]}"#,
        "\n",
        r#"{"name":"con","version":"1.0.0-CON","yanked":true,"deprecated":{"replacement":"nowhere"},"dependencies":[{"name":"<script>"}]}"#,
        "\n",
        r#"{"name":"","version":"18446744073709551615.0.0","size":18446744073709551615,"checksum":"x"}"#,
        "\n",
    );
    let made = import_text(hostile, VersionScheme::SemVer);
    let snapshot = Snapshot::of_directory(&made.folder.path().join("r")).unwrap();
    let validation = validate::validate(&snapshot, None).unwrap();
    assert_eq!(validation.registry().packages.len(), 3);
    let stopping: Vec<_> =
        validation.diagnostics.iter().filter(|found| found.level >= RuleLevel::Deny).collect();
    assert!(stopping.is_empty(), "{stopping:#?}");
}
