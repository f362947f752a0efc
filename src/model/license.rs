//! Licence expressions by the SPDX specification.

use super::Invalid;
use serde::{Deserialize, Serialize};

/// An SPDX licence expression in strict spelling, such as `MIT OR Apache-2.0`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct License {
    text: std::sync::Arc<str>,
    ids: Vec<std::sync::Arc<str>>,
}

impl License {
    /// Parses an expression.
    ///
    /// # Errors
    /// Says which word is not in the SPDX licence list.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        if text.len() > 1024 {
            return Err(Invalid::new("licence expression", text, "it has more than 1,024 bytes"));
        }
        let expression = parse_expression(text).map_err(|error| {
            let word = text.get(error.span.clone()).unwrap_or(text);
            Invalid::new("licence expression", text, format!("`{word}`: {}", error.reason))
        })?;
        let ids = expression.requirements().map(|node| node.req.to_string().into()).collect();
        Ok(Self { text: text.into(), ids })
    }

    /// Returns the expression as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns each licence with its exception, such as `GPL-2.0-only WITH Classpath-exception-2.0`.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.ids.iter().map(AsRef::as_ref)
    }

    /// Returns whether the allowed licences alone satisfy the expression.
    pub fn is_satisfied_by(&self, mut allowed: impl FnMut(&str) -> bool) -> bool {
        parse_expression(&self.text)
            .is_ok_and(|expression| expression.evaluate(|req| allowed(&req.to_string())))
    }

    /// Returns the ids that the SPDX list keeps only for old records, such as `GPL-3.0`.
    pub fn deprecated_ids(&self) -> impl Iterator<Item = &str> {
        self.ids().filter(|id| {
            let name = id.split(' ').next().unwrap_or_default().trim_end_matches('+');
            spdx::license_id(name).is_some_and(spdx::LicenseId::is_deprecated)
        })
    }

    /// Returns the expression that a person most likely meant, for a "did you mean".
    pub fn suggest(text: &str) -> Option<String> {
        if let Some(fixed) = spdx::Expression::canonicalize(text).ok().flatten() {
            return Some(fixed);
        }
        let word = text.trim();
        let other_case = spdx::identifiers::LICENSES.iter().find(|id| id.name.eq_ignore_ascii_case(word));
        if let Some(id) = other_case {
            return Some(id.name.to_owned());
        }
        let (id, length) = spdx::imprecise_license_id(word)?;
        (length == word.len() && id.name != word).then(|| id.name.to_owned())
    }
}

/// Parses by the specification, deprecated ids included: old releases have them.
fn parse_expression(text: &str) -> Result<spdx::Expression, spdx::ParseError> {
    let mode = spdx::ParseMode {
        allow_deprecated: true,
        allow_postfix_plus_on_gpl: true,
        ..spdx::ParseMode::STRICT
    };
    spdx::Expression::parse_mode(text, mode)
}

impl std::fmt::Display for License {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl TryFrom<String> for License {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        Self::parse(&text)
    }
}

impl From<License> for String {
    fn from(license: License) -> String {
        license.text.as_ref().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::License;

    #[test]
    fn expressions_parse_and_are_judged() {
        let license = License::parse("MIT OR Apache-2.0").unwrap();
        assert_eq!(license.ids().collect::<Vec<_>>(), ["MIT", "Apache-2.0"]);
        assert!(license.is_satisfied_by(|id| id == "MIT"));
        assert!(!License::parse("MIT AND BUSL-1.1").unwrap().is_satisfied_by(|id| id == "MIT"));
        assert!(License::parse("Apache2").unwrap_err().to_string().contains("Apache2"));
        assert_eq!(License::suggest("apache-2.0").as_deref(), Some("Apache-2.0"));
    }
}
