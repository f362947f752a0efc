//! OSV records: which of them are about a version of a package, how bad they
//! are, and which version repairs it.
//!
//! Versions are compared as SemVer where both are, else number by number with
//! the words of PEP 440 and Maven for what comes before and after a release.
//! `GIT` ranges are left alone: a package names versions, not commits.

use super::subject::Knowledge;
use crate::model::{Digest, Severity};
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::OnceLock;

/// Where each package name stands in the advisories, and their digest; made when
/// they are first asked for.
#[derive(Debug, Default)]
pub struct AdvisoryIndex {
    places: OnceLock<HashMap<String, Vec<(u32, u32)>>>,
    /// Digest of all records.
    pub(super) digest: OnceLock<Digest>,
}

/// One record that is about a package.
pub(super) struct Advisory<'a> {
    record: &'a Value,
    affected: &'a Value,
}

impl Knowledge {
    /// Returns the records about a package, of one ecosystem or, without, of any.
    pub(super) fn advisories_of(&self, ecosystem: Option<&str>, name: &str) -> Vec<Advisory<'_>> {
        let index = self.index.places.get_or_init(|| index(&self.advisories));
        let places = index.get(&normalised(name)).map_or(&[][..], Vec::as_slice);
        let all = places.iter().filter_map(|(record, affected)| {
            let record = self.advisories.get(*record as usize)?;
            Some(Advisory { record, affected: record.get("affected")?.get(*affected as usize)? })
        });
        all.filter(|one| one.is_about(ecosystem, name)).collect()
    }
}

fn index(records: &[Value]) -> HashMap<String, Vec<(u32, u32)>> {
    let mut index: HashMap<String, Vec<(u32, u32)>> = HashMap::new();
    for (at, record) in records.iter().enumerate() {
        if record.get("withdrawn").is_some_and(|withdrawn| !withdrawn.is_null()) {
            continue;
        }
        let affected = record.get("affected").and_then(Value::as_array);
        for (which, one) in affected.into_iter().flatten().enumerate() {
            if let Some(name) = one.pointer("/package/name").and_then(Value::as_str) {
                index.entry(normalised(name)).or_default().push((at as u32, which as u32));
            }
        }
    }
    index
}

/// Writes a name as PyPI compares it: lower case, `-` for each run of `-`, `_` and `.`.
fn normalised(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '-' | '_' | '.' if out.ends_with('-') => {}
            '-' | '_' | '.' => out.push('-'),
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}

impl<'a> Advisory<'a> {
    fn text(value: &'a Value, key: &str) -> &'a str {
        value.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    fn is_about(&self, ecosystem: Option<&str>, name: &str) -> bool {
        let package = &self.affected["package"];
        let of = Self::text(package, "ecosystem").split(':').next().unwrap_or_default();
        let is_same_name =
            Self::text(package, "name") == name || of.eq_ignore_ascii_case("pypi") && ecosystem.is_some();
        is_same_name && ecosystem.is_none_or(|ecosystem| of.eq_ignore_ascii_case(ecosystem))
    }

    /// Returns the id.
    pub(super) fn id(&self) -> &'a str {
        Self::text(self.record, "id")
    }

    /// Returns the name that people know it by, if it is another: its CVE id.
    pub(super) fn alias(&self) -> Option<&'a str> {
        let aliases = self.record.get("aliases").and_then(Value::as_array)?;
        aliases.iter().filter_map(Value::as_str).find(|alias| alias.starts_with("CVE-"))
    }

