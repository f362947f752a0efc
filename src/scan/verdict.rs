//! Whether a release may be published: a function of what was found, the
//! threshold of `policy.toml` and the waivers in force.

use crate::model::{Requirement, Timestamp, Version};
use crate::schema::{Counts, ScanReport};
use std::collections::{BTreeMap, BTreeSet};

/// The check that nobody can waive: what was not scanned is never admitted.
pub const NEVER_WAIVED: &str = "not-scannable";

/// The id of a waiver that lifts the threshold.
pub const SCORE: &str = "score";

/// A recorded exception, as plain values.
#[derive(Debug, Clone)]
pub struct Waiver {
    /// The check it lifts, or [`SCORE`].
    pub id: String,
    /// The package it is for.
    pub package: String,
    /// The versions it is for; every one without.
    pub versions: Option<Requirement>,
    /// First moment it holds.
    pub from: Timestamp,
    /// First moment it no longer holds.
    pub until: Timestamp,
    /// Why.
    pub reason: String,
    /// Who granted it.
    pub by: String,
}

impl Waiver {
    /// Returns whether it holds for that release at that moment.
    pub fn is_in_force(&self, package: &str, version: &Version, as_of: Timestamp) -> bool {
        self.package == package
            && self.versions.as_ref().is_none_or(|versions| versions.matches(version))
            && self.from <= as_of
            && as_of < self.until
    }
}

/// Returns the waivers that hold for a release, by id and then by the longest.
pub fn in_force<'a>(
    waivers: impl IntoIterator<Item = &'a Waiver>,
    package: &str,
    version: &Version,
    as_of: Timestamp,
) -> Vec<&'a Waiver> {
    let mut held: Vec<&Waiver> =
        waivers.into_iter().filter(|waiver| waiver.is_in_force(package, version, as_of)).collect();
    held.sort_by(|a, b| {
        let key =
            |one: &Waiver| (one.id.clone(), std::cmp::Reverse(one.until), one.by.clone(), one.reason.clone());
        key(a).cmp(&key(b))
    });
    held
}

/// What the scan says of publishing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing critical, and points enough.
    Passes,
    /// It would be refused, and waivers lift all that it would be refused for.
    Waived {
        /// The ids of the waivers that were needed, sorted.
        by: Vec<String>,
    },
    /// Something critical is not waived, or the score is too low and that is not waived.
    Refused {
        /// Critical findings that no waiver names.
        open_criticals: u32,
        /// The score, which waivers do not change.
        score: u8,
        /// The threshold the score does not reach; `None` where it does or is waived.
        threshold: Option<u8>,
    },
}

impl Verdict {
    /// Returns whether the release may be published as far as the scan goes.
    pub fn admits(&self) -> bool {
        !matches!(self, Verdict::Refused { .. })
    }
}

/// Returns how many critical findings each check has; no more are known than the report lists.
pub fn criticals(report: &ScanReport) -> BTreeMap<&str, u32> {
    let mut by_check = BTreeMap::new();
    for finding in
        report.findings.iter().filter(|finding| finding.severity == crate::model::Severity::Critical)
    {
        *by_check.entry(finding.check.as_str()).or_insert(0) += 1;
    }
    by_check
}

/// Decides. `waived` are the ids of the waivers in force. A waiver named after a
/// check lifts the bar of that check's criticals, one named [`SCORE`] lifts the
/// threshold, and no other does anything. Criticals of which the check is not
/// known, because the report is cut, are open.
pub fn verdict(counts: &Counts, criticals: &BTreeMap<&str, u32>, threshold: u8, waived: &[&str]) -> Verdict {
    if counts.passes(threshold) {
        return Verdict::Passes;
    }
    let waived: BTreeSet<&str> = waived.iter().copied().collect();
    let lifted = criticals
        .iter()
        .filter(|(check, count)| **count > 0 && **check != NEVER_WAIVED && waived.contains(*check));
    let mut open_criticals = counts.critical;
    let mut by: BTreeSet<&str> = BTreeSet::new();
    for (check, count) in lifted {
        open_criticals = open_criticals.saturating_sub(*count);
        by.insert(check);
    }
    let score = counts.score();
    let is_low = score < threshold;
    if is_low && waived.contains(SCORE) {
        by.insert(SCORE);
    }
    let is_low_still = is_low && !waived.contains(SCORE);
    if open_criticals == 0 && !is_low_still {
        return Verdict::Waived { by: by.into_iter().map(str::to_owned).collect() };
    }
    Verdict::Refused { open_criticals, score, threshold: is_low_still.then_some(threshold) }
}

