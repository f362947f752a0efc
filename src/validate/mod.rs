//! Stage 2: a snapshot becomes a registry of checked types, with everything
//! that is wrong in it as sorted diagnostics.

mod archives;
mod authored;
mod change;
mod changelog;
mod closure;
mod contents;
mod convert;
mod cycles;
mod evidence;
mod explain;
mod file;
mod gone;
mod graph;
mod image_size;
mod inside;
mod load;
pub mod look_alike;
mod lookup;
mod metadata;
mod neighbours;
mod outline;
mod plain_text;
mod proposal;
pub mod registry;
mod resolve;
pub mod rules;
mod settings;
mod succession;
mod visible;
mod withdrawn;

pub use archives::{Looked, count_archives, read_archives, read_some};
pub use authored::parse_toml;
pub use change::{Actor, ChangeContext, Circumstances, NewRelease, is_identity, judge_change, may_decide};
pub use file::{MAX_FILE_BYTES, MAX_MEDIA_BYTES, MAX_RELEASE_BYTES};
pub use gone::{Gone, gone_artifacts};
pub use graph::Dependents;
pub use load::load;
pub use neighbours::{Neighbour, neighbours};
pub use outline::{Fresh, Outline, PackageOutline};
pub use plain_text::{NAME, PROSE, line_fault, prose_fault};
pub use proposal::{Proposal, ReadSide, place_of};
pub use registry::Registry;
pub use resolve::{Resolution, resolve};
pub use settings::is_base_url;
pub use succession::normal_before;
pub use withdrawn::{leaves_nothing, way_out};

use crate::diagnostic::{Anchor, Diagnostic, Location};
use crate::model::{RuleLevel, Timestamp};
use crate::source::{Error, Snapshot};
use rayon::prelude::*;
use rules::Check;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// A registry without a diagnostic of level `deny` or `forbid`.
#[derive(Debug)]
pub struct ValidRegistry(Registry);

impl std::ops::Deref for ValidRegistry {
    type Target = Registry;
    fn deref(&self) -> &Registry {
        &self.0
    }
}

/// What validation found.
#[derive(Debug)]
pub struct Validation {
    registry: Registry,
    /// Everything that is wrong, sorted by file, place and rule; level `allow` left out.
    pub diagnostics: Vec<Diagnostic>,
}

impl Validation {
    /// Returns the registry as far as it could be read.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Returns the registry if nothing denies it.
    ///
    /// # Errors
    /// Gives back the diagnostics otherwise.
    pub fn into_valid(self) -> Result<(ValidRegistry, Vec<Diagnostic>), Vec<Diagnostic>> {
        if self.diagnostics.iter().any(|diagnostic| diagnostic.level >= RuleLevel::Deny) {
            return Err(self.diagnostics);
        }
        Ok((ValidRegistry(self.registry), self.diagnostics))
    }
}

/// Reads and judges a snapshot alone: no artifact but those that are folders of
/// it. `as_of` of `None` means the newest date in it.
///
/// # Errors
/// Only when the source cannot be read.
pub fn validate(snapshot: &Snapshot, as_of: Option<Timestamp>) -> Result<Validation, Error> {
    let (registry, diagnostics) = load(snapshot)?;
    Ok(judge(registry, diagnostics, as_of))
}

/// Judges a registry as loaded, with what was found so far. `as_of` of `None`
/// means the newest date in it.
pub fn judge(registry: Registry, diagnostics: Vec<Diagnostic>, as_of: Option<Timestamp>) -> Validation {
    let as_of = as_of.unwrap_or_else(|| newest_date(&registry));
    let mut diagnostics = everything_wrong(&registry, &BTreeSet::new(), diagnostics, as_of);
    decide_levels(&registry, &mut diagnostics);
    diagnostics.sort_by(|a, b| key(a).cmp(&key(b)));
    diagnostics.dedup();
    keep_few_alike(&mut diagnostics);
    Validation { registry, diagnostics }
}

/// Adds what the rules say of a registry to what was found so far; no level is decided.
fn everything_wrong(
    registry: &Registry,
    new: &BTreeSet<Arc<str>>,
    mut found: Vec<Diagnostic>,
    as_of: Timestamp,
) -> Vec<Diagnostic> {
    run_rules(&rules::Context { registry, new, as_of }, &mut found);
    found
}

/// Most diagnostics of one rule about one file: showing each reads the file
/// again, so a long list of wrong values would take hours.
const MOST_ALIKE: usize = 100;

