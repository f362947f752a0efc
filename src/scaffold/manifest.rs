//! The manifest inside an artifact: the release file without what only the
//! registry knows.

use crate::schema;

/// The name of the manifest in an artifact.
pub const MANIFEST: &str = "shelfmark.toml";

/// Writes the manifest that agrees with a release file: the same fields without
/// `published`, `publisher`, `[artifact]` and `[lineage]`.
///
/// # Errors
/// When a value has no TOML spelling.
pub fn manifest_text(release: &schema::Release) -> Result<String, toml::ser::Error> {
    let mut inside = release.clone();
    inside.publisher = String::new();
    inside.published = None;
    inside.artifact = None;
    inside.lineage = None;
    // `publisher` stands before every free text, so the first such line is the field.
    Ok(toml::to_string(&inside)?.replacen("publisher = \"\"\n", "", 1))
}
