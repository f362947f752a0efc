//! Similar packages: the command, the page and its twin say the same.

use crate::support::{demo, ok, run};
use std::path::Path;

/// The demo registry, built once for a test.
fn site() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out").to_str().unwrap().to_owned();
    ok(&["--quiet", "build", "--registry", demo().to_str().unwrap(), "--out", &out], folder.path());
    (folder, out)
}

fn json(bytes: &[u8]) -> serde_json::Value {
    serde_json::from_slice(bytes).unwrap()
}

/// The text of an element's content, as the templates escape it.
fn plain(html: &str) -> String {
    let html = html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    html.replace("&amp;", "&")
}

#[test]
fn command_page_and_twin_agree_on_every_package() {
    let (_folder, out) = site();
    let list = json(&std::fs::read(Path::new(&out).join("api/v1/packages.json")).unwrap());
    let mut with_similar = 0;
    for package in list["packages"].as_array().unwrap() {
        let id = package["id"].as_str().unwrap();
        let folder = Path::new(&out).join("p").join(id);
        let twin = json(&std::fs::read(folder.join("index.json")).unwrap());
        let page = plain(&std::fs::read_to_string(folder.join("index.html")).unwrap());
        let answer =
            json(ok(&["similar", id, "--site", &out, "--format", "json"], Path::new("/")).as_bytes());
        assert_eq!(answer["similar"], twin["similar"], "{id}");
        let similar = twin["similar"].as_array().unwrap();
        assert_eq!(page.contains("id=\"similar\""), !similar.is_empty(), "{id}");
        with_similar += usize::from(!similar.is_empty());
        assert!(similar.len() <= 4, "{id}");
        let (_, block) = page.split_once("id=\"similar\"").unwrap_or_default();
        for one in similar {
            assert_ne!(one["id"], id);
            assert!(block.contains(&format!("p/{}/\">{}</a>", text(one, "id"), text(one, "name"))), "{id}");
            assert!(!one["shared"].as_array().unwrap().is_empty(), "{id}");
            for difference in one["differences"].as_array().unwrap() {
                assert!(
                    block.contains(&format!("<li>{}</li>", text(difference, "text"))),
                    "{id}: {difference}"
                );
            }
        }
    }
    assert!(with_similar >= 20, "{with_similar}");
}

fn text<'a>(value: &'a serde_json::Value, key: &str) -> &'a str {
    value[key].as_str().unwrap()
}

#[test]
fn providers_of_models_are_alike_and_what_differs_is_said() {
    let (_folder, out) = site();
    let id = "dev.shelfmark.provider-openai";
    let printed = ok(&["similar", id, "--site", &out], Path::new("/"));
    assert!(printed.starts_with("Anthropic dev.shelfmark.provider-anthropic  "), "{printed}");
    assert!(printed.contains(" % alike\n") && printed.contains("    both say llm, "), "{printed}");
    let twin = std::fs::read_to_string(Path::new(&out).join(format!("p/{id}/index.md"))).unwrap();
    assert!(twin.contains("## Similar packages\n\n- Anthropic (dev.shelfmark.provider-anthropic)"), "{twin}");
    let grid = ok(&["similar", "io.github.mira-kovacs.board-view", "--site", &out], Path::new("/"));
    assert!(!grid.contains("net.tallpine.card-grid"), "an archived package is recommended: {grid}");
}

#[test]
fn a_package_or_site_that_is_not_there_is_told_with_the_next_step() {
    let (_folder, out) = site();
    let output = run(&["similar", "com.hotcrm.finanse", "--site", &out], Path::new("/"));
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("near: `com.hotcrm.finance`"), "{said}");
    let output = run(&["similar", "com.hotcrm.finance", "--site", "/nonexistent"], Path::new("/"));
    assert_eq!(output.status.code(), Some(4));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("shelfmark build"), "{said}");
}
