//! Reads every file of a snapshot into a [`Registry`], never stopping at the
//! first problem.

use super::convert::{Converter, RequirementPool};
use super::registry::{
    Advisory, Collection, Evidence, Listing, Package, Publisher, Registry, Release, Stray,
};
use super::{contents, explain, settings};
use crate::diagnostic::{Diagnostic, shell_word};
use crate::model::{Digest, PackageId, Prefix, RelPath, Version};
use crate::schema;
use crate::source::{BESIDE, Entry, Error, Mode, Part, Place, Reader, Snapshot};
use rayon::prelude::*;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use toml::de::DeTable;

/// Most bytes of a release file.
pub const MAX_RELEASE_BYTES: u64 = 1 << 20;
/// Most bytes of any other authored file.
pub const MAX_FILE_BYTES: u64 = 64 << 10;
/// Most bytes of an image of a listing, an advisory or an evidence file.
pub const MAX_MEDIA_BYTES: u64 = 2 << 20;
/// Most bytes of all files of one package source.
pub(super) const MAX_SOURCE_BYTES: u64 = 64 << 20;

/// One file, parsed.
enum Parsed {
    Registry(schema::Registry),
    Policy(schema::Policy),
    Curators(schema::Curators),
    Publisher(Publisher),
    Collection(String, schema::Collection),
    Advisory(Advisory),
    Waiver(super::registry::Waiver),
    Package(String, PackagePart),
    /// A file in this folder of `sources/`.
    Source(String),
    /// Read by nobody here, or with a problem already told.
    Nothing,
    /// A file of this package did not parse.
    Broken(String),
}

enum PackagePart {
    Release(Box<Release>),
    Listing(Listing),
    Media(Arc<str>),
    Rating(super::registry::Rating),
    Withdrawal(String, super::registry::Withdrawal),
    Amendment(String, super::registry::Amendment),
    Review(String, super::registry::Review),
    Evidence(String, Evidence),
}

/// Files of one package as they come in.
#[derive(Default)]
struct Draft {
    releases: BTreeMap<Version, Release>,
    listing: Option<Listing>,
    media: std::collections::BTreeSet<Arc<str>>,
    ratings: Vec<super::registry::Rating>,
    others: Vec<PackagePart>,
}

/// Reads the snapshot.
///
/// # Errors
/// Only when the source itself cannot be read; what is wrong in the files is a diagnostic.
pub fn load(snapshot: &Snapshot) -> Result<(Registry, Vec<Diagnostic>), Error> {
    let mut diagnostics = case_collisions(snapshot);
    let pool = RequirementPool::default();
    let chunk = (snapshot.entries().len() / 64).max(16);
    let parts: Vec<(Vec<Parsed>, Vec<Diagnostic>)> = snapshot
        .entries()
        .par_chunks(chunk)
        .map(|entries| {
            let reader = snapshot.reader()?;
            let mut found = Vec::new();
            let mut parsed = Vec::with_capacity(entries.len());
            for entry in entries {
                let loader = FileLoader { snapshot, reader: &reader, pool: &pool, entry };
                parsed.push(loader.load(&mut found)?);
            }
            Ok((parsed, found))
        })
        .collect::<Result<_, Error>>()?;

    let mut registry = Registry::default();
    let mut drafts: BTreeMap<String, Draft> = BTreeMap::new();
    let mut has_settings = false;
    for (parsed, found) in parts {
        diagnostics.extend(found);
        for item in parsed {
            match item {
                Parsed::Registry(wire) => {
                    has_settings = true;
                    registry.settings = settings::convert(wire, &mut diagnostics);
                }
                Parsed::Policy(wire) => registry.policy = wire,
                Parsed::Curators(wire) => registry.curators = wire.curators,
                Parsed::Publisher(publisher) => {
                    registry.publishers.insert(publisher.id.clone(), publisher);
                }
                Parsed::Collection(name, wire) => {
                    let path = format!("collections/{name}.toml").into();
                    registry.collections.insert(name, Collection { path, wire });
                }
                Parsed::Advisory(advisory) => registry.advisories.push(advisory),
                Parsed::Waiver(waiver) => registry.waivers.push(waiver),
                Parsed::Package(folder, part) => drafts.entry(folder).or_default().add(part),
                Parsed::Source(folder) => {
                    registry.source_folders.insert(folder);
                }
                Parsed::Nothing => {}
                Parsed::Broken(folder) => {
                    has_settings |= folder == "registry.toml";
                    registry.broken.insert(folder);
                }
            }
        }
    }
    if !has_settings {
        registry.broken.insert("registry.toml".to_owned());
        diagnostics.push(
            Diagnostic::new(
                "registry-missing",
                "registry.toml",
                "there is no registry.toml, so this folder is no registry",
            )
            .help("`shelfmark init` writes one"),
        );
    }
    if registry.settings.audiences.is_empty() {
        settings::default_audiences(&mut registry.settings);
    }
    for (folder, draft) in drafts {
        draft.finish(&folder, &mut registry);
    }
    Ok((registry, diagnostics))
}