/// Leaves the first of many alike; the last that stays says so.
fn keep_few_alike(diagnostics: &mut Vec<Diagnostic>) {
    let alike = |diagnostic: &Diagnostic| (Arc::clone(&diagnostic.location.path), diagnostic.rule);
    let mut counts: HashMap<(Arc<str>, &str), usize> = HashMap::new();
    for diagnostic in &*diagnostics {
        *counts.entry(alike(diagnostic)).or_default() += 1;
    }
    counts.retain(|_, count| *count > MOST_ALIKE);
    if counts.is_empty() {
        return;
    }
    let mut seen: HashMap<(Arc<str>, &str), usize> = HashMap::new();
    diagnostics.retain_mut(|diagnostic| {
        let key = alike(diagnostic);
        if !counts.contains_key(&key) {
            return true;
        }
        let number = seen.entry(key).or_default();
        *number += 1;
        if *number == MOST_ALIKE {
            diagnostic.notes.push("more of this rule in this file are left out".into());
        }
        *number <= MOST_ALIKE
    });
}

fn run_rules(context: &rules::Context<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let found: Vec<Vec<Diagnostic>> = rules::ALL
        .par_iter()
        .filter_map(|rule| match rule.check {
            Check::Registry(check) => Some(check),
            _ => None,
        })
        .map(|check| {
            let mut out = Vec::new();
            check(context, &mut out);
            out
        })
        .collect();
    diagnostics.extend(found.into_iter().flatten());
    let packages: Vec<_> = context.registry.packages.values().collect();
    let found: Vec<Vec<Diagnostic>> = packages
        .par_iter()
        .map(|package| {
            let mut out = Vec::new();
            for rule in rules::ALL {
                match rule.check {
                    Check::Package(check) => check(context, package, &mut out),
                    Check::Release(check) => {
                        for release in &package.releases {
                            check(context, package, release, &mut out);
                        }
                    }
                    Check::Loading | Check::Registry(_) | Check::Change(_) => {}
                }
            }
            out
        })
        .collect();
    diagnostics.extend(found.into_iter().flatten());
}

/// The one place where a level is decided: the rule's own, or the policy's
/// where the rule may be changed.
fn decide_levels(registry: &Registry, diagnostics: &mut Vec<Diagnostic>) {
    for diagnostic in &mut *diagnostics {
        diagnostic.level = level_of(registry, diagnostic.rule);
    }
    diagnostics.retain(|diagnostic| diagnostic.level != RuleLevel::Allow);
}

/// Returns the level of a rule under the registry's policy.
pub fn level_of(registry: &Registry, rule: &str) -> RuleLevel {
    let own = rules::find(rule).map_or(RuleLevel::Deny, |rule| rule.level);
    if own == RuleLevel::Forbid {
        return own;
    }
    registry.policy.levels.get(rule).copied().unwrap_or(own)
}

fn key(diagnostic: &Diagnostic) -> (&str, (u8, usize, &[String]), &str, &str) {
    let Location { path, anchor } = &diagnostic.location;
    let place: (u8, usize, &[String]) = match anchor {
        Anchor::File => (0, 0, &[]),
        Anchor::Span(span) => (1, span.start, &[]),
        Anchor::Value(keys) | Anchor::Key(keys) => (2, 0, keys),
    };
    (path, place, diagnostic.rule, &diagnostic.message)
}

/// Returns the newest date in the registry: the default of `--as-of`.
pub fn newest_date(registry: &Registry) -> Timestamp {
    registry
        .packages
        .values()
        .flat_map(|package| {
            let ratings = package.ratings.iter().map(|rating| rating.date);
            let releases = package.releases.iter().flat_map(|release| {
                release
                    .published
                    .into_iter()
                    .chain(release.withdrawal.iter().map(|withdrawal| withdrawal.date))
                    .chain(release.amendments.iter().map(|amendment| amendment.date))
                    .chain(release.reviews.iter().map(|review| review.date))
            });
            releases.chain(ratings)
        })
        .max()
        .unwrap_or(Timestamp::EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_alike_the_first_stay_and_the_last_tells_of_others() {
        let one = |path: &str, at: usize| Diagnostic::new("value-invalid", path, format!("{at}"));
        let mut list: Vec<Diagnostic> = (0..250).map(|at| one("a", at)).chain([one("b", 0)]).collect();
        keep_few_alike(&mut list);
        assert_eq!(list.len(), MOST_ALIKE + 1);
        let told: Vec<&str> = list.iter().flat_map(|one| &one.notes).map(String::as_str).collect();
        assert_eq!(told, ["more of this rule in this file are left out"]);
        assert_eq!(list.last().map(|one| &*one.location.path), Some("b"));
    }
}
