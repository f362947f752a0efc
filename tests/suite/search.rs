//! Searching: the exact name first, withdrawn packages last, filters that hold.

use crate::support::{copy, demo, ok, run};
use shelfmark::search::{Fetch, FetchError, Filters, Found, SearchIndex, SearchSite, Sort};
use std::path::Path;

fn site(change: impl FnOnce(&Path)) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    copy(&demo(), &folder.path().join("registry"));
    change(&folder.path().join("registry"));
    ok(&["--quiet", "build", "--registry", "registry", "--out", "out"], folder.path());
    let out = folder.path().join("out").to_str().unwrap().to_owned();
    (folder, out)
}

fn answer(site: &str, args: &[&str]) -> serde_json::Value {
    let output = run(&[&["search", "--site", site, "--format", "json"], args].concat(), Path::new("/"));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn ids(answer: &serde_json::Value) -> Vec<String> {
    answer["results"].as_array().unwrap().iter().map(|card| card["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_package_is_first_for_its_own_id_and_name() {
    let (_folder, site) = site(|_| ());
    let all = answer(&site, &["-n", "1000"]);
    let cards = all["results"].as_array().unwrap();
    assert!(cards.len() >= 45, "{}", cards.len());
    for card in cards {
        let id = card["id"].as_str().unwrap();
        let first = |words: &str| ids(&answer(&site, &["--", words])).first().cloned();
        assert_eq!(first(id).as_deref(), Some(id));
        let by_name = first(card["name"].as_str().unwrap()).unwrap();
        let same = cards.iter().any(|other| other["id"] == *by_name && other["name"] == card["name"]);
        assert!(by_name == id || same, "{} found {by_name}", card["name"]);
    }
}

#[test]
fn a_withdrawn_package_comes_after_the_others_unless_it_is_named() {
    let (_folder, site) = site(|registry| {
        let file = registry.join("packages/com/hotcrm/com.hotcrm.finance/package.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        let deprecated = "status = \"deprecated\"\nreplacement = \"com.hotcrm.crm\"\n";
        let text = text.replace("status = \"active\"\n", "");
        std::fs::write(&file, text.replacen("name = ", &format!("{deprecated}name = "), 1)).unwrap();
    });
    assert_eq!(ids(&answer(&site, &["finance"])).first().unwrap(), "com.hotcrm.finance");
    let invoices = ids(&answer(&site, &["invoice", "-n", "100"]));
    assert_eq!(
        invoices.iter().position(|id| id == "com.hotcrm.finance"),
        Some(invoices.len() - 1),
        "{invoices:?}"
    );
}

#[test]
fn a_package_with_no_version_left_says_how_it_is_withdrawn() {
    let (_folder, site) = site(|registry| {
        let folder = registry.join("packages/dev/shelfmark/dev.shelfmark.provider-stripe/withdrawals");
        std::fs::create_dir_all(&folder).unwrap();
        for version in ["1.0.0", "1.1.0"] {
            let text =
                "format = 1\nlevel = \"yanked\"\ndate = 2026-10-20T00:00:00Z\nreason = \"Charges twice.\"\n";
            std::fs::write(folder.join(format!("{version}.toml")), text).unwrap();
        }
    });
    let found = answer(&site, &["stripe"]);
    assert_eq!(found["results"][0]["id"], "dev.shelfmark.provider-stripe");
    assert_eq!(found["results"][0]["status"], "yanked");
    assert_eq!(ids(&answer(&site, &["stripe", "--status", "yanked"])), ["dev.shelfmark.provider-stripe"]);
}

#[test]
fn filters_hold_and_counts_agree() {
    let (_folder, site) = site(|_| ());
    let all = answer(&site, &["-n", "1000"]);
    for facet in ["kind", "category", "pricing", "level"] {
        for (value, count) in all["facets"][facet].as_object().unwrap() {
            let found = answer(&site, &[&format!("--{facet}"), value, "-n", "1000"]);
            assert_eq!(found["total"], *count, "{facet} {value}");
            assert!(
                found["results"].as_array().unwrap().iter().all(|card| card[facet] == **value),
                "{facet} {value}"
            );
        }
    }
    let newest = answer(&site, &["--sort", "updated", "-n", "1000"]);
    let days: Vec<&str> =
        newest["results"].as_array().unwrap().iter().filter_map(|card| card["updated"].as_str()).collect();
    assert!(days.windows(2).all(|pair| pair[0] >= pair[1]), "{days:?}");
}

#[test]
fn odd_words_find_nothing_and_break_nothing() {
    let (folder, site) = site(|_| ());
    for words in
        ["🎉", ".*[(", "\"'`$()", "\u{202e}\u{0}".trim_end_matches('\0'), &"a".repeat(10_000), "zzzzzzzz"]
    {
        let output = run(&["search", "--site", &site, "--", words], folder.path());
        assert_eq!(output.status.code(), Some(1), "{words:?}: {}", String::from_utf8_lossy(&output.stdout));
        assert!(String::from_utf8_lossy(&output.stderr).contains("nothing matches"));
    }
    let near = run(&["search", "--site", &site, "--category", "sale"], folder.path());
    assert!(String::from_utf8_lossy(&near.stderr).contains("did you mean `sales`"));
}

/// Reads the files of a built site from its folder.
struct Folder(std::path::PathBuf);

impl Fetch for Folder {
    fn get(&self, path: &str) -> Result<Option<Vec<u8>>, FetchError> {
        let file = self.0.join(path);
        if !file.is_file() {
            return Ok(None);
        }
        std::fs::read(file)
            .map(Some)
            .map_err(|error| FetchError { path: path.to_owned(), reason: error.to_string() })
    }
}

fn served(site: &str) -> SearchSite {
    SearchSite::open(Box::new(Folder(site.into()))).unwrap()
}

/// A registry of so many made-up packages, enough for several shards and segments.
fn many(folder: &Path, count: usize) -> String {
    let subjects = ["invoice", "calendar", "contract", "warehouse", "payroll", "ticket", "survey", "fleet"];
    let things = ["planner", "exporter", "assistant", "dashboard", "importer", "checker", "bridge"];
    let mut lines = String::new();
    for number in 0..count {
        let (subject, thing) = (subjects[number % 8], things[number / 8 % 7]);
        let name = format!("{subject}-{thing}-{}", spelled(number));
        let description =
            format!("A {thing} of {subject} records for teams of {}", spelled(number * 7 % count));
        let readme = format!(
            "# {name}\n\nWorks with {} and {}.",
            subjects[number * 3 % 8],
            spelled(number * 31 % 977)
        );
        lines.push_str(&format!(
            "{{\"name\":\"{name}\",\"version\":\"1.0.0\",\"version_kind\":\"semver\",\"description\":\"{description}\",\
             \"license\":\"MIT\",\"keywords\":[\"{subject}\"],\"readme\":{readme:?},\"published\":\"2026-01-{:02}T00:00:00Z\"}}\n",
            1 + number % 28
        ));
    }
    std::fs::write(folder.join("many.ndjson"), lines).unwrap();
    ok(&["--quiet", "import", "many.ndjson", "--owner-prefix", "dev.many", "--into", "registry"], folder);
    build(folder);
    folder.join("out").to_str().unwrap().to_owned()
}

fn build(folder: &Path) {
    ok(&["--quiet", "build", "--registry", "registry", "--out", "out"], folder);
}

/// A word for a number, no two alike.
fn spelled(mut number: usize) -> String {
    let syllables = ["ba", "de", "fi", "go", "lu", "ma", "ne", "ri", "so", "tu"];
    let mut word = String::new();
    loop {
        word.insert_str(0, syllables[number % 10]);
        number /= 10;
        if number == 0 {
            return word + "k";
        }
    }
}

const ASKED: [&str; 24] = [
    "",
    "invoice",
    "finance",
    "finanse",
    "hotcrm",
    "real estate",
    "realestate",
    "re",
    "crm",
    "com.hotcrm.crm",
    "CRM 2.0",
    "invoice reminder",
    "the",
    "kind:plugin",
    "kind:plugin kind:app crm",
    "publisher:hotcrm -finance",
    "license:mit agent",
    "template for a shop",
    "zzzzzz",
    "customers",
    "custo",
    "e-commerce",
    "starter packs",
    "-crm",
];

#[test]
fn a_served_site_answers_as_the_index_it_was_made_from() {
    let (_folder, site) = site(|_| ());
    let (index, served) = (SearchIndex::open(Path::new(&site)).unwrap(), served(&site));
    let plugins: Filters = [("kind".to_owned(), vec!["plugin".to_owned(), "app".to_owned()])].into();
    for asked in ASKED {
        for filters in [&Filters::default(), &plugins] {
            for sort in [Sort::Relevance, Sort::Newest, Sort::Updated, Sort::Rating, Sort::Dependents] {
                let one = index.search(asked, filters, sort, 10).unwrap();
                let other = served.search(asked, filters, sort, 10).unwrap();
                assert_eq!(ids_of(&one), ids_of(&other), "{asked:?} {filters:?} {sort:?}");
                assert_eq!(
                    (one.total, one.some, &one.near),
                    (other.total, other.some, &other.near),
                    "{asked:?}"
                );
                assert_eq!(one.facets, other.facets, "{asked:?}");
            }
        }
    }
}

fn ids_of(found: &Found) -> Vec<&str> {
    found.results.iter().map(|card| card.id.as_str()).collect()
}

#[test]
fn a_large_catalog_is_searched_alike_in_shards_and_a_change_stays_local() {
    let folder = tempfile::tempdir().unwrap();
    let site = many(folder.path(), 2_400);
    let index = SearchIndex::open(Path::new(&site)).unwrap();
    let shards = served(&site);
    let none = Filters::default();
    let first = |found: &Found| found.results.first().map(|card| card.id.clone());
    for number in (0..2_400).step_by(61) {
        let all = index.search(&spelled(number), &none, Sort::Relevance, 10).unwrap();
        assert_eq!(
            ids_of(&all),
            ids_of(&shards.search(&spelled(number), &none, Sort::Relevance, 10).unwrap())
        );
        let card = index.search("", &none, Sort::Newest, 2_400).unwrap().results[number].clone();
        let typo: String = {
            let mut letters: Vec<char> = card.name.chars().collect();
            let last = letters.len() - 3;
            letters.swap(last, last - 1);
            letters.into_iter().collect()
        };
        for (words, most) in [(card.name.as_str(), 1), (typo.as_str(), 5)] {
            let (one, other) = (
                index.search(words, &none, Sort::Relevance, 5).unwrap(),
                shards.search(words, &none, Sort::Relevance, 5).unwrap(),
            );
            assert!(ids_of(&one).iter().take(most).any(|id| *id == card.id), "{words}: {:?}", ids_of(&one));
            assert_eq!(first(&one), first(&other), "{words}");
        }
    }
    for words in
        ["invoice planner", "fleet bridge records", "calendar", "works with payroll", "pay", "invoic teams"]
    {
        let one = index.search(words, &none, Sort::Relevance, 10).unwrap();
        let other = shards.search(words, &none, Sort::Relevance, 10).unwrap();
        assert_eq!((one.total, ids_of(&one)), (other.total, ids_of(&other)), "{words}");
    }
    let total = |words: &str| shards.search(words, &none, Sort::Relevance, 10).unwrap().total;
    assert_eq!(total("records"), 2_400);
    assert_eq!(total("records invoice"), total("invoice"), "a common word is asked for beside a rarer one");
    assert!(total("invoice planner") < total("invoice"));

    let before = crate::support::tree(&Path::new(&site).join("search"));
    assert!(before.len() > 150, "{} files", before.len());
    let name = format!("invoice-planner-{}", spelled(0));
    let listing = folder.path().join(format!("registry/packages/dev/many/dev.many.{name}/package.toml"));
    let text = std::fs::read_to_string(&listing).unwrap();
    std::fs::write(&listing, text.replacen("A planner of", "A planner that foresees", 1)).unwrap();
    build(folder.path());
    let after = crate::support::tree(&Path::new(&site).join("search"));
    let changed: Vec<&String> = after
        .iter()
        .filter(|(path, bytes)| !path.starts_with("tantivy/") && before.get(*path) != Some(bytes))
        .map(|(path, _)| path)
        .collect();
    assert!(changed.len() <= 40, "{changed:?}");
    assert!(changed.len() >= 3, "{changed:?}");
}

#[test]
fn damaged_files_of_a_site_are_refused_and_never_searched_wrongly() {
    let (folder, site) = site(|_| ());
    let head = std::fs::read(Path::new(&site).join("search/head.bin")).unwrap();
    let put = |bytes: &[u8]| {
        std::fs::create_dir_all(folder.path().join("bad/search")).unwrap();
        std::fs::write(folder.path().join("bad/search/head.bin"), bytes).unwrap();
        SearchSite::open(Box::new(Folder(folder.path().join("bad"))))
            .and_then(|site| site.search("finance", &Filters::default(), Sort::Relevance, 10))
    };
    assert!(put(&head).is_ok());
    assert!(put(b"").is_err());
    for at in (0..head.len()).step_by(97) {
        assert!(put(&head[..at]).is_err(), "cut at {at}");
        let mut flipped = head.clone();
        flipped[at] ^= 0x41;
        // A flipped bit is refused, or in what this question does not read; it never panics.
        let _ = put(&flipped);
    }
    let missing = SearchSite::open(Box::new(Folder(folder.path().join("nowhere"))));
    assert!(missing.is_err_and(|error| error.to_string().contains("search/head.bin")));
    let output = run(&["search", "--url", "http://127.0.0.1:9/", "crm"], folder.path());
    assert_eq!(output.status.code(), Some(4), "{}", String::from_utf8_lossy(&output.stderr));
    let output = run(&["search", "--url", "market.example", "crm"], folder.path());
    assert_eq!(output.status.code(), Some(4), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn phrases_and_unwanted_words_narrow_what_is_found() {
    let (_folder, site) = site(|_| ());
    let all = answer(&site, &["-n", "100", "--", "real estate"]);
    let phrase = answer(&site, &["-n", "100", "--", "\"real estate\""]);
    let backwards = answer(&site, &["-n", "100", "--", "\"estate real\""]);
    assert_eq!(ids(&phrase).first().map(String::as_str), Some("com.hotcrm.real-estate"));
    assert_eq!(backwards["total"], 0);
    assert!(ids(&all).len() >= ids(&phrase).len());
    let without = answer(&site, &["-n", "100", "--", "hotcrm -finance"]);
    assert!(!ids(&without).iter().any(|id| id == "com.hotcrm.finance"), "{without}");
    let publisher = answer(&site, &["-n", "100", "--publisher", "hotcrm"]);
    assert!(ids(&publisher).iter().all(|id| id.starts_with("com.hotcrm.")), "{publisher}");
    let both = answer(&site, &["-n", "100", "--kind", "plugin", "--kind", "app"]);
    let each: u64 = ["plugin", "app"]
        .iter()
        .map(|kind| answer(&site, &["--kind", kind])["total"].as_u64().unwrap())
        .sum();
    assert_eq!(both["total"], each);
}

#[test]
fn a_damaged_index_here_ends_the_command_with_a_reason_and_no_panic() {
    let (_folder, site) = site(|_| ());
    let index = Path::new(&site).join("search/tantivy");
    let files: Vec<_> = std::fs::read_dir(&index).unwrap().map(|entry| entry.unwrap().path()).collect();
    let mut refused = 0;
    for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "fast" || end == "idx"))
    {
        let whole = std::fs::read(file).unwrap();
        for at in (0..whole.len()).step_by(whole.len() / 40 + 1) {
            let mut damaged = whole.clone();
            damaged.iter_mut().skip(at).take(8).for_each(|byte| *byte ^= 0xff);
            std::fs::write(file, &damaged).unwrap();
            let output = run(&["search", "--site", &site, "finance"], Path::new("/"));
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(!said.contains("panicked"), "{at} of {}: {said}", file.display());
            if output.status.code() == Some(4) {
                refused += 1;
                assert!(said.contains("`shelfmark build` writes"), "{said}");
            }
        }
        std::fs::write(file, &whole).unwrap();
    }
    assert!(refused > 0, "nothing was refused");
}