impl Draft {
    fn add(&mut self, part: PackagePart) {
        match part {
            PackagePart::Release(release) => {
                self.releases.insert(release.version.clone(), *release);
            }
            PackagePart::Listing(listing) => self.listing = Some(listing),
            PackagePart::Media(path) => {
                self.media.insert(path);
            }
            PackagePart::Rating(rating) => self.ratings.push(rating),
            other => self.others.push(other),
        }
    }

    /// Gives every later file to its release, and the package to the registry.
    fn finish(mut self, folder: &str, registry: &mut Registry) {
        let mut strays = Vec::new();
        for part in std::mem::take(&mut self.others) {
            self.attach(part, &mut strays);
        }
        for release in self.releases.values_mut() {
            release.amendments.sort_by_key(|amendment| amendment.n);
        }
        let releases: Vec<Release> = self.releases.into_values().collect();
        match releases.first() {
            Some(first) => {
                let id = first.id.clone();
                let package = Package {
                    id: id.clone(),
                    listing: self.listing,
                    releases,
                    ratings: self.ratings,
                    media: self.media,
                    strays,
                };
                registry.packages.insert(id, package);
            }
            None if registry.broken.contains(folder) => {}
            None => {
                let listing = self.listing.map(|listing| listing.path);
                let stray = strays.into_iter().next().map(|stray| stray.path);
                let rating = self.ratings.into_iter().next().map(|rating| rating.path);
                registry.orphans.extend(listing.or(stray).or(rating).or(self.media.into_iter().next()));
            }
        }
    }

    fn attach(&mut self, part: PackagePart, strays: &mut Vec<Stray>) {
        let (version, path, what) = match &part {
            PackagePart::Withdrawal(version, withdrawal) => (version, &withdrawal.path, "withdrawal"),
            PackagePart::Amendment(version, amendment) => (version, &amendment.path, "amendment"),
            PackagePart::Review(version, review) => (version, &review.path, "review"),
            PackagePart::Evidence(version, evidence) => (version, &evidence.path, "evidence"),
            _ => return,
        };
        let release = Version::parse(version).ok().and_then(|version| self.releases.get_mut(&version));
        let Some(release) = release else {
            strays.push(Stray { path: Arc::clone(path), what, version: version.clone() });
            return;
        };
        match part {
            PackagePart::Withdrawal(_, withdrawal) => release.withdrawal = Some(withdrawal),
            PackagePart::Amendment(_, amendment) => release.amendments.push(amendment),
            PackagePart::Review(_, review) => release.reviews.push(review),
            PackagePart::Evidence(_, evidence) => release.evidence.push(evidence),
            _ => {}
        }
    }
}

/// Loads one file.
struct FileLoader<'a> {
    snapshot: &'a Snapshot,
    reader: &'a Reader<'a>,
    pool: &'a RequirementPool,
    entry: &'a Entry,
}

