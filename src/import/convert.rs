//! From one foreign package to its files.

use super::catalog::{Catalog, Package, Release};
use super::dependencies::{Cache, Mapper};
use super::report::{Case, ImportReport, Reason};
use super::select::Spellings;
use super::{Options, text};
use crate::artifact::{PackFile, pack};
use crate::model::{Digest, License, RelPath, Timestamp, WithdrawalLevel};
use crate::scaffold::{MANIFEST, manifest_text};
use crate::schema;
use crate::validate::MAX_RELEASE_BYTES;
use data_encoding::{BASE64, HEXLOWER};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Most characters of a description.
const MOST_DESCRIPTION: usize = 1000;
/// Most keywords, and most characters of one.
const MOST_KEYWORDS: usize = 30;
const MOST_KEYWORD: usize = 50;

/// What every package of an import shares.
pub(super) struct Context<'a> {
    /// The options of the import.
    pub(super) options: &'a Options,
    /// The catalog.
    pub(super) catalog: &'a Catalog,
    /// Name to label.
    pub(super) labels: &'a HashMap<Arc<str>, String>,
    /// Label to name.
    pub(super) names: HashMap<&'a str, &'a Arc<str>>,
    /// Name to the spellings of its versions.
    pub(super) spellings: &'a HashMap<Arc<str>, Spellings>,
    /// Category in the catalog to its id here.
    pub(super) categories: &'a BTreeMap<Arc<str>, String>,
}

/// A file to write: its path in the registry and its bytes.
pub(super) type File = (String, Vec<u8>);

impl Context<'_> {
    /// Returns the id of a package of the catalog.
    pub(super) fn id(&self, name: &str) -> Option<String> {
        self.labels.get(name).map(|label| self.id_of_label(label))
    }

    /// Returns the id that ends in a label.
    pub(super) fn id_of_label(&self, label: &str) -> String {
        format!("{}.{label}", self.options.owner_prefix)
    }

    /// Returns the package of the catalog that has a label.
    pub(super) fn name_of_label(&self, label: &str) -> Option<&str> {
        self.names.get(label).map(|name| &***name)
    }
}

/// Makes the files of one package.
pub(super) struct Converter<'a> {
    /// The import.
    pub(super) context: &'a Context<'a>,
    /// The package.
    pub(super) package: &'a Package,
    /// Its id.
    pub(super) id: String,
    /// The release that stands for the package.
    pub(super) newest: &'a Release,
    folder: String,
    files: Vec<File>,
    report: ImportReport,
}

/// Returns the files of a package and its part of the report.
///
/// # Errors
/// When a value has no TOML spelling.
pub(super) fn convert(
    context: &Context<'_>,
    package: &Package,
) -> Result<(Vec<File>, ImportReport), toml::ser::Error> {
    let (Some(id), Some(newest)) = (context.id(&package.name), Package::newest(&package.releases)) else {
        return Ok((Vec::new(), ImportReport::default()));
    };
    let shard: Vec<&str> = id.split('.').take(2).collect();
    let folder = format!("packages/{}/{id}", shard.join("/"));
    let converter = Converter {
        context,
        package,
        id,
        newest,
        folder,
        files: Vec::new(),
        report: ImportReport::default(),
    };
    converter.run()
}

