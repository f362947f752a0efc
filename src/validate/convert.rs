//! From wire formats to checked types. Every field is looked at, so that a
//! file with five wrong values yields five diagnostics.

use super::registry::{
    Amendment, Artifact, ArtifactLocation, Dependency, Details, Rating, Release, Review, StarterPack, Waiver,
    Withdrawal,
};
use crate::diagnostic::{Diagnostic, Fix};
use crate::model::{
    Digest, Invalid, License, Namespace, PackageId, Prefix, RelPath, Requirement, Timestamp, Version,
};
use crate::schema;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

/// Collects what is wrong with one file.
pub(super) struct Converter<'a> {
    path: &'a Arc<str>,
    requirements: &'a RequirementPool,
    /// Everything wrong so far.
    pub(super) diagnostics: Vec<Diagnostic>,
    is_broken: bool,
}

/// Requirements seen so far, by text: a large registry repeats few of them.
#[derive(Default)]
pub(super) struct RequirementPool {
    shards: [Mutex<HashMap<String, Requirement>>; 16],
}

impl RequirementPool {
    fn parse(&self, text: &str) -> Result<Requirement, Invalid> {
        let sum =
            text.bytes().fold(text.len(), |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(byte)));
        let shard = &self.shards[sum % self.shards.len()];
        if let Some(known) = shard.lock().ok().and_then(|shard| shard.get(text).cloned()) {
            return Ok(known);
        }
        let parsed = Requirement::parse(text)?;
        if let Ok(mut shard) = shard.lock() {
            shard.insert(text.to_owned(), parsed.clone());
        }
        Ok(parsed)
    }
}

impl<'a> Converter<'a> {
    pub(super) fn new(path: &'a Arc<str>, requirements: &'a RequirementPool) -> Self {
        Self { path, requirements, diagnostics: Vec::new(), is_broken: false }
    }

    fn say(&mut self, rule: &'static str, keys: &[&str], message: String) -> &mut Diagnostic {
        self.diagnostics.push(Diagnostic::new(rule, Arc::clone(self.path), message).value(keys));
        let last = self.diagnostics.len() - 1;
        &mut self.diagnostics[last]
    }

    /// Takes a value or notes why not; the file is then not usable.
    fn hard<T>(&mut self, rule: &'static str, keys: &[&str], value: Result<T, Invalid>) -> Option<T> {
        value
            .map_err(|invalid| {
                self.is_broken = true;
                self.say(rule, keys, invalid.to_string());
            })
            .ok()
    }

    /// Takes a value or notes why not; the file stays usable without it.
    fn soft<T>(&mut self, rule: &'static str, keys: &[&str], value: Result<T, Invalid>) -> Option<T> {
        value.map_err(|invalid| self.say(rule, keys, invalid.to_string())).ok()
    }

    /// Adds a spelling to the last diagnostic, if it is a good one.
    fn suggest(&mut self, text: &str, is_good: impl Fn(&str) -> bool) {
        if is_good(text)
            && let Some(last) = self.diagnostics.last_mut()
        {
            last.help = Some(format!("write `{text}`, here and in the path of the file"));
        }
    }

    fn date(&mut self, key: &str, date: &schema::DateTime) -> Option<Timestamp> {
        self.soft("value-invalid", &[key], Timestamp::parse(&date.0.to_string()))
    }

    fn rel_path(&mut self, keys: &[&str], text: &str) -> Option<RelPath> {
        self.soft("value-invalid", keys, RelPath::parse(text))
    }

    fn rel_paths(&mut self, table: &str, key: &str, texts: &[String]) -> Vec<RelPath> {
        texts
            .iter()
            .enumerate()
            .filter_map(|(at, text)| self.rel_path(&[table, key, &at.to_string()], text))
            .collect()
    }

    /// Takes a requirement or notes why not, with the forms that are understood.
    fn requirement(&mut self, keys: &[&str], text: &str) -> Option<Requirement> {
        let parsed = self.requirements.parse(text);
        let is_refused = parsed.is_err();
        let requirement = self.soft("requirement-invalid", keys, parsed);
        if is_refused && let Some(last) = self.diagnostics.last_mut() {
            last.help = Some(
                "join comparators by commas and alternatives by ` || `, as in `>=1.2, <3 || ^4`".to_owned(),
            );
        }
        requirement
    }

    fn dependency(
        &mut self,
        keys: &[&str],
        id: &str,
        requirement: &str,
        optional: bool,
    ) -> Option<Dependency> {
        self.dependency_at(keys, keys, id, requirement, optional)
    }