impl FileLoader<'_> {
    fn load(&self, out: &mut Vec<Diagnostic>) -> Result<Parsed, Error> {
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
                Ok(self.toml("policy", MAX_FILE_BYTES, out)?.map_or(Parsed::Nothing, Parsed::Policy))
            }
            Place::Curators => {
                Ok(self.toml("curators", MAX_FILE_BYTES, out)?.map_or(Parsed::Nothing, Parsed::Curators))
            }
            Place::Publisher(stem) => {
                let wire = self.toml("publisher", MAX_FILE_BYTES, out)?;
                let broken = Parsed::Broken(path.to_string());
                Ok(wire.and_then(|wire| publisher(path, &stem, wire, out)).map_or(broken, Parsed::Publisher))
            }
            Place::Collection(name) => Ok(self
                .toml("collection", MAX_FILE_BYTES, out)?
                .map_or(Parsed::Nothing, |wire| Parsed::Collection(name, wire))),
            Place::Advisory(stem) => Ok(self.advisory(&stem, out)?.map_or(Parsed::Nothing, Parsed::Advisory)),
            Place::Waiver(_) => {
                let wire = self.toml("waiver", MAX_FILE_BYTES, out)?;
                Ok(self.convert(out, |c| c.waiver(wire?)).map_or(Parsed::Nothing, Parsed::Waiver))
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
            out.push(
                Diagnostic::new(
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
                }),
            );
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
                wire.map(|wire| PackagePart::Listing(Listing { path: Arc::clone(path), wire }))
            }
            Part::Media => self.bytes(MAX_MEDIA_BYTES, out)?.map(|_| PackagePart::Media(Arc::clone(path))),
            Part::Evidence { version, file } => self.bytes(MAX_MEDIA_BYTES, out)?.map(|bytes| {
                let evidence = Evidence { name: file, path: Arc::clone(path), digest: Digest::of(&bytes) };
                PackagePart::Evidence(version, evidence)
            }),
            Part::Withdrawal(version) => {
                let wire = self.toml("withdrawal", MAX_FILE_BYTES, out)?;
                self.convert(out, |c| c.withdrawal(wire?)).map(|item| PackagePart::Withdrawal(version, item))
            }
            Part::Amendment { version, n } => {
                let wire = self.toml("amendment", MAX_FILE_BYTES, out)?;
                self.convert(out, |c| c.amendment(wire?, n)).map(|item| PackagePart::Amendment(version, item))
            }
            Part::Review { version, area, curator } => {
                let wire = self.toml("review", MAX_FILE_BYTES, out)?;
                self.convert(out, |c| c.review(wire?, area, curator))
                    .map(|item| PackagePart::Review(version, item))
            }
            Part::Rating(account) => {
                let wire = self.toml("rating", MAX_FILE_BYTES, out)?;
                self.convert(out, |c| c.rating(wire?, account)).map(PackagePart::Rating)
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
                let configuration = release.configuration.clone();
                let mut inside =
                    contents::read(self.snapshot, self.reader, &folder, configuration.as_ref(), out)?;
                if inside.manifest.is_some() {
                    let text = String::from_utf8_lossy(&bytes);
                    inside.release_fields = toml::from_str(&text).unwrap_or_default();
                }
                release.contents = Some(inside);
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

/// Parses an authored file of the format `name`.
pub fn parse_toml<T: DeserializeOwned>(
    path: &Arc<str>,
    name: &'static str,
    bytes: &[u8],
    out: &mut Vec<Diagnostic>,
) -> Option<T> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let message = format!("the file is not UTF-8 from byte {}", error.valid_up_to());
            out.push(Diagnostic::new("toml-invalid", Arc::clone(path), message));
            return None;
        }
    };
    let parsed = DeTable::parse(text).and_then(|document| {
        let format = format_of(document.get_ref());
        if format.is_none_or(|format| format == i64::from(schema::FORMAT)) {
            T::deserialize(toml::Deserializer::from(document)).map(Ok)
        } else {
            Ok(Err(format.unwrap_or_default()))
        }
    });
    match parsed {
        Ok(Ok(value)) => Some(value),
        Ok(Err(format)) => {
            let message =
                format!("format {format} is not supported; this build reads format {}", schema::FORMAT);
            out.push(
                Diagnostic::new("format-unsupported", Arc::clone(path), message)
                    .value(&["format"])
                    .help("use a newer shelfmark, or write `format = 1`"),
            );
            None
        }
        Err(error) => {
            out.extend(explain::explain(path, text, name, &error));
            None
        }
    }
}

