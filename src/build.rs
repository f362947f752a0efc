//! From a valid registry to the whole built tree: the order of the stages and
//! nothing else.
//!
//! Output is a function of the source tree, the artifacts and the options; the
//! time, the machine and the number of threads have no say in it.

mod artifacts;

use crate::artifact::store::{Artifacts, FetchError};
use crate::index::{self, IndexInput, IndexReport};
use crate::model::Timestamp;
use crate::publish::{Output, OutputError, Phase};
use crate::scan::{ScannedRelease, Scans};
use crate::schema::{StatusEntry, StatusFile};
use crate::search::{self, Likenesses, SearchReport};
use crate::site::{self, SiteInput, SiteReport};
use crate::source::Snapshot;
use crate::validate::registry::{ArtifactLocation, Package, Release};
use crate::validate::{Dependents, ValidRegistry, gone_artifacts};
use artifacts::ArtifactStage;
use std::collections::BTreeMap;

/// Name and version of this program, for the pages' footer.
pub const GENERATOR: &str = concat!("shelfmark ", env!("CARGO_PKG_VERSION"));

/// Address used when neither the registry nor the caller gives one.
pub const DEFAULT_BASE_URL: &str = "http://localhost:8080/";

/// What a caller decides about a build.
#[derive(Debug, Clone)]
pub struct BuildOptions {
    /// The moment things are judged by.
    pub as_of: Timestamp,
    /// Where the site will be served from, ending in a slash.
    pub base_url: String,
    /// The open submissions, where a page of them is wanted.
    pub queue: Option<Vec<site::QueueEntry>>,
}

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The source could not be read.
    #[error(transparent)]
    Source(#[from] crate::source::Error),
    /// An artifact that was there is there no more.
    #[error("the artifact of `{release}` cannot be read again")]
    Artifact {
        /// Its release.
        release: String,
        /// Why.
        #[source]
        source: FetchError,
    },
    /// A file could not be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// The search index could not be made.
    #[error(transparent)]
    Search(#[from] search::Error),
    /// A page could not be made.
    #[error(transparent)]
    Site(#[from] site::Error),
}

/// Is told how far a build is.
pub trait Progress: Sync {
    /// A stage begins, with so many steps.
    fn begin(&self, stage: &'static str, steps: u64);
    /// Some steps are done.
    fn step(&self, steps: u64);
}

/// What was built.
#[derive(Debug)]
pub struct BuildReport {
    /// The index.
    pub index: IndexReport,
    /// The search index.
    pub search: SearchReport,
    /// The pages.
    pub site: SiteReport,
    /// Artifacts that the tree serves.
    pub artifacts: u64,
    /// Artifacts that were scanned in this run, and not taken from the cache.
    pub scanned: u64,
    /// Releases whose artifact is elsewhere and was not looked at.
    pub artifacts_elsewhere: u64,
}

/// Builds everything into `output`; the caller commits it.
///
/// # Errors
/// When the source cannot be read or a file cannot be written.
pub fn build(
    registry: &ValidRegistry,
    snapshot: &Snapshot,
    artifacts: &Artifacts<'_>,
    options: &BuildOptions,
    scans: &Scans,
    output: &dyn Output,
    progress: &dyn Progress,
) -> Result<BuildReport, BuildError> {
    let packages = registry.visible("public");
    let dependents = Dependents::of(packages.iter().copied());
    progress.begin("artifacts", packages.len() as u64);
    let stage = ArtifactStage { snapshot, artifacts, scans, output, progress };
    let written = stage.run(&packages)?;
    progress.begin("search", 1);
    let search = search::build(registry, &packages, &dependents, scans, output)?;
    let alike = Likenesses::of(&packages);
    progress.step(1);
    progress.begin("site", packages.len() as u64);
    let site = site::build(
        &SiteInput {
            registry,
            snapshot,
            artifacts,
            scans,
            scanned: &|release| ScannedRelease::of(scans, registry, release, options.as_of),
            dependents: &dependents,
            alike: &alike,
            as_of: options.as_of,
            base_url: &options.base_url,
            queue: options.queue.as_deref(),
            source_tree: snapshot.tree().to_string(),
            generator: GENERATOR,
            progress: &|steps| progress.step(steps),
        },
        output,
    )?;
    write_status(&packages, output)?;
    progress.begin("index", 1);
    let index = index::build(
        &IndexInput {
            registry,
            packages: &packages,
            source_tree: snapshot.tree().to_string(),
            as_of: options.as_of,
            search: search.head,
            scans,
        },
        output,
    )?;
    progress.step(1);
    let unseen = releases(&packages).filter(|release| is_unseen(release)).count() as u64;
    Ok(BuildReport {
        index,
        search,
        site,
        artifacts: written,
        scanned: scans.scanned(),
        artifacts_elsewhere: unseen,
    })
}

fn releases<'a>(packages: &'a [&'a Package]) -> impl Iterator<Item = &'a Release> {
    packages.iter().flat_map(|package| &package.releases)
}

fn is_unseen(release: &Release) -> bool {
    let is_elsewhere = |location: &ArtifactLocation| !matches!(location, ArtifactLocation::Tree(_));
    let is_unread = release.contents.is_none() && !release.is_removed();
    is_unread && release.artifact.as_ref().is_some_and(|artifact| is_elsewhere(&artifact.location))
}

/// Writes `status.json`: what a capable host answers with 410 or 451.
fn write_status(packages: &[&Package], output: &dyn Output) -> Result<(), OutputError> {
    let paths: BTreeMap<String, StatusEntry> = gone_artifacts(packages.iter().copied())
        .into_iter()
        .map(|(digest, gone)| {
            (format!("artifacts/{digest}.tgz"), StatusEntry { status: gone.status, reason: gone.reason })
        })
        .collect();
    let mut bytes = serde_json::to_vec(&StatusFile { v: 1, paths }).unwrap_or_default();
    bytes.push(b'\n');
    output.put(Phase::Named, "status.json", &bytes)
}
