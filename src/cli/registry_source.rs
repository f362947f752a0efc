//! The options that say where the registry is, shared by the commands that read one.

use super::Exit;
use super::artifact_source::Archives;
use super::context::{Context, Failure};
use crate::build::DEFAULT_BASE_URL;
use crate::diagnostic::render::{self, TextOptions};
use crate::diagnostic::{Diagnostic, in_reading_order};
use crate::model::{Prefix, Timestamp};
use crate::platform::fs;
use crate::source::{RevisionSpec, Snapshot};
use std::path::{Path, PathBuf};

/// Folder that is looked for when nothing is said.
pub(crate) const DEFAULT_REGISTRY: &str = "registry-index";

/// Where the registry is.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct RegistrySource {
    /// Folder of the registry [default: registry-index, or this folder if it holds registry.toml]
    #[arg(long, value_name = "DIR", conflicts_with = "git")]
    pub(crate) registry: Option<PathBuf>,
    /// A revision of a git repository: REPOSITORY@REVISION[:PATH]; nothing is checked out
    #[arg(long, value_name = "SPEC")]
    pub(crate) git: Option<String>,
}

impl RegistrySource {
    /// Takes the snapshot that the options name.
    pub(crate) fn snapshot(&self) -> Result<Snapshot, Failure> {
        if let Some(spec) = &self.git {
            let spec: RevisionSpec = spec.parse().map_err(|error: crate::source::Error| Failure {
                exit: Exit::Usage,
                help: Some("for example --git .@main:registry-index".into()),
                ..Failure::from(error)
            })?;
            return Snapshot::of_revision(&spec).map_err(git_failure);
        }
        let folder = self.folder()?;
        Ok(Snapshot::of_directory(&folder)?)
    }

    /// Returns the folder of the registry.
    pub(crate) fn folder(&self) -> Result<PathBuf, Failure> {
        let has_registry = |folder: &Path| fs::is_file(&folder.join("registry.toml"));
        match &self.registry {
            Some(folder) if !fs::is_dir(folder) => {
                Err(Failure::from(crate::source::Error::NoDirectory(folder.clone()))
                    .help("`--registry` takes the folder that holds registry.toml"))
            }
            Some(folder) => Ok(folder.clone()),
            None if has_registry(Path::new(DEFAULT_REGISTRY)) => Ok(DEFAULT_REGISTRY.into()),
            None if has_registry(Path::new(".")) => Ok(".".into()),
            None => Err(Failure::new(
                Exit::CouldNotRun,
                "there is no registry here: neither ./registry-index nor this folder holds a registry.toml",
            )
            .help("name one with `--registry DIR`, or make one with `shelfmark init my-registry`")),
        }
    }
}

/// Says what `--git` takes where a part of it was not found.
fn git_failure(error: crate::source::Error) -> Failure {
    use crate::source::Error::{NoRepository, NoRevision};
    let help = match &error {
        NoRepository(_) => Some("name the top folder of the work tree, or a bare repository"),
        NoRevision(_) => Some(
            "a branch, a tag, a commit id of at least 7 digits, or one of these with ~N; \
             `git rev-parse` gives the id of anything else",
        ),
        _ => None,
    };
    let failure = Failure::from(error);
    match help {
        Some(help) => failure.help(help),
        None => failure,
    }
}

/// Parses `--as-of`.
pub(crate) fn parse_as_of(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).map_err(|invalid| invalid.to_string())
}

/// Parses `--base-url`.
pub(crate) fn parse_base_url(text: &str) -> Result<String, String> {
    let url = if text.ends_with('/') { text.to_owned() } else { format!("{text}/") };
    if !crate::validate::is_base_url(&url) {
        return Err("it must begin with https:// or http:// and hold plain characters".into());
    }
    Ok(url)
}

/// How diagnostics are shown.
pub(crate) struct Shown<'a> {
    /// Where texts of files come from.
    pub(crate) snapshot: &'a Snapshot,
    /// Address of the site for the `why:` lines.
    pub(crate) base_url: &'a str,
    /// Where texts inside archives come from.
    pub(crate) archives: Option<Archives<'a>>,
}

impl Shown<'_> {
    /// Renders diagnostics as text or as JSON lines.
    pub(crate) fn render(
        &self,
        diagnostics: &[&Diagnostic],
        format: super::context::Format,
        context: &Context,
    ) -> String {
        let options = TextOptions { color: context.color, width: context.width };
        self.with(|rendering| {
            in_reading_order(diagnostics, rendering.source)
                .into_iter()
                .map(|diagnostic| match format {
                    super::context::Format::Text => {
                        format!("{}\n", render::text(diagnostic, rendering, options))
                    }
                    super::context::Format::Json => render::json_line(diagnostic, rendering),
                })
                .collect()
        })
    }

    /// Renders diagnostics as one SARIF log.
    pub(crate) fn sarif(&self, diagnostics: &[&Diagnostic]) -> String {
        self.with(|rendering| render::sarif(diagnostics, rendering))
    }

    fn with(&self, render: impl FnOnce(&render::Context<'_>) -> String) -> String {
        let reader = self.snapshot.reader().ok();
        let source = |path: &str| {
            let Some(entry) = self.snapshot.entry(path) else {
                return self.archives.as_ref().and_then(|archives| archives.text(path));
            };
            let bytes = reader.as_ref()?.read(entry).ok()?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        };
        render(&render::Context::new(&source, self.base_url))
    }
}

/// Returns the address that the caller, else the registry, else nobody gives.
pub(crate) fn base_url<'a>(given: Option<&'a str>, registry: &'a crate::validate::Registry) -> &'a str {
    given.or(registry.settings.base_url.as_deref()).unwrap_or(DEFAULT_BASE_URL)
}

/// Parses a prefix.
pub(crate) fn parse_prefix(text: &str) -> Result<Prefix, String> {
    Prefix::parse(text).map_err(|invalid| invalid.to_string())
}

/// Returns the present moment, for dates that a person did not give.
#[allow(clippy::disallowed_methods)]
pub(crate) fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_unix_seconds(i64::try_from(since.as_secs()).unwrap_or(0)).unwrap_or(Timestamp::EPOCH)
}
