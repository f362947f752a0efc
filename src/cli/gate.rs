//! Opens a pull request for the commands that judge one: finds the repository
//! around a registry, reads both sides, and keeps the outline of the base.

use super::Exit;
use super::context::Failure;
use super::registry_source::RegistrySource;
use crate::artifact::store::{NetworkPolicy, ignore_by_git};
use crate::platform::fs;
use crate::source::{ChangeSet, Error, Repository};
use crate::validate::{Fresh, Outline, Proposal};
use std::path::{Path, PathBuf};

/// Where the repository of a registry is.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct GateSource {
    /// Folder of the registry in a work tree, or a bare repository [default: registry-index, or this folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) registry: Option<PathBuf>,
    /// Folder of the registry inside the repository, where `--registry` names the repository
    #[arg(long, value_name = "PATH")]
    pub(crate) path: Option<String>,
}

/// File of the state folder that keeps the outline.
const OUTLINE: &str = "outline.ndjson";

impl GateSource {
    /// Returns the folder that the options name, as other commands take it.
    pub(crate) fn source(&self) -> Result<RegistrySource, Failure> {
        if let Some(folder) = &self.registry {
            if !fs::is_dir(folder) {
                return Err(Failure::from(Error::NoDirectory(folder.clone()))
                    .help("`--registry` takes the folder that holds registry.toml, or a bare repository"));
            }
            return Ok(RegistrySource { registry: Some(folder.clone()), git: None });
        }
        let source = RegistrySource { registry: None, git: None };
        let folder = source.folder()?;
        Ok(RegistrySource { registry: Some(folder), git: None })
    }

    /// Opens the repository and returns it with the folder of the registry inside.
    pub(crate) fn repository(&self) -> Result<(Repository, String), Failure> {
        let folder = self.source()?.registry.unwrap_or_default();
        let (repository, inside) = Repository::around(&folder).map_err(|error| {
            let failure = Failure::from(error);
            failure.help("a pull request is judged inside a git repository; `shelfmark check` needs none")
        })?;
        let parts = [inside.as_str(), self.path.as_deref().unwrap_or_default().trim_matches('/')];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty() && *part != ".").collect();
        Ok((repository, parts.join("/")))
    }

    /// Returns what merging one revision into another would change.
    pub(crate) fn changes(&self, base: &str, head: &str) -> Result<ChangeSet, Failure> {
        let (repository, folder) = self.repository()?;
        ChangeSet::between(repository, &folder, base, head).map_err(|error| {
            let help = match &error {
                Error::NoRevision(_) => Some(
                    "a branch, a tag, a reference such as refs/pull/7/head, or a commit id of at least 7 digits",
                ),
                Error::NoMergeBase { is_shallow: true, .. } => Some("fetch the whole history: git fetch --unshallow"),
                Error::NoMergeBase { .. } => Some("start the branch from the base, and add the change there"),
                Error::NoFolder { .. } => Some("`--path` names the folder of the registry in the repository"),
                _ => None,
            };
            let is_refused = matches!(error, Error::NoMergeBase { is_shallow: false, .. });
            let exit = if is_refused { Exit::Rejected } else { Exit::CouldNotRun };
            let failure = Failure { exit, ..Failure::from(error) };
            match help {
                Some(help) => failure.help(help),
                None => failure,
            }
        })
    }

    /// Reads both sides of a change set; the outline of the base is kept in the state folder.
    pub(crate) fn read(&self, changes: ChangeSet, state: &Path) -> Result<Proposal, Failure> {
        let file = state.join(OUTLINE);
        let kept = fs::read(&file).ok().and_then(|bytes| Outline::parse(&bytes));
        let (outline, fresh) = Outline::of_base(&changes, kept)?;
        if fresh == Fresh::Yes {
            let bytes = outline.bytes();
            // A folder that cannot be written costs time in the next run, nothing else.
            let _ = ignore_by_git(state).and_then(|()| fs::atomic_write(&file, &bytes));
        }
        Ok(Proposal::read(changes, outline)?)
    }
}

/// Says that the base is no registry that anything can be judged by.
pub(crate) fn ensure_readable(proposal: &Proposal) -> Result<(), Failure> {
    let base = &proposal.base.registry;
    let grave = ["registry.toml", "policy.toml", "curators.toml"];
    let broken = proposal.base.found.iter().find(|one| {
        grave.contains(&&*one.location.path)
            && crate::validate::level_of(base, one.rule) >= crate::model::RuleLevel::Deny
    });
    match broken {
        None => Ok(()),
        Some(one) => Err(Failure {
            causes: vec![one.message.clone()],
            ..Failure::new(
                Exit::CouldNotRun,
                format!("the `{}` of the base cannot be used, so nothing can be judged by it", one.location.path),
            )
        }
        .help("the base has to be a registry: `shelfmark check --git REPOSITORY@BASE` shows what is wrong with it")),
    }
}

/// Returns the network policy of `--online`.
pub(crate) fn network(online: bool) -> NetworkPolicy {
    if online { NetworkPolicy::Online } else { NetworkPolicy::Offline }
}
