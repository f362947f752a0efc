//! Style sheet, script and icon, carried in the binary and named by their content.

use crate::model::Digest;
use serde::Serialize;
use std::sync::LazyLock;

struct Asset {
    stem: &'static str,
    extension: &'static str,
    bytes: &'static [u8],
}

/// The script of search. Its first line has the SHA-256 of its sources and is not served.
const SEARCH_MIN: &str = include_str!("../../site/assets/search/search.min.js");

/// What suggests packages under a search box, as it is served.
static SUGGEST_LINES: LazyLock<String> =
    LazyLock::new(|| lines(include_str!("../../site/assets/search/suggest.js")));

/// Takes comments and indentation off a script, which none of its lines depends on.
fn lines(script: &str) -> String {
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

const CSS: Asset =
    Asset { stem: "site", extension: "css", bytes: include_bytes!("../../site/assets/site.css") };
const JS: Asset = Asset { stem: "site", extension: "js", bytes: include_bytes!("../../site/assets/site.js") };
const FAVICON: Asset =
    Asset { stem: "favicon", extension: "svg", bytes: include_bytes!("../../site/assets/favicon.svg") };

impl Asset {
    fn path(&self) -> String {
        let hex = Digest::of(self.bytes).hex();
        let short: String = hex.chars().take(8).collect();
        format!("assets/{}.{short}.{}", self.stem, self.extension)
    }
}

/// The addresses that every page names.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Assets {
    css: String,
    js: String,
    favicon: String,
    /// The script of search, which every search box uses.
    search: String,
    /// What uses it under a search box.
    suggest: String,
}

impl Assets {
    /// Returns the addresses.
    pub(super) fn new() -> Self {
        Self {
            css: CSS.path(),
            js: JS.path(),
            favicon: FAVICON.path(),
            search: search().path(),
            suggest: suggest().path(),
        }
    }
}

fn search() -> Asset {
    let served = SEARCH_MIN.split_once('\n').map_or(SEARCH_MIN, |(_, script)| script);
    Asset { stem: "search", extension: "js", bytes: served.as_bytes() }
}

fn suggest() -> Asset {
    Asset { stem: "suggest", extension: "js", bytes: SUGGEST_LINES.as_bytes() }
}

/// Returns every file as path and bytes.
pub(super) fn files() -> impl Iterator<Item = (String, &'static [u8])> {
    [CSS, JS, FAVICON, search(), suggest()].into_iter().map(|asset| (asset.path(), asset.bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_of_search_is_made_of_its_sources() {
        let sources = [
            include_str!("../../site/assets/search/client.js"),
            include_str!("../../site/assets/search/engine.js"),
            include_str!("../../site/assets/search/page.js"),
            include_str!("../../site/assets/search/search.js"),
        ];
        let hex = Digest::of(sources.concat().as_bytes()).hex();
        assert_eq!(
            SEARCH_MIN.lines().next(),
            Some(format!("// {hex}").as_str()),
            "run `node tests/browser/bundle.mjs`"
        );
        assert!(search().bytes.len() < SEARCH_MIN.len());
    }
}