    /// Returns the summary.
    pub(super) fn summary(&self) -> &'a str {
        Self::text(self.record, "summary")
    }

    /// Returns whether the package was made to do harm.
    pub(super) fn is_malicious(&self) -> bool {
        self.id().starts_with("MAL-")
    }

    fn ranges(&self) -> impl Iterator<Item = Vec<(&'a str, &'a str)>> {
        let ranges = self.affected.get("ranges").and_then(Value::as_array);
        let ranges = ranges.into_iter().flatten().filter(|range| Self::text(range, "type") != "GIT");
        ranges.map(|range| {
            let events = range.get("events").and_then(Value::as_array);
            let pairs = events.into_iter().flatten().filter_map(Value::as_object).flatten();
            let mut pairs: Vec<(&str, &str)> =
                pairs.filter_map(|(kind, version)| Some((kind.as_str(), version.as_str()?))).collect();
            pairs.sort_by(|a, b| compare(a.1, b.1));
            pairs
        })
    }

    /// Returns whether it is about this version.
    pub(super) fn affects(&self, version: &str) -> bool {
        let listed = self.affected.get("versions").and_then(Value::as_array);
        let mut listed = listed.into_iter().flatten().filter_map(Value::as_str);
        let bare = version.trim_start_matches('v');
        listed.any(|one| one.trim_start_matches('v') == bare)
            || self.ranges().any(|events| {
                events.iter().fold(false, |is_in, (kind, at)| match *kind {
                    "introduced" => is_in || compare(at, version) != Ordering::Greater,
                    "fixed" => is_in && compare(version, at) == Ordering::Less,
                    "last_affected" => is_in && compare(version, at) != Ordering::Greater,
                    _ => is_in,
                })
            })
    }

    /// Returns whether it is about every version there is.
    pub(super) fn affects_all(&self) -> bool {
        let mut ranges = self.ranges();
        ranges.any(|events| matches!(events.as_slice(), [("introduced", "0")]))
    }

    /// Returns the first version after this one that repairs it.
    pub(super) fn fixed_after(&self, version: &str) -> Option<&'a str> {
        let fixed = self
            .ranges()
            .flatten()
            .filter(|(kind, at)| *kind == "fixed" && compare(at, version) == Ordering::Greater);
        fixed.map(|(_, at)| at).min_by(|a, b| compare(a, b))
    }

    /// Returns how bad it is for a package that depends on it.
    pub(super) fn severity(&self) -> Severity {
        if self.is_malicious() {
            return Severity::Critical;
        }
        let words = [self.record, self.affected].into_iter().flat_map(|one| {
            ["/database_specific/severity", "/ecosystem_specific/severity"]
                .map(|at| one.pointer(at).and_then(Value::as_str))
        });
        for word in words.flatten() {
            match word.to_ascii_lowercase().as_str() {
                "critical" | "high" => return Severity::High,
                "moderate" | "medium" => return Severity::Medium,
                "low" => return Severity::Low,
                _ => {}
            }
        }
        let scores =
            [self.record, self.affected].into_iter().filter_map(|one| one.get("severity")?.as_array());
        let vectors = scores.flatten().filter_map(|one| one.get("score")?.as_str());
        match vectors.filter_map(base_score).max_by(f64::total_cmp) {
            Some(score) if score >= 7.0 => Severity::High,
            Some(score) if score < 4.0 => Severity::Low,
            _ => Severity::Medium,
        }
    }
}

/// Returns the base score of a CVSS vector: of version 3 as it is defined, of
/// version 4 by what is lost on the system itself.
fn base_score(vector: &str) -> Option<f64> {
    let metric = |name: &str| vector.split('/').find_map(|part| part.strip_prefix(name)?.strip_prefix(':'));
    let loss = |name: &str| -> f64 {
        match metric(name) {
            Some("H") => 0.56,
            Some("L") => 0.22,
            _ => 0.0,
        }
    };
    if vector.starts_with("CVSS:4") {
        let most = loss("VC").max(loss("VI")).max(loss("VA"));
        let is_easy = metric("AV") == Some("N") && metric("AC") == Some("L") && metric("PR") == Some("N");
        return Some(if most > 0.5 && is_easy {
            8.0
        } else if most > 0.0 {
            5.0
        } else {
            2.0
        });
    }
    if !vector.starts_with("CVSS:3") {
        return vector.parse().ok();
    }
    let is_changed = metric("S")? == "C";
    let lost = 1.0 - (1.0 - loss("C")) * (1.0 - loss("I")) * (1.0 - loss("A"));
    let impact = match is_changed {
        true => 7.52 * (lost - 0.029) - 3.25 * (lost - 0.02_f64).powi(15),
        false => 6.42 * lost,
    };
    let reach = match metric("AV")? {
        "N" => 0.85,
        "A" => 0.62,
        "L" => 0.55,
        _ => 0.2,
    };
    let effort = if metric("AC")? == "L" { 0.77 } else { 0.44 };
    let right = match (metric("PR")?, is_changed) {
        ("N", _) => 0.85,
        ("L", true) => 0.68,
        ("L", false) => 0.62,
        (_, true) => 0.5,
        _ => 0.27,
    };
    let help = if metric("UI")? == "N" { 0.85 } else { 0.62 };
    if impact <= 0.0 {
        return Some(0.0);
    }
    let sum = impact + 8.22 * reach * effort * right * help;
    let score = if is_changed { 1.08 * sum } else { sum };
    Some((score.min(10.0) * 10.0).ceil() / 10.0)
}

