//! Foreign text made fit for one-line fields.

use std::borrow::Cow;

/// Joins lines: every run of white space and control characters becomes one space.
pub(super) fn one_line(text: &str) -> Cow<'_, str> {
    let is_space = |c: char| c.is_whitespace() || c.is_control();
    let mut before = ' ';
    let is_fine = text.chars().all(|c| {
        let is_fine = !is_space(c) || (c == ' ' && before != ' ');
        before = c;
        is_fine
    });
    if is_fine && before != ' ' {
        return Cow::Borrowed(text);
    }
    let words: Vec<&str> = text.split(is_space).filter(|word| !word.is_empty()).collect();
    Cow::Owned(words.join(" "))
}

/// Returns the text cut to a number of characters, at the end of a word where
/// one is near, and whether it was cut.
pub(super) fn cut(text: &str, most: usize) -> (Cow<'_, str>, bool) {
    let Some((end, _)) = text.char_indices().nth(most) else { return (Cow::Borrowed(text), false) };
    let before = text.get(..end).unwrap_or_default();
    let last = before.chars().next_back().map_or(0, char::len_utf8);
    let room = before.get(..before.len() - last).unwrap_or_default();
    let head = room
        .rsplit_once(' ')
        .map(|(head, _)| head)
        .filter(|head| head.len() * 4 > room.len() * 3)
        .unwrap_or(room);
    (Cow::Owned(format!("{}…", head.trim_end_matches([' ', ',', ';', ':']))), true)
}

/// Returns the first sentence of one line.
pub(super) fn first_sentence(text: &str) -> &str {
    let end = text.match_indices(['.', '!', '?', '。', '！', '？']).find_map(|(at, mark)| {
        let after = at + mark.len();
        let rest = text.get(after..)?;
        let is_wide = mark.len() > 1;
        let ends = rest.is_empty() || is_wide || (rest.starts_with(' ') && !is_abbreviation(text.get(..at)?));
        ends.then_some(after)
    });
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// Returns whether a dot after this text belongs to a word such as `e.g` or `vs`.
fn is_abbreviation(before: &str) -> bool {
    let word = before.rsplit(' ').next().unwrap_or(before).trim_start_matches('(');
    word.contains('.')
        || word.chars().count() < 2
        || matches!(word, "etc" | "vs" | "cf" | "Dr" | "Mr" | "No" | "approx")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_joined() {
        assert_eq!(one_line("a b"), "a b");
        assert_eq!(one_line("  a\n\tb\u{0}c  d "), "a b c d");
        assert!(matches!(one_line("as it is"), Cow::Borrowed(_)));
        assert_eq!(one_line(" \n "), "");
    }

    #[test]
    fn cuts_fall_on_words_and_characters() {
        assert_eq!(cut("short", 5), ("short".into(), false));
        assert_eq!(cut("one two three four", 15).0, "one two three…");
        assert_eq!(cut("日本語日本語", 3).0, "日本…");
        assert!(cut(&"a".repeat(2000), 1000).0.chars().count() <= 1000);
    }

    #[test]
    fn the_first_sentence_ends_where_a_reader_would() {
        assert_eq!(first_sentence("Reads files. Fast."), "Reads files.");
        assert_eq!(first_sentence("Version 1.2 of e.g. it"), "Version 1.2 of e.g. it");
        assert_eq!(first_sentence("No end"), "No end");
        assert_eq!(first_sentence("読む。書く。"), "読む。");
    }
}