/// Decides on a report.
pub fn of_report(report: &ScanReport, threshold: u8, waivers: &[&Waiver]) -> Verdict {
    let waived: Vec<&str> = waivers.iter().map(|waiver| waiver.id.as_str()).collect();
    verdict(&report.counts, &criticals(report), threshold, &waived)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Severity;
    use proptest::prelude::*;

    const CHECKS: [&str; 3] = ["dangerous-call", "secret-in-file", SCORE];

    /// Counts of the severities and criticals by check.
    fn judge(others: [u32; 3], criticals: &[(&str, u32)], waived: &[&str]) -> Verdict {
        let [high, medium, low] = others;
        let critical = criticals.iter().map(|(_, count)| count).sum();
        let counts = Counts { critical, high, medium, low };
        verdict(&counts, &criticals.iter().copied().collect(), 70, waived)
    }

    #[test]
    fn what_was_not_scanned_is_never_admitted() {
        let refused = Verdict::Refused { open_criticals: 1, score: 75, threshold: None };
        assert_eq!(judge([0, 0, 0], &[(NEVER_WAIVED, 1)], &[NEVER_WAIVED, SCORE]), refused);
    }

    #[test]
    fn every_case_of_criticals_threshold_and_waivers() {
        let secret: &[(&str, u32)] = &[("secret-in-file", 1)];
        let both: &[(&str, u32)] = &[("dangerous-call", 1), ("secret-in-file", 1)];
        let refused =
            |open_criticals, score, threshold| Verdict::Refused { open_criticals, score, threshold };
        let waived = |by: &[&str]| Verdict::Waived { by: by.iter().map(|id| (*id).to_owned()).collect() };
        for (others, criticals, waivers, expected) in [
            ([0, 0, 0], &[][..], &[][..], Verdict::Passes),
            ([3, 0, 0], &[], &[], Verdict::Passes),
            ([3, 0, 0], &[], &["secret-in-file", SCORE], Verdict::Passes),
            ([3, 0, 1], &[], &[], refused(0, 69, Some(70))),
            ([3, 0, 1], &[], &[SCORE], waived(&[SCORE])),
            ([3, 0, 1], &[], &["dangerous-call"], refused(0, 69, Some(70))),
            ([0, 0, 0], secret, &[], refused(1, 75, None)),
            ([0, 0, 0], secret, &[SCORE], refused(1, 75, None)),
            ([0, 0, 0], secret, &["dangerous-call"], refused(1, 75, None)),
            ([0, 0, 0], secret, &["secret-in-file"], waived(&["secret-in-file"])),
            ([0, 2, 0], secret, &["secret-in-file"], refused(0, 69, Some(70))),
            ([0, 2, 0], secret, &["secret-in-file", SCORE], waived(&[SCORE, "secret-in-file"])),
            ([0, 0, 0], both, &["secret-in-file", SCORE], refused(1, 50, None)),
            ([0, 0, 0], both, &["secret-in-file", "secret-in-file"], refused(1, 50, Some(70))),
            (
                [0, 0, 0],
                both,
                &["dangerous-call", "secret-in-file", SCORE],
                waived(&["dangerous-call", SCORE, "secret-in-file"]),
            ),
            ([0, 0, 0], secret, &["critical", "*", "all", ""], refused(1, 75, None)),
        ] {
            assert_eq!(judge(others, criticals, waivers), expected, "{others:?} {criticals:?} {waivers:?}");
        }
    }

    #[test]
    fn no_check_has_the_name_that_lifts_the_threshold() {
        assert!(super::super::checks::find(SCORE).is_none());
    }

    #[test]
    fn a_critical_that_the_report_does_not_list_is_open() {
        let counts = Counts { critical: 3, ..Counts::default() };
        let found = verdict(&counts, &BTreeMap::from([("secret-in-file", 2)]), 0, &["secret-in-file"]);
        assert_eq!(found, Verdict::Refused { open_criticals: 1, score: 25, threshold: None });
    }

    #[test]
    fn a_waiver_holds_for_its_package_its_versions_and_its_time() {
        let at = |day: &str| Timestamp::parse(&format!("2026-{day}T00:00:00Z")).unwrap();
        let waiver = |versions: Option<&str>| Waiver {
            id: "secret-in-file".into(),
            package: "com.hotcrm.finance".into(),
            versions: versions.map(|text| Requirement::parse(text).unwrap()),
            from: at("01-10"),
            until: at("04-01"),
            reason: "a sample key".into(),
            by: "ada".into(),
        };
        for (versions, package, version, day, holds) in [
            (Some("^1.4"), "com.hotcrm.finance", "1.4.0", "02-01", true),
            (None, "com.hotcrm.finance", "9.0.0", "02-01", true),
            (Some("^1.4"), "com.hotcrm.finances", "1.4.0", "02-01", false),
            (Some("^1.4"), "com.hotcrm.finance", "1.3.9", "02-01", false),
            (Some("^1.4"), "com.hotcrm.finance", "1.4.0", "01-09", false),
            (Some("^1.4"), "com.hotcrm.finance", "1.4.0", "01-10", true),
            (Some("^1.4"), "com.hotcrm.finance", "1.4.0", "04-01", false),
        ] {
            let all = [waiver(versions)];
            let version = Version::parse(version).unwrap();
            let found = in_force(&all, package, &version, at(day));
            assert_eq!(found.len() == 1, holds, "{versions:?} {package} {version} {day}");
        }
    }

    proptest! {
        #[test]
        fn more_findings_never_admit_and_waivers_never_change_the_score(
            others in any::<[u8; 3]>(),
            criticals in any::<[u8; 3]>(),
            waived in any::<[bool; 3]>(),
            threshold in 0u8..=100,
            more in 0usize..4,
            which in 0usize..3,
        ) {
            let others = others.map(|count| u32::from(count % 5));
            let mut by_check: BTreeMap<&str, u32> =
                CHECKS.into_iter().zip(criticals.map(|count| u32::from(count % 3))).collect();
            let critical = by_check.values().sum();
            let mut counts = Counts { critical, high: others[0], medium: others[1], low: others[2] };
            let waived: Vec<&str> =
                CHECKS.into_iter().zip(waived).filter(|(_, is)| *is).map(|(check, _)| check).collect();
            let before = verdict(&counts, &by_check, threshold, &waived);
            let bare = verdict(&counts, &by_check, threshold, &[]);
            prop_assert!(before.admits() || !bare.admits(), "a waiver refused something");
            for found in [&before, &bare] {
                if let Verdict::Refused { score, .. } = found {
                    prop_assert_eq!(*score, counts.score());
                }
            }
            let severity = Severity::ALL[more];
            counts.add(severity);
            if severity == Severity::Critical {
                *by_check.entry(CHECKS[which]).or_insert(0) += 1;
            }
            let after = verdict(&counts, &by_check, threshold, &waived);
            prop_assert!(!after.admits() || before.admits(), "{:?} then {:?}", before, after);
            prop_assert!(!matches!(after, Verdict::Passes) || before == Verdict::Passes);
        }
    }
}
