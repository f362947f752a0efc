//! Stage 7: pages, feeds and their machine-readable twins.
//!
//! A page is made in three steps: [`catalog`] arranges the registry once,
//! [`view`] turns a part of it into what a template is given, and [`engine`]
//! renders and puts it. Packages are done in parallel and each page is dropped
//! when it is put, so memory does not grow with the site.
//!
//! Only what the audience `public` sees is built: packages of other audiences
//! appear on no page, in no count and in no list. An unlisted package has its
//! pages and is in no list, feed or sitemap; a package whose releases are all
//! removed keeps its page as a record, and is in no list either.

mod assets;
mod catalog;
mod content;
mod engine;
mod feeds;
mod highlight;
mod host;
mod markdown;
mod media;
mod paging;
mod text;
mod twin;
mod view;

pub use host::{CONTENT_SECURITY_POLICY, PICTURE_SECURITY_POLICY};
pub use view::queue::{QueueEntry, QueueNeed};

#[cfg(test)]
mod tests;

use crate::artifact::store::Artifacts;
use crate::model::Timestamp;
use crate::publish::{Output, OutputError};
use crate::scan::{ScannedRelease, Scans};
use crate::search::Likenesses;
use crate::source::Snapshot;
use crate::validate::registry::Release;
use crate::validate::{Dependents, ValidRegistry};

/// What the site is made from.
pub struct SiteInput<'a> {
    /// The checked registry.
    pub registry: &'a ValidRegistry,
    /// Where media and the files of `tree` artifacts are read from.
    pub snapshot: &'a Snapshot,
    /// Where the files of other artifacts are read from.
    pub artifacts: &'a Artifacts<'a>,
    /// Who depends on whom.
    pub dependents: &'a Dependents,
    /// Which packages are alike.
    pub alike: &'a Likenesses,
    /// Scores of all releases.
    pub scans: &'a Scans,
    /// Returns what the scan says of a release, `None` where it was not scanned; called from any thread.
    pub scanned: &'a (dyn Fn(&Release) -> Option<ScannedRelease> + Sync),
    /// The moment the site speaks of.
    pub as_of: Timestamp,
    /// Where the site will be served from; ends in a slash.
    pub base_url: &'a str,
    /// The open submissions, where a page of them is wanted.
    pub queue: Option<&'a [QueueEntry]>,
    /// The git tree id of the registry's folder.
    pub source_tree: String,
    /// This program and its version.
    pub generator: &'a str,
    /// Called with the number of packages done, from any thread.
    pub progress: &'a (dyn Fn(u64) + Sync),
}

/// What was made.
#[derive(Debug, Default)]
pub struct SiteReport {
    /// HTML pages.
    pub pages: u64,
    /// Bytes of all files.
    pub bytes: u64,
    /// What a reader will miss, such as a README shown as plain text; sorted.
    pub problems: Vec<String>,
}

/// Why the site could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A template is broken.
    #[error("cannot render the page `{page}`")]
    Template {
        /// The page.
        page: String,
        /// Why.
        #[source]
        source: minijinja::Error,
    },
    /// A file of the registry cannot be read.
    #[error(transparent)]
    Source(#[from] crate::source::Error),
    /// A file cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// A machine-readable twin cannot be written as JSON.
    #[error("cannot write JSON")]
    Json(#[from] serde_json::Error),
}

/// Returns a README, whoever wrote it, as the HTML that its page shows, without pictures.
pub fn readme_html(text: &str) -> String {
    markdown::readme(text, &|_| None).0
}

/// Builds the whole site.
///
/// # Errors
/// When a file cannot be read or written, or a template is broken.
pub fn build(input: &SiteInput<'_>, output: &dyn Output) -> Result<SiteReport, Error> {
    let site = engine::Site::new(input, output)?;
    let mut addresses = view::write_lists(&site)?;
    addresses.extend(view::write_packages(&site)?);
    feeds::write(&site, addresses)?;
    twin::write_list(&site)?;
    host::write(&site)?;
    for (path, bytes) in assets::files() {
        site.put_hashed(&path, bytes)?;
    }
    Ok(site.report())
}
