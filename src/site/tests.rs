//! The whole site of a small registry, looked at from outside.

use super::*;
use crate::artifact::store::ArtifactOptions;
use crate::publish::Phase;
use crate::scan::{Knowledge, ScannedRelease, Scans};
use crate::source::Mode;
use crate::validate::validate;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Default)]
struct Memory(Mutex<BTreeMap<String, Vec<u8>>>);

impl Output for Memory {
    fn put(&self, _: Phase, path: &str, bytes: &[u8]) -> Result<(), OutputError> {
        let before = self.0.lock().unwrap().insert(path.to_owned(), bytes.to_vec());
        assert!(before.is_none_or(|before| before == bytes), "{path} is written twice");
        Ok(())
    }
}

const REGISTRY: &str = "format = 1\nname = \"test shelf\"\ndescription = \"Tests.\"\n[categories]\nsales = \"Leads & deals.\"\n[platform]\nname = \"Host\"\nversions = [\"3.0.0\"]\n[audiences]\npartner = { sees = [\"public\"] }\n";
const PUBLISHER: &str = "format = 1\nname = \"Acme </script>\"\ntype = \"organization\"\nlevel = \"verified\"\nprefixes = [\"com.acme\"]\n";

fn release(id: &str, version: &str, more: &str) -> (String, String) {
    let text = format!(
        "format = 1\nid = \"{id}\"\nversion = \"{version}\"\nkind = \"plugin\"\npublisher = \"com.acme\"\nlicense = \"MIT\"\n\
         description = \"A </script>\\u202e thing.\"\npublished = 2026-01-02T03:04:05Z\npermissions = [\"system.read\"]\n{more}"
    );
    (format!("packages/com/acme/{id}/{version}.toml"), text)
}

fn listing(id: &str, more: &str) -> (String, String) {
    let text =
        format!("format = 1\nname = \"{id} <b>\"\ntagline = \"Does it.\"\ncategory = \"sales\"\n{more}");
    (format!("packages/com/acme/{id}/package.toml"), text)
}

fn files() -> Vec<(String, String)> {
    let withdrawal = "format = 1\nlevel = \"removed\"\ndate = 2026-02-01T00:00:00Z\nreason = \"Malware.\"\n";
    vec![
        ("registry.toml".into(), REGISTRY.into()),
        (
            "policy.toml".into(),
            "format = 1\n[levels]\nartifact-missing = \"note\"\nlisting-missing = \"note\"\ntext-unfit = \"warn\"\n".into(),
        ),
        ("publishers/com.acme.toml".into(), PUBLISHER.into()),
        release("com.acme.one", "1.0.0", ""),
        release("com.acme.one", "1.1.0", "keywords = [\"red\"]\n[dependencies]\n\"com.acme.two\" = \"^1\"\n"),
        listing("com.acme.one", "[links]\nhomepage = \"https://one.example/\"\n"),
        release("com.acme.two", "1.0.0", "keywords = [\"red\"]\n"),
        release("com.acme.hidden", "1.0.0", ""),
        listing("com.acme.hidden", "status = \"unlisted\"\n"),
        release("com.acme.secret", "1.0.0", "[dependencies]\n\"com.acme.two\" = \"^1\"\n"),
        listing("com.acme.secret", "audience = \"partner\"\n"),
        release("com.acme.gone", "1.0.0", ""),
        ("packages/com/acme/com.acme.gone/withdrawals/1.0.0.toml".into(), withdrawal.into()),
    ]
}

