//! From the dependencies of a record to those of a release.
//!
//! The rule by kind: an absent kind, `normal` and `build` are dependencies;
//! `optional`, `recommends`, `suggests`, `exe`, `any_of` and `conditional` are
//! optional dependencies, since the package works without that one; `dev`,
//! `conflicts` and every other kind are left out. What is marked optional stays
//! optional. Of several dependencies on one package the required ones count,
//! else the optional ones; their requirements are intersected, except that any
//! of several `any_of` is enough.

use super::catalog::{Dependency, Release};
use super::convert::Context;
use super::report::{Case, ImportReport, Reason};
use super::{name, requirement};
use crate::schema;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What a kind means here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Required,
    Optional,
    LeftOut,
}

fn need(kind: Option<&str>) -> Need {
    match kind {
        None | Some("normal" | "build") => Need::Required,
        Some("optional" | "recommends" | "suggests" | "exe" | "any_of" | "conditional") => Need::Optional,
        Some(_) => Need::LeftOut,
    }
}

/// A dependency while others on the same package may follow.
struct Draft {
    requirement: String,
    is_optional: bool,
    is_any_of: bool,
}

/// Requirements of one package that were mapped before, by required name and text.
pub(super) type Cache = HashMap<(Arc<str>, Arc<str>), Result<String, String>>;

/// Maps the dependencies of one release.
pub(super) struct Mapper<'a> {
    /// The import.
    pub(super) context: &'a Context<'a>,
    /// The name of the package.
    pub(super) name: &'a str,
    /// Its id.
    pub(super) id: &'a str,
    /// The release.
    pub(super) release: &'a Release,
    /// Where cases go.
    pub(super) report: &'a mut ImportReport,
    /// Shared by the releases of the package.
    pub(super) cache: &'a mut Cache,
}

impl Mapper<'_> {
    /// Returns the dependencies by id.
    pub(super) fn map(mut self) -> BTreeMap<String, schema::Dependency> {
        let mut drafts: BTreeMap<String, Draft> = BTreeMap::new();
        let release = self.release;
        for dependency in &release.dependencies {
            let Some((id, draft)) = self.one(dependency) else { continue };
            match drafts.remove(&id) {
                None => drafts.insert(id, draft),
                Some(other) => {
                    let both = self.join(&id, other, draft);
                    drafts.insert(id, both)
                }
            };
        }
        drafts.into_iter().map(|(id, draft)| (id, draft.finish())).collect()
    }

    fn one(&mut self, dependency: &Dependency) -> Option<(String, Draft)> {
        let kind = dependency.kind.as_deref();
        let need = need(kind);
        if need == Need::LeftOut {
            self.report.tally(Reason::DependencyKindLeftOut, kind.unwrap_or_default());
            return None;
        }
        if need == Need::Optional {
            self.report.tally(Reason::DependencyKindOptional, kind.unwrap_or_default());
        }
        let id = self.target(&dependency.name);
        if id == self.id {
            self.report.tally(Reason::DependencyOnItself, self.name);
            return None;
        }
        let requirement = self.requirement(dependency);
        let is_optional = need == Need::Optional || dependency.is_optional;
        Some((id, Draft { requirement, is_optional, is_any_of: kind == Some("any_of") }))
    }

    /// Returns the id of a required package. A name outside the catalog maps by
    /// the rule alone.
    fn target(&mut self, required: &Arc<str>) -> String {
        if let Some(id) = self.context.id(required) {
            return id;
        }
        let label = name::label(required);
        let id = self.context.id_of_label(&label);
        if let Some(similar) = self.context.name_of_label(&label) {
            self.report
                .tally(Reason::DependencyNameFolded, &format!("{required} became {id}, which is {similar}"));
        }
        id
    }

    fn requirement(&mut self, dependency: &Dependency) -> String {
        let Some(text) = &dependency.requirement else { return "*".into() };
        let map = || {
            let target = requirement::Target {
                scheme: self.context.options.version_scheme,
                own: &self.release.version,
                known: self.context.spellings.get(&dependency.name),
            };
            requirement::map(text, &target)
        };
        // The word `version` means another version in every release.
        let mapped = if text.contains("version") {
            map()
        } else {
            let key = (Arc::clone(&dependency.name), Arc::clone(text));
            match self.cache.get(&key) {
                Some(known) => known.clone(),
                None => {
                    let mapped = map();
                    self.cache.insert(key, mapped.clone());
                    mapped
                }
            }
        };
        mapped.unwrap_or_else(|reason| {
            let detail = format!("{} {text}: {reason}", dependency.name);
            self.case(Reason::RequirementUnreadable, detail);
            "*".into()
        })
    }

    fn join(&mut self, id: &str, a: Draft, b: Draft) -> Draft {
        self.case(Reason::DependencyRepeated, format!("{id}: {} and {}", a.requirement, b.requirement));
        if a.is_optional != b.is_optional {
            return if a.is_optional { b } else { a };
        }
        let is_any_of = a.is_any_of && b.is_any_of;
        let both = if is_any_of { None } else { requirement::intersect(&a.requirement, &b.requirement) };
        let requirement = both.unwrap_or_else(|| {
            if !is_any_of {
                self.case(
                    Reason::RequirementsContradict,
                    format!("{id}: {} and {}", a.requirement, b.requirement),
                );
            }
            requirement::unite(&a.requirement, &b.requirement).unwrap_or_else(|| {
                self.case(Reason::RequirementUnreadable, format!("{id}: its alternatives are too many"));
                "*".into()
            })
        });
        Draft { requirement, is_any_of, ..a }
    }

    fn case(&mut self, reason: Reason, detail: String) {
        self.report.case(
            reason,
            Case {
                line: Some(self.release.line),
                name: Some(self.name.to_owned()),
                version: Some(self.release.spelling.to_string()),
                detail,
            },
        );
    }
}

impl Draft {
    fn finish(self) -> schema::Dependency {
        if self.is_optional {
            return schema::Dependency::Detail(schema::DependencyDetail {
                version: self.requirement,
                optional: true,
            });
        }
        schema::Dependency::Requirement(self.requirement)
    }
}
