//! Colours for code, made at build time: one small lexer that reads a table
//! of languages.
//!
//! Comments, strings, numbers, keywords and types are what a reader needs to
//! see; an engine with full grammars does more than that, at a cost for each of
//! a large catalog's READMEs and with much data to carry.
//! The lexer looks at each byte a bounded number of times, so its time is
//! linear in the text, whatever the text is. Unknown languages are escaped text.

mod languages;

use super::text::push_escaped;
use languages::{Language, StringRule};

/// Every class the lexer writes.
pub(super) const CLASSES: [&str; 6] = ["hl-k", "hl-s", "hl-c", "hl-n", "hl-t", "hl-f"];

/// Returns the name by which a language is known, if it is.
pub(super) fn canonical_name(name: &str) -> Option<&'static str> {
    languages::find(name).map(Language::name)
}

/// Returns the names of all languages.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    languages::ALL.iter().map(Language::name)
}

/// Returns escaped HTML, with spans where the language is known.
pub(super) fn highlight(name: &str, code: &str) -> String {
    let mut out = String::with_capacity(code.len() * 2);
    match languages::find(name) {
        Some(language) => Lexer { language, code, at: 0, plain: 0, in_tag: false, out: &mut out }.run(),
        None => push_escaped(&mut out, code),
    }
    out
}

struct Lexer<'a> {
    language: &'static Language,
    code: &'a str,
    /// Next byte to look at; always on a character boundary.
    at: usize,
    /// Start of the text not yet written.
    plain: usize,
    /// Inside `<…>` of a markup language.
    in_tag: bool,
    out: &'a mut String,
}

impl Lexer<'_> {
    fn run(mut self) {
        while let Some(c) = self.rest().chars().next() {
            let token = self.comment().or_else(|| self.string()).or_else(|| match c {
                '<' | '>' if self.language.is_markup => self.tag(c),
                _ if c.is_ascii_digit() => self.number(),
                _ if self.is_word_start(c) => self.word(),
                _ => None,
            });
            match token {
                Some((length, class)) => self.emit(length, class),
                None => self.at += c.len_utf8(),
            }
        }
        self.flush();
    }

    fn rest(&self) -> &str {
        self.code.get(self.at..).unwrap_or_default()
    }

    fn flush(&mut self) {
        push_escaped(self.out, self.code.get(self.plain..self.at).unwrap_or_default());
        self.plain = self.at;
    }

    fn emit(&mut self, length: usize, class: &str) {
        if class.is_empty() {
            self.at += length;
            return;
        }
        self.flush();
        self.out.push_str("<span class=\"");
        self.out.push_str(class);
        self.out.push_str("\">");
        self.at += length;
        push_escaped(self.out, self.code.get(self.plain..self.at).unwrap_or_default());
        self.plain = self.at;
        self.out.push_str("</span>");
    }

    fn comment(&self) -> Option<(usize, &'static str)> {
        let rest = self.rest();
        for (open, close) in self.language.block_comments {
            if let Some(inner) = rest.strip_prefix(open) {
                let length = inner.find(close).map_or(rest.len(), |end| open.len() + end + close.len());
                return Some((length, "hl-c"));
            }
        }
        let is_at_word =
            self.code.as_bytes().get(self.at.wrapping_sub(1)).is_some_and(|b| !b.is_ascii_whitespace());
        for open in self.language.line_comments {
            // `#` begins a comment of a shell or of YAML only after white space.
            let needs_space = *open == "#" && self.language.hash_needs_space && is_at_word;
            if rest.starts_with(open) && !needs_space {
                return Some((line_end(rest), "hl-c"));
            }
        }
        None
    }

    fn string(&self) -> Option<(usize, &'static str)> {
        if self.language.is_markup && !self.in_tag {
            return None;
        }
        let rest = self.rest();
        let rule = self.language.strings.iter().find(|rule| rest.starts_with(rule.open))?;
        let length = string_length(rest, rule)?;
        let after = rest.get(length..).unwrap_or_default().trim_start_matches([' ', '\t']);
        let is_key = self.language.key_mark.is_some_and(|mark| after.starts_with(mark));
        Some((length, if is_key { "hl-f" } else { "hl-s" }))
    }

    fn tag(&mut self, c: char) -> Option<(usize, &'static str)> {
        if c == '>' {
            self.in_tag = false;
            return None;
        }
        let rest = self.rest();
        let inner = rest.strip_prefix('<')?;
        let name = inner.strip_prefix(['/', '?', '!']).unwrap_or(inner);
        let skipped = rest.len() - name.len();
        let length = name.find(|c: char| !is_name(c)).unwrap_or(name.len());
        if length == 0 {
            return None;
        }
        self.in_tag = true;
        self.at += skipped;
        Some((length, "hl-k"))
    }

    fn number(&self) -> Option<(usize, &'static str)> {
        let rest = self.rest();
        if self.language.is_markup && !self.in_tag {
            return Some((word_length(rest, |c| c.is_alphanumeric()), ""));
        }
        let length = word_length(rest, |c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'));
        Some((rest.get(..length)?.trim_end_matches('.').len(), "hl-n"))
    }

    fn is_word_start(&self, c: char) -> bool {
        c.is_alphabetic() || c == '_' || self.language.word_extra.contains(c)
    }

    fn word(&self) -> Option<(usize, &'static str)> {
        let rest = self.rest();
        let extra = self.language.word_extra;
        let length = word_length(rest, |c| c.is_alphanumeric() || c == '_' || extra.contains(c));
        let word = rest.get(..length)?;
        let after = rest.get(length..).unwrap_or_default();
        Some((length, self.class_of(word, after)))
    }

    fn class_of(&self, word: &str, after: &str) -> &'static str {
        let language = self.language;
        let is_in = |list: &[&str]| match language.ignores_case {
            true => list.iter().any(|entry| entry.eq_ignore_ascii_case(word)),
            false => list.contains(&word),
        };
        let spaced = after.trim_start_matches([' ', '\t']);
        if language.is_markup {
            return if self.in_tag { "hl-f" } else { "" };
        }
        if language.key_mark.is_some_and(|mark| spaced.starts_with(mark)) {
            "hl-f"
        } else if is_in(language.keywords) {
            "hl-k"
        } else if is_in(language.types) || (language.capital_is_type && word.starts_with(char::is_uppercase))
        {
            "hl-t"
        } else if after.starts_with('(') {
            "hl-f"
        } else {
            ""
        }
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '.')
}