/// Compares two versions.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim().trim_start_matches(['v', '=']), b.trim().trim_start_matches(['v', '=']));
    if let (Ok(a), Ok(b)) = (semver::Version::parse(a), semver::Version::parse(b)) {
        return a.cmp_precedence(&b);
    }
    let (a, b) = (parts(a), parts(b));
    let longest = a.len().max(b.len());
    // What is missing is a release: above words for what comes before it, below those after.
    let rank = |parts: &[(i8, u64)], at: usize| parts.get(at).copied().unwrap_or((0, 0));
    (0..longest).map(|at| rank(&a, at).cmp(&rank(&b, at))).find(|one| one.is_ne()).unwrap_or(Ordering::Equal)
}

/// Splits a version into numbers, and words with their place before (below 0) or after a release.
fn parts(version: &str) -> Vec<(i8, u64)> {
    let version = version.split('+').next().unwrap_or_default().to_ascii_lowercase();
    let (epoch, rest) = version.split_once('!').unwrap_or(("0", &version));
    let mut parts = vec![(0, epoch.parse().unwrap_or(0))];
    let mut rest = rest;
    while let Some(first) = rest.chars().next() {
        let is_same = |c: char| match first {
            '0'..='9' => c.is_ascii_digit(),
            'a'..='z' => c.is_ascii_lowercase(),
            _ => false,
        };
        let end = rest.find(|c| !is_same(c)).unwrap_or(rest.len()).max(first.len_utf8());
        let (word, after) = rest.split_at(end);
        match first {
            '0'..='9' => parts.push((0, word.parse().unwrap_or(u64::MAX))),
            'a'..='z' => parts.push((place_of(word), 0)),
            _ => {}
        }
        rest = after;
    }
    parts
}

fn place_of(word: &str) -> i8 {
    match word {
        "dev" => -5,
        "a" | "alpha" => -4,
        "b" | "beta" => -3,
        "c" | "rc" | "cr" | "pre" | "preview" | "m" | "milestone" | "snapshot" => -2,
        "final" | "ga" | "release" => 0,
        "post" | "r" | "rev" | "sp" | "p" | "patch" => 1,
        _ => -1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_every_ecosystem_are_ordered() {
        for (low, high) in [
            ("1.9.0", "1.10.0"),
            ("1.0.0-rc.1", "1.0.0"),
            ("1.0rc1", "1.0"),
            ("1.0.dev1", "1.0a1"),
            ("1.0", "1.0.post1"),
            ("2.0", "1!1.0"),
            ("1.0-SNAPSHOT", "1.0"),
            ("v1.2.3", "v1.2.4"),
            ("0", "0.0.1"),
        ] {
            assert_eq!(
                (compare(low, high), compare(high, low)),
                (Ordering::Less, Ordering::Greater),
                "{low}"
            );
        }
        assert_eq!(compare("1.0", "1.0.0"), Ordering::Equal);
    }

    #[test]
    fn a_vector_has_the_score_of_its_specification() {
        assert_eq!(base_score("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"), Some(9.8));
        assert_eq!(base_score("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"), Some(6.1));
        assert_eq!(base_score("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N"), Some(0.0));
    }
}
