//! The foreign catalog in memory, as small as its scale asks for: equal texts
//! are kept once, and of the READMEs only that of each newest release.

use super::report::{Case, ImportReport, Reason};
use super::{VersionScheme, version};
use crate::model::{Timestamp, Version};
use crate::schema;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Most bytes of a README.
const MOST_README: usize = 256 << 10;

/// Every package of the catalog, in the order of its first record.
#[derive(Default)]
pub(super) struct Catalog {
    /// The packages.
    pub(super) packages: Vec<Package>,
    /// Name to place in `packages`.
    places: HashMap<Arc<str>, usize>,
    texts: HashSet<Arc<str>>,
}

/// All releases under one name.
pub(super) struct Package {
    /// The name as the catalog spells it.
    pub(super) name: Arc<str>,
    /// Releases with a version, in the order of the catalog.
    pub(super) releases: Vec<Release>,
    /// The README of the newest release so far, with that release's line.
    pub(super) readme: Option<(u64, String)>,
    /// While reading, the place of the newest release in `releases`.
    newest: usize,
}

/// One record with a version that can be represented.
pub(super) struct Release {
    /// The line of the catalog, from 1.
    pub(super) line: u64,
    /// The version as the catalog spells it.
    pub(super) spelling: Arc<str>,
    /// The version here.
    pub(super) version: Version,
    /// The display name.
    pub(super) title: Option<Arc<str>>,
    /// The description.
    pub(super) description: Option<Arc<str>>,
    /// The licence.
    pub(super) license: Option<Arc<str>>,
    /// Words people search by.
    pub(super) keywords: Vec<Arc<str>>,
    /// The category.
    pub(super) category: Option<Arc<str>>,
    /// The product's page.
    pub(super) homepage: Option<Arc<str>>,
    /// The source code.
    pub(super) repository: Option<Arc<str>>,
    /// What it requires, as the catalog says it.
    pub(super) dependencies: Vec<Dependency>,
    /// The checksum.
    pub(super) checksum: Option<Arc<str>>,
    /// Address of the archive.
    pub(super) download: Option<Arc<str>>,
    /// Size of the archive.
    pub(super) size: Option<u64>,
    /// Whether it was withdrawn.
    pub(super) is_yanked: bool,
    /// Why.
    pub(super) yanked_reason: Option<Arc<str>>,
    /// Whether and how it is superseded.
    pub(super) deprecated: Option<Deprecation>,
    /// When it was published.
    pub(super) published: Option<Timestamp>,
}

/// One dependency of a record.
pub(super) struct Dependency {
    /// The name of the required package.
    pub(super) name: Arc<str>,
    /// The requirement.
    pub(super) requirement: Option<Arc<str>>,
    /// The kind, absent for a normal one.
    pub(super) kind: Option<Arc<str>>,
    /// Whether it says that it is optional.
    pub(super) is_optional: bool,
}

/// What a record says about being superseded.
pub(super) struct Deprecation {
    /// The words.
    pub(super) text: Option<Arc<str>>,
    /// A package named in a field of its own.
    pub(super) replacement: Option<Arc<str>>,
}

impl Package {
    /// Returns the newest release by the rule of the registry: normal before
    /// pre-release, not yanked before yanked, then by version.
    pub(super) fn newest<'a>(releases: impl IntoIterator<Item = &'a Release>) -> Option<&'a Release> {
        releases.into_iter().max_by(|a, b| a.newness(b))
    }
}

impl Release {
    /// Orders releases by how well they stand for their package.
    fn newness(&self, other: &Release) -> std::cmp::Ordering {
        // Among yanked releases only the version counts.
        let rank = |release: &'_ Release| {
            (!release.is_yanked, release.is_yanked || !release.version.is_prerelease())
        };
        rank(self)
            .cmp(&rank(other))
            .then_with(|| self.version.cmp(&other.version))
            .then_with(|| self.precedence(other))
    }

    /// Orders releases that want one version; the greater stays. An exact
    /// spelling wins, then the later date, then the later line.
    pub(super) fn precedence(&self, other: &Release) -> std::cmp::Ordering {
        let key = |release: &Release| {
            (release.is_exact(), release.published.map(Timestamp::unix_seconds), release.line)
        };
        key(self).cmp(&key(other))
    }

    /// Returns whether the catalog spells the version as this registry does.
    pub(super) fn is_exact(&self) -> bool {
        *self.spelling == *self.version.to_string()
    }
}