    fn dependency_at(
        &mut self,
        keys: &[&str],
        requirement_keys: &[&str],
        id: &str,
        requirement: &str,
        optional: bool,
    ) -> Option<Dependency> {
        let parsed = PackageId::parse(id).map_err(|invalid| {
            let diagnostic =
                Diagnostic::new("id-invalid", Arc::clone(self.path), invalid.to_string()).key(keys);
            self.diagnostics.push(diagnostic);
        });
        let requirement = self.requirement(requirement_keys, requirement)?;
        Some(Dependency { id: parsed.ok()?, requirement, optional })
    }

    fn requirements(&mut self, table: &[&str], map: &BTreeMap<String, String>) -> Vec<Dependency> {
        map.iter()
            .filter_map(|(id, requirement)| {
                let keys = [table, &[id.as_str()]].concat();
                self.dependency(&keys, id, requirement, false)
            })
            .collect()
    }

    /// Converts a release file. `None` when id, version or publisher are unusable.
    pub(super) fn release(&mut self, wire: schema::Release, digest: Digest) -> Option<Release> {
        let id = self.hard("id-invalid", &["id"], PackageId::parse(&wire.id));
        if id.is_none() {
            self.suggest(&wire.id.to_lowercase().replace('_', "-"), |text| PackageId::parse(text).is_ok());
        }
        let version = self.hard("version-invalid", &["version"], Version::parse(&wire.version));
        if version.is_none() {
            self.suggest(&plain_version(&wire.version), |text| Version::parse(text).is_ok());
        }
        let publisher = self.hard("value-invalid", &["publisher"], Prefix::parse(&wire.publisher));
        let given = [
            ("published", wire.published.is_some()),
            ("platform", wire.platform.is_some()),
            ("artifact", wire.artifact.is_some()),
        ];
        let mut release = Release {
            path: Arc::clone(self.path),
            digest,
            source_version: wire.source_version,
            kind: wire.kind,
            namespaces: wire
                .namespaces
                .iter()
                .enumerate()
                .filter_map(|(at, text)| {
                    self.soft("namespace-invalid", &["namespaces", &at.to_string()], Namespace::parse(text))
                })
                .collect(),
            license: wire.license.as_deref().and_then(|text| self.license(text)),
            license_text: wire.license,
            published: wire.published.as_ref().and_then(|date| self.date("published", date)),
            platform: wire.platform.as_deref().and_then(|text| self.requirement(&["platform"], text)),
            description: wire.description,
            permissions: wire.permissions,
            capabilities: wire.capabilities,
            keywords: wire.keywords,
            configuration: wire.configuration.and_then(|text| self.rel_path(&["configuration"], &text)),
            migrations: wire.migrations.and_then(|text| self.rel_path(&["migrations"], &text)),
            dependencies: self.dependencies(&wire.dependencies),
            artifact: wire.artifact.and_then(|artifact| self.artifact(artifact)),
            lineage: wire.lineage,
            details: Details {
                agent: wire.agent,
                template: wire.template,
                starter_pack: wire.starter_pack.map(|pack| self.starter_pack(pack)),
                integration_provider: wire.integration_provider,
                solution: wire
                    .solution
                    .map(|solution| self.requirements(&["solution", "members"], &solution.members)),
            },
            amendments: Vec::new(),
            withdrawal: None,
            evidence: Vec::new(),
            reviews: Vec::new(),
            contents: None,
            refused: Vec::new(),
            id: id?,
            version: version?,
            publisher: publisher?,
        };
        let usable = [release.published.is_some(), release.platform.is_some(), release.artifact.is_some()];
        let refused = given.iter().zip(usable).filter(|((_, is_given), is_usable)| *is_given && !is_usable);
        release.refused = refused.map(|((key, _), _)| *key).collect();
        (!self.is_broken).then_some(release)
    }

    fn license(&mut self, text: &str) -> Option<License> {
        License::parse(text)
            .map_err(|invalid| {
                let fixed = License::suggest(text);
                let diagnostic = self.say("license-not-spdx", &["license"], invalid.to_string());
                diagnostic.help = fixed.as_ref().map(|fixed| format!("did you mean `{fixed}`?"));
                diagnostic.fix = fixed.map(|fixed| Fix::Replace(format!("\"{fixed}\"")));
            })
            .ok()
    }

    fn dependencies(&mut self, map: &BTreeMap<String, schema::Dependency>) -> Vec<Dependency> {
        map.iter()
            .filter_map(|(id, dependency)| match dependency {
                schema::Dependency::Requirement(text) => {
                    self.dependency(&["dependencies", id], id, text, false)
                }
                schema::Dependency::Detail(detail) => {
                    let keys = ["dependencies", id, "version"];
                    self.dependency_at(&keys[..2], &keys, id, &detail.version, detail.optional)
                }
            })
            .collect()
    }

