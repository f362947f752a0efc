//! From a foreign requirement to a Cargo requirement over mapped versions.
//!
//! A bound is always written with three numbers, since Cargo reads a partial one
//! differently (`>1.2` means `>=1.3.0` there). A requirement that cannot be
//! read is never guessed: the caller writes `*` and reports it.

use super::VersionScheme;
use super::version::{encode, encode_after, numbers, strict, without_v};
use crate::model::{Interval, IntervalSet, Requirement, Triple, Version};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Comparators that must all hold; none at all admits every version.
type Alternative = Vec<String>;

/// Most bytes of a foreign requirement, and most comparators of an alternative.
const MOST_BYTES: usize = 16 << 10;
const MOST_COMPARATORS: usize = 64;

/// Most alternatives while `!=` and intersections multiply them.
const MOST_ALTERNATIVES: usize = 64;

/// What the versions in a requirement may refer to.
pub(super) struct Target<'a> {
    /// How versions are mapped.
    pub(super) scheme: VersionScheme,
    /// The version of the package that has the requirement; the word `version` means it.
    pub(super) own: &'a Version,
    /// Spellings of the required package's versions.
    pub(super) known: Option<&'a HashMap<Arc<str>, Version>>,
}

/// Maps a requirement. An `Err` says what cannot be read in it.
pub(super) fn map(text: &str, target: &Target<'_>) -> Result<String, String> {
    if text.len() > MOST_BYTES {
        return Err(format!("it has {} bytes; {MOST_BYTES} at most are read", text.len()));
    }
    let mut alternatives: Vec<Alternative> = Vec::new();
    for part in text.split("||") {
        if split(part).count() > MOST_COMPARATORS {
            return Err(format!("an alternative has more than {MOST_COMPARATORS} comparators"));
        }
        let mut product: Vec<Alternative> = vec![Vec::new()];
        for comparator in split(part) {
            product = multiply(&product, &target.comparators(comparator.trim())?)?;
        }
        alternatives.extend(product);
    }
    write(alternatives)
}

/// Splits at commas that are not between braces.
fn split(part: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    part.split(move |c: char| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    })
}

/// Returns a requirement that admits what both admit, or `None` where nothing
/// would be left or it cannot be written.
pub(super) fn intersect(a: &str, b: &str) -> Option<String> {
    let (left, right) = (Requirement::parse(a).ok()?, Requirement::parse(b).ok()?);
    let is_normal = !left.intervals().is_empty() && !right.intervals().is_empty();
    let both = left.intervals().intersection(right.intervals());
    if is_normal && both.is_empty() {
        return None;
    }
    let product = multiply(&read(a), &read(b)).and_then(write);
    product.ok().or_else(|| write_intervals(&both).ok())
}

/// Returns a requirement that admits what either admits.
pub(super) fn unite(a: &str, b: &str) -> Option<String> {
    let mut alternatives = read(a);
    alternatives.extend(read(b));
    write(alternatives).ok()
}

/// Takes apart what [`write`] wrote.
fn read(text: &str) -> Vec<Alternative> {
    let comparators = |part: &str| {
        part.split(',').map(|one| one.trim().to_owned()).filter(|one| one != "*").collect::<Alternative>()
    };
    text.split("||").map(comparators).collect()
}

fn multiply(left: &[Alternative], right: &[Alternative]) -> Result<Vec<Alternative>, String> {
    if left.len().saturating_mul(right.len()) > MOST_ALTERNATIVES {
        return Err("it has too many alternatives".into());
    }
    let join = |a: &Alternative, b: &Alternative| {
        let mut both = a.clone();
        both.extend(b.iter().filter(|one| !a.contains(one)).cloned());
        both
    };
    Ok(left.iter().flat_map(|a| right.iter().map(move |b| join(a, b))).collect())
}

/// Writes alternatives as text that [`Requirement`] accepts; one that would be
/// too long is written as the intervals it admits.
fn write(alternatives: Vec<Alternative>) -> Result<String, String> {
    if alternatives.is_empty() || alternatives.iter().any(Vec::is_empty) {
        return Ok("*".into());
    }
    let mut texts: Vec<String> = alternatives.iter().map(|comparators| comparators.join(", ")).collect();
    let mut seen = HashSet::new();
    texts.retain(|text| seen.insert(text.clone()));
    let text = texts.join(" || ");
    let Err(invalid) = Requirement::parse(&text) else { return Ok(text) };
    let mut intervals: Vec<Option<Interval>> = Vec::new();
    for text in &texts {
        let requirement = Requirement::parse(text).map_err(|_| invalid.reason.clone())?;
        intervals.extend(requirement.intervals().intervals().iter().copied().map(Some));
    }
    write_intervals(&IntervalSet::union(intervals)).map_err(|_| invalid.reason)
}