impl Converter<'_> {
    fn run(mut self) -> Result<(Vec<File>, ImportReport), toml::ser::Error> {
        let package = self.package;
        let mut cache = Cache::new();
        for release in &package.releases {
            self.release(release, &mut cache)?;
        }
        if self.report.releases == 0 {
            self.case(Reason::PackageEmpty, self.newest, String::new());
        } else {
            self.report.packages = 1;
            let listing = self.listing();
            self.files
                .push((format!("{}/package.toml", self.folder), toml::to_string(&listing)?.into_bytes()));
        }
        Ok((self.files, self.report))
    }

    fn release(&mut self, release: &Release, cache: &mut Cache) -> Result<(), toml::ser::Error> {
        let mut part = ImportReport::default();
        let mapper = Mapper {
            context: self.context,
            name: &self.package.name,
            id: &self.id,
            release,
            report: &mut part,
            cache,
        };
        let dependencies = mapper.map();
        self.report.merge(part);
        let dependency_count = dependencies.len() as u64;
        let mut wire = self.wire(release, dependencies);
        let sources = self.readme(release, &mut wire)?;
        let text = toml::to_string(&wire)?;
        if text.len() as u64 > MAX_RELEASE_BYTES {
            self.case(Reason::ReleaseTooLarge, release, format!("{} bytes", text.len()));
            return Ok(());
        }
        self.report.releases += 1;
        self.report.dependencies += dependency_count;
        self.files.push((format!("{}/{}.toml", self.folder, release.version), text.into_bytes()));
        self.files.extend(sources);
        if let Some(withdrawal) = self.withdrawal(release) {
            let path = format!("{}/withdrawals/{}.toml", self.folder, release.version);
            self.files.push((path, toml::to_string(&withdrawal)?.into_bytes()));
        }
        Ok(())
    }

    fn wire(
        &mut self,
        release: &Release,
        dependencies: BTreeMap<String, schema::Dependency>,
    ) -> schema::Release {
        let license = release.license.as_deref().map(|text| text::one_line(text).into_owned());
        if let Some(text) = license.as_deref().filter(|text| License::parse(text).is_err()) {
            self.report.tally(Reason::LicenseNotSpdx, text);
        }
        let (keywords, left_out) = keywords(release);
        if left_out > 0 {
            self.report.tally_many(Reason::KeywordsLeftOut, &self.package.name, left_out);
        }
        schema::Release {
            format: schema::FORMAT,
            id: self.id.clone(),
            version: release.version.to_string(),
            kind: self.context.options.kind,
            publisher: self.context.options.owner_prefix.to_string(),
            namespaces: Vec::new(),
            description: self.description(release),
            license,
            published: release.published.and_then(date),
            platform: None,
            permissions: Vec::new(),
            capabilities: Vec::new(),
            keywords,
            configuration: None,
            migrations: None,
            source_version: (!release.is_exact()).then(|| release.spelling.to_string()),
            dependencies,
            artifact: self.artifact(release),
            lineage: None,
            agent: None,
            template: None,
            starter_pack: None,
            integration_provider: None,
            solution: None,
        }
    }

    fn description(&mut self, release: &Release) -> Option<String> {
        let source = release.description.as_deref()?;
        let line = text::one_line(source);
        if source.trim().contains(['\n', '\r']) {
            self.report.tally(Reason::DescriptionJoined, &self.package.name);
        }
        let (short, is_cut) = text::cut(&line, MOST_DESCRIPTION);
        if is_cut {
            self.report.tally(Reason::DescriptionCut, &self.package.name);
        }
        Some(short.into_owned()).filter(|text| !text.is_empty())
    }

    fn artifact(&mut self, release: &Release) -> Option<schema::Artifact> {
        if release.checksum.is_none() && release.download.is_none() && release.size.is_none() {
            return None;
        }
        let is_address = |url: &&str| url.len() > "https://".len() && !url.contains(char::is_whitespace);
        let url = release.download.as_deref().filter(|url| url.starts_with("https://")).filter(is_address);
        let sha256 = release.checksum.as_deref().and_then(sha256);
        let size = release.size.filter(|size| (1..1 << 50).contains(size));
        match (url, sha256, size) {
            (Some(url), Some(sha256), Some(size)) => {
                Some(schema::Artifact { url: Some(url.to_owned()), path: None, tree: None, sha256, size })
            }
            (url, sha256, size) => {
                let missing =
                    [(url.is_none(), "address"), (sha256.is_none(), "SHA-256"), (size.is_none(), "size")];
                let missing: Vec<&str> =
                    missing.iter().filter(|(is_missing, _)| *is_missing).map(|(_, what)| *what).collect();
                self.report.tally(Reason::ArtifactIncomplete, &format!("no {}", missing.join(", no ")));
                None
            }
        }
    }

    /// Makes a small `tree` artifact of the README of the newest release.
    fn readme(
        &mut self,
        release: &Release,
        wire: &mut schema::Release,
    ) -> Result<Vec<File>, toml::ser::Error> {
        let Some((line, readme)) = &self.package.readme else { return Ok(Vec::new()) };
        if release.line != self.newest.line {
            return Ok(Vec::new());
        }
        if *line != release.line || wire.artifact.is_some() {
            self.case(Reason::ReadmeWithoutPlace, release, format!("{} bytes", readme.len()));
            return Ok(Vec::new());
        }
        let manifest = manifest_text(wire)?;
        let inside = [(MANIFEST, manifest.as_bytes()), ("README.md", readme.as_bytes())];
        let packed: Option<Vec<PackFile<'_>>> = inside
            .iter()
            .map(|(path, content)| Some(PackFile { path: RelPath::parse(path).ok()?, content }))
            .collect();
        let Some(archive) = packed.and_then(|files| pack(files).ok()) else { return Ok(Vec::new()) };
        let tree = format!("sources/{}/{}", self.id, release.version);
        let files =
            inside.iter().map(|(path, content)| (format!("{tree}/{path}"), content.to_vec())).collect();
        wire.artifact = Some(schema::Artifact {
            url: None,
            path: None,
            tree: Some(tree),
            sha256: Digest::of(&archive).hex(),
            size: archive.len() as u64,
        });
        Ok(files)
    }

    fn withdrawal(&self, release: &Release) -> Option<schema::Withdrawal> {
        // A package whose newest release is deprecated says so in its listing.
        let deprecation = release.deprecated.as_ref().filter(|_| self.newest.deprecated.is_none());
        if !release.is_yanked && deprecation.is_none() {
            return None;
        }
        let (level, reason, fallback) = if release.is_yanked {
            (WithdrawalLevel::Yanked, release.yanked_reason.as_deref(), "withdrawn in the source catalog")
        } else {
            (WithdrawalLevel::Deprecated, None, "deprecated in the source catalog")
        };
        let reason = reason.or_else(|| deprecation.and_then(|deprecation| deprecation.text.as_deref()));
        let reason = reason.map(text::one_line).filter(|reason| !reason.is_empty());
        Some(schema::Withdrawal {
            format: schema::FORMAT,
            level,
            date: date(release.published.unwrap_or(Timestamp::EPOCH))?,
            reason: Some(reason.map_or_else(
                || fallback.to_owned(),
                |text| text::cut(&text, MOST_DESCRIPTION).0.into_owned(),
            )),
            replacement: deprecation.and_then(|deprecation| self.replacement(deprecation)),
            advisories: Vec::new(),
            legal: None,
        })
    }

    /// Notes a case about a release.
    pub(super) fn case(&mut self, reason: Reason, release: &Release, detail: String) {
        self.report.case(
            reason,
            Case {
                line: Some(release.line),
                name: Some(self.package.name.to_string()),
                version: Some(release.spelling.to_string()),
                detail,
            },
        );
    }
}

