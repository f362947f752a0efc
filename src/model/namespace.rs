//! Namespaces of metadata objects: `finance` in `finance__invoice`.

use super::text::text_type;

text_type!(
    /// A namespace: lower-case words joined by single underscores, at most 32 bytes.
    Namespace, "namespace", check
);

impl Namespace {
    /// Namespaces of the host itself, which no package may claim.
    pub const RESERVED: [&str; 2] = ["base", "system"];

    /// Returns whether the host keeps this namespace for itself.
    pub fn is_reserved(&self) -> bool {
        Self::RESERVED.contains(&self.as_str())
    }
}

fn check(text: &str) -> Result<(), String> {
    if text.len() > 32 {
        return Err(format!("it has {} bytes, at most 32 fit", text.len()));
    }
    check_words(text)
}

/// Checks `[a-z][a-z0-9]*(_[a-z0-9]+)*`, the shape of namespaces and object names.
pub(crate) fn check_words(text: &str) -> Result<(), String> {
    if !text.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Err("it must begin with a letter a-z".into());
    }
    if text.contains("__") {
        return Err("`__` separates a namespace from an object name and cannot be inside one".into());
    }
    if text.ends_with('_') {
        return Err("it ends with an underscore".into());
    }
    match text.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '_')) {
        Some(bad) => Err(format!(
            "it holds `{}`; only a-z, 0-9 and single underscores are allowed",
            bad.escape_default()
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::Namespace;

    #[test]
    fn shape_is_checked() {
        for good in ["crm", "real_estate", "a1_b2", &"a".repeat(32)] {
            Namespace::parse(good).unwrap();
        }
        for bad in ["", "Crm", "1a", "a__b", "a_", "_a", "a-b", &"a".repeat(33)] {
            assert!(Namespace::parse(bad).is_err(), "{bad}");
        }
    }
}
