//! The version of a release: SemVer 2.0.0 without build metadata.

use super::Invalid;
use serde::{Deserialize, Serialize};

/// A release's version. Ordered by SemVer precedence, which is total here
/// because build metadata is refused.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Version(semver::Version);

impl Version {
    /// Most bytes of a version.
    pub const MAX_BYTES: usize = 64;

    /// Parses a version.
    ///
    /// # Errors
    /// Refuses anything that is not SemVer 2.0.0, build metadata, and more than
    /// [`Self::MAX_BYTES`] bytes.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let refuse = |reason: String| Invalid::new("version", text, reason);
        if text.len() > Self::MAX_BYTES {
            return Err(refuse(format!("it has {} bytes, at most {} fit", text.len(), Self::MAX_BYTES)));
        }
        let version = semver::Version::parse(text).map_err(|error| {
            let bare = text.trim_start_matches(['v', 'V']);
            let guesses = [bare.to_owned(), format!("{bare}.0"), format!("{bare}.0.0")];
            match guesses.iter().find(|guess| semver::Version::parse(guess).is_ok()) {
                Some(guess) => refuse(format!("three numbers are expected, such as `{guess}`")),
                None => refuse(error.to_string()),
            }
        })?;
        if !version.build.is_empty() {
            return Err(refuse(
                "build metadata (`+…`) is not allowed, two such versions would be equal".into(),
            ));
        }
        Ok(Self(version))
    }

    /// Returns the parsed SemVer version.
    pub fn semver(&self) -> &semver::Version {
        &self.0
    }

    /// Returns whether this is a pre-release such as `1.0.0-beta.1`.
    pub fn is_prerelease(&self) -> bool {
        !self.0.pre.is_empty()
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for Version {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Version {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<Version> for String {
    fn from(version: Version) -> String {
        version.0.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn versions_order_by_precedence() {
        let mut versions: Vec<Version> = ["1.0.0", "1.0.0-rc.1", "0.9.9", "1.0.0-beta.11", "1.0.0-beta.2"]
            .iter()
            .map(|text| Version::parse(text).unwrap())
            .collect();
        versions.sort();
        let texts: Vec<String> = versions.iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["0.9.9", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0"]);
    }

    #[test]
    fn build_metadata_loose_and_long_versions_are_refused() {
        for text in ["1.0", "v1.0.0", "1.0.0+build", "01.0.0", "", &format!("1.0.0-{}", "a".repeat(60))] {
            assert!(Version::parse(text).is_err(), "{text}");
        }
    }
}
