//! What words for people must not hide: characters that move a terminal's cursor,
//! turn the reading order, or take no room.

use crate::diagnostic::render::neutralize;

/// Most characters of a name.
pub const NAME: usize = 100;
/// Most characters of a reason, a note, or what a rating says.
pub const PROSE: usize = 4_000;

/// Returns what is wrong with one line of at most `most` characters, as the end
/// of a sentence: `is empty`.
pub fn line_fault(text: &str, most: usize) -> Option<String> {
    if text.trim().is_empty() {
        return Some("is empty".to_owned());
    }
    let has_lines = text.contains(['\n', '\r', '\t']);
    let lines = || has_lines.then(|| "has several lines or a tab".to_owned());
    too_long(text, most).or_else(lines).or_else(|| hidden(text))
}

/// Returns what is wrong with prose of at most `most` characters, which may have
/// several lines and may be empty.
pub fn prose_fault(text: &str, most: usize) -> Option<String> {
    too_long(text, most).or_else(|| hidden(text))
}

fn too_long(text: &str, most: usize) -> Option<String> {
    let count = text.chars().count();
    (count > most).then(|| format!("has {count} characters, at most {most} fit"))
}

fn hidden(text: &str) -> Option<String> {
    let (found, _) = text.chars().zip(neutralize(text).chars()).find(|(written, shown)| written != shown)?;
    Some(format!("holds U+{:04X}, a control, bidirectional or zero-width character", u32::from(found)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_is_named_and_lines_are_for_prose() {
        assert_eq!(line_fault("Example Core", NAME), None);
        assert_eq!(line_fault(" ", NAME).as_deref(), Some("is empty"));
        assert_eq!(line_fault("abc", 2).as_deref(), Some("has 3 characters, at most 2 fit"));
        assert_eq!(line_fault("a\nb", NAME).as_deref(), Some("has several lines or a tab"));
        for (text, code) in [("a\u{202e}b", "U+202E"), ("a\u{200b}", "U+200B"), ("\u{1b}[2J", "U+001B")] {
            assert!(line_fault(text, NAME).unwrap().contains(code), "{text:?}");
            assert!(prose_fault(text, PROSE).unwrap().contains(code), "{text:?}");
        }
        assert_eq!(prose_fault("two\r\nlines\n\tand a tab", PROSE), None);
        assert_eq!(prose_fault("", PROSE), None);
        assert_eq!(prose_fault("abc", 3), None);
        assert!(prose_fault("abcd", 3).is_some());
    }
}
