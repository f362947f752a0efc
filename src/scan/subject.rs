//! What checks look at: the files of one artifact with their texts, and what
//! the registry knows besides.

use super::intent::Signal;
use super::language::{Language, Role, language_of, role_of};
use super::passage::Passages;
use super::pattern::{Keywords, RuleSet};
use super::text::{Prose, Text};
use crate::model::{Digest, RelPath};
use crate::validate::Registry;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// One artifact, unpacked in memory, and what it is judged by.
pub struct Subject<'a> {
    /// The files, sorted by path.
    pub files: Vec<ScannedFile>,
    /// What `shelfmark.toml` says; `None` for a folder that is no package.
    pub manifest: Option<Manifest>,
    /// What the registry knows.
    pub knowledge: &'a Knowledge,
    /// Bytes that patterns have read so far.
    work: AtomicU64,
}

/// What the registry knows and a package cannot change.
#[derive(Debug, Default)]
pub struct Knowledge {
    /// Permission prefix to class, as `policy.toml` has it.
    pub permission_classes: std::collections::BTreeMap<String, String>,
    /// SPDX ids that may be published; all where it is empty.
    pub licenses_allowed: Vec<String>,
    /// OSV records, of the registry and of other databases.
    pub advisories: Vec<serde_json::Value>,
    /// The advisories by package, made when they are first asked for.
    pub index: super::advisory::AdvisoryIndex,
}

impl Knowledge {
    /// Returns what a registry knows, and the records of other databases.
    pub fn of(registry: &Registry, more: Vec<serde_json::Value>) -> Self {
        let own = registry.advisories.iter().map(|advisory| advisory.record.clone());
        Self {
            permission_classes: registry.policy.permissions.clone(),
            licenses_allowed: registry
                .policy
                .licenses
                .as_ref()
                .map(|list| list.allow.clone())
                .unwrap_or_default(),
            advisories: own.chain(more).collect(),
            index: super::advisory::AdvisoryIndex::default(),
        }
    }

    /// Returns the digest of the policy's parts that checks read.
    pub fn policy_digest(&self) -> Digest {
        let mut allowed = self.licenses_allowed.clone();
        allowed.sort();
        let text = serde_json::json!({"permissions": self.permission_classes, "licenses": allowed});
        Digest::of(text.to_string().as_bytes())
    }

    /// Returns the digest of the advisories; their order does not matter.
    pub fn advisories_digest(&self) -> Digest {
        *self.index.digest.get_or_init(|| self.digest_of_advisories())
    }

    fn digest_of_advisories(&self) -> Digest {
        let mut records: Vec<String> =
            self.advisories.iter().map(|record| Digest::of(record.to_string().as_bytes()).hex()).collect();
        records.sort();
        Digest::of(records.join("\n").as_bytes())
    }
}

/// The fields of the manifest that checks compare contents with. Values of
/// another type are left out: the rules of the registry refuse them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Manifest {
    /// The whole table.
    pub table: toml::Table,
    /// The package id.
    pub id: Option<String>,
    /// The version.
    pub version: Option<String>,
    /// The kind.
    pub kind: Option<String>,
    /// The licence expression.
    pub license: Option<String>,
    /// Namespaces of its metadata objects.
    pub namespaces: Vec<String>,
    /// Permissions it asks for, as written.
    pub permissions: Vec<String>,
}

impl Manifest {
    /// Name of the file in an artifact.
    pub const PATH: &'static str = "shelfmark.toml";

    /// Reads what can be read.
    pub fn parse(text: &str) -> Self {
        let table: toml::Table = toml::from_str(text).unwrap_or_default();
        let string = |key: &str| table.get(key).and_then(toml::Value::as_str).map(str::to_owned);
        let strings = |key: &str| -> Vec<String> {
            let list = table.get(key).and_then(toml::Value::as_array);
            list.into_iter().flatten().filter_map(toml::Value::as_str).map(str::to_owned).collect()
        };
        Self {
            id: string("id"),
            version: string("version"),
            kind: string("kind"),
            license: string("license"),
            namespaces: strings("namespaces"),
            permissions: strings("permissions"),
            table,
        }
    }
}

/// One file of the artifact.
pub struct ScannedFile {
    /// Its path.
    pub path: RelPath,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What it is written in.
    pub language: Language,
    /// Who reads it.
    pub role: Role,
    /// Its text; `None` for a binary.
    pub text: Option<Text>,
    prose: OnceLock<Prose>,
    passages: OnceLock<Passages>,
    signals: OnceLock<Vec<Signal>>,
    keywords: OnceLock<Keywords>,
}

impl ScannedFile {
    /// Makes a file of its path and bytes.
    pub fn new(path: RelPath, bytes: Vec<u8>) -> Self {
        let language = language_of(&path, &bytes);
        let text = Text::decode(&bytes, language != Language::Binary);
        let language = if text.is_none() { Language::Binary } else { language };
        let role = role_of(&path, language);
        Self {
            path,
            bytes,
            language,
            role,
            text,
            prose: OnceLock::new(),
            passages: OnceLock::new(),
            signals: OnceLock::new(),
            keywords: OnceLock::new(),
        }
    }

    /// Returns the text as a reader takes it in: see [`Prose`]. Empty for a binary.
    pub fn prose(&self) -> &Prose {
        self.prose.get_or_init(|| self.text.as_ref().map(Prose::of).unwrap_or_default())
    }

    /// Returns the texts that a model takes in: see [`Passages`]. Empty for a binary.
    pub fn passages(&self) -> &Passages {
        self.passages.get_or_init(|| Passages::of(self))
    }

    /// Returns what the passages are about, found once for all checks.
    pub(super) fn signals(&self, find: impl FnOnce() -> Vec<Signal>) -> &[Signal] {
        self.signals.get_or_init(find)
    }

    /// Returns the text, empty for a binary.
    pub fn str(&self) -> &str {
        self.text.as_ref().map_or("", |text| text.as_str())
    }

    /// Returns where the keywords of all patterns stand.
    pub(super) fn keywords(&self) -> &Keywords {
        self.keywords.get_or_init(|| RuleSet::embedded().keywords(self))
    }
}

impl<'a> Subject<'a> {
    /// Makes the subject of the files, in any order.
    pub fn new(mut files: Vec<ScannedFile>, knowledge: &'a Knowledge) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let manifest = files
            .iter()
            .find(|file| file.path.as_str() == Manifest::PATH)
            .map(|file| Manifest::parse(file.str()));
        Self { files, manifest, knowledge, work: AtomicU64::new(0) }
    }

    /// Returns the file of that path.
    pub fn file(&self, path: &str) -> Option<&ScannedFile> {
        self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok().map(|at| &self.files[at])
    }

    /// Counts bytes that were read once more; see [`super::MAX_WORK`].
    pub fn count_work(&self, bytes: usize) {
        self.work.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Returns the bytes counted so far.
    pub fn work(&self) -> u64 {
        self.work.load(Ordering::Relaxed)
    }
}
