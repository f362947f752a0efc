//! Style sheet, script and icon, carried in the binary and named by their content.

use crate::model::Digest;
use serde::Serialize;
use std::sync::LazyLock;

struct Asset {
    stem: &'static str,
    extension: &'static str,
    bytes: &'static [u8],
}

/// The search engine, which pages run in a worker, as it is served.
static ENGINE_LINES: LazyLock<String> =
    LazyLock::new(|| lines(include_str!("../../site/assets/search/engine.js")));

/// The search page, as it is served: it names the engine by its address.
static SEARCH_LINES: LazyLock<String> = LazyLock::new(|| {
    let path = engine().path();
    let name = path.rsplit('/').next().unwrap_or(&path);
    lines(include_str!("../../site/assets/search/page.js")).replace("\"engine.js\"", &format!("\"{name}\""))
});

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
    /// The search page's module, which every search box uses.
    search: String,
    /// What it runs in a worker.
    engine: String,
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
            engine: engine().path(),
            suggest: suggest().path(),
        }
    }
}

fn engine() -> Asset {
    Asset { stem: "engine", extension: "js", bytes: ENGINE_LINES.as_bytes() }
}

fn search() -> Asset {
    Asset { stem: "search", extension: "js", bytes: SEARCH_LINES.as_bytes() }
}

fn suggest() -> Asset {
    Asset { stem: "suggest", extension: "js", bytes: SUGGEST_LINES.as_bytes() }
}

/// Returns every file as path and bytes.
pub(super) fn files() -> impl Iterator<Item = (String, &'static [u8])> {
    [CSS, JS, FAVICON, engine(), search(), suggest()].into_iter().map(|asset| (asset.path(), asset.bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_page_names_the_engine_that_is_served() {
        let path = engine().path();
        let name = path.strip_prefix("assets/").unwrap();
        assert_eq!(SEARCH_LINES.matches(name).count(), 1, "{name}");
        assert!(!SEARCH_LINES.contains("\"engine.js\""));
        assert!(files().any(|(served, _)| served == path));
    }
}
