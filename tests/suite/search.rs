//! Searching: the exact name first, withdrawn packages last, filters that hold.

use crate::support::{copy, demo, ok, run};
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
