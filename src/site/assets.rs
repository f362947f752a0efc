//! Style sheet, script and icon, carried in the binary and named by their content.

use crate::model::Digest;
use serde::Serialize;

struct Asset {
    stem: &'static str,
    extension: &'static str,
    bytes: &'static [u8],
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
    /// The search module; nothing until the projection has one.
    search: Option<String>,
}

impl Assets {
    /// Returns the addresses.
    pub(super) fn new() -> Self {
        Self { css: CSS.path(), js: JS.path(), favicon: FAVICON.path(), search: None }
    }
}

/// Returns every file as path and bytes.
pub(super) fn files() -> impl Iterator<Item = (String, &'static [u8])> {
    [CSS, JS, FAVICON].into_iter().map(|asset| (asset.path(), asset.bytes))
}
