//! Looks into artifacts that are no folders of the registry, so that rules,
//! search and site find in them what they find in a folder.
//!
//! One archive a thread is in memory; what stays are its texts.

use super::contents;
use super::registry::{ArtifactLocation, Registry, Release, SharedText};
use crate::artifact::store::{ArtifactStore, FetchError, Wanted};
use crate::artifact::{Limits, unpack_in_memory};
use crate::diagnostic::Diagnostic;
use crate::source::{Error, Reader, Snapshot};
use rayon::prelude::*;
use std::sync::Arc;

/// Downloads wait more than they work: so many run at least.
const FEWEST_THREADS: usize = 8;

/// What became of the artifacts that are no folders of the registry.
#[derive(Debug, Default)]
pub struct Looked {
    /// Artifacts that were looked into, or are wrong.
    pub read: u64,
    /// Those that cannot be had, each with its release, in the order of the packages.
    pub missing: Vec<(String, FetchError)>,
}

impl Looked {
    /// Returns how many were left alone because the network was not used.
    pub fn offline(&self) -> u64 {
        self.missing.iter().filter(|(_, error)| matches!(error, FetchError::Offline { .. })).count() as u64
    }
}

/// Returns how many artifacts [`read_archives`] would look for.
pub fn count_archives(registry: &Registry) -> u64 {
    let releases = registry.packages.values().flat_map(|package| &package.releases);
    releases.filter(|release| is_archive(release)).count() as u64
}

/// Fetches and reads the artifacts of a registry as loaded; `step` is called after each.
///
/// # Errors
/// Only when the source cannot be read.
pub fn read_archives(
    registry: &mut Registry,
    snapshot: &Snapshot,
    store: &dyn ArtifactStore,
    step: &(dyn Fn() + Sync),
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Looked, Error> {
    read_some(registry, snapshot, store, &|_| true, step, diagnostics)
}

/// Fetches and reads the artifacts of those releases that are wanted.
///
/// # Errors
/// Only when the source cannot be read.
pub fn read_some(
    registry: &mut Registry,
    snapshot: &Snapshot,
    store: &dyn ArtifactStore,
    is_wanted: &dyn Fn(&Release) -> bool,
    step: &(dyn Fn() + Sync),
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Looked, Error> {
    let releases = registry.packages.values_mut().flat_map(|package| &mut package.releases);
    let mut releases: Vec<&mut Release> =
        releases.filter(|release| is_archive(release) && is_wanted(release)).collect();
    let mut looked = Looked::default();
    if releases.is_empty() {
        return Ok(looked);
    }
    let threads = rayon::current_num_threads().max(FEWEST_THREADS);
    let mut read_all = || {
        releases
            .par_iter_mut()
            .map_init(
                || snapshot.reader(),
                |reader, release| {
                    let mut found = Vec::new();
                    let missing = match reader {
                        Ok(reader) => read_one(release, snapshot, reader, store, &mut found)?,
                        // The thread's own reader is the one with the error: ask again for the words.
                        Err(_) => snapshot.reader().map(|_| None)?,
                    };
                    step();
                    Ok((found, missing))
                },
            )
            .collect::<Result<Vec<_>, Error>>()
    };
    let results = match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool.install(read_all),
        Err(_) => read_all(),
    }?;
    for (release, (found, missing)) in releases.iter().zip(results) {
        diagnostics.extend(found);
        match missing {
            Some(error) => looked.missing.push((release.name(), error)),
            None => looked.read += 1,
        }
    }
    Ok(looked)
}

fn is_archive(release: &Release) -> bool {
    let is_elsewhere = |location: &ArtifactLocation| !matches!(location, ArtifactLocation::Tree(_));
    release.artifact.as_ref().is_some_and(|artifact| is_elsewhere(&artifact.location))
        && !release.is_removed()
}

/// Returns the path that files of a release's archive are shown with.
pub(super) fn shown_path(release: &Release, inner: &str) -> Arc<str> {
    format!("{}.tgz!/{inner}", release.path.strip_suffix(".toml").unwrap_or(&release.path)).into()
}

/// Reads one archive; what cannot be had is given back.
fn read_one(
    release: &mut Release,
    snapshot: &Snapshot,
    reader: &Reader<'_>,
    store: &dyn ArtifactStore,
    found: &mut Vec<Diagnostic>,
) -> Result<Option<FetchError>, Error> {
    let Some(artifact) = &release.artifact else { return Ok(None) };
    let name = release.name();
    let wanted =
        Wanted { release: &name, location: &artifact.location, sha256: artifact.sha256, size: artifact.size };
    let packed = (artifact.sha256, artifact.size);
    let bytes = match store.fetch(&wanted) {
        Ok(bytes) => bytes,
        Err(error) => {
            found.extend(diagnose(release, &error));
            let is_missing = error.is_missing() || matches!(error, FetchError::Unusable { .. });
            return Ok(is_missing.then_some(error));
        }
    };
    let files = match unpack_in_memory(&bytes, &Limits::default()) {
        Ok(files) => files,
        Err(error) => {
            let message = format!("the archive of `{name}` is refused: {error}");
            let diagnostic = Diagnostic::new("artifact-unpackable", Arc::clone(&release.path), message);
            found.push(diagnostic.value(&["artifact"]).help("pack the folder again with `shelfmark pack`"));
            return Ok(None);
        }
    };
    drop(bytes);
    let mut inside = contents::read_archive(release, files, found);
    inside.packed = Some(packed);
    if let Some(entry) = snapshot.entry(&release.path) {
        inside.release_file = Some(SharedText::of(reader.read(entry)?));
    }
    release.contents = Some(inside);
    Ok(None)
}

/// Says under which rule an error of the store stands; without the network nothing was looked at.
fn diagnose(release: &Release, error: &FetchError) -> Option<Diagnostic> {
    let key = match release.artifact.as_ref().map(|artifact| &artifact.location) {
        Some(ArtifactLocation::Url(_)) => "url",
        _ => "path",
    };
    let (rule, key, help) = match error {
        FetchError::Offline { .. } => return None,
        FetchError::NotThere { .. }
        | FetchError::NoStore { .. }
        | FetchError::Unreachable { .. }
        | FetchError::Status { .. }
        | FetchError::Encoded { .. }
        | FetchError::Unusable { .. } => (
            "artifact-unavailable",
            key,
            "put the archive where the release says, or give it with `--artifacts DIR`",
        ),
        FetchError::Refused { .. } | FetchError::TooManyRedirects { .. } | FetchError::Outside { .. } => {
            ("artifact-address-refused", key, "put the archive where everybody can download it over https")
        }
        FetchError::WrongSize { .. } => {
            ("artifact-digest-mismatch", "size", "write the size that `shelfmark pack` printed")
        }
        FetchError::WrongDigest { .. } => {
            ("artifact-digest-mismatch", "sha256", "write the digest that `shelfmark pack` printed")
        }
        FetchError::TooLarge { .. } | FetchError::Unpackable { .. } => {
            ("artifact-unpackable", "size", "leave out of the archive what is not needed to install")
        }
    };
    let diagnostic = Diagnostic::new(rule, Arc::clone(&release.path), error.to_string());
    Some(diagnostic.value(&["artifact", key]).help(help))
}
