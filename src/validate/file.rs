//! Reads one file of a registry: its name and mode, its place in the layout,
//! and its content as checked types.

use super::authored::{json_invalid, parse_toml};
use super::contents;
use super::convert::{Converter, RequirementPool};
use super::registry::{Advisory, Contents, Evidence, Listing, Publisher, Release, SharedText};
use crate::diagnostic::{Diagnostic, Fix, shell_word};
use crate::model::{Digest, PackageId, Prefix, RelPath, Version};
use crate::schema;
use crate::source::{BESIDE, Entry, Error, Mode, Part, Place, Reader, Snapshot};
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// Most bytes of a release file.
pub const MAX_RELEASE_BYTES: u64 = 1 << 20;
/// Most bytes of any other authored file.
pub const MAX_FILE_BYTES: u64 = 64 << 10;
/// Most bytes of an image of a listing, an advisory or an evidence file.
pub const MAX_MEDIA_BYTES: u64 = 2 << 20;
/// Most bytes of all files of one package source.
pub(super) const MAX_SOURCE_BYTES: u64 = 64 << 20;

/// One file, parsed. A registry has hundreds of thousands, so it is small: see the limit below.
pub(super) enum Parsed {
    Registry(Box<schema::Registry>),
    Policy(Box<schema::Policy>),
    Curators(schema::Curators),
    Publisher(Box<Publisher>),
    Collection(String, Box<schema::Collection>),
    Advisory(Box<Advisory>),
    Waiver(Box<super::registry::Waiver>),
    Package(String, PackagePart),
    /// A file in this folder of `sources/`.
    Source(String),
    /// Read by nobody here, or with a problem already told.
    Nothing,
    /// A file of this package did not parse.
    Broken(String),
}

/// One file of a package, parsed.
pub(super) enum PackagePart {
    Release(Box<Release>),
    Listing(Box<Listing>),
    Media(Arc<str>),
    Rating(Box<super::registry::Rating>),
    Withdrawal(String, Box<super::registry::Withdrawal>),
    Amendment(String, Box<super::registry::Amendment>),
    Review(String, Box<super::registry::Review>),
    Evidence(String, Box<Evidence>),
}

const _: () = assert!(size_of::<Parsed>() <= 64);

/// Loads one file.
pub(super) struct FileLoader<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) reader: &'a Reader<'a>,
    pub(super) pool: &'a RequirementPool,
    pub(super) entry: &'a Entry,
}