fn write_intervals(set: &IntervalSet) -> Result<String, String> {
    let texts: Vec<String> = set
        .intervals()
        .iter()
        .map(|interval| match interval.end {
            Some(end) => format!(">={}, <{}", triple(interval.start), triple(end)),
            None => format!(">={}", triple(interval.start)),
        })
        .collect();
    let text = texts.join(" || ");
    Requirement::parse(&text).map(|_| text).map_err(|invalid| invalid.reason)
}

fn triple((major, minor, patch): Triple) -> String {
    format!("{major}.{minor}.{patch}")
}

impl Target<'_> {
    /// Maps a comparator, or a set of them such as `^>= {1.2, 1.3}`, to alternatives.
    fn comparators(&self, text: &str) -> Result<Vec<Alternative>, String> {
        let Some((operator, rest)) = text.split_once('{') else { return self.comparator(text) };
        let inside = rest.strip_suffix('}').ok_or_else(|| format!("`{text}` has no closing brace"))?;
        let operator = operator.trim();
        if !matches!(operator, "=" | "==" | "^>=") {
            return Err(format!("`{text}`: `{operator}` cannot stand before a set"));
        }
        let mut alternatives = Vec::new();
        for version in inside.split(',') {
            alternatives.extend(self.comparator(&format!("{operator}{}", version.trim()))?);
        }
        Ok(alternatives)
    }

    /// Maps one comparator to alternatives of Cargo comparators.
    fn comparator(&self, text: &str) -> Result<Vec<Alternative>, String> {
        let version = text.trim_start_matches(['<', '>', '=', '!', '~', '^']);
        let operator = text.get(..text.len() - version.len()).unwrap_or_default();
        let version = version.trim();
        if operator.is_empty() && matches!(version, "" | "*" | "-any" | "any") {
            return Ok(vec![Vec::new()]);
        }
        if version.is_empty() {
            return Err(format!("`{text}` has no version"));
        }
        if let Some(head) = version.strip_suffix(".*").or_else(|| version.strip_suffix(".x")) {
            return self.wildcard(operator, head).map_err(|reason| format!("`{text}`: {reason}"));
        }
        if let Some(between) = self.between(operator, version) {
            return Ok(between);
        }
        let full = || self.bound(version).map_err(|reason| format!("`{text}`: {reason}"));
        Ok(match operator {
            "<" | "<=" | ">" | ">=" => vec![vec![format!("{operator}{}", full()?)]],
            "=" | "==" | "" if version == "*" => vec![Vec::new()],
            "=" | "==" | "" => vec![vec![format!("={}", full()?)]],
            "!=" => vec![vec![format!("<{}", full()?)], vec![format!(">{}", full()?)]],
            "^>=" | "^" | "~" | "~>" => {
                vec![self.range(operator, version).map_err(|reason| format!("`{text}`: {reason}"))?]
            }
            _ => return Err(format!("`{text}` has the unknown operator `{operator}`")),
        })
    }

    /// Maps a PVP bound of more than four numbers. It lies above the version of
    /// its first four and below the next one, and no mapped version is between.
    fn between(&self, operator: &str, text: &str) -> Option<Vec<Alternative>> {
        let parts = numbers(without_v(text)).ok().filter(|_| self.scheme == VersionScheme::Pvp)?;
        let below =
            parts.get(..4).filter(|_| parts.len() > 4).and_then(|head| encode(head).ok()).map(triple)?;
        match operator {
            ">" | ">=" => Some(vec![vec![format!(">{below}")]]),
            "<" | "<=" => Some(vec![vec![format!("<={below}")]]),
            "!=" => Some(vec![Vec::new()]),
            "^>=" => {
                let after = triple(encode_after(parts.get(..2)?).ok()?);
                Some(vec![vec![format!(">{below}"), format!("<{after}")]])
            }
            _ => None,
        }
    }

    /// Maps the version of a comparator to a full one.
    fn bound(&self, text: &str) -> Result<String, String> {
        if text == "version" {
            return Ok(self.own.to_string());
        }
        if self.scheme == VersionScheme::Pvp {
            return Ok(triple(encode(&numbers(without_v(text))?)?));
        }
        if let Some(version) = self.known.and_then(|known| known.get(text)) {
            return Ok(version.to_string());
        }
        strict(text).map(|version| version.to_string()).or_else(|_| padded(text))
    }

    /// Maps `=1.2.*` and `!=1.2.*`.
    fn wildcard(&self, operator: &str, head: &str) -> Result<Vec<Alternative>, String> {
        let parts = numbers(without_v(head))?;
        let (low, after) = match self.scheme {
            VersionScheme::Pvp => (encode(&parts)?, encode_after(&parts)?),
            VersionScheme::SemVer => plain_range(&parts)?,
        };
        let (low, after) = (triple(low), triple(after));
        match operator {
            "=" | "==" | "" => Ok(vec![vec![format!(">={low}"), format!("<{after}")]]),
            "!=" => Ok(vec![vec![format!("<{low}")], vec![format!(">={after}")]]),
            _ => Err(format!("`{operator}` cannot stand before a wildcard")),
        }
    }

    /// Maps carets and tildes.
    fn range(&self, operator: &str, text: &str) -> Result<Alternative, String> {
        if self.scheme == VersionScheme::Pvp {
            if operator != "^>=" {
                return Err(format!("`{operator}` is not an operator of the PVP"));
            }
            let parts = numbers(without_v(text))?;
            let series = [parts.first().copied().unwrap_or(0), parts.get(1).copied().unwrap_or(0)];
            return Ok(vec![
                format!(">={}", triple(encode(&parts)?)),
                format!("<{}", triple(encode_after(&series)?)),
            ]);
        }
        let numbers = numbers(without_v(text)).ok().filter(|parts| parts.len() < 3);
        match (operator, numbers) {
            // A partial caret or tilde means the same to Cargo.
            ("^" | "~", Some(parts)) => {
                let parts: Vec<String> = parts.iter().map(ToString::to_string).collect();
                Ok(vec![format!("{operator}{}", parts.join("."))])
            }
            ("^" | "~", None) => Ok(vec![format!("{operator}{}", self.bound(text)?)]),
            ("~>", Some(parts)) => {
                let after =
                    parts.first().and_then(|first| first.checked_add(1)).ok_or("its number is too large")?;
                Ok(vec![format!(">={}", self.bound(text)?), format!("<{after}.0.0")])
            }
            ("~>", None) => Ok(vec![format!("~{}", self.bound(text)?)]),
            _ => Err(format!("`{operator}` is an operator of the PVP only")),
        }
    }
}

