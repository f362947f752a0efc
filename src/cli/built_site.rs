//! What commands about one package of a built catalog say when it is not there.

use super::Exit;
use super::context::Failure;
use crate::platform::fs;
use crate::search::{Error, Filters, SearchIndex, Sort};
use std::path::Path;

/// Where the catalog comes from.
const HELP: &str = "`shelfmark build` writes the catalog; `--site DIR` names another one";

/// Refuses a folder that holds no built catalog.
pub(super) fn ensure_built(site: &Path) -> Result<(), Failure> {
    if fs::is_file(&site.join("index/root.json")) {
        return Ok(());
    }
    Err(Failure::from(Error::NoIndex(site.to_owned())).help(HELP))
}

/// Says that a package is not in the catalog, and which are near.
pub(super) fn not_found(site: &Path, id: &str) -> Failure {
    let failure = Failure::new(Exit::Rejected, format!("there is no package `{id}` in `{}`", site.display()));
    let label = id.rsplit('.').next().unwrap_or(id);
    let near = SearchIndex::open(site)
        .and_then(|index| index.search(label, &Filters::default(), Sort::Relevance, 3));
    match near {
        Ok(found) if !found.results.is_empty() => {
            let ids: Vec<String> = found.results.iter().map(|card| format!("`{}`", card.id)).collect();
            failure.help(format!("near: {}", ids.join(", ")))
        }
        Ok(_) => failure.help("`shelfmark search` finds packages by words"),
        Err(_) => failure.help(HELP),
    }
}
