//! Requirements on versions: Cargo requirements joined by ` || `, and their
//! interval sets for set operations.
//!
//! Matching one version follows Cargo (a pre-release matches only where an
//! alternative names the same major.minor.patch with a pre-release). Set
//! operations look at normal versions only.

use super::{Invalid, Version};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A normal version as `(major, minor, patch)`.
pub type Triple = (u64, u64, u64);

/// A requirement such as `^2.0.0` or `>=1, <3 || ~4.2`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Requirement(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    text: String,
    alternatives: Vec<semver::VersionReq>,
    intervals: IntervalSet,
}

impl Requirement {
    /// Most comparators in one alternative.
    pub const MAX_COMPARATORS: usize = 32;
    /// Most alternatives and most bytes; keeps set operations cheap on hostile input.
    const MAX_ALTERNATIVES: usize = 64;
    const MAX_BYTES: usize = 4096;

    /// Parses a requirement.
    ///
    /// # Errors
    /// Names the alternative that is not a Cargo requirement, or the limit passed.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let refuse = |reason: String| Invalid::new("requirement", text, reason);
        if text.len() > Self::MAX_BYTES {
            return Err(refuse(format!("it has {} bytes, at most {} fit", text.len(), Self::MAX_BYTES)));
        }
        let mut alternatives = Vec::new();
        for part in text.split("||") {
            let part = part.trim();
            if part.is_empty() {
                return Err(refuse("an alternative is empty; write `*` for any version".into()));
            }
            let comparators = part.split(',').count();
            if comparators > Self::MAX_COMPARATORS {
                return Err(refuse(format!(
                    "an alternative has {comparators} comparators, at most {} fit",
                    Self::MAX_COMPARATORS
                )));
            }
            alternatives.push(semver::VersionReq::parse(part).map_err(|error| refuse(error.to_string()))?);
        }
        if alternatives.len() > Self::MAX_ALTERNATIVES {
            return Err(refuse(format!(
                "it has {} alternatives, at most {} fit",
                alternatives.len(),
                Self::MAX_ALTERNATIVES
            )));
        }
        let intervals = IntervalSet::union(alternatives.iter().map(intersection_of));
        Ok(Self(Arc::new(Inner { text: text.to_owned(), alternatives, intervals })))
    }

    /// Returns the text as written.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// Returns whether the version satisfies at least one alternative.
    pub fn matches(&self, version: &Version) -> bool {
        self.0.alternatives.iter().any(|alternative| alternative.matches(version.semver()))
    }

    /// Returns the normal versions this requirement admits.
    pub fn intervals(&self) -> &IntervalSet {
        &self.0.intervals
    }

    /// Returns whether everything this admits is admitted by `other` too:
    /// normal versions by their intervals, pre-releases by the ones it names.
    pub fn is_within(&self, other: &Requirement) -> bool {
        self.0.intervals.is_subset(&other.0.intervals)
            && self.named_prereleases().all(|version| !self.matches(&version) || other.matches(&version))
    }

    /// Returns those of several requirements that must all hold which are not
    /// implied by another, in their order: what a reader needs to see.
    pub fn narrowest<'a>(all: &[&'a Requirement]) -> Vec<&'a Requirement> {
        let is_implied = |(at, one): (usize, &Requirement)| {
            all.iter().enumerate().any(|(other_at, other)| {
                other_at != at && other.is_within(one) && (other_at > at || !one.is_within(other))
            })
        };
        all.iter().enumerate().filter(|(at, one)| !is_implied((*at, one))).map(|(_, one)| *one).collect()
    }

    /// Returns the pre-releases its comparators name.
    fn named_prereleases(&self) -> impl Iterator<Item = Version> {
        self.0.alternatives.iter().flat_map(|alternative| &alternative.comparators).filter_map(|comparator| {
            if comparator.pre.is_empty() {
                return None;
            }
            let (minor, patch) = (comparator.minor?, comparator.patch?);
            Version::parse(&format!("{}.{minor}.{patch}-{}", comparator.major, comparator.pre)).ok()
        })
    }
}

impl PartialEq for Requirement {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}
impl Eq for Requirement {}