impl Catalog {
    /// Adds a record; what cannot be kept goes to the report.
    pub(super) fn add(
        &mut self,
        line: u64,
        record: schema::Record,
        scheme: VersionScheme,
        report: &mut ImportReport,
    ) {
        report.records += 1;
        let name = self.text(&record.name);
        let place = self.place(&name);
        let case = |detail: String| Case {
            line: Some(line),
            name: Some(record.name.clone()),
            version: Some(record.version.clone()),
            detail,
        };
        let version = match version::map(scheme, &record.version, record.semver.as_deref()) {
            Ok(version) => version,
            Err(reason) => {
                report.case(Reason::VersionUnrepresentable, case(reason));
                return;
            }
        };
        let published = record.published.as_deref().and_then(|text| {
            let parsed = Timestamp::parse(text).ok();
            if parsed.is_none() {
                report.case(Reason::DateUnreadable, case(text.to_owned()));
            }
            parsed
        });
        let release = Release {
            line,
            spelling: self.text(&record.version),
            version,
            title: self.some_text(record.title.as_deref()),
            description: self.some_text(record.description.as_deref()),
            license: self.some_text(record.license.as_deref()),
            keywords: record.keywords.iter().map(|word| self.text(word)).collect(),
            category: self.some_text(record.category.as_deref()),
            homepage: self.some_text(record.homepage.as_deref()),
            repository: self.some_text(record.repository.as_deref()),
            dependencies: record.dependencies.iter().map(|dependency| self.dependency(dependency)).collect(),
            checksum: self.some_text(record.checksum.as_deref()),
            download: self.some_text(record.download.as_deref()),
            size: record.size,
            is_yanked: record.yanked,
            yanked_reason: self.some_text(record.yanked_reason.as_deref()),
            deprecated: record.deprecated.as_ref().and_then(|value| self.deprecation(value)),
            published,
        };
        let Some(package) = self.packages.get_mut(place) else { return };
        package.releases.push(release);
        package.keep_readme(record.readme, report);
    }

    /// Returns the package of a name.
    pub(super) fn find(&self, name: &str) -> Option<&Package> {
        self.packages.get(*self.places.get(name)?)
    }

    /// Frees what only reading needs.
    pub(super) fn finish(&mut self) {
        self.texts = HashSet::new();
    }

    fn place(&mut self, name: &Arc<str>) -> usize {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let place = self.packages.len();
        self.packages.push(Package { name: Arc::clone(name), releases: Vec::new(), readme: None, newest: 0 });
        self.places.insert(Arc::clone(name), place);
        place
    }

    fn text(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = text.into();
        self.texts.insert(Arc::clone(&new));
        new
    }

    fn some_text(&mut self, text: Option<&str>) -> Option<Arc<str>> {
        text.filter(|text| !text.trim().is_empty()).map(|text| self.text(text))
    }

    fn dependency(&mut self, wire: &schema::RecordDependency) -> Dependency {
        Dependency {
            name: self.text(&wire.name),
            requirement: self.some_text(wire.req.as_deref()),
            kind: self.some_text(wire.kind.as_deref()),
            is_optional: wire.optional,
        }
    }

    fn deprecation(&mut self, value: &serde_json::Value) -> Option<Deprecation> {
        let member =
            |keys: &[&str]| keys.iter().find_map(|key| value.get(*key)?.as_str()).map(ToOwned::to_owned);
        let (text, replacement) = match value {
            serde_json::Value::Bool(true) => (None, None),
            serde_json::Value::String(text) => (Some(text.clone()), None),
            serde_json::Value::Object(_) => (
                member(&["message", "reason", "text"]),
                member(&["replacement", "replaced_by", "alternative", "use"]),
            ),
            _ => return None,
        };
        Some(Deprecation {
            text: self.some_text(text.as_deref()),
            replacement: self.some_text(replacement.as_deref()),
        })
    }
}

impl Package {
    /// Keeps the README if the release just added is the newest so far.
    fn keep_readme(&mut self, readme: Option<String>, report: &mut ImportReport) {
        let Some(added) = self.releases.last() else { return };
        let before = self.releases.get(self.newest);
        if before.is_some_and(|before| before.line != added.line && before.newness(added).is_gt()) {
            return;
        }
        self.newest = self.releases.len() - 1;
        let readme = readme.filter(|text| !text.trim().is_empty());
        if let Some(text) = readme.as_ref().filter(|text| text.len() > MOST_README) {
            report.case(
                Reason::ReadmeTooLarge,
                Case {
                    line: Some(added.line),
                    name: Some(self.name.to_string()),
                    version: Some(added.spelling.to_string()),
                    detail: format!("{} bytes", text.len()),
                },
            );
        }
        self.readme = readme.filter(|text| text.len() <= MOST_README).map(|text| (added.line, text));
    }
}
