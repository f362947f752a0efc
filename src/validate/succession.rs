//! Which version may follow another, and what the step between two says.

use super::registry::{Package, Release};
use crate::model::Version;

/// The step from one normal version to a later one, as those who depend on it
/// read it, ascending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// Repairs alone.
    Patch,
    /// Something new.
    Minor,
    /// Something that worked may work no longer.
    Major,
}

/// Returns the step between two versions. Below 1.0.0 the second number says
/// what the first says above.
pub(super) fn step(before: &Version, after: &Version) -> Step {
    let (before, after) = (before.semver(), after.semver());
    if before.major != after.major {
        Step::Major
    } else if before.minor == after.minor {
        Step::Patch
    } else if after.major == 0 {
        Step::Major
    } else {
        Step::Minor
    }
}

/// Returns the next patch; of a pre-release the version it leads to.
pub(super) fn next_patch(version: &Version) -> Option<Version> {
    let version = version.semver();
    let patch = if version.pre.is_empty() { version.patch.checked_add(1)? } else { version.patch };
    normal(version.major, version.minor, patch)
}

/// Returns the next minor version.
pub(super) fn next_minor(version: &Version) -> Option<Version> {
    let version = version.semver();
    normal(version.major, version.minor.checked_add(1)?, 0)
}

/// Returns the next major version.
pub(super) fn next_major(version: &Version) -> Option<Version> {
    normal(version.semver().major.checked_add(1)?, 0, 0)
}

/// Returns the next patch, minor and major version, ascending.
pub(super) fn next(version: &Version) -> Vec<Version> {
    [next_patch(version), next_minor(version), next_major(version)].into_iter().flatten().collect()
}

fn normal(major: u64, minor: u64, patch: u64) -> Option<Version> {
    Version::parse(&format!("{major}.{minor}.{patch}")).ok()
}

/// Returns the highest normal version below another that is not removed.
pub fn normal_before<'a>(package: &'a Package, version: &Version) -> Option<&'a Release> {
    package.releases.iter().rev().find(|release| {
        !release.version.is_prerelease() && release.version < *version && !release.is_removed()
    })
}

/// Writes versions as a choice: "`1.0.1`, `1.1.0` or `2.0.0`".
pub(super) fn choice(versions: &[Version]) -> String {
    let named: Vec<String> = versions.iter().map(|version| format!("`{version}`")).collect();
    match named.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    #[test]
    fn the_step_below_one_is_told_by_the_second_number() {
        let between = |before, after| step(&version(before), &version(after));
        assert_eq!(between("1.0.0", "1.0.1"), Step::Patch);
        assert_eq!(between("1.0.9", "1.1.0"), Step::Minor);
        assert_eq!(between("1.9.0", "2.0.0"), Step::Major);
        assert_eq!(between("0.1.0", "0.1.1"), Step::Patch);
        assert_eq!(between("0.1.0", "0.2.0"), Step::Major);
        assert_eq!(between("0.9.0", "1.0.0"), Step::Major);
    }

    #[test]
    fn a_pre_release_is_followed_by_what_it_leads_to() {
        assert_eq!(choice(&next(&version("1.2.3"))), "`1.2.4`, `1.3.0` or `2.0.0`");
        assert_eq!(choice(&next(&version("1.2.0-rc.1"))), "`1.2.0`, `1.3.0` or `2.0.0`");
        assert_eq!(choice(&next(&version(&format!("{0}.{0}.{0}", u64::MAX)))), "");
        assert_eq!(choice(&[version("1.0.0")]), "`1.0.0`");
    }
}
