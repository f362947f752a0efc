//! What the commands of curators share: naming a release, finding its file, and
//! knowing in whose name something is recorded.

use super::Exit;
use super::context::Failure;
use super::registry_source::RegistrySource;
use crate::model::{Digest, PackageId, Version};
use crate::schema::Curator;
use crate::source::{Repository, Side, release_path};
use crate::validate::{self, PROSE, Registry, is_identity, may_decide, prose_fault};
use std::path::PathBuf;

/// A release as a person names it.
#[derive(Debug, Clone)]
pub(crate) struct ReleaseName {
    pub(crate) id: PackageId,
    pub(crate) version: Version,
}

/// Parses `id@version`.
pub(crate) fn parse_release(text: &str) -> Result<ReleaseName, String> {
    let (id, version) =
        text.split_once('@').ok_or("write it as ID@VERSION, for example com.hotcrm.finance@1.2.0")?;
    let id = PackageId::parse(id).map_err(|invalid| invalid.to_string())?;
    let version = Version::parse(version).map_err(|invalid| invalid.to_string())?;
    Ok(ReleaseName { id, version })
}

/// Where the registry is that a record is written to.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Desk {
    /// Folder of the registry [default: registry-index, or this folder if it holds registry.toml]
    #[arg(long, value_name = "DIR")]
    pub(crate) registry: Option<PathBuf>,
    /// List the file without writing it
    #[arg(long)]
    pub(crate) dry_run: bool,
}

impl Desk {
    /// Returns the folder.
    pub(crate) fn folder(&self) -> Result<PathBuf, Failure> {
        RegistrySource { registry: self.registry.clone(), git: None }.folder()
    }

    /// Reads the registry as it stands in the folder.
    pub(crate) fn registry(&self) -> Result<Registry, Failure> {
        let source = RegistrySource { registry: self.registry.clone(), git: None };
        Ok(validate::load(&source.snapshot()?)?.0)
    }

    /// Returns the digest of a release file: of a revision, or as it stands in the folder.
    pub(crate) fn digest(&self, release: &ReleaseName, head: Option<&str>) -> Result<Digest, Failure> {
        let path = release_path(&release.id, &release.version);
        let missing = |place: &str| {
            Failure::new(Exit::CouldNotRun, format!("there is no `{path}` {place}"))
                .help("name the branch of the submission with `--head`, for example --head refs/pull/7/head")
        };
        let folder = self.folder()?;
        let Some(head) = head else {
            let bytes = crate::platform::fs::read(&folder.join(&path))
                .map_err(|_| missing("in the registry's folder"))?;
            return Ok(Digest::of(&bytes));
        };
        let (repository, inside) = Repository::around(&folder)?;
        let changes = crate::source::ChangeSet::between(repository, &inside, head, head)?;
        let snapshot = changes.snapshot(Side::Base, &[path.clone()].into())?;
        let entry = snapshot.entry(&path).ok_or_else(|| missing(&format!("in `{head}`")))?;
        Ok(Digest::of(&snapshot.reader()?.read(entry)?))
    }
}

/// Returns the curator in whose name something is recorded: the named one, else
/// the only one who may.
pub(crate) fn curator<'a>(
    registry: &'a Registry,
    name: Option<&str>,
    area: &str,
    id: &PackageId,
) -> Result<&'a Curator, Failure> {
    let of_publisher = |curator: &Curator| {
        let mut own = registry.publishers.values().filter(|publisher| publisher.owns(id));
        own.any(|publisher| is_identity(publisher, &curator.forge, curator.id))
    };
    let may = |curator: &&Curator| {
        let is_named = name.is_some_and(|name| curator.name == name);
        may_decide(curator, area, Some(id.as_str())) && (is_named || !of_publisher(curator))
    };
    let able: Vec<&Curator> = registry.curators.iter().filter(may).collect();
    let names = able.iter().map(|curator| format!("`{}`", curator.name)).collect::<Vec<_>>().join(", ");
    let names = if names.is_empty() { "nobody".to_owned() } else { names };
    match (name, able.as_slice()) {
        (Some(name), _) => able.into_iter().find(|curator| curator.name == name).ok_or_else(|| {
            Failure::new(Exit::Usage, format!("`{name}` is no curator of `{area}` for `{id}`"))
                .help(format!("these may decide: {names}"))
        }),
        (None, [one]) => Ok(one),
        (None, _) => Err(Failure::new(
            Exit::Usage,
            format!("in whose name? for `{area}` of `{id}` may decide: {names}"),
        )
        .help("add `--as NAME`, a name of curators.toml")),
    }
}

/// Refuses words that the gate would refuse in the file.
pub(crate) fn ensure_fit(option: &str, text: Option<&str>) -> Result<(), Failure> {
    match text.and_then(|text| prose_fault(text, PROSE)) {
        None => Ok(()),
        Some(fault) => Err(Failure::new(Exit::Usage, format!("the text of `{option}` {fault}"))
            .help("type it anew; nothing that is read before a decision may hide or disguise what it says")),
    }
}

/// What to do with a file that was written.
pub(crate) const NEXT: &str = "next: commit it alone and open a pull request from your own account; the gate admits it from a curator of the area";