impl std::fmt::Display for Requirement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Requirement {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Requirement {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<Requirement> for String {
    fn from(requirement: Requirement) -> String {
        requirement.as_str().to_owned()
    }
}

/// A half-open interval of normal versions; `end` of `None` is unbounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// First version inside.
    pub start: Triple,
    /// First version after, if bounded.
    pub end: Option<Triple>,
}

impl Interval {
    const ALL: Interval = Interval { start: (0, 0, 0), end: None };

    fn intersect(self, other: Interval) -> Option<Interval> {
        let start = self.start.max(other.start);
        let end = match (self.end, other.end) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        end.is_none_or(|end| start < end).then_some(Interval { start, end })
    }

    fn contains(self, triple: Triple) -> bool {
        self.start <= triple && self.end.is_none_or(|end| triple < end)
    }
}

/// A set of normal versions: disjoint, sorted, non-adjacent intervals.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IntervalSet(Vec<Interval>);

impl IntervalSet {
    /// Returns the union of the given intervals, in normal form.
    pub fn union(intervals: impl IntoIterator<Item = Option<Interval>>) -> Self {
        let mut sorted: Vec<Interval> = intervals.into_iter().flatten().collect();
        sorted.sort_by_key(|interval| interval.start);
        let mut merged: Vec<Interval> = Vec::with_capacity(sorted.len());
        for interval in sorted {
            match merged.last_mut() {
                Some(last) if last.end.is_none_or(|end| interval.start <= end) => {
                    last.end = match (last.end, interval.end) {
                        (Some(a), Some(b)) => Some(a.max(b)),
                        _ => None,
                    };
                }
                _ => merged.push(interval),
            }
        }
        Self(merged)
    }

    /// Returns the versions in both sets.
    pub fn intersection(&self, other: &Self) -> Self {
        Self::union(self.0.iter().flat_map(|a| other.0.iter().map(|b| a.intersect(*b))))
    }

    /// Returns whether every version of this set is in the other.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.intersection(other) == *self
    }

    /// Returns whether no normal version is inside.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether the normal version is inside.
    pub fn contains(&self, triple: Triple) -> bool {
        self.0.iter().any(|interval| interval.contains(triple))
    }

    /// Returns the lowest version inside: the floor of the requirement.
    pub fn floor(&self) -> Option<Triple> {
        self.0.first().map(|interval| interval.start)
    }

    /// Returns the intervals, ascending.
    pub fn intervals(&self) -> &[Interval] {
        &self.0
    }
}

/// Returns the normal versions that satisfy every comparator, or `None`.
fn intersection_of(requirement: &semver::VersionReq) -> Option<Interval> {
    requirement
        .comparators
        .iter()
        .try_fold(Interval::ALL, |interval, comparator| interval.intersect(interval_of(comparator)?))
}

/// Returns the normal versions that one comparator admits, by the rules of
/// Cargo's documentation on version requirements.
fn interval_of(comparator: &semver::Comparator) -> Option<Interval> {
    use semver::Op;
    let major = comparator.major;
    let low = (major, comparator.minor.unwrap_or(0), comparator.patch.unwrap_or(0));
    let after = match (comparator.minor, comparator.patch) {
        (None, _) => next_major(major),
        (Some(minor), None) => next_minor(major, minor),
        (Some(minor), Some(patch)) => next_patch(major, minor, patch),
    };
    let named_prerelease = !comparator.pre.is_empty();
    let interval = match comparator.op {
        Op::Exact | Op::Wildcard if named_prerelease => return None,
        Op::Exact | Op::Wildcard => Interval { start: low, end: after },
        Op::Greater if named_prerelease => Interval { start: low, end: None },
        Op::Greater => Interval { start: after?, end: None },
        Op::GreaterEq => Interval { start: low, end: None },
        Op::LessEq if !named_prerelease => Interval { start: (0, 0, 0), end: after },
        Op::Less | Op::LessEq => Interval { start: (0, 0, 0), end: Some(low) },
        Op::Tilde => Interval {
            start: low,
            end: match comparator.minor {
                Some(minor) => next_minor(major, minor),
                None => next_major(major),
            },
        },
        Op::Caret => Interval { start: low, end: caret_end(comparator) },
        _ => return None,
    };
    interval.intersect(Interval::ALL)
}

