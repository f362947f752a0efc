//! Finds the place of a diagnostic in the text of its file.
//!
//! The pipeline keeps no spans: a registry has a hundred thousand files and few
//! of them have problems. Only those are parsed again, here.

use super::{Anchor, Location};
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// A place in a text, for people and machines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// Bytes of the text.
    pub span: Range<usize>,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// Returns the position of a location in the text of its file. A place that
/// cannot be found becomes the nearest one above it.
pub fn locate(location: &Location, text: &str) -> Position {
    let span = match &location.anchor {
        Anchor::File => None,
        Anchor::Span(span) => Some(span.clone()),
        Anchor::Value(keys) => find(&location.path, text, keys, false),
        Anchor::Key(keys) => find(&location.path, text, keys, true),
    };
    let span = clamp(span.unwrap_or(0..0), text);
    let before = text.get(..span.start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    Position {
        line: before.matches('\n').count() + 1,
        column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
        span,
    }
}

fn clamp(span: Range<usize>, text: &str) -> Range<usize> {
    let fit = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = fit(span.start);
    start..fit(span.end).max(start)
}

fn find(path: &str, text: &str, keys: &[String], is_key: bool) -> Option<Range<usize>> {
    if path.ends_with(".json") {
        return json::find(text, keys);
    }
    let (document, _) = DeTable::parse_recoverable(text);
    find_in_table(document.get_ref(), keys, is_key)
}

fn find_in_table(table: &DeTable<'_>, keys: &[String], is_key: bool) -> Option<Range<usize>> {
    let (first, rest) = keys.split_first()?;
    let (key, value) = table.get_key_value(first.as_str())?;
    if rest.is_empty() {
        return Some(if is_key { key.span() } else { value.span() });
    }
    find_in_value(value.get_ref(), rest, is_key).or_else(|| Some(key.span()))
}

fn find_in_value(value: &DeValue<'_>, keys: &[String], is_key: bool) -> Option<Range<usize>> {
    match value {
        DeValue::Table(table) => find_in_table(table, keys, is_key),
        DeValue::Array(array) => {
            let (first, rest) = keys.split_first()?;
            let item = array.get(first.parse::<usize>().ok()?)?;
            if rest.is_empty() {
                return Some(item.span());
            }
            find_in_value(item.get_ref(), rest, is_key).or_else(|| Some(item.span()))
        }
        _ => None,
    }
}

/// Finds a value in JSON text that serde_json has already accepted.
mod json {
    use std::ops::Range;

    pub(super) fn find(text: &str, keys: &[String]) -> Option<Range<usize>> {
        let mut scanner = Scanner { bytes: text.as_bytes(), at: 0 };
        scanner.find(keys)
    }

    struct Scanner<'a> {
        bytes: &'a [u8],
        at: usize,
    }

    impl Scanner<'_> {
        fn peek(&mut self) -> Option<u8> {
            while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
                self.at += 1;
            }
            self.bytes.get(self.at).copied()
        }

        fn take(&mut self, wanted: u8) -> Option<()> {
            (self.peek()? == wanted).then(|| self.at += 1)
        }

        fn find(&mut self, keys: &[String]) -> Option<Range<usize>> {
            let opening = self.peek()?;
            let Some((wanted, rest)) = keys.split_first() else { return self.skip() };
            let (closing, is_object) = match opening {
                b'{' => (b'}', true),
                b'[' => (b']', false),
                _ => return None,
            };
            self.at += 1;
            let mut index = 0_usize;
            while self.peek()? != closing {
                let name = if is_object {
                    let span = self.skip()?;
                    self.take(b':')?;
                    serde_json::from_slice::<String>(self.bytes.get(span)?).ok()?
                } else {
                    index.to_string()
                };
                self.peek()?;
                let start = self.at;
                if name == *wanted {
                    return self.find(rest).or(Some(start..self.at));
                }
                self.skip()?;
                index += 1;
                if self.peek()? == b',' {
                    self.at += 1;
                }
            }
            None
        }

        /// Steps over one value and returns its range, without recursion.
        fn skip(&mut self) -> Option<Range<usize>> {
            self.peek()?;
            let start = self.at;
            let mut depth = 0_usize;
            loop {
                match self.peek()? {
                    b'"' => self.skip_string()?,
                    b'{' | b'[' => {
                        depth += 1;
                        self.at += 1;
                    }
                    b'}' | b']' => {
                        depth = depth.checked_sub(1)?;
                        self.at += 1;
                    }
                    b',' | b':' if depth > 0 => self.at += 1,
                    b',' | b':' => return None,
                    _ => self.skip_word(),
                }
                if depth == 0 {
                    return Some(start..self.at);
                }
            }
        }

        fn skip_string(&mut self) -> Option<()> {
            self.at += 1;
            loop {
                match self.bytes.get(self.at)? {
                    b'\\' => self.at += 2,
                    b'"' => {
                        self.at += 1;
                        return Some(());
                    }
                    _ => self.at += 1,
                }
            }
        }

        fn skip_word(&mut self) {
            self.at += 1;
            while self
                .bytes
                .get(self.at)
                .is_some_and(|b| !b.is_ascii_whitespace() && !b",:{}[]\"".contains(b))
            {
                self.at += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(path: &str, text: &str, anchor: Anchor) -> (usize, usize, String) {
        let position = locate(&Location { path: path.into(), anchor }, text);
        (position.line, position.column, text[position.span].to_owned())
    }

    fn keys(keys: &[&str]) -> Vec<String> {
        keys.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn toml_values_and_keys_are_found() {
        let text = "id = \"x\"\n[dependencies]\n\"com.a.b\" = \"^1\"\n[[plan]]\nname = \"é\"\n";
        assert_eq!(at("a.toml", text, Anchor::Value(keys(&["id"]))), (1, 6, "\"x\"".into()));
        assert_eq!(
            at("a.toml", text, Anchor::Value(keys(&["dependencies", "com.a.b"]))),
            (3, 13, "\"^1\"".into())
        );
        assert_eq!(
            at("a.toml", text, Anchor::Key(keys(&["dependencies", "com.a.b"]))),
            (3, 1, "\"com.a.b\"".into())
        );
        assert_eq!(at("a.toml", text, Anchor::Value(keys(&["plan", "0", "name"]))), (5, 8, "\"é\"".into()));
        assert_eq!(at("a.toml", text, Anchor::Value(keys(&["missing"]))).0, 1);
    }

    #[test]
    fn json_values_are_found() {
        let text = "{\n  \"a\": [1, {\"b\\\"\": \"x]}\"}, 22],\n  \"c\": true\n}";
        assert_eq!(at("a.json", text, Anchor::Value(keys(&["a", "1", "b\""]))), (2, 20, "\"x]}\"".into()));
        assert_eq!(at("a.json", text, Anchor::Value(keys(&["a", "2"]))), (2, 28, "22".into()));
        assert_eq!(at("a.json", text, Anchor::Value(keys(&["c"]))), (3, 8, "true".into()));
    }

    #[test]
    fn nothing_panics_on_odd_spans_and_damaged_text() {
        for text in ["", "{", "{\"a\":", "\u{feff}é", "[[[[", "{\"a\" \"b\"}"] {
            for anchor in [
                Anchor::Span(1..999),
                Anchor::Span(Range { start: 3, end: 1 }),
                Anchor::Value(keys(&["a", "0"])),
                Anchor::Key(keys(&["a"])),
            ] {
                at("x.json", text, anchor.clone());
                at("x.toml", text, anchor);
            }
        }
    }
}