fn made(snapshot: &Snapshot, base_url: &str) -> (BTreeMap<String, Vec<u8>>, SiteReport) {
    let validation = validate(snapshot, None).unwrap();
    let as_of = crate::validate::newest_date(validation.registry());
    let refused = |diagnostics: Vec<crate::diagnostic::Diagnostic>| -> BTreeSet<String> {
        diagnostics
            .into_iter()
            .filter(|d| d.level >= crate::model::RuleLevel::Deny)
            .map(|d| format!("{}: {}", d.rule, d.message))
            .collect()
    };
    let (registry, _) = validation.into_valid().map_err(refused).expect("the registry is valid");
    let dependents = Dependents::of(registry.packages.values());
    let done = AtomicU64::new(0);
    let artifacts = Artifacts::new(snapshot, None, None, ArtifactOptions::default());
    let input = SiteInput {
        artifacts: &artifacts,
        registry: &registry,
        snapshot,
        scans: &Scans::new(Knowledge::default(), None),
        dependents: &dependents,
        alike: &Likenesses::of(&registry.visible("public")),
        as_of,
        base_url,
        queue: None,
        source_tree: snapshot.tree().to_string(),
        generator: "shelfmark test",
        scanned: &scanned,
        progress: &|count| {
            done.fetch_max(count, Ordering::Relaxed);
        },
    };
    let output = Memory::default();
    let report = build(&input, &output).unwrap();
    (output.0.into_inner().unwrap(), report)
}

/// What the scan would say of `com.acme.one@1.1.0`, with marks of a package that wants to be more than text.
fn scanned(release: &Release) -> Option<ScannedRelease> {
    use crate::model::{Confidence, Severity};
    use crate::scan::{differential::differential, verdict::of_report};
    use crate::schema::{FindingEntry, Place};
    if release.name() != "com.acme.one@1.1.0" {
        return None;
    }
    let knowledge = crate::scan::Knowledge::default();
    let digest = crate::model::Digest::of(b"artifact");
    let mut base = crate::scan::unreadable("it is no archive", &knowledge, digest, 7);
    base.version = Some("1.0.0".into());
    base.permissions = vec!["system.read".into()];
    let mut report = base.clone();
    report.findings.push(FindingEntry {
        check: "waiver-expired".into(),
        severity: Severity::Medium,
        confidence: Confidence::Likely,
        points: 3,
        path: Some("lib/<b>.js".into()),
        message: "calls `</script>`".into(),
        excerpt: Some("<img src=x onerror=1>".into()),
        help: None,
        places: vec![Place { pattern: None, line: Some(9), column: Some(1) }],
        hits: 3,
        fingerprint: "0".into(),
    });
    report.counts.medium = 2;
    report.score = report.counts.score();
    report.permissions.push("system.write".into());
    let verdict = of_report(&report, 70, &[]);
    let differential = Some(differential(Some(&base), &report));
    Some(ScannedRelease { report, differential, verdict, threshold: 70, waivers: Vec::new(), has_sbom: true })
}

#[test]
fn a_scan_is_a_number_with_its_reasons() {
    let page = text(&small(), "p/com.acme.one/index.html").replace("<wbr>", "");
    for part in [
        "<b>69</b> <span>of 100; 70 to pass</span> <span class=\"verdict o-refused\">Below the bar</span>",
        "100 − 1 critical × 25 − 0 high × 10 − 2 medium × 3 − 0 low × 1",
        "<td class=\"f-critical\">−25</td><th scope=\"row\"><a class=\"id\" href=\"../../rules/not-scannable/\">not-scannable</a>",
        "<a class=\"id\" href=\"../../rules/waiver-expired/\">waiver-expired</a><small>medium, likely <b class=\"ink\">new</b></small>",
        "<code>lib/&lt;b&gt;.js:9</code> <small>and 2 more places</small>",
        "<h3>Since 1.0.0</h3>",
        "1 finding more is in the",
        "New: <ins>system.write</ins>",
        "<dd>the same</dd>",
        "<a href=\"#scan\">Scan</a>",
        ".cdx.json\">bill of materials</a>",
        "<code>shelfmark scan com.acme.one-1.1.0.tgz</code>",
    ] {
        assert_eq!(page.matches(part).count(), 1, "{part} in {page}");
    }
    assert!(!page.contains("<img src=x") && !page.contains("`</script>`") && !page.contains(" style="));
    assert!(!text(&small(), "p/com.acme.two/index.html").contains("id=\"scan\""));
}

