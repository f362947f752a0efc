//! Finds what a changelog says of a version. Markdown is read by the line: no
//! more than headings and fences.

use crate::model::Version;

/// One heading.
struct Heading<'a> {
    level: usize,
    /// Where its line begins.
    start: usize,
    title: &'a str,
}

/// Returns the section of a version: its heading and all up to the next one of
/// the same or a higher level. A pre-release may stand under the version that
/// it leads to.
pub(super) fn section<'a>(text: &'a str, version: &Version) -> Option<&'a str> {
    let headings = headings(text);
    let find = |wanted: &str| headings.iter().position(|heading| is_about(heading.title, wanted));
    let exact = version.to_string();
    let at = find(&exact).or_else(|| exact.split_once('-').and_then(|(normal, _)| find(normal)))?;
    let heading = headings.get(at)?;
    let next = headings.iter().skip(at + 1).find(|next| next.level <= heading.level);
    text.get(heading.start..next.map_or(text.len(), |next| next.start))
}

fn headings(text: &str) -> Vec<Heading<'_>> {
    let mut found = Vec::new();
    let mut fence: Option<&str> = None;
    let mut above: Option<(usize, &str)> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        let mark = ["```", "~~~"].into_iter().find(|mark| bare.starts_with(mark));
        match (mark, fence) {
            (Some(mark), None) => fence = Some(mark),
            (Some(mark), Some(open)) if mark == open => fence = None,
            (None, None) => found.extend(heading(start, bare, above)),
            _ => {}
        }
        let is_text = fence.is_none() && !bare.is_empty() && !bare.starts_with('#');
        above = is_text.then_some((start, bare));
        start += line.len();
    }
    found
}

/// Reads a line as a heading, or as what underlines the line above.
fn heading<'a>(start: usize, bare: &'a str, above: Option<(usize, &'a str)>) -> Option<Heading<'a>> {
    let rest = bare.trim_start_matches('#');
    let level = bare.len() - rest.len();
    if (1..=6).contains(&level) && rest.starts_with([' ', '\t']) {
        return Some(Heading { level, start, title: rest.trim() });
    }
    let is_all = |mark: char| bare.len() > 1 && bare.chars().all(|c| c == mark);
    let level = if is_all('=') {
        1
    } else if is_all('-') {
        2
    } else {
        return None;
    };
    above.map(|(start, title)| Heading { level, start, title })
}

/// Returns whether a title names the version, and not one that only holds its digits.
fn is_about(title: &str, version: &str) -> bool {
    title.match_indices(version).any(|(at, _)| {
        let before = title.get(..at).and_then(|before| before.chars().next_back());
        let mut after = title.get(at + version.len()..).unwrap_or_default().chars();
        let begins = before.is_none_or(|c| matches!(c, 'v' | 'V') || !(c.is_alphanumeric() || c == '.'));
        let ends = match after.next() {
            Some('.' | '-' | '+') => !after.next().is_some_and(char::is_alphanumeric),
            Some(c) => !c.is_alphanumeric(),
            None => true,
        };
        begins && ends
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of<'a>(text: &'a str, version: &str) -> Option<&'a str> {
        section(text, &Version::parse(version).unwrap())
    }

    #[test]
    fn a_version_is_found_however_its_heading_is_written() {
        for title in ["## 1.2.0", "# v1.2.0", "## [1.2.0] - 2026-01-01", "### Release 1.2.0.", "1.2.0\n-----"]
        {
            assert!(of(&format!("# Changelog\n\n{title}\n\n* New.\n"), "1.2.0").is_some(), "{title}");
        }
        for title in
            ["## 11.2.0", "## 1.2.0-rc.1", "## 1.2.01", "1.2.0", "#1.2.0", "```\n# 1.2.0\n```", "## 0.1.2.0"]
        {
            assert!(of(&format!("# Changelog\n\n{title}\n\n* New.\n"), "1.2.0").is_none(), "{title}");
        }
        assert!(of("## 1.2.0\n", "1.2.0-rc.1").is_some());
        assert!(of("", "1.2.0").is_none());
    }

    #[test]
    fn a_section_ends_where_the_next_of_its_level_begins() {
        let text = "# Log\n\n## 2.0.0\n\n### Upgrading\n\nMove it.\n\n## 1.0.0\n\nFirst.\n";
        assert_eq!(of(text, "2.0.0"), Some("## 2.0.0\n\n### Upgrading\n\nMove it.\n\n"));
        assert_eq!(of(text, "1.0.0"), Some("## 1.0.0\n\nFirst.\n"));
        let ruled = "## 2.0.0\n---\nMove it.\n";
        assert_eq!(of(ruled, "2.0.0"), Some(ruled));
    }
}
