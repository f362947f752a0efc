//! The options that say where artifacts come from, and what is said about those
//! that do not come.

use super::Exit;
use super::context::{Context, Failure};
use super::registry_source::RegistrySource;
use crate::artifact::ArchivedFile;
use crate::artifact::store::{ArtifactOptions, Artifacts, FetchError, NetworkPolicy, STATE_FOLDER};
use crate::diagnostic::render::neutralize;
use crate::platform::fs;
use crate::source::Snapshot;
use crate::validate::Registry;
use crate::validate::registry::Settings;
use std::cell::RefCell;
use std::path::{Path, PathBuf};

/// Where artifacts come from, besides the places that releases name.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct ArtifactSource {
    /// Folder with archives, `<sha256>.tgz` or `<id>-<version>.tgz`, looked into first
    #[arg(long, value_name = "DIR")]
    pub(crate) artifacts: Option<PathBuf>,
    /// Folder for downloads and other caches [default: .shelfmark beside the registry]
    #[arg(long, value_name = "DIR")]
    pub(crate) state: Option<PathBuf>,
}

impl ArtifactSource {
    /// Returns the folder of caches: the named one, else the one beside the registry.
    pub(crate) fn state_folder(&self, source: &RegistrySource) -> Result<PathBuf, Failure> {
        let registry = if source.git.is_none() { Some(source.folder()?) } else { None };
        match &self.state {
            Some(folder) => Ok(folder.clone()),
            None => default_state(registry.as_deref()),
        }
    }

    /// Prepares the ways to the artifacts of a registry; nothing is fetched yet.
    pub(crate) fn open<'a>(
        &self,
        source: &RegistrySource,
        snapshot: &'a Snapshot,
        settings: &Settings,
        network: NetworkPolicy,
        context: &Context,
    ) -> Result<Artifacts<'a>, Failure> {
        if let Some(folder) = self.artifacts.as_ref().filter(|folder| !fs::is_dir(folder)) {
            let message = format!("there is no folder `{}`", folder.display());
            return Err(Failure::new(Exit::CouldNotRun, message)
                .help("`--artifacts` takes the folder that holds the archives"));
        }
        let registry = if source.git.is_none() { Some(source.folder()?) } else { None };
        let state = self.state_folder(source)?;
        let options = ArtifactOptions {
            folder: self.artifacts.clone(),
            state: Some(state),
            network,
            cloud: Context::cloud_settings(),
            test_host: context.test_host()?,
            ..ArtifactOptions::default()
        };
        Ok(Artifacts::new(snapshot, registry.as_deref(), settings.artifact_store.as_deref(), options))
    }
}

/// Returns the folder beside the registry's, or in this one where there is no folder.
fn default_state(registry: Option<&Path>) -> Result<PathBuf, Failure> {
    let Some(registry) = registry else { return Ok(STATE_FOLDER.into()) };
    let full = std::path::absolute(registry)?;
    let plain: PathBuf = full.components().collect();
    Ok(plain.parent().unwrap_or(&plain).join(STATE_FOLDER))
}

/// The files inside archives, for showing what a diagnostic is about.
pub(crate) struct Archives<'a> {
    artifacts: &'a Artifacts<'a>,
    snapshot: &'a Snapshot,
    registry: &'a Registry,
    /// The archive looked into last: diagnostics are shown in the order of their paths.
    last: RefCell<Option<(String, Vec<ArchivedFile>)>>,
}

impl<'a> Archives<'a> {
    /// Looks into the archives of a registry.
    pub(crate) fn new(artifacts: &'a Artifacts<'a>, snapshot: &'a Snapshot, registry: &'a Registry) -> Self {
        Self { artifacts, snapshot, registry, last: RefCell::default() }
    }

    /// Returns a file by the path that diagnostics have for it.
    pub(crate) fn text(&self, path: &str) -> Option<String> {
        let (archive, inner) = path.split_once(".tgz!/")?;
        let mut last = self.last.borrow_mut();
        if last.as_ref().is_none_or(|(known, _)| known != archive) {
            *last = Some((archive.to_owned(), self.files(archive).unwrap_or_default()));
        }
        let (_, files) = last.as_ref()?;
        let file = files.iter().find(|file| file.path.as_str() == inner)?;
        Some(String::from_utf8_lossy(&file.content).into_owned())
    }

    fn files(&self, archive: &str) -> Option<Vec<ArchivedFile>> {
        let releases = self.registry.packages.values().flat_map(|package| &package.releases);
        let mut found = releases.filter(|release| release.path.strip_suffix(".toml") == Some(archive));
        self.artifacts.files(&self.snapshot.reader().ok()?, found.next()?)
    }
}

/// Most releases that are named.
const SHOWN: usize = 100;

/// Lists releases and why their artifacts are missing.
pub(crate) fn list(missing: &[(String, FetchError)]) -> String {
    let line = |(release, error): &(String, FetchError)| {
        format!("  {release}: {}\n", neutralize(&error.to_string()))
    };
    let mut text: String = missing.iter().take(SHOWN).map(line).collect();
    if missing.len() > SHOWN {
        text.push_str(&format!("  and {} more\n", missing.len() - SHOWN));
    }
    text
}
