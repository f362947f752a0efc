//! Relative paths that are safe on every file system a registry may meet.

use super::package_id::DEVICE_NAMES;
use super::text::text_type;

text_type!(
    /// A `/`-separated relative path without `.`, `..`, empty, hidden-git or
    /// device-named components, at most 240 bytes and 32 deep.
    RelPath, "relative path", check
);

impl RelPath {
    /// Most bytes of a path.
    pub const MAX_BYTES: usize = 240;
    /// Most components of a path.
    pub const MAX_DEPTH: usize = 32;

    /// Returns the components from left to right.
    pub fn components(&self) -> impl Iterator<Item = &str> {
        self.as_str().split('/')
    }

    /// Returns the last component.
    pub fn file_name(&self) -> &str {
        self.as_str().rsplit('/').next().unwrap_or_default()
    }

    /// Returns whether the component is `.git` in any case, its 8.3 short name,
    /// or its NTFS stream spelling.
    pub(crate) fn is_git_like(component: &str) -> bool {
        let lower = component.to_ascii_lowercase();
        lower == ".git" || lower.starts_with("git~") || lower.starts_with(".git::")
    }

    /// Returns whether the component is a device on Windows, whatever its extension.
    pub(crate) fn is_device_name(component: &str) -> bool {
        let stem = component.split('.').next().unwrap_or_default().to_ascii_lowercase();
        DEVICE_NAMES.contains(&stem.trim_end())
    }
}

fn check(text: &str) -> Result<(), String> {
    if text.len() > RelPath::MAX_BYTES {
        return Err(format!("it has {} bytes, at most {} fit", text.len(), RelPath::MAX_BYTES));
    }
    let depth = text.split('/').count();
    if depth > RelPath::MAX_DEPTH {
        return Err(format!("it is {depth} deep, at most {} levels fit", RelPath::MAX_DEPTH));
    }
    text.split('/').try_for_each(check_component)
}

fn check_component(component: &str) -> Result<(), String> {
    if component.is_empty() {
        return Err("it is absolute or has an empty component".into());
    }
    if component == "." || component == ".." {
        return Err(format!("it has the component `{component}`"));
    }
    if let Some(bad) = component.chars().find(|c| is_refused(*c)) {
        return Err(format!("it holds the character `{}`", bad.escape_unicode()));
    }
    if component.ends_with('.') || component.ends_with(' ') || component.starts_with(' ') {
        return Err(
            "a component begins with a space or ends with a dot or a space, which Windows drops".into()
        );
    }
    if RelPath::is_git_like(component) {
        return Err(format!("`{component}` is a name that git tools act on"));
    }
    if RelPath::is_device_name(component) {
        return Err(format!("`{component}` is a device name on Windows"));
    }
    Ok(())
}

/// Characters that a file system, a shell or an eye reads as something else.
fn is_refused(c: char) -> bool {
    c.is_control()
        || matches!(c, '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || matches!(c, '\u{e0000}'..='\u{e0fff}')
        // It stands for bytes that are no UTF-8: two such names would look the same.
        || c == '\u{fffd}'
}

#[cfg(test)]
mod tests {
    use super::RelPath;

    #[test]
    fn ordinary_paths_are_fine() {
        for text in [
            "a",
            "media/icon.svg",
            "metadata/object/invoice.json",
            "a b/Ünïcode.md",
            ".github/workflows/x.yml",
        ] {
            RelPath::parse(text).unwrap();
        }
    }

    #[test]
    fn traps_are_refused() {
        let deep = vec!["a"; 33].join("/");
        let long = "a".repeat(241);
        for text in [
            "",
            "/a",
            "a//b",
            "../a",
            "a/./b",
            "a\\b",
            "a\u{fffd}b",
            "c:/x",
            ".git/config",
            ".GIT",
            "git~1",
            "nul.txt",
            "a/CON",
            "a.",
            "a ",
            "x\u{202e}y",
            "x\u{200b}",
            "x\u{0}",
            &deep,
            &long,
        ] {
            assert!(RelPath::parse(text).is_err(), "{text:?}");
        }
        RelPath::parse(&vec!["a"; 32].join("/")).unwrap();
        RelPath::parse(&"a".repeat(240)).unwrap();
    }
}