/// Returns the versions that begin with one to three numbers.
fn plain_range(parts: &[u64]) -> Result<(Triple, Triple), String> {
    let next = |number: u64| number.checked_add(1).ok_or_else(|| format!("{number} is too large"));
    match *parts {
        [major] => Ok(((major, 0, 0), (next(major)?, 0, 0))),
        [major, minor] => Ok(((major, minor, 0), (major, next(minor)?, 0))),
        [major, minor, patch] => Ok(((major, minor, patch), (major, minor, next(patch)?))),
        _ => Err(format!("it has {} numbers before the wildcard; three at most can be mapped", parts.len())),
    }
}

/// Reads `1.6`, `4.02.1`, `1.2-rc1`, `1.3~` and `1.3~beta`. A version ending in `~`
/// comes before every pre-release of it.
fn padded(text: &str) -> Result<String, String> {
    let text = without_v(text);
    let end = text.find(['-', '+', '~']).unwrap_or(text.len());
    let (head, tail) = text.split_at(end);
    let parts = numbers(head)?;
    if parts.len() > 3 {
        return Err(format!("it has {} numbers and is no known version of that package", parts.len()));
    }
    let at = |index: usize| parts.get(index).copied().unwrap_or(0);
    let plain = triple((at(0), at(1), at(2)));
    let prerelease = match (tail.get(..1), tail.get(1..)) {
        (Some("-"), Some(rest)) => rest.split('+').next().map(ToOwned::to_owned),
        (Some("~"), Some(rest)) if rest.trim_matches('~').is_empty() => Some("0".to_owned()),
        (Some("~"), Some(rest)) => Some(rest.replace('~', ".")),
        _ => None,
    };
    let full = prerelease.map_or_else(|| plain.clone(), |prerelease| format!("{plain}-{prerelease}"));
    Version::parse(&full).map(|version| version.to_string()).map_err(|invalid| invalid.reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn semver(text: &str) -> Result<String, String> {
        let known = HashMap::from([
            (Arc::from("3.1.3.bcr.5"), Version::parse("3.1.3").unwrap()),
            (Arc::from("1.6.50.0"), Version::parse("1.6.50").unwrap()),
        ]);
        let own = Version::parse("2.15.2").unwrap();
        map(text, &Target { scheme: VersionScheme::SemVer, own: &own, known: Some(&known) })
    }

    fn pvp(text: &str) -> Result<String, String> {
        let own = Version::parse("1000000000.0.0").unwrap();
        map(text, &Target { scheme: VersionScheme::Pvp, own: &own, known: None })
    }

    #[test]
    fn semver_bounds_are_written_in_full() {
        for (text, expected) in [
            (">=1.7.1", ">=1.7.1"),
            (">1.6", ">1.6.0"),
            ("<1.6", "<1.6.0"),
            ("=1.2", "=1.2.0"),
            ("1.2.3", "=1.2.3"),
            (">=3, <4", ">=3.0.0, <4.0.0"),
            (">=4.02.1", ">=4.2.1"),
            ("*", "*"),
            ("=1.2.*", ">=1.2.0, <1.3.0"),
            (">=3.1.3.bcr.5", ">=3.1.3"),
            (">=1.6.50.0", ">=1.6.50"),
            ("=version", "=2.15.2"),
            ("= version", "=2.15.2"),
            (">=v0.15.0, <v0.16~", ">=0.15.0, <0.16.0-0"),
            (">=1.3~beta", ">=1.3.0-beta"),
            ("<5.1~~", "<5.1.0-0"),
            ("={1.2, 1.4.*}", "=1.2.0 || >=1.4.0, <1.5.0"),
            (">=4.14+flambda", ">=4.14.0"),
            ("<1.0 || >=2.0", "<1.0.0 || >=2.0.0"),
            (">=1, !=1.5", ">=1.0.0, <1.5.0 || >=1.0.0, >1.5.0"),
            ("* || >=2", "*"),
            ("^1.2", "^1.2"),
            ("^0", "^0"),
            ("~1.2.3", "~1.2.3"),
            ("~>1.2", ">=1.2.0, <2.0.0"),
            ("~>1.2.3", "~1.2.3"),
        ] {
            let made = semver(text);
            assert_eq!(made.as_deref(), Ok(expected), "{text}");
            Requirement::parse(expected).unwrap();
        }
        for text in [">=1.2.3.4", ">=", "banana", "=>1", ">=base", "^>=1.2", ">=1.2.*", "", " || "] {
            assert!(text.trim_matches([' ', '|']).is_empty() || semver(text).is_err(), "{text}");
        }
    }

    #[test]
    fn pvp_bounds_follow_the_pvp() {
        for (text, expected) in [
            (">=1.5.6.0, <1.6", ">=1000000005.6.0, <1000000006.0.0"),
            ("==1.2.*", ">=1000000002.0.0, <1000000003.0.0"),
            ("=1.2.3.*", ">=1000000002.3.0, <1000000002.4.0"),
            ("=1.*", ">=1000000000.0.0, <2000000000.0.0"),
            ("^>=1.2.3", ">=1000000002.3.0, <1000000003.0.0"),
            ("^>=1", ">=1000000000.0.0, <1000000001.0.0"),
            (">1.2", ">1000000002.0.0"),
            ("==0.1.0.1", "=1.0.1"),
            ("^>= {1.2.3, 1.4}", ">=1000000002.3.0, <1000000003.0.0 || >=1000000004.0.0, <1000000005.0.0"),
            (">=1.2.3.4.5, <2", ">1000000002.3.4, <2000000000.0.0"),
            ("<=1.2.3.4.5", "<=1000000002.3.4"),
            ("^>=1.2.3.4.5", ">1000000002.3.4, <1000000003.0.0"),
            (">=4 || ==3.*", ">=4000000000.0.0 || >=3000000000.0.0, <4000000000.0.0"),
            ("*", "*"),
        ] {
            assert_eq!(pvp(text).as_deref(), Ok(expected), "{text}");
        }
        for text in ["=1.2.3.4.5", "^>= {1.2", ">={1.2}", "^1.2", ">=1.x", "<1.2-rc"] {
            assert!(pvp(text).is_err(), "{text}");
        }
    }

    #[test]
    fn long_alternatives_become_intervals() {
        let many: Vec<String> = (0..100).map(|minor| format!("=1.{minor}.*")).collect();
        assert_eq!(pvp(&many.join(" || ")).as_deref(), Ok(">=1000000000.0.0, <1000000100.0.0"));
    }

    #[test]
    fn two_requirements_on_one_package_are_intersected_or_united() {
        assert_eq!(intersect(">=1.0.0", "<2.0.0").as_deref(), Some(">=1.0.0, <2.0.0"));
        assert_eq!(intersect("*", "<2.0.0").as_deref(), Some("<2.0.0"));
        assert_eq!(intersect("*", "*").as_deref(), Some("*"));
        assert_eq!(
            intersect("<1.0.0 || >=2.0.0", ">=0.5.0").as_deref(),
            Some("<1.0.0, >=0.5.0 || >=2.0.0, >=0.5.0")
        );
        assert_eq!(intersect("<1.0.0", ">=2.0.0"), None);
        assert_eq!(unite("<1.0.0", ">=2.0.0").as_deref(), Some("<1.0.0 || >=2.0.0"));
        assert_eq!(unite("<1.0.0", "*").as_deref(), Some("*"));
    }
}