    fn artifact(&mut self, wire: schema::Artifact) -> Option<Artifact> {
        let sha256 = self.soft("value-invalid", &["artifact", "sha256"], Digest::parse(&wire.sha256));
        let location = match (wire.url, wire.path, wire.tree) {
            (Some(url), None, None) => self.url(url).map(ArtifactLocation::Url),
            (None, Some(path), None) => {
                self.rel_path(&["artifact", "path"], &path).map(ArtifactLocation::Path)
            }
            (None, None, Some(tree)) => {
                self.rel_path(&["artifact", "tree"], &tree).map(ArtifactLocation::Tree)
            }
            (url, path, tree) => {
                let given = [url.map(|_| "url"), path.map(|_| "path"), tree.map(|_| "tree")];
                let given: Vec<&str> = given.into_iter().flatten().collect();
                let message = if given.is_empty() {
                    "the artifact has none of `url`, `path` and `tree`; exactly one is needed".to_owned()
                } else {
                    format!(
                        "the artifact has `{}`; exactly one of `url`, `path` and `tree` is allowed",
                        given.join("` and `")
                    )
                };
                let diagnostic =
                    Diagnostic::new("artifact-ambiguous", Arc::clone(self.path), message).key(&["artifact"]);
                self.diagnostics.push(diagnostic);
                None
            }
        };
        Some(Artifact { location: location?, sha256: sha256?, size: wire.size })
    }

    fn url(&mut self, url: String) -> Option<String> {
        if url.starts_with("https://") && url.len() > "https://".len() && !url.contains(char::is_whitespace) {
            return Some(url);
        }
        let invalid = Invalid::new("artifact address", &url, "it must begin with https://");
        self.soft("value-invalid", &["artifact", "url"], Err(invalid))
    }

    fn starter_pack(&mut self, wire: schema::StarterPack) -> StarterPack {
        StarterPack {
            modules: self.requirements(&["starter-pack", "modules"], &wire.modules),
            pipelines: self.rel_paths("starter-pack", "pipelines", &wire.pipelines),
            message_templates: self.rel_paths("starter-pack", "message-templates", &wire.message_templates),
            vertical: wire.vertical,
        }
    }

    /// Converts an amendment.
    pub(super) fn amendment(&mut self, wire: schema::Amendment, n: u32) -> Option<Amendment> {
        let date = self.date("date", &wire.date)?;
        Some(Amendment {
            path: Arc::clone(self.path),
            n,
            date,
            platform: wire.platform.as_deref().and_then(|text| self.requirement(&["platform"], text)),
            dependencies: self.requirements(&["dependencies"], &wire.dependencies),
            reason: wire.reason,
        })
    }

    /// Converts a withdrawal.
    pub(super) fn withdrawal(&mut self, wire: schema::Withdrawal) -> Option<Withdrawal> {
        let date = self.date("date", &wire.date)?;
        Some(Withdrawal { path: Arc::clone(self.path), date, wire })
    }

    /// Converts a review.
    pub(super) fn review(&mut self, wire: schema::Review, area: String, curator: String) -> Option<Review> {
        let date = self.date("date", &wire.date);
        let subject = self.soft("value-invalid", &["subject"], Digest::parse(&wire.subject));
        Some(Review { path: Arc::clone(self.path), area, curator, subject: subject?, date: date?, wire })
    }

    /// Converts a rating.
    pub(super) fn rating(&mut self, wire: schema::Rating, account: String) -> Option<Rating> {
        let date = self.date("date", &wire.date)?;
        if !(1..=5).contains(&wire.stars) {
            self.say(
                "value-invalid",
                &["stars"],
                format!("`{}` stars were given; one to five are possible", wire.stars),
            );
            return None;
        }
        Some(Rating { path: Arc::clone(self.path), account, date, wire })
    }

    /// Converts a waiver.
    pub(super) fn waiver(&mut self, wire: schema::Waiver) -> Option<Waiver> {
        let from = self.date("from", &wire.from);
        let until = self.date("until", &wire.until);
        Some(Waiver { path: Arc::clone(self.path), from: from?, until: until?, wire })
    }
}

/// Returns the version that was probably meant: without a `v`, zeros in front
/// and build metadata, with three numbers.
fn plain_version(text: &str) -> String {
    let text = text.trim().trim_start_matches(['v', 'V', '=']);
    let text = text.split('+').next().unwrap_or_default();
    let (numbers, rest) = text.split_once('-').map_or((text, None), |(numbers, rest)| (numbers, Some(rest)));
    let mut parts: Vec<&str> = numbers
        .split('.')
        .map(|part| Some(part.trim_start_matches('0')).filter(|p| !p.is_empty()).unwrap_or("0"))
        .collect();
    while parts.len() < 3 {
        parts.push("0");
    }
    let numbers = parts.join(".");
    rest.map_or_else(|| numbers.clone(), |rest| format!("{numbers}-{rest}"))
}