fn small() -> BTreeMap<String, Vec<u8>> {
    let files = files().into_iter().map(|(path, text)| (path, Mode::Regular, text.into_bytes()));
    made(&Snapshot::from_memory(files).unwrap(), "https://shelf.example/market/").0
}

fn text(files: &BTreeMap<String, Vec<u8>>, path: &str) -> String {
    String::from_utf8(files.get(path).unwrap_or_else(|| panic!("no {path}")).clone()).unwrap()
}

/// Every relative link and picture of every page leads to a file.
fn check_links(files: &BTreeMap<String, Vec<u8>>, ignored: &[&str]) {
    let mut broken = BTreeSet::new();
    for (path, bytes) in files.iter().filter(|(path, _)| path.ends_with(".html") && *path != "404.html") {
        let page = String::from_utf8_lossy(bytes);
        for mark in ["href=\"", "src=\"", "action=\""] {
            for part in page.split(mark).skip(1) {
                let url = part.split('"').next().unwrap_or_default();
                if url.starts_with("http") || url.starts_with("mailto:") {
                    continue;
                }
                let (target, anchor) = url.split_once('#').unwrap_or((url, ""));
                let mut at: Vec<String> = path.split('/').map(str::to_owned).collect();
                at.pop();
                for step in target.split('/') {
                    match step {
                        "" | "." => {}
                        ".." => drop(at.pop().expect("above the top")),
                        step => at.push(super::text::decode_percent(step)),
                    }
                }
                let mut file = at.join("/");
                if target.is_empty() {
                    file.clone_from(path);
                } else if target.ends_with('/') {
                    file = if file.is_empty() { "index.html".into() } else { format!("{file}/index.html") };
                }
                let has_anchor = |bytes: &Vec<u8>| {
                    anchor.is_empty() || String::from_utf8_lossy(bytes).contains(&format!("id=\"{anchor}\""))
                };
                let is_fine = files.get(&file).is_some_and(has_anchor)
                    || ignored.iter().any(|folder| file.starts_with(folder));
                if !is_fine {
                    broken.insert(format!("{path}: {url}"));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_link_leads_somewhere() {
    // The scan of this registry is made up: its reports were never written. The search has its own stage.
    check_links(&small(), &["reports/", "search/head.bin"]);
}

#[test]
fn hostile_words_are_inert_everywhere() {
    for (path, bytes) in small() {
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains('\u{202e}'), "{path}");
        if path.ends_with(".html") {
            assert_eq!(text.matches("</script>").count(), text.matches("<script").count(), "{path}");
            assert!(!text.contains("com.acme.one <b>"), "{path}");
        }
    }
}

#[test]
fn other_audiences_are_nowhere_and_unlisted_packages_in_no_list() {
    let files = small();
    for (path, bytes) in &files {
        let text = String::from_utf8_lossy(bytes).replace("<wbr>", "");
        assert!(!text.contains("com.acme.secret"), "{path}");
        if !path.starts_with("p/") {
            assert!(!text.contains("com.acme.hidden") && !text.contains("com.acme.gone"), "{path}");
        }
    }
    assert!(text(&files, "p/com.acme.hidden/index.html").contains("noindex"));
    assert!(text(&files, "p/com.acme.two/index.html").contains("Needed by 1"));
}

#[test]
fn a_removed_package_keeps_its_page_as_a_record() {
    let page = text(&small(), "p/com.acme.gone/index.html");
    assert!(page.contains("Malware.") && page.contains("was removed") && !page.contains("shelfmark install"));
}

#[test]
fn feeds_and_twins_say_what_the_pages_say() {
    let files = small();
    let feed = text(&files, "feed.xml");
    assert_eq!(feed.matches("<entry>").count(), 3);
    assert!(feed.contains("<id>https://shelf.example/market/p/com.acme.one/versions/#v1.1.0</id>"));
    let map = text(&files, "sitemap.xml");
    assert!(map.contains(
        "<loc>https://shelf.example/market/p/com.acme.one/</loc><lastmod>2026-01-02T03:04:05Z</lastmod>"
    ));
    let twin: serde_json::Value = serde_json::from_slice(&files["p/com.acme.one/index.json"]).unwrap();
    assert_eq!(twin["releases"][0]["version"], "1.1.0");
    assert_eq!(twin["dependents"], serde_json::json!([]));
    let list: serde_json::Value = serde_json::from_slice(&files["api/v1/packages.json"]).unwrap();
    assert_eq!(list["packages"].as_array().unwrap().len(), 2);
    assert!(text(&files, "p/com.acme.one/index.md").starts_with("# com.acme.one <b>\n"));
    assert!(text(&files, "404.html").contains("href=\"/market/assets/"));
    assert!(text(&files, "p/com.acme.one/versions/index.html").contains("id=\"v1.0.0\""));
    assert!(text(&files, "p/com.acme.one/index.html").contains("com.<wbr>acme.<wbr>two</a>"));
}

#[test]
fn a_version_is_shown_as_its_source_spells_it_and_a_deprecation_once() {
    let withdrawal = "format = 1\nlevel = \"deprecated\"\ndate = 2026-02-01T00:00:00Z\nreason = \"Two does more.\"\nreplacement = \"com.acme.two\"\n";
    let mut files = files();
    files.push(release("com.acme.old", "1000000005.6.0", "source-version = \"5.6\"\n"));
    files.push(listing("com.acme.old", "status = \"deprecated\"\nreplacement = \"com.acme.two\"\n"));
    files.push(("packages/com/acme/com.acme.old/withdrawals/1000000005.6.0.toml".into(), withdrawal.into()));
    let files = files.into_iter().map(|(path, text)| (path, Mode::Regular, text.into_bytes()));
    let (files, _) = made(&Snapshot::from_memory(files).unwrap(), "https://shelf.example/");
    let page = text(&files, "p/com.acme.old/index.html");
    assert!(page.contains("<span title=\"1000000005.6.0\">5.6</span>"));
    assert_eq!(page.matches("class=\"stamp\"").count(), 1);
    assert!(text(&files, "p/com.acme.old/versions/index.html").contains("id=\"v1000000005.6.0\""));
    let search = text(&files, "search/index.html");
    assert!(
        search.contains("id=\"lists\"") && search.contains("<script type=\"module\" src=\"../assets/search.")
    );
}

#[test]
fn the_demo_registry_has_no_broken_link() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("registry-index");
    let snapshot = Snapshot::of_directory(&root).unwrap();
    let (files, report) = made(&snapshot, "https://demo.example/");
    check_links(&files, &["artifacts/", "search/head.bin"]);
    assert_eq!(report.problems, Vec::<String>::new());
}

#[test]
fn similar_packages_are_the_same_on_the_page_and_in_its_twins() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("registry-index");
    let (files, _) = made(&Snapshot::of_directory(&root).unwrap(), "https://demo.example/");
    let mut told = 0;
    for path in files.keys().filter(|path| path.starts_with("p/") && path.ends_with("/index.json")) {
        let twin: serde_json::Value = serde_json::from_slice(&files[path]).unwrap();
        let page = text(&files, &path.replace(".json", ".html"));
        let lines = text(&files, &path.replace(".json", ".md"));
        let similar = twin["similar"].as_array().unwrap();
        assert_eq!(page.contains("<section id=\"similar\">"), !similar.is_empty(), "{path}");
        for other in similar {
            let (id, name) = (other["id"].as_str().unwrap(), other["name"].as_str().unwrap());
            assert!(page.contains(&format!("<h3><a href=\"../../p/{id}/\">{name}</a></h3>")), "{path}: {id}");
            assert!(lines.contains(&format!("\n- {name} ({id})")), "{path}: {id}");
            for difference in other["differences"].as_array().unwrap() {
                let said = super::text::escaped(difference["text"].as_str().unwrap());
                assert!(page.contains(&format!("<li>{said}</li>")), "{path}: {said}");
                told += 1;
            }
        }
    }
    assert!(told > 30, "{told}");
}
