//! Turns a foreign catalog into an authored registry.
//!
//! A catalog is a stream of [`Record`](crate::schema::Record)s, one JSON object a line. It is
//! read once (`read`); one release stays for every version (`select`); names
//! become ids (`name`), versions SemVer (`version`), requirements Cargo
//! requirements over those versions (`requirement`); and every package becomes
//! its files (`convert`). What does not fit is in the [`ImportReport`], down to
//! the last case: nothing is dropped in silence.
//!
//! `registry.toml` is written last, so a directory without one is an import
//! that did not finish.

mod catalog;
mod convert;
mod dependencies;
mod listing;
mod name;
mod read;
mod report;
mod requirement;
mod select;
mod settings;
mod text;
mod version;

pub use report::{Case, Group, ImportReport, Reason};

use crate::model::{Kind, Prefix};
use crate::platform::fs;
use rayon::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Most bytes of the owner prefix, so that every path of the layout fits.
const MOST_PREFIX: usize = 40;

/// How the catalog spells versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VersionScheme {
    /// SemVer, or a record's `semver` field where the version is none.
    #[default]
    SemVer,
    /// Haskell's package versioning policy: A.B.C.D becomes (A·10⁹+B).C.D.
    Pvp,
}

/// What to make of a catalog.
#[derive(Debug, Clone)]
pub struct Options {
    /// The prefix of every id, such as `dev.hackage`.
    pub owner_prefix: Prefix,
    /// The directory to write; absent or empty.
    pub into: PathBuf,
    /// How the catalog spells versions.
    pub version_scheme: VersionScheme,
    /// The name of the registry.
    pub registry_name: String,
    /// Where its site will be served from; ends in a slash.
    pub base_url: String,
    /// The kind of every package.
    pub kind: Kind,
}

/// Why an import stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something is in the directory.
    #[error("`{}` is not empty; name a new directory, or remove this one first", .0.display())]
    NotEmpty(PathBuf),
    /// Ids would not fit the layout.
    #[error("the owner prefix `{0}` has more than {MOST_PREFIX} bytes")]
    PrefixTooLong(Prefix),
    /// The catalog cannot be read.
    #[error("cannot read the catalog")]
    Read(#[source] std::io::Error),
    /// No line of it is a record.
    #[error(
        "none of the {lines} lines of the catalog is a record; `shelfmark schema import-record` prints the format"
    )]
    NoRecord {
        /// Lines read.
        lines: u64,
    },
    /// A file cannot be written.
    #[error("cannot write `{}`; the import is not complete, remove the directory and start again", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A value has no TOML spelling.
    #[error("a value of the catalog has no TOML spelling")]
    Format(#[from] toml::ser::Error),
}

/// Imports a catalog, plain or Zstandard-compressed. `progress` is called with
/// the number of records read, then with that number plus the releases written.
///
/// # Errors
/// When the directory is not empty, the catalog cannot be read or has no record,
/// or a file cannot be written.
pub fn import(
    reader: impl BufRead + Send,
    options: &Options,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<ImportReport, Error> {
    if options.owner_prefix.as_str().len() > MOST_PREFIX {
        return Err(Error::PrefixTooLong(options.owner_prefix.clone()));
    }
    let is_vacant = fs::is_vacant(&options.into);
    if !is_vacant.map_err(|source| Error::Write { path: options.into.clone(), source })? {
        return Err(Error::NotEmpty(options.into.clone()));
    }
    let mut report = ImportReport::default();
    let mut catalog = read::read(reader, options.version_scheme, &mut report, progress)?;
    let spellings = select::select(&mut catalog, &mut report);
    let labels = labels(&catalog, &mut report, options);
    let categories = settings::categories(&catalog, &mut report);
    let context = convert::Context {
        options,
        catalog: &catalog,
        labels: &labels,
        names: labels.iter().map(|(name, label)| (label.as_str(), name)).collect(),
        spellings: &spellings,
        categories: &categories,
    };
    let written = write_packages(&context, report.records, progress)?;
    report.merge(written);
    write_rest(options, &categories, &report)?;
    Ok(report)
}

/// Returns where the report of an import is written: beside the directory, in
/// which the layout has no place for it.
pub fn report_path(into: &Path) -> PathBuf {
    let full = std::path::absolute(into).unwrap_or_else(|_| into.to_owned());
    let name = full.file_name().map_or_else(|| "registry".into(), std::ffi::OsStr::to_os_string);
    let mut file = name;
    file.push(".import-report.json");
    full.with_file_name(file)
}

/// Gives every package that has a release its label.
fn labels(
    catalog: &catalog::Catalog,
    report: &mut ImportReport,
    options: &Options,
) -> HashMap<Arc<str>, String> {
    let kept: Vec<&Arc<str>> = catalog
        .packages
        .iter()
        .filter(|package| !package.releases.is_empty())
        .map(|package| &package.name)
        .collect();
    let labels = name::assign(kept.iter().copied());
    for name in kept {
        let Some(label) = labels.get(name).filter(|label| **label != **name) else { continue };
        let detail = format!("{}.{label}", options.owner_prefix);
        report.case(Reason::NameChanged, Case { name: Some(name.to_string()), detail, ..Case::default() });
    }
    labels
}

/// Converts and writes every package, in parallel.
fn write_packages(
    context: &convert::Context<'_>,
    read: u64,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<ImportReport, Error> {
    let done = AtomicU64::new(read);
    let parts: Vec<ImportReport> = context
        .catalog
        .packages
        .par_iter()
        .map(|package| {
            let (files, report) = convert::convert(context, package)?;
            for (path, bytes) in &files {
                write(&context.options.into.join(path), bytes)?;
            }
            progress(done.fetch_add(report.releases, Ordering::Relaxed) + report.releases);
            Ok(report)
        })
        .collect::<Result<_, Error>>()?;
    let mut whole = ImportReport::default();
    for part in parts {
        whole.merge(part);
    }
    Ok(whole)
}

/// Writes the registry's own files, the report, and `registry.toml` last.
fn write_rest(
    options: &Options,
    categories: &BTreeMap<Arc<str>, String>,
    report: &ImportReport,
) -> Result<(), Error> {
    let publisher = format!("publishers/{}.toml", options.owner_prefix);
    write_toml(&options.into.join(publisher), &settings::publisher(options))?;
    write_toml(&options.into.join("policy.toml"), &settings::policy())?;
    let path = report_path(&options.into);
    fs::atomic_write(&path, report.json().as_bytes()).map_err(|source| Error::Write { path, source })?;
    write_toml(&options.into.join("registry.toml"), &settings::registry(options, categories))
}

fn write_toml(path: &Path, value: &impl Serialize) -> Result<(), Error> {
    write(path, toml::to_string(value)?.as_bytes())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    fs::write_new(path, bytes).map_err(|source| Error::Write { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests;
