//! What a rule says about a person's data: a plain value, rendered last.
//!
//! Rules make [`Diagnostic`]s without a level; [`crate::validate`] decides the
//! level in one place from the rule table and `policy.toml`; the renderers in
//! [`render`] are the only code that knows how they look.

mod fix;
mod locate;
pub mod render;

pub use fix::fixed;
pub use locate::{Position, locate};

use crate::model::RuleLevel;
use std::ops::Range;
use std::sync::Arc;

/// One fact about one file, that someone can fix.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagnostic {
    /// The rule's id.
    pub rule: &'static str,
    /// What it leads to; [`RuleLevel::Allow`] until decided.
    pub level: RuleLevel,
    /// One lower-case sentence without a full stop, with both values.
    pub message: String,
    /// Where.
    pub location: Location,
    /// A few words under the caret.
    pub label: Option<String>,
    /// Why it matters.
    pub notes: Vec<String>,
    /// The exact edit or command.
    pub help: Option<String>,
    /// The place of the same file on the base that the place here is compared with, and a few words under it.
    pub earlier: Option<(Anchor, String)>,
    /// An edit that a program may make.
    pub fix: Option<Fix>,
}

/// An edit of the file of a diagnostic that cannot make anything worse: what it
/// writes is what the registry knows to be meant.
#[derive(Debug, Clone, PartialEq)]
pub enum Fix {
    /// Writes this text in place of what the diagnostic points at.
    Replace(String),
    /// Adds this line before the first table of a TOML file.
    AddLine(String),
    /// Makes it a file that nobody can execute.
    ClearExecutable,
}

/// A file and a place in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Location {
    /// Path from the registry's folder.
    pub path: Arc<str>,
    /// The place.
    pub anchor: Anchor,
}

/// A place in a file, found again in its text when it is rendered.
#[derive(Debug, Clone, PartialEq)]
pub enum Anchor {
    /// The file as a whole.
    File,
    /// A range of bytes.
    Span(Range<usize>),
    /// The value under these keys; a number indexes an array.
    Value(Vec<String>),
    /// The last of these keys itself.
    Key(Vec<String>),
}

impl Diagnostic {
    /// Makes a diagnostic about a whole file. A value quoted at full length can
    /// fill a screen, or a disk: the sentence is cut.
    pub fn new(rule: &'static str, path: impl Into<Arc<str>>, message: impl Into<String>) -> Self {
        let mut message: String = message.into();
        if let Some((end, _)) = message.char_indices().nth(MOST_MESSAGE) {
            message.truncate(end);
            message.push('…');
        }
        Self {
            rule,
            level: RuleLevel::Allow,
            message,
            location: Location { path: path.into(), anchor: Anchor::File },
            label: None,
            notes: Vec::new(),
            help: None,
            earlier: None,
            fix: None,
        }
    }

    /// Points at a range of bytes.
    #[must_use]
    pub fn span(mut self, span: Range<usize>) -> Self {
        self.location.anchor = Anchor::Span(span);
        self
    }

    /// Points at the value under these keys.
    #[must_use]
    pub fn value<S: ToString>(mut self, keys: &[S]) -> Self {
        self.location.anchor = Anchor::Value(keys.iter().map(ToString::to_string).collect());
        self
    }

    /// Points at the last of these keys.
    #[must_use]
    pub fn key<S: ToString>(mut self, keys: &[S]) -> Self {
        self.location.anchor = Anchor::Key(keys.iter().map(ToString::to_string).collect());
        self
    }

    /// Puts a few words under the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Says why it matters.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Points at the value under these keys in the file as the base has it.
    #[must_use]
    pub fn earlier<S: ToString>(mut self, keys: &[S], label: impl Into<String>) -> Self {
        self.earlier = Some((Anchor::Value(keys.iter().map(ToString::to_string).collect()), label.into()));
        self
    }

    /// Gives an edit that a program may make.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// Gives the exact edit or command.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Most characters of a sentence.
const MOST_MESSAGE: usize = 1_000;

/// Returns a path as a word of a command that a person may paste into a shell.
pub fn shell_word(path: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+@,".contains(c);
    if path.chars().all(is_plain) && !path.starts_with('-') {
        return path.to_owned();
    }
    let option_end = if path.starts_with('-') { "./" } else { "" };
    format!("'{option_end}{}'", path.replace('\'', "'\\''"))
}

/// Most characters of a word that may be misspelt: comparing takes time and
/// memory with the product of the lengths.
const MOST_MISSPELT: usize = 256;

/// Puts the diagnostics of each file, which stand together, in the order a
/// reader of the file meets them.
pub fn in_reading_order<'a>(
    diagnostics: &[&'a Diagnostic],
    source: &dyn Fn(&str) -> Option<String>,
) -> Vec<&'a Diagnostic> {
    let mut ordered = Vec::with_capacity(diagnostics.len());
    for group in diagnostics.chunk_by(|a, b| a.location.path == b.location.path) {
        let text = match group {
            [first, _, ..] => source(&first.location.path).unwrap_or_default(),
            _ => String::new(),
        };
        let mut placed: Vec<_> = group.iter().map(|d| (locate(&d.location, &text).span.start, *d)).collect();
        placed.sort_by_key(|(start, _)| *start);
        ordered.extend(placed.into_iter().map(|(_, diagnostic)| diagnostic));
    }
    ordered
}

/// Returns the word nearest to `word`, near enough for a "did you mean".
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length > MOST_MISSPELT {
        return None;
    }
    let reach = (length / 3).max(1);
    known
        .into_iter()
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= reach)
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= reach)
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::{Diagnostic, in_reading_order, nearest, shell_word};

    #[test]
    fn a_file_is_told_from_top_to_bottom() {
        let at = |path: &str, key: &str| Diagnostic::new("value-invalid", path, key).value(&[key]);
        let found = [at("a.toml", "a"), at("a.toml", "b"), at("a.toml", "c"), at("b.toml", "a")];
        let list: Vec<&Diagnostic> = found.iter().collect();
        let text = |_: &str| Some("c = 1\nb = 2\na = 3\n".to_owned());
        let told: Vec<&str> = in_reading_order(&list, &text).iter().map(|d| d.message.as_str()).collect();
        assert_eq!(told, ["c", "b", "a", "a"]);
    }

    #[test]
    fn a_path_in_a_command_runs_nothing() {
        assert_eq!(shell_word("packages/com/a/com.a.b/1.0.0.toml"), "packages/com/a/com.a.b/1.0.0.toml");
        assert_eq!(shell_word("a$(id);'b"), "'a$(id);'\\''b'");
        assert_eq!(shell_word("-rf"), "'./-rf'");
    }

    #[test]
    fn a_sentence_has_an_end() {
        let message = Diagnostic::new("value-invalid", "a", "ü".repeat(5_000)).message;
        assert_eq!(message.chars().count(), 1_001);
        assert!(message.ends_with('…'));
    }

    #[test]
    fn the_nearest_word_is_near() {
        assert_eq!(nearest("licence", ["license", "lineage"]), Some("license"));
        assert_eq!(nearest("banana", ["license", "lineage"]), None);
        assert_eq!(nearest("ic", ["id", "tree"]), Some("id"));
        let endless = "a".repeat(4 << 20);
        assert_eq!(nearest(&endless, [endless.as_str()]), None);
        assert_eq!(nearest("license", [endless.as_str(), "licence"]), Some("licence"));
    }
}