/// Returns the keywords worth keeping, and how many are not.
pub(super) fn keywords(release: &Release) -> (Vec<String>, u64) {
    let mut kept: Vec<String> = Vec::new();
    let mut left_out = 0;
    for word in &release.keywords {
        let word = text::one_line(word);
        let is_fit = !word.is_empty() && word.chars().count() <= MOST_KEYWORD && kept.len() < MOST_KEYWORDS;
        if is_fit && !kept.iter().any(|other| *other == word) {
            kept.push(word.into_owned());
        } else {
            left_out += 1;
        }
    }
    (kept, left_out)
}

/// Writes a moment as TOML does.
fn date(moment: Timestamp) -> Option<schema::DateTime> {
    moment.to_string().parse().ok().map(schema::DateTime)
}

/// Reads `sha256-<base64>`, and `sha256:`, `sha256=` or nothing before hexadecimal digits.
fn sha256(checksum: &str) -> Option<String> {
    let checksum = checksum.trim();
    let bytes = match checksum.strip_prefix("sha256-") {
        Some(rest) => BASE64.decode(rest.as_bytes()).ok()?,
        None => {
            let hex = checksum
                .strip_prefix("sha256:")
                .or_else(|| checksum.strip_prefix("sha256="))
                .unwrap_or(checksum);
            HEXLOWER.decode(hex.to_ascii_lowercase().as_bytes()).ok()?
        }
    };
    (bytes.len() == 32).then(|| HEXLOWER.encode(&bytes))
}

#[cfg(test)]
mod tests {
    use super::sha256;

    #[test]
    fn checksums_are_read_in_their_usual_spellings() {
        let hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        for text in [
            hex.to_owned(),
            hex.to_uppercase(),
            format!("sha256:{hex}"),
            format!("sha256={hex}"),
            "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=".to_owned(),
        ] {
            assert_eq!(sha256(&text).as_deref(), Some(hex), "{text}");
        }
        for text in ["", "git:30287f5e3f122a646d1ac5ca3ab96e130c52a3ad", "sha512-47DE", "sha256-47DE"] {
            assert_eq!(sha256(text), None, "{text}");
        }
    }
}
