//! From a foreign version to a SemVer version without build metadata.

use super::VersionScheme;
use crate::model::Version;

/// One part of a PVP version more than this moves into the next major number.
const BILLION: u64 = 1_000_000_000;

/// Maps the version of a record. An `Err` says why it has no SemVer spelling.
pub(super) fn map(scheme: VersionScheme, spelling: &str, semver: Option<&str>) -> Result<Version, String> {
    match scheme {
        VersionScheme::Pvp => {
            let (major, minor, patch) = encode(&numbers(without_v(spelling.trim()))?)?;
            Version::parse(&format!("{major}.{minor}.{patch}")).map_err(|invalid| invalid.reason)
        }
        VersionScheme::SemVer => strict(spelling).or_else(|reason| semver.map_or(Err(reason), strict)),
    }
}

/// Reads SemVer, dropping a leading `v` and build metadata.
pub(super) fn strict(text: &str) -> Result<Version, String> {
    let text = without_v(text.trim());
    let text = text.split('+').next().unwrap_or(text);
    Version::parse(text).map_err(|invalid| invalid.reason)
}

/// Drops a `v` in front of a digit.
pub(super) fn without_v(text: &str) -> &str {
    match text.strip_prefix(['v', 'V']) {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => rest,
        _ => text,
    }
}

/// Reads numbers joined by dots.
pub(super) fn numbers(text: &str) -> Result<Vec<u64>, String> {
    text.split('.')
        .map(|part| {
            let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| part.parse().ok()).flatten().ok_or_else(|| format!("`{part}` is not a number"))
        })
        .collect()
}

/// Maps A.B.C.D to (A·10⁹+B).C.D; missing parts are 0.
pub(super) fn encode(parts: &[u64]) -> Result<(u64, u64, u64), String> {
    if parts.len() > 4 {
        return Err(format!("it has {} numbers; four at most can be mapped", parts.len()));
    }
    let at = |index: usize| parts.get(index).copied().unwrap_or(0);
    let (first, second) = (at(0), at(1));
    if second >= BILLION {
        return Err(format!("its second number is {second}; below {BILLION} can be mapped"));
    }
    let major = first.checked_mul(BILLION).and_then(|value| value.checked_add(second));
    Ok((major.ok_or_else(|| format!("its first number, {first}, is too large"))?, at(2), at(3)))
}

/// Returns the first number above every version that begins with `parts`, as
/// a triple: A.B.C becomes the place of A.B.(C+1).
pub(super) fn encode_after(parts: &[u64]) -> Result<(u64, u64, u64), String> {
    let (major, minor, patch) = encode(parts)?;
    let next = match parts.len() {
        0 | 1 => major.checked_add(BILLION).map(|major| (major, 0, 0)),
        2 => major.checked_add(1).map(|major| (major, 0, 0)),
        3 => minor.checked_add(1).map(|minor| (major, minor, 0)),
        _ => patch.checked_add(1).map(|patch| (major, minor, patch)),
    };
    next.ok_or_else(|| "its last number is too large".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapped(scheme: VersionScheme, spelling: &str, semver: Option<&str>) -> Option<String> {
        map(scheme, spelling, semver).ok().map(|version| version.to_string())
    }

    #[test]
    fn semver_is_taken_from_the_version_then_from_the_field() {
        let map = |spelling, semver| mapped(VersionScheme::SemVer, spelling, semver);
        assert_eq!(map("1.2.3", Some("9.9.9")).as_deref(), Some("1.2.3"));
        assert_eq!(map("v1.2.3-rc.1", None).as_deref(), Some("1.2.3-rc.1"));
        assert_eq!(map("1.2.3+build.7", None).as_deref(), Some("1.2.3"));
        assert_eq!(map("2.16", Some("2.16.0")).as_deref(), Some("2.16.0"));
        assert_eq!(map("1.2.9.bcr.1", Some("1.2.9+bcr.1")).as_deref(), Some("1.2.9"));
        assert_eq!(map("2.4.2.169", None), None);
        assert_eq!(map("latest", None), None);
        assert_eq!(map("99999999999999999999.0.0", None), None);
    }

    #[test]
    fn pvp_versions_keep_their_order() {
        let map = |spelling| mapped(VersionScheme::Pvp, spelling, None);
        assert_eq!(map("1").as_deref(), Some("1000000000.0.0"));
        assert_eq!(map("1.5.6.0").as_deref(), Some("1000000005.6.0"));
        assert_eq!(map("2011.1").as_deref(), Some("2011000000001.0.0"));
        assert_eq!(map("0.0.0.1").as_deref(), Some("0.0.1"));
        assert_eq!(map("1.2.3.4.5"), None);
        assert_eq!(map("1.1000000000"), None);
        assert_eq!(map("1.2-beta"), None);
        assert_eq!(map("1..2"), None);
        assert_eq!(map("18446744073709551615.0"), None);
        let ascending = ["0.1", "0.9.9.9", "0.10", "1", "1.2.0.1", "1.2.1", "1.10", "2", "20200101.1"];
        let versions: Vec<Version> =
            ascending.iter().map(|text| super::map(VersionScheme::Pvp, text, None).unwrap()).collect();
        assert!(versions.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