/// Returns the `format` of a file, if it says one.
fn format_of(table: &DeTable<'_>) -> Option<i64> {
    let number = table.get("format")?.get_ref().as_integer()?;
    i64::from_str_radix(number.as_str(), number.radix()).ok()
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

/// Makes the diagnostic for text that is not JSON.
pub(super) fn json_invalid(path: &Arc<str>, bytes: &[u8], error: &serde_json::Error) -> Diagnostic {
    let start = bytes
        .split_inclusive(|byte| *byte == b'\n')
        .take(error.line().saturating_sub(1))
        .map(<[u8]>::len)
        .sum::<usize>()
        + error.column().saturating_sub(1);
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or(&text);
    Diagnostic::new("json-invalid", Arc::clone(path), format!("not valid JSON: {reason}"))
        .span(start..start + 1)
}

/// Finds files, and folders, whose names differ only in case.
fn case_collisions(snapshot: &Snapshot) -> Vec<Diagnostic> {
    let mut seen: HashMap<String, &str> = HashMap::with_capacity(snapshot.entries().len());
    let mut diagnostics = Vec::new();
    let mut previous = "";
    for entry in snapshot.entries() {
        let shared = entry.path.bytes().zip(previous.bytes()).take_while(|(a, b)| a == b).count();
        let ends = entry.path.match_indices('/').map(|(at, _)| at).chain([entry.path.len()]);
        for end in ends.filter(|end| *end >= shared) {
            let part = &entry.path[..end];
            match seen.insert(part.to_lowercase(), part) {
                Some(other) if other != part => diagnostics.push(
                    Diagnostic::new(
                        "path-case-collision",
                        Arc::clone(&entry.path),
                        format!("`{part}` and `{other}` are one name on file systems that ignore case"),
                    )
                    .help(format!("rename one of them: git mv {} …", shell_word(part))),
                ),
                _ => {}
            }
        }
        previous = &entry.path;
    }
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(files: &[(&str, String)]) -> Vec<(&'static str, String)> {
        let files =
            files.iter().map(|(path, text)| ((*path).to_owned(), Mode::Regular, text.clone().into_bytes()));
        let snapshot = Snapshot::from_memory(files).unwrap();
        let (_, found) = load(&snapshot).unwrap();
        found.into_iter().map(|one| (one.rule, one.location.path.to_string())).collect()
    }

    #[test]
    fn an_advisory_has_the_name_of_its_file_and_replaces_no_other() {
        let registry = ("registry.toml", "format = 1\nname = \"x\"\n".to_owned());
        let advisory = |path| (path, "{\"id\": \"X-1\"}".to_owned());
        assert_eq!(told(&[registry.clone(), advisory("advisories/X-1.json")]), []);
        let other = "advisories/X-2.json";
        assert_eq!(told(&[registry, advisory(other)]), [("id-path-mismatch", other.to_owned())]);
    }

    #[test]
    fn a_release_reads_no_folder_but_its_own_and_no_endless_json() {
        let release = |tree: &str| {
            format!(
                "format = 1\nid = \"com.a.b\"\nversion = \"1.0.0\"\nkind = \"plugin\"\npublisher = \"com.a\"\n\
                 [artifact]\ntree = \"{tree}\"\nsha256 = \"{}\"\nsize = 1\n",
                "0".repeat(64)
            )
        };
        let registry = ("registry.toml", "format = 1\nname = \"x\"\n".to_owned());
        let file = "sources/com.a.b/1.0.0/metadata/object/big.json";
        let json = (file, format!("[{}0]", "0,".repeat(600_000)));
        let path = "packages/com/a/com.a.b/1.0.0.toml";
        let own = told(&[registry.clone(), json.clone(), (path, release("sources/com.a.b/1.0.0"))]);
        assert_eq!(own, [("file-too-large", file.to_owned())]);
        assert_eq!(told(&[registry, json, (path, release("sources"))]), []);
    }
}