fn line_end(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}

fn word_length(text: &str, is_inside: impl Fn(char) -> bool) -> usize {
    text.find(|c: char| !is_inside(c))
        .unwrap_or(text.len())
        .max(text.chars().next().map_or(0, char::len_utf8))
}

/// Returns the length of the string that begins here, quotes included.
fn string_length(rest: &str, rule: &StringRule) -> Option<usize> {
    let inner = rest.get(rule.open.len()..)?;
    if rule.is_character {
        return character_length(inner).map(|length| rule.open.len() + length);
    }
    let mut escaped = false;
    for (at, c) in inner.char_indices() {
        if escaped {
            escaped = false;
        } else if rule.escapes && c == '\\' {
            escaped = true;
        } else if c == '\n' && !rule.spans_lines {
            return Some(rule.open.len() + at);
        } else if inner.get(at..).is_some_and(|tail| tail.starts_with(rule.close)) {
            return Some(rule.open.len() + at + rule.close.len());
        }
    }
    Some(rest.len())
}

/// Returns the length of `a'` or `\n'` after an opening quote; a lifetime or a
/// type variable has none.
fn character_length(inner: &str) -> Option<usize> {
    let mut chars = inner.char_indices().take(12);
    let (_, first) = chars.next()?;
    if first == '\\' {
        return chars.skip(1).find(|(_, c)| *c == '\'').map(|(at, _)| at + 1);
    }
    let (at, second) = chars.next()?;
    (first != '\'' && second == '\'').then_some(at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_get_their_class() {
        assert_eq!(
            highlight("rust", "let x: &'a str = \"<b>\"; // hi"),
            "<span class=\"hl-k\">let</span> x: &amp;&#39;a <span class=\"hl-t\">str</span> = <span class=\"hl-s\">&quot;&lt;b&gt;&quot;</span>; <span class=\"hl-c\">// hi</span>"
        );
        assert_eq!(
            highlight("json", "{\"a\": 1}"),
            "{<span class=\"hl-f\">&quot;a&quot;</span>: <span class=\"hl-n\">1</span>}"
        );
        assert!(
            highlight("python", "def f(): return \"\"\"a\nb\"\"\"")
                .contains("<span class=\"hl-s\">&quot;&quot;&quot;a\nb&quot;&quot;&quot;</span>")
        );
        assert!(
            highlight("html", "<a href=\"x\">it's 3</a>")
                .ends_with("&gt;it&#39;s 3&lt;/<span class=\"hl-k\">a</span>&gt;")
        );
        assert!(highlight("toml", "a = 'b' # c").contains("<span class=\"hl-f\">a</span>"));
        assert!(highlight("sql", "SELECT 1").starts_with("<span class=\"hl-k\">SELECT"));
    }

    #[test]
    fn unknown_languages_and_half_tokens_are_escaped_text() {
        assert_eq!(highlight("klingon", "<script>"), "&lt;script&gt;");
        for language in names() {
            for text in [
                "\"", "'", "/*", "<!--", "(*", "`", "<", "\"\\", "'\\", "é'", "0x", "r#\"", "</", "<<<<",
                "#", "--",
            ] {
                let html = highlight(language, text);
                assert!(
                    !html.contains("<script")
                        && html.matches("<span").count() == html.matches("</span>").count()
                );
            }
        }
    }

    #[test]
    fn time_is_linear_in_hostile_text() {
        for part in ["\"", "/*", "<a ", "(* ", "'", "\"a\"      ", "<", "a ", "r#\"", "\\"] {
            let text = part.repeat(40_000 / part.len());
            for language in names() {
                let _ = highlight(language, &text);
            }
        }
    }
}