fn caret_end(comparator: &semver::Comparator) -> Option<Triple> {
    match (comparator.major, comparator.minor, comparator.patch) {
        (0, Some(0), Some(patch)) => next_patch(0, 0, patch),
        (0, Some(minor), _) => next_minor(0, minor),
        (major, _, _) => next_major(major),
    }
}

fn next_patch(major: u64, minor: u64, patch: u64) -> Option<Triple> {
    match patch.checked_add(1) {
        Some(next) => Some((major, minor, next)),
        None => next_minor(major, minor),
    }
}

fn next_minor(major: u64, minor: u64) -> Option<Triple> {
    match minor.checked_add(1) {
        Some(next) => Some((major, next, 0)),
        None => next_major(major),
    }
}

fn next_major(major: u64) -> Option<Triple> {
    major.checked_add(1).map(|next| (next, 0, 0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn requirement(text: &str) -> Requirement {
        Requirement::parse(text).unwrap()
    }

    #[test]
    fn alternatives_match_any() {
        let req = requirement(">=1, <2 || ~3.1");
        for (version, expected) in
            [("1.9.0", true), ("2.0.0", false), ("3.1.7", true), ("3.2.0", false), ("1.0.0-a", false)]
        {
            assert_eq!(req.matches(&Version::parse(version).unwrap()), expected, "{version}");
        }
        assert!(Requirement::parse("1 ||").is_err());
        assert!(Requirement::parse("banana").is_err());
        assert!(Requirement::parse(&vec![">=1"; 33].join(", ")).is_err());
        assert!(Requirement::parse(&vec![">=1"; 32].join(", ")).is_ok());
    }

    #[test]
    fn implied_requirements_are_left_out() {
        let list: Vec<Requirement> = [">=1, <3", "^1", "^1", ">=1.2, <4"].map(requirement).into();
        let all: Vec<&Requirement> = list.iter().collect();
        let shown: Vec<&str> = Requirement::narrowest(&all).iter().map(|one| one.as_str()).collect();
        assert_eq!(shown, ["^1", ">=1.2, <4"]);
        assert_eq!(Requirement::narrowest(&all[..1]), [&list[0]]);
    }

    #[test]
    fn narrower_is_within_wider() {
        assert!(requirement("^1.2").is_within(&requirement("^1")));
        assert!(!requirement("^1").is_within(&requirement("^1.2")));
        assert!(requirement(">=1, <3").is_within(&requirement("^1 || ^2")));
        assert!(requirement("<0").intervals().is_empty());
        assert!(!requirement(">=1.0.0-beta.1, <2").is_within(&requirement("^1")));
        assert_eq!(requirement("^0.0.3 || ^2").intervals().floor(), Some((0, 0, 3)));
    }

    fn comparator() -> impl Strategy<Value = String> {
        let op = prop::sample::select(vec!["", "^", "~", "=", ">", ">=", "<", "<="]);
        let number = 0u64..4;
        (op, number.clone(), prop::option::of((number.clone(), prop::option::of(number)))).prop_map(
            |(op, major, rest)| match rest {
                None => format!("{op}{major}"),
                Some((minor, None)) => format!("{op}{major}.{minor}"),
                Some((minor, Some(patch))) => format!("{op}{major}.{minor}.{patch}"),
            },
        )
    }

    fn requirement_text() -> impl Strategy<Value = String> {
        let alternative = prop::collection::vec(comparator(), 1..3).prop_map(|parts| parts.join(", "));
        prop::collection::vec(alternative, 1..3).prop_map(|parts| parts.join(" || "))
    }

    proptest! {
        #[test]
        fn intervals_agree_with_matching(text in requirement_text(), a in 0u64..5, b in 0u64..5, c in 0u64..5) {
            let req = requirement(&text);
            let version = Version::parse(&format!("{a}.{b}.{c}")).unwrap();
            prop_assert_eq!(req.matches(&version), req.intervals().contains((a, b, c)), "{}", text);
        }

        #[test]
        fn subset_means_every_version(x in requirement_text(), y in requirement_text()) {
            let (x, y) = (requirement(&x), requirement(&y));
            let subset = x.intervals().is_subset(y.intervals());
            let mut every = true;
            for a in 0..6 { for b in 0..6 { for c in 0..6 {
                every &= !x.intervals().contains((a, b, c)) || y.intervals().contains((a, b, c));
            }}}
            prop_assert_eq!(subset, every);
        }
    }
}
