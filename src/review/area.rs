//! Which area of `curators.toml` decides about what: one table for rules, one
//! for files.

use crate::scan::checks;
use crate::scan::verdict::SCORE;
use crate::source::{Part, Place};
use crate::validate::Registry;
use std::collections::BTreeSet;

/// Who decides where no table says otherwise.
pub const POLICY: &str = "policy";
const SECURITY: &str = super::decision::SECURITY;

/// The areas that tables here and the usual reviews of a kind name. Areas are
/// data: a registry may have more.
pub const USUAL: [&str; 7] =
    ["architecture", "code", "documentation", "experience", "function", POLICY, SECURITY];

/// Rules of level review that are not about policy.
const RULES: [(&str, &str); 15] = [
    ("artifact-unavailable", SECURITY),
    ("audience-widened", SECURITY),
    ("evidence-unchecked", SECURITY),
    ("evidence-weaker", SECURITY),
    ("media-unsafe", SECURITY),
    ("name-look-alike", SECURITY),
    ("namespace-taken", "architecture"),
    ("near-duplicate", "function"),
    ("permission-added", SECURITY),
    ("predecessor-unavailable", SECURITY),
    ("prefix-overlap", POLICY),
    ("signature-missing", SECURITY),
    ("suspension-lifted", SECURITY),
    ("withdrawal-lifted", SECURITY),
    ("level-raised", POLICY),
];

/// Returns the area that decides about what a rule says.
pub fn of_rule(rule: &str) -> &'static str {
    RULES.iter().find(|(name, _)| *name == rule).map_or(POLICY, |(_, area)| area)
}

/// Returns the areas that a registry can ask: the usual ones, those of its
/// curators, and those that its policy has kinds reviewed in.
pub fn known(registry: &Registry) -> BTreeSet<String> {
    let curated = registry.curators.iter().flat_map(|curator| &curator.areas);
    let required = registry.policy.reviews.values().flat_map(|review| &review.areas);
    let usual = USUAL.iter().map(|area| (*area).to_owned());
    curated.chain(required).cloned().chain(usual).collect()
}

/// Returns the area of whoever may change a file of authority, and the package
/// it is about; `None` for files that need no curator. `waiver` is what a waiver
/// lifts, and the package it is for.
pub fn of_place<'a>(place: &'a Place, waiver: Option<(&str, &'a str)>) -> Option<(&'a str, Option<&'a str>)> {
    match place {
        Place::Registry
        | Place::Policy
        | Place::Curators
        | Place::Publisher(_)
        | Place::TrustRoot
        | Place::Beside => Some((POLICY, None)),
        Place::Waiver(_) => {
            let is_of_scan = waiver.is_some_and(|(id, _)| id == SCORE || checks::find(id).is_some());
            Some((if is_of_scan { SECURITY } else { POLICY }, waiver.map(|(_, package)| package)))
        }
        Place::Advisory(_) => Some((SECURITY, None)),
        Place::Collection(_) => Some(("experience", None)),
        Place::Package { id, part: Part::Review { area, .. }, .. } => Some((area, Some(id))),
        Place::Package { .. } | Place::Source { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::rules;

    #[test]
    fn the_table_names_rules_that_exist() {
        for (rule, area) in RULES {
            assert!(rules::find(rule).is_some(), "{rule}");
            assert!(USUAL.contains(&area), "{area}");
        }
    }

    #[test]
    fn a_waiver_belongs_to_whom_it_speaks_for() {
        let place = Place::Waiver("x".into());
        assert_eq!(of_place(&place, Some(("secret-in-file", "com.a.b"))), Some((SECURITY, Some("com.a.b"))));
        assert_eq!(of_place(&place, Some(("license-missing", "com.a.b"))), Some((POLICY, Some("com.a.b"))));
    }
}