impl FileLoader<'_> {
    /// Loads the file, with everything wrong in it.
    pub(super) fn load(&self, out: &mut Vec<Diagnostic>) -> Result<Parsed, Error> {
        let path = &self.entry.path;
        let Some(place) = self.place(out) else { return Ok(self.refused()) };
        match place {
            Place::Beside | Place::TrustRoot => Ok(Parsed::Nothing),
            Place::Source { id, version, .. } => {
                self.check_source(&id, &version, out);
                Ok(Parsed::Source(format!("sources/{id}/{version}")))
            }
            Place::Registry => Ok(self
                .toml("registry", MAX_FILE_BYTES, out)?
                .map_or(Parsed::Broken("registry.toml".into()), Parsed::Registry)),
            Place::Policy => {
                let policy: Option<Box<schema::Policy>> = self.toml("policy", MAX_FILE_BYTES, out)?;
                out.extend(policy.iter().filter_map(|policy| unreachable_threshold(path, policy)));
                Ok(policy.map_or(Parsed::Nothing, Parsed::Policy))
            }
            Place::Curators => {
                let wire: Option<schema::Curators> = self.toml("curators", MAX_FILE_BYTES, out)?;
                out.extend(wire.iter().flat_map(|wire| repeated_curators(path, wire)));
                Ok(wire.map_or(Parsed::Nothing, Parsed::Curators))
            }
            Place::Publisher(stem) => {
                let wire = self.toml("publisher", MAX_FILE_BYTES, out)?;
                let broken = Parsed::Broken(path.to_string());
                Ok(wire
                    .and_then(|wire| publisher(path, &stem, wire, out))
                    .map(Box::new)
                    .map_or(broken, Parsed::Publisher))
            }
            Place::Collection(name) => Ok(self
                .toml("collection", MAX_FILE_BYTES, out)?
                .map_or(Parsed::Nothing, |wire| Parsed::Collection(name, wire))),
            Place::Advisory(stem) => {
                Ok(self.advisory(&stem, out)?.map(Box::new).map_or(Parsed::Nothing, Parsed::Advisory))
            }
            Place::Waiver(_) => {
                let wire = self.toml("waiver", MAX_FILE_BYTES, out)?;
                Ok(self
                    .convert(out, |c| c.waiver(wire?))
                    .map(Box::new)
                    .map_or(Parsed::Nothing, Parsed::Waiver))
            }
            Place::Package { id, part, .. } => {
                let part = self.package(&id, part, out)?;
                Ok(part.map_or_else(|| Parsed::Broken(id.clone()), |part| Parsed::Package(id.clone(), part)))
            }
        }
    }

    /// Marks what a file that may not be read belongs to as broken.
    fn refused(&self) -> Parsed {
        match RelPath::parse(&self.entry.path).ok().and_then(|path| Place::of(&path)) {
            Some(Place::Package { id, .. }) => Parsed::Broken(id),
            Some(Place::Publisher(_)) => Parsed::Broken(self.entry.path.to_string()),
            Some(Place::Registry) => Parsed::Broken("registry.toml".into()),
            _ => Parsed::Nothing,
        }
    }

    /// Checks name, mode and place; `None` when there is nothing to read.
    fn place(&self, out: &mut Vec<Diagnostic>) -> Option<Place> {
        let path = &self.entry.path;
        let rel = match RelPath::parse(path) {
            Ok(rel) => rel,
            Err(invalid) => {
                out.push(
                    Diagnostic::new("path-forbidden", Arc::clone(path), invalid.to_string())
                        .note("such a name means something else to another file system, to git or to an eye")
                        .help("rename the file, or remove it from git"),
                );
                return None;
            }
        };
        if self.entry.mode != Mode::Regular {
            let fix = (self.entry.mode == Mode::Executable).then_some(Fix::ClearExecutable);
            let diagnostic = Diagnostic {
                fix,
                ..Diagnostic::new(
                    "file-not-regular",
                    Arc::clone(path),
                    format!(
                        "this is {}; only regular files of mode 100644 are accepted",
                        self.entry.mode.describe()
                    ),
                )
                .help(match self.entry.mode {
                    Mode::Executable => format!("git update-index --chmod=-x {}", shell_word(path)),
                    _ => format!("git rm --cached {}", shell_word(path)),
                })
            };
            out.push(diagnostic);
            return None;
        }
        let place = Place::of(&rel);
        match &place {
            None => out.push(
                Diagnostic::new("path-unexpected", Arc::clone(path), "the layout has no place for this file")
                    .note(places(path))
                    .help(format!("move it to its place, or remove it: git rm {}", shell_word(path))),
            ),
            Some(Place::Package { id, is_sharded_well: false, .. }) => {
                out.push(
                    Diagnostic::new(
                        "id-path-mismatch",
                        Arc::clone(path),
                        format!("the folders above `{id}` are not its first two labels"),
                    )
                    .help(match PackageId::parse(id) {
                        Ok(id) => format!("move the folder to `{}`", id.folder()),
                        Err(_) => "name the folder by the package id".to_owned(),
                    }),
                );
                return None;
            }
            // A release says its id itself, and is told at that line.
            Some(Place::Package { id, part, .. }) if !matches!(part, Part::Release(_)) => {
                if let Err(invalid) = PackageId::parse(id) {
                    out.push(Diagnostic::new("id-invalid", Arc::clone(path), invalid.to_string()));
                    return None;
                }
            }
            Some(_) => {}
        }
        place
    }

    fn check_source(&self, id: &str, version: &str, out: &mut Vec<Diagnostic>) {
        let mut refuse = |rule, text: String| {
            out.push(Diagnostic::new(rule, Arc::clone(&self.entry.path), text));
        };
        if let Err(invalid) = PackageId::parse(id) {
            refuse("id-invalid", invalid.to_string());
        }
        if let Err(invalid) = Version::parse(version) {
            refuse("version-invalid", invalid.to_string());
        }
    }

    fn package(
        &self,
        folder: &str,
        part: Part,
        out: &mut Vec<Diagnostic>,
    ) -> Result<Option<PackagePart>, Error> {
        let path = &self.entry.path;
        Ok(match part {
            Part::Release(version) => self.release(folder, &version, out)?.map(PackagePart::Release),
            Part::Listing => {
                let wire = self.toml("listing", MAX_FILE_BYTES, out)?;
                wire.map(|wire| PackagePart::Listing(Box::new(Listing { path: Arc::clone(path), wire })))
            }
            Part::Media => self.bytes(MAX_MEDIA_BYTES, out)?.map(|_| PackagePart::Media(Arc::clone(path))),
            Part::Evidence { version, file } => self.bytes(MAX_MEDIA_BYTES, out)?.map(|bytes| {
                let evidence = Evidence { name: file, path: Arc::clone(path), digest: Digest::of(&bytes) };
                PackagePart::Evidence(version, Box::new(evidence))
            }),
            Part::Withdrawal(version) => {
                let wire = self.toml("withdrawal", MAX_FILE_BYTES, out)?;
                self.convert(out, |c| c.withdrawal(wire?))
                    .map(|item| PackagePart::Withdrawal(version, Box::new(item)))
            }
            Part::Amendment { version, n } => {
                let wire = self.toml("amendment", MAX_FILE_BYTES, out)?;
                self.convert(out, |c| c.amendment(wire?, n))
                    .map(|item| PackagePart::Amendment(version, Box::new(item)))
            }
            Part::Review { version, area, curator } => {
                let wire = self.toml("review", MAX_FILE_BYTES, out)?;
                self.convert(out, |c| c.review(wire?, area, curator))
                    .map(|item| PackagePart::Review(version, Box::new(item)))
            }
            Part::Rating(account) => {
                let wire = self.toml("rating", MAX_FILE_BYTES, out)?;
                self.convert(out, |c| c.rating(wire?, account)).map(Box::new).map(PackagePart::Rating)
            }
        })
    }

    fn release(
        &self,
        folder: &str,
        stem: &str,
        out: &mut Vec<Diagnostic>,
    ) -> Result<Option<Box<Release>>, Error> {
        let Some(bytes) = self.bytes(MAX_RELEASE_BYTES, out)? else { return Ok(None) };
        let Some(wire) = self.parse::<schema::Release>("release", &bytes, out) else { return Ok(None) };
        let path = &self.entry.path;
        let mut agree = |rule, key: &str, given: &str, place: &str, from: &str| {
            let agrees = given == place;
            if !agrees {
                out.push(
                    Diagnostic::new(
                        rule,
                        Arc::clone(path),
                        format!("the {key} is `{given}`, but the {from} says `{place}`"),
                    )
                    .value(&[key])
                    .help(format!("write `{key} = \"{place}\"`, or move the file")),
                );
            }
            agrees
        };
        let same_id = agree("id-path-mismatch", "id", &wire.id, folder, "folder");
        let same_version = agree("version-path-mismatch", "version", &wire.version, stem, "file name");
        let release = self.convert(out, |c| c.release(wire, Digest::of(&bytes)));
        let Some(mut release) = release.filter(|_| same_id && same_version) else { return Ok(None) };
        if let Some(artifact) = &release.artifact
            && let super::registry::ArtifactLocation::Tree(tree) = &artifact.location
        {
            let folder = tree.as_str().to_owned();
            // Another folder is told by a rule, and never read: a thousand releases may name it.
            if folder == source_folder(&release) && !self.snapshot.under(&folder).is_empty() {
                let inside = contents::read(self.snapshot, self.reader, &folder, &release, out)?;
                release.contents = Some(Contents { release_file: Some(SharedText::of(bytes)), ..inside });
            }
        }
        Ok(Some(Box::new(release)))
    }

    fn advisory(&self, stem: &str, out: &mut Vec<Diagnostic>) -> Result<Option<Advisory>, Error> {
        let Some(bytes) = self.bytes(MAX_MEDIA_BYTES, out)? else { return Ok(None) };
        let path = &self.entry.path;
        match serde_json::from_slice::<serde_json::Value>(&bytes) {
            Ok(record) => match record.get("id").and_then(serde_json::Value::as_str) {
                Some(id) if id != stem => {
                    let message = format!("the id is `{id}`, but the file name says `{stem}`");
                    let diagnostic =
                        Diagnostic::new("id-path-mismatch", Arc::clone(path), message).value(&["id"]);
                    out.push(diagnostic.help(format!("write `\"id\": \"{stem}\"`, or rename the file")));
                    Ok(None)
                }
                Some(id) => Ok(Some(Advisory { path: Arc::clone(path), id: id.to_owned(), record })),
                None => {
                    out.push(Diagnostic::new(
                        "json-invalid",
                        Arc::clone(path),
                        "an advisory is an OSV record with an `id`",
                    ));
                    Ok(None)
                }
            },
            Err(error) => {
                out.push(json_invalid(path, &bytes, &error));
                Ok(None)
            }
        }
    }

    fn convert<T>(
        &self,
        out: &mut Vec<Diagnostic>,
        convert: impl FnOnce(&mut Converter<'_>) -> Option<T>,
    ) -> Option<T> {
        let mut converter = Converter::new(&self.entry.path, self.pool);
        let value = convert(&mut converter);
        out.append(&mut converter.diagnostics);
        value
    }

    /// Reads a file within its limit.
    fn bytes(&self, limit: u64, out: &mut Vec<Diagnostic>) -> Result<Option<Arc<[u8]>>, Error> {
        let size = self.reader.size(self.entry)?;
        if size > limit {
            let message = format!("the file has {size} bytes, at most {limit} are allowed here");
            out.push(Diagnostic::new("file-too-large", Arc::clone(&self.entry.path), message));
            return Ok(None);
        }
        self.reader.read(self.entry).map(Some)
    }

    fn toml<T: DeserializeOwned>(
        &self,
        name: &'static str,
        limit: u64,
        out: &mut Vec<Diagnostic>,
    ) -> Result<Option<T>, Error> {
        Ok(self.bytes(limit, out)?.and_then(|bytes| self.parse(name, &bytes, out)))
    }

    fn parse<T: DeserializeOwned>(
        &self,
        name: &'static str,
        bytes: &[u8],
        out: &mut Vec<Diagnostic>,
    ) -> Option<T> {
        parse_toml(&self.entry.path, name, bytes, out)
    }
}

