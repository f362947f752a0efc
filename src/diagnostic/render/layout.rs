//! Lines of a text: colours, wrapping, and nothing in them that a terminal or a
//! log acts on.

use super::{TextOptions, neutralize};
use crate::model::Severity;

/// Narrower than this a terminal is not laid out for.
const LEAST_WIDTH: usize = 60;

/// How a piece of text stands out.
#[derive(Clone, Copy)]
pub(crate) enum Style {
    Plain,
    Bold,
    Dim,
    Red,
    Yellow,
    Green,
    Cyan,
}

impl Style {
    fn code(self) -> &'static str {
        match self {
            Style::Plain => "",
            Style::Bold => "\x1b[1m",
            Style::Dim => "\x1b[2m",
            Style::Red => "\x1b[1;31m",
            Style::Yellow => "\x1b[33m",
            Style::Green => "\x1b[32m",
            Style::Cyan => "\x1b[1;36m",
        }
    }

    pub(crate) fn of(severity: Severity) -> Self {
        match severity {
            Severity::Critical | Severity::High => Style::Red,
            Severity::Medium => Style::Yellow,
            Severity::Low => Style::Plain,
        }
    }
}

/// The text so far, and how it is laid out.
pub(crate) struct Layout {
    pub(crate) text: String,
    pub(crate) color: bool,
    pub(crate) width: usize,
}

impl Layout {
    pub(crate) fn new(options: TextOptions) -> Self {
        Self { text: String::new(), color: options.color, width: options.width.max(LEAST_WIDTH) }
    }

    pub(crate) fn paint(&self, style: Style, text: &str) -> String {
        if !self.color || style.code().is_empty() {
            return text.to_owned();
        }
        format!("{}{text}\x1b[0m", style.code())
    }

    /// Writes a paragraph: the head, as wide as the indent says it is, then words, wrapped and indented.
    pub(crate) fn paragraph(&mut self, head: &str, indent: usize, words: &str, style: Style) {
        self.text.push_str(head);
        let lines = wrap(&one_line(words), self.width.saturating_sub(indent));
        for (at, line) in lines.iter().enumerate() {
            if at > 0 {
                self.text.push_str(&" ".repeat(indent));
            }
            let line = self.paint(style, line);
            self.text.push_str(&line);
            self.text.push('\n');
        }
        if lines.is_empty() {
            self.text.push('\n');
        }
    }

    /// Writes a paragraph with a coloured name, a colon and words.
    pub(crate) fn named(&mut self, indent: usize, name: &str, style: Style, words: &str) {
        let head = format!("{}{}: ", " ".repeat(indent), self.paint(style, name));
        self.paragraph(&head, indent + name.chars().count() + 2, words, Style::Plain);
    }
}

/// Replaces what could write to a terminal, and ends of lines.
pub(crate) fn one_line(text: &str) -> String {
    neutralize(text).replace(['\n', '\r', '\t'], " ")
}

/// Breaks at spaces. No line begins with a word that a machine reading the log
/// may take for a command, such as `::error`.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut length = 0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let count = word.chars().count();
        match lines.last_mut() {
            Some(line) if length + 1 + count <= width || word.starts_with([':', '#']) => {
                line.push(' ');
                line.push_str(word);
                length += 1 + count;
            }
            _ => {
                lines.push(word.to_owned());
                length = count;
            }
        }
    }
    lines
}
