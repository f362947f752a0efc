//! Passages of code: string literals, among them what tools say of themselves,
//! docstrings, comments, and long names of parameters.

use super::super::language::Language;
use super::Kind;
use super::structured::{is_telling_name, push_escaped};
use super::writer::Writer;

/// How far back of a string its use is looked for.
const LOOK_BACK: usize = 96;

/// What a string is given to, where a model reads it.
const TOLD: &[&str] = &[
    "description",
    "describe",
    "desc",
    "doc",
    "__doc__",
    "instructions",
    "title",
    "summary",
    "default",
    "help",
    "annotation",
    "hint",
];

/// Calls whose strings are the name and the description of a tool.
const OFFERS: &[&str] =
    &["tool", "registertool", "addtool", "add_tool", "registerprompt", "prompt", "newtool"];

struct Reader<'a, 'w> {
    text: &'a str,
    at: usize,
    language: Language,
    offers_tools: bool,
    depth: usize,
    /// Depth inside the call that offers a tool.
    offer: Option<usize>,
    /// Where the last literal ended, if only joiners followed.
    joined: Option<usize>,
    writer: &'w mut Writer,
}

/// Reads a text.
pub(super) fn read(text: &str, language: Language, offers_tools: bool, writer: &mut Writer) {
    let mut reader =
        Reader { text, at: 0, language, offers_tools, depth: 0, offer: None, joined: None, writer };
    while reader.at < text.len() {
        reader.step();
    }
}

impl Reader<'_, '_> {
    fn step(&mut self) {
        let rest = &self.text[self.at..];
        let Some(c) = rest.chars().next() else { return };
        if let Some(length) = self.line_comment(rest) {
            self.comment(length);
        } else if rest.starts_with("/*") && self.has_slashes() {
            self.block_comment();
        } else if let Some(quote) = self.quote(rest) {
            self.string(quote);
        } else if c.is_ascii_alphabetic() || c == '_' {
            self.word(rest);
        } else {
            self.sign(c);
            self.at += c.len_utf8();
        }
    }

    fn has_slashes(&self) -> bool {
        use Language::{Dockerfile, Makefile, Python, Ruby, Shell, Sql};
        !matches!(self.language, Python | Shell | Ruby | Dockerfile | Makefile | Sql)
            && self.language != Language::PowerShell
    }

    fn line_comment(&self, rest: &str) -> Option<usize> {
        use Language::{Dockerfile, Makefile, Php, PowerShell, Python, Ruby, Shell, Sql};
        let marks: &[&str] = match self.language {
            Python | Shell | Ruby | Dockerfile | Makefile | PowerShell => &["#"],
            Sql => &["--"],
            Php => &["//", "#"],
            _ => &["//"],
        };
        // An address and a `$#` are no comments.
        let before = self.text[..self.at].bytes().next_back();
        if matches!(before, Some(b':' | b'$' | b'\\')) {
            return None;
        }
        marks.iter().find(|mark| rest.starts_with(**mark)).map(|mark| mark.len())
    }

    /// Reads comment lines that follow each other as one text.
    fn comment(&mut self, mark: usize) {
        self.writer.begin(Kind::Comment);
        self.joined = None;
        loop {
            let from = self.at + mark;
            let end = self.text[from..].find('\n').map_or(self.text.len(), |length| from + length);
            self.push_comment(from, end);
            let next = self.text[end..].trim_start_matches([' ', '\t', '\r', '\n']);
            let gap = &self.text[end..self.text.len() - next.len()];
            self.at = end;
            if gap.matches('\n').count() != 1 || self.line_comment(next) != Some(mark) {
                break;
            }
            self.at = self.text.len() - next.len();
        }
        self.writer.end();
    }

    fn block_comment(&mut self) {
        self.joined = None;
        let from = self.at + 2;
        let end = self.text[from..].find("*/").map_or(self.text.len(), |length| from + length);
        self.writer.begin(Kind::Comment);
        let mut at = from;
        for line in self.text[from..end].split_inclusive('\n') {
            self.push_comment(at, at + line.len());
            at += line.len();
        }
        self.writer.end();
        self.at = (end + 2).min(self.text.len());
    }