/// A score is at most 100.
fn unreachable_threshold(path: &Arc<str>, policy: &schema::Policy) -> Option<Diagnostic> {
    let threshold = policy.score.as_ref()?.threshold;
    let message = format!("the threshold is {threshold}, and no score is above 100");
    (threshold > 100)
        .then(|| Diagnostic::new("value-invalid", Arc::clone(path), message).value(&["score", "threshold"]))
}

/// Reviews are told apart by the names of curators, and people by their accounts.
fn repeated_curators(path: &Arc<str>, wire: &schema::Curators) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (at, curator) in wire.curators.iter().enumerate() {
        let earlier = wire.curators.get(..at).unwrap_or_default();
        let at = at.to_string();
        if earlier.iter().any(|other| other.name == curator.name) {
            let message =
                format!("two curators have the name `{}`, which reviews are told apart by", curator.name);
            found.push(
                Diagnostic::new("value-invalid", Arc::clone(path), message).value(&["curator", &at, "name"]),
            );
        }
    }
    found
}

fn publisher(
    path: &Arc<str>,
    stem: &str,
    wire: schema::Publisher,
    out: &mut Vec<Diagnostic>,
) -> Option<Publisher> {
    let id = Prefix::parse(stem)
        .map_err(|invalid| {
            out.push(Diagnostic::new("value-invalid", Arc::clone(path), invalid.to_string()));
        })
        .ok();
    let mut prefixes = Vec::new();
    for (at, text) in wire.prefixes.iter().enumerate() {
        match Prefix::parse(text) {
            Ok(prefix) => prefixes.push(prefix),
            Err(invalid) => out.push(
                Diagnostic::new("value-invalid", Arc::clone(path), invalid.to_string())
                    .value(&["prefixes", &at.to_string()]),
            ),
        }
    }
    let id = id?;
    if prefixes.first() != Some(&id) {
        out.push(
            Diagnostic::new(
                "publisher-path-mismatch",
                Arc::clone(path),
                format!("the first of `prefixes` is not `{id}`, the name of the file"),
            )
            .value(&["prefixes"])
            .help(format!("begin the list with `\"{id}\"`")),
        );
        return None;
    }
    Some(Publisher { path: Arc::clone(path), id, prefixes, wire })
}

/// Returns the folder that the source of a release belongs in.
pub(super) fn source_folder(release: &Release) -> String {
    format!("sources/{}/{}", release.id, release.version)
}

/// Says what may stand where a file without a place is.
fn places(path: &str) -> String {
    match path.split_once('/').map(|(folder, _)| folder) {
        Some("packages") => {
            "a package is a folder `packages/<label1>/<label2>/<id>/` with `package.toml`, `<version>.toml`, \
            `media/`, `withdrawals/`, `amendments/`, `reviews/`, `evidence/` and `ratings/`"
                .to_owned()
        }
        Some("sources") => "sources are `sources/<id>/<version>/…`".to_owned(),
        Some(folder @ ("publishers" | "collections" | "waivers")) => {
            format!("here are files `{folder}/<name>.toml`")
        }
        Some("advisories") => "here are files `advisories/<id>.json`".to_owned(),
        _ => format!("at the top, besides the registry's own files, may stand: {BESIDE}"),
    }
}