    fn push_comment(&mut self, from: usize, end: usize) {
        let line = &self.text[from..end];
        let bare = line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '/' | '#' | '!'));
        self.writer.push(bare, end - bare.len());
    }

    fn quote(&self, rest: &str) -> Option<&'static str> {
        use Language::{Compiled, Go, JavaScript, Python, Rust, TypeScript};
        let language = self.language;
        let triple = ["\"\"\"", "'''"].into_iter().find(|quote| rest.starts_with(*quote));
        if let Some(quote) = triple.filter(|_| matches!(language, Python | Compiled)) {
            return Some(quote);
        }
        match rest.as_bytes()[0] {
            b'"' => Some("\""),
            b'`' if matches!(language, JavaScript | TypeScript | Go) => Some("`"),
            b'\'' if !matches!(language, Rust | Go | Compiled) => Some("'"),
            _ => None,
        }
    }

    fn string(&mut self, quote: &'static str) {
        let from = self.at + quote.len();
        let is_long = quote.len() == 3 || quote == "`" || self.language == Language::Rust;
        let (end, is_closed) = self.end_of_string(from, quote, is_long);
        let is_joined = self.joined.is_some() && self.writer.is_open();
        if !is_joined {
            let kind = self.kind_of_string(quote);
            self.writer.begin(kind);
        }
        let mut at = from;
        for line in self.text[from..end].split_inclusive('\n') {
            push_escaped(line, at, self.writer);
            at += line.len();
        }
        if quote != "`" && quote.len() == 1 && is_telling_name(&self.text[from..end]) && self.offers_tools {
            let name = &self.text[from..end];
            if self.text[end..].trim_start_matches(['"', '\'', ' ']).starts_with(':') {
                self.writer.begin(Kind::Name);
                super::structured::push_name(name, from, self.writer);
            }
        }
        self.joined = Some(end);
        self.at = if is_closed { end + quote.len() } else { end };
    }

    /// Returns where a string's text ends and whether its quote was there.
    fn end_of_string(&self, from: usize, quote: &str, is_long: bool) -> (usize, bool) {
        let bytes = self.text.as_bytes();
        let mut at = from;
        let mut braces = 0usize;
        while at < bytes.len() {
            match bytes[at] {
                b'\\' if self.language != Language::Go || quote != "`" => at += 1,
                b'\n' if !is_long => return (at, false),
                b'$' if quote == "`" && bytes.get(at + 1) == Some(&b'{') => {
                    braces += 1;
                    at += 1;
                }
                b'{' if braces > 0 => braces += 1,
                b'}' if braces > 0 => braces -= 1,
                _ if braces == 0 && bytes[at..].starts_with(quote.as_bytes()) => return (at, true),
                _ => {}
            }
            at += 1;
        }
        (bytes.len(), false)
    }

    fn kind_of_string(&self, quote: &str) -> Kind {
        let mut low = self.at.saturating_sub(LOOK_BACK);
        while !self.text.is_char_boundary(low) {
            low += 1;
        }
        let before = self.text[low..self.at].trim_end_matches(|c: char| c.is_whitespace() || c == '(');
        let before = before
            .strip_suffix(['f', 'r', 'b', 'u'])
            .filter(|rest| !rest.ends_with(char::is_alphanumeric))
            .unwrap_or(before);
        let bare =
            before.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '(' | ':' | '=' | '"' | '\''));
        let is_given = bare.len() < before.len() || self.text[low..self.at].trim_end().ends_with('(');
        let word = bare.rsplit(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
        let word = word.to_ascii_lowercase();
        let is_docstring = quote.len() == 3 && (before.ends_with(':') || before.is_empty());
        let is_told =
            is_given && TOLD.iter().any(|told| word == *told || word.ends_with(&format!("_{told}")));
        let is_offer = self.offer.is_some_and(|depth| depth == self.depth);
        match (is_docstring, is_told || is_offer) {
            (true, _) if !self.offers_tools => Kind::Comment,
            (true, _) => Kind::Tool,
            (_, true) if self.offers_tools => Kind::Tool,
            _ => Kind::Literal,
        }
    }

    fn word(&mut self, rest: &str) {
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let word = &rest[..length];
        let after = rest[length..].trim_start();
        // A prefix of a literal keeps it joined to the one before.
        let is_prefix = length <= 2 && after.starts_with(['"', '\'']) && rest[length..].len() == after.len();
        if !is_prefix {
            self.joined = None;
        }
        if after.starts_with('(') && OFFERS.contains(&word.to_ascii_lowercase().as_str()) {
            self.offer = Some(self.depth + 1);
        }
        if self.offers_tools && after.starts_with([':', '=', '?']) && is_telling_name(word) {
            self.writer.begin(Kind::Name);
            super::structured::push_name(word, self.at, self.writer);
            self.writer.end();
        }
        self.at += length;
    }

    fn sign(&mut self, c: char) {
        match c {
            '(' | '[' | '{' => self.depth += 1,
            ')' | ']' | '}' => {
                self.depth = self.depth.saturating_sub(1);
                if self.offer.is_some_and(|depth| self.depth < depth) {
                    self.offer = None;
                }
            }
            _ => {}
        }
        if !c.is_whitespace() && !matches!(c, '+' | '\\' | '"' | '\'' | '`') {
            self.joined = None;
        }
    }
}
