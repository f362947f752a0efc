//! Patterns as data: `rules/<check>.toml`, embedded. One Aho-Corasick pass over
//! a text finds the keywords of all patterns; a pattern's regular expression is
//! compiled when its keyword is first met, and reads only the lines around it.
//!
//! ```toml
//! [[pattern]]
//! id = "pipe-to-shell"              # kebab-case, unique in the file
//! message = "a download is run by a shell"
//! help = "…"                        # what to do; optional
//! severity = "high"                 # low, medium, high, critical
//! confidence = "likely"             # unsure, likely, sure
//! keywords = ["curl ", "wget "]     # in any case; one of them must occur, at least 3 bytes
//! regex = '''…'''                   # group 1, where there is one, is what checks look at closer
//! view = "raw"                      # or "prose", "passage": see `scan::Prose`, `scan::Passages`; in lower case
//! lines = 0                         # following lines (paragraphs of prose) that the regex may reach into
//! unless = '''…'''                  # no hit where this matches the same lines
//! languages = []                    # only these; all where empty
//! roles = []                        # only these; all where empty
//! ```

use super::language::{Language, Role};
use super::subject::{ScannedFile, Subject};
use crate::model::{Confidence, Severity};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex::{Regex, RegexBuilder};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

/// Most hits of one pattern in one file.
const MOST_HITS: usize = 200;
/// A longer line is read in windows around its keywords.
const LONG_LINE: usize = 8 << 10;
/// Half of such a window.
const REACH: usize = 2 << 10;
/// Most places of keywords that are looked at in one file for one pattern.
const MOST_PLACES: u16 = 4_000;

/// Which reading of a file a pattern is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum View {
    /// The text as it stands.
    #[default]
    Raw,
    /// The text as it is taken in.
    Prose,
    /// The texts that a model takes in, one a line.
    Passage,
}

/// One pattern of a rule file.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Pattern {
    /// Its id, unique for the check.
    pub id: String,
    /// What a hit means: one clause.
    pub message: String,
    /// What to do.
    #[serde(default)]
    pub help: Option<String>,
    /// How bad a hit is.
    pub severity: Severity,
    /// How sure a hit is.
    pub confidence: Confidence,
    /// Texts of which one occurs wherever the expression matches, in any case.
    pub keywords: Vec<String>,
    /// The expression.
    regex: String,
    /// What it reads.
    #[serde(default)]
    pub view: View,
    /// How many following lines it may reach into.
    #[serde(default)]
    lines: usize,
    /// What takes a hit back.
    #[serde(default)]
    unless: Option<String>,
    /// Languages it is about.
    #[serde(default)]
    languages: Vec<Language>,
    /// Roles it is about.
    #[serde(default)]
    roles: Vec<Role>,
    #[serde(skip)]
    compiled: OnceLock<Compiled>,
}

#[derive(Debug)]
struct Compiled {
    regex: Option<Regex>,
    unless: Option<Regex>,
}

/// Compiles an expression within limits.
fn compile(expression: &str) -> Option<Regex> {
    RegexBuilder::new(&with_ascii_classes(expression))
        .size_limit(4 << 20)
        .dfa_size_limit(8 << 20)
        .build()
        .ok()
}

/// Writes `\w`, `\s`, `\d` and `\b` as what they mean in ASCII, in an expression
/// that is ASCII itself: the automata of their Unicode forms are a hundred times
/// larger, and every one of them is built for a scan of one small file too.
fn with_ascii_classes(expression: &str) -> std::borrow::Cow<'_, str> {
    if !expression.is_ascii() || !expression.contains('\\') {
        return expression.into();
    }
    let mut out = String::with_capacity(expression.len() * 2);
    let mut depth = 0_u32;
    let mut rest = expression.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => match (rest.next(), depth > 0) {
                (Some('w'), true) => out.push_str("0-9A-Za-z_"),
                (Some('w'), false) => out.push_str("[0-9A-Za-z_]"),
                (Some('d'), true) => out.push_str("0-9"),
                (Some('d'), false) => out.push_str("[0-9]"),
                (Some('s'), true) => out.push_str(r"\t-\r\x20"),
                (Some('s'), false) => out.push_str(r"[\t-\r\x20]"),
                (Some('S'), false) => out.push_str(r"[^\t-\r\x20]"),
                (Some('W'), false) => out.push_str("[^0-9A-Za-z_]"),
                (Some('b'), false) if !rest.as_str().starts_with('{') => out.push_str("(?-u:\\b)"),
                (Some('B'), false) => out.push_str("(?-u:\\B)"),
                (other, _) => {
                    out.push('\\');
                    out.extend(other);
                }
            },
            '[' => {
                depth += 1;
                out.push(c);
                // A bracket that stands first is no end: `[]x]` and `[^]x]`.
                if rest.as_str().starts_with('^') {
                    out.extend(rest.next());
                }
                if rest.as_str().starts_with(']') {
                    out.extend(rest.next());
                }
            }
            ']' => {
                depth = depth.saturating_sub(1);
                out.push(c);
            }
            other => out.push(other),
        }
    }
    out.into()
}

impl Pattern {
    fn compiled(&self) -> &Compiled {
        self.compiled.get_or_init(|| Compiled {
            regex: compile(&self.regex),
            unless: self.unless.as_deref().and_then(compile),
        })
    }

    fn is_about(&self, file: &ScannedFile) -> bool {
        (self.languages.is_empty() || self.languages.contains(&file.language))
            && (self.roles.is_empty() || self.roles.contains(&file.role))
    }
}

/// A place where a pattern matched.
#[derive(Debug, Clone)]
pub struct Match<'a> {
    /// The pattern.
    pub pattern: &'static Pattern,
    /// The file.
    pub file: &'a ScannedFile,
    /// Offset in the file's text; of prose, to about a line.
    pub at: usize,
    /// Offset in the view of the pattern.
    pub start: usize,
    /// What matched, in the view of the pattern.
    pub text: &'a str,
    /// Group 1 of the expression, else the same.
    pub group: &'a str,
    /// The lines it was looked for in.
    pub around: &'a str,
}

impl std::fmt::Debug for ScannedFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ScannedFile({})", self.path)
    }
}

/// All patterns, by check.
pub struct RuleSet {
    patterns: Vec<Pattern>,
    by_check: BTreeMap<&'static str, Range<usize>>,
    raw: Finder,
    prose: Finder,
    passage: Finder,
}

/// Finds keywords of one view.
struct Finder {
    automaton: Option<AhoCorasick>,
    /// Patterns that each keyword belongs to.
    owners: Vec<Vec<u32>>,
}

/// Where the keywords of each pattern stand in a file, by pattern.
#[derive(Debug, Default)]
pub(super) struct Keywords(Vec<(u32, u32)>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    pattern: Vec<Pattern>,
}

impl RuleSet {
    /// Returns the patterns this program carries.
    pub fn embedded() -> &'static RuleSet {
        static RULES: LazyLock<RuleSet> = LazyLock::new(|| {
            let (rules, _) = RuleSet::parse(super::checks::RULE_FILES);
            rules
        });
        &RULES
    }

    /// Reads rule files: check and text. What is wrong with them comes back as
    /// sentences; a test keeps the embedded ones without any.
    pub fn parse(files: &[(&'static str, &str)]) -> (Self, Vec<String>) {
        let mut wrong = Vec::new();
        let mut patterns: Vec<Pattern> = Vec::new();
        let mut by_check = BTreeMap::new();
        for (check, text) in files {
            let start = patterns.len();
            match toml::from_str::<RuleFile>(text) {
                Ok(file) => patterns.extend(file.pattern),
                Err(error) => wrong.push(format!("{check}: {error}")),
            }
            by_check.insert(*check, start..patterns.len());
        }
        let raw = Finder::of(&patterns, View::Raw, &mut wrong);
        let prose = Finder::of(&patterns, View::Prose, &mut wrong);
        let passage = Finder::of(&patterns, View::Passage, &mut wrong);
        (Self { patterns, by_check, raw, prose, passage }, wrong)
    }

    /// Returns what is wrong with single patterns: an expression that does not
    /// compile, a keyword that is too short, an id used twice.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for (check, range) in &self.by_check {
            let mut seen = std::collections::BTreeSet::new();
            for pattern in &self.patterns[range.clone()] {
                let mut say = |what: &str| faults.push(format!("{check}/{}: {what}", pattern.id));
                let compiled = pattern.compiled();
                if compiled.regex.is_none() || (pattern.unless.is_some() && compiled.unless.is_none()) {
                    say("an expression does not compile within the limits");
                }
                if pattern.keywords.is_empty() || pattern.keywords.iter().any(|keyword| keyword.len() < 3) {
                    say("keywords of at least three bytes are needed");
                }
                if !seen.insert(&pattern.id) {
                    say("the id is used twice");
                }
            }
        }
        faults
    }

    /// Returns the patterns of a check.
    pub fn of(&self, check: &str) -> &[Pattern] {
        self.by_check.get(check).map_or(&[], |range| &self.patterns[range.clone()])
    }

    /// Finds the keywords of all patterns in a file.
    pub(super) fn keywords(&self, file: &ScannedFile) -> Keywords {
        let mut places = Vec::new();
        let about: Vec<bool> = self.patterns.iter().map(|pattern| pattern.is_about(file)).collect();
        self.raw.find(file.str(), &about, &mut places);
        // A reading that no pattern is about is not made.
        if self.prose.is_asked(&about) {
            self.prose.find(file.prose().as_str(), &about, &mut places);
        }
        if self.passage.is_asked(&about) {
            self.passage.find(file.passages().as_str(), &about, &mut places);
        }
        places.sort_unstable();
        Keywords(places)
    }
}

impl Finder {
    fn of(patterns: &[Pattern], view: View, wrong: &mut Vec<String>) -> Self {
        let mut owners: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (at, pattern) in patterns.iter().enumerate().filter(|(_, pattern)| pattern.view == view) {
            for keyword in &pattern.keywords {
                owners.entry(keyword.to_ascii_lowercase()).or_default().push(at as u32);
            }
        }
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(owners.keys());
        if let Err(error) = &automaton {
            wrong.push(format!("the keywords of {view:?} are too many: {error}"));
        }
        Self { automaton: automaton.ok(), owners: owners.into_values().collect() }
    }

    /// Returns whether a pattern of this view is about the file.
    fn is_asked(&self, about: &[bool]) -> bool {
        self.owners.iter().flatten().any(|owner| about[*owner as usize])
    }

    /// Adds pattern and place of each keyword of the patterns that are about the file.
    fn find(&self, text: &str, about: &[bool], out: &mut Vec<(u32, u32)>) {
        let Some(automaton) = &self.automaton else { return };
        let mut counts = vec![0_u16; about.len()];
        for found in automaton.find_overlapping_iter(text) {
            for owner in &self.owners[found.pattern().as_usize()] {
                let at = *owner as usize;
                if about[at] && counts[at] < MOST_PLACES {
                    counts[at] += 1;
                    out.push((*owner, found.start() as u32));
                }
            }
        }
    }
}

impl Subject<'_> {
    /// Returns every match of the check's patterns, by file, pattern and place.
    pub fn matches(&self, check: &str) -> Vec<Match<'_>> {
        self.files.iter().flat_map(|file| self.matches_in(check, file)).collect()
    }

    /// Returns the matches in one file.
    pub fn matches_in<'a>(&'a self, check: &str, file: &'a ScannedFile) -> Vec<Match<'a>> {
        self.matches_where(check, file, &|_, _| true)
    }

    /// Returns the matches in one file around those keywords that are wanted, by
    /// pattern and offset in its view.
    pub(super) fn matches_where<'a>(
        &'a self,
        check: &str,
        file: &'a ScannedFile,
        is_wanted: &dyn Fn(&Pattern, usize) -> bool,
    ) -> Vec<Match<'a>> {
        let rules = RuleSet::embedded();
        let Some(range) = rules.by_check.get(check).filter(|_| file.text.is_some()) else {
            return Vec::new();
        };
        let mut found = Vec::new();
        let all = &file.keywords().0;
        let first = all.partition_point(|(pattern, _)| (*pattern as usize) < range.start);
        let end = all.partition_point(|(pattern, _)| (*pattern as usize) < range.end);
        for places in all[first..end].chunk_by(|a, b| a.0 == b.0) {
            let pattern = &rules.patterns[places[0].0 as usize];
            let text = match pattern.view {
                View::Raw => file.str(),
                View::Prose => file.prose().as_str(),
                View::Passage => file.passages().as_str(),
            };
            let wanted = places.iter().map(|(_, place)| *place as usize);
            let wanted: Vec<usize> = wanted.filter(|place| is_wanted(pattern, *place)).collect();
            self.match_pattern(pattern, file, text, &wanted, &mut found);
        }
        found
    }

    fn match_pattern<'a>(
        &self,
        pattern: &'static Pattern,
        file: &'a ScannedFile,
        text: &'a str,
        places: &[usize],
        out: &mut Vec<Match<'a>>,
    ) {
        let compiled = pattern.compiled();
        let Some(regex) = &compiled.regex else { return };
        let first = out.len();
        let mut done = 0;
        let mut last_match = None;
        for place in places.iter().copied() {
            // The lines of this keyword were read with an earlier one's.
            if place < done && pattern.lines == 0 {
                continue;
            }
            let window = window(text, place, pattern.lines);
            done = window.end;
            let around = &text[window.clone()];
            self.count_work(around.len());
            let mut is_excused = None;
            for (whole, group) in found_in(regex, around) {
                let start = window.start + whole.start();
                if last_match.is_some_and(|last| start <= last) {
                    continue;
                }
                last_match = Some(start);
                let excuse = || {
                    let unless = compiled.unless.as_ref();
                    unless.is_some_and(|unless| unless.is_match(&without_comments(around)))
                };
                if *is_excused.get_or_insert_with(excuse) {
                    break;
                }
                let at = match pattern.view {
                    View::Raw => start,
                    View::Prose => file.prose().origin(start),
                    View::Passage => file.passages().origin(start),
                };
                let text = whole.as_str();
                out.push(Match {
                    pattern,
                    file,
                    at,
                    start,
                    text,
                    group: group.map_or(text, |group| group.as_str()),
                    around,
                });
                if out.len() - first >= MOST_HITS {
                    return;
                }
            }
        }
    }
}

/// Finds an expression and its first group; where it has no group, the slower
/// search that remembers groups is not needed.
fn found_in<'t>(regex: &Regex, text: &'t str) -> Vec<(regex::Match<'t>, Option<regex::Match<'t>>)> {
    if regex.captures_len() == 1 {
        return regex.find_iter(text).take(MOST_HITS).map(|whole| (whole, None)).collect();
    }
    let captures = regex.captures_iter(text).take(MOST_HITS);
    captures.filter_map(|captures| Some((captures.get(0)?, captures.get(1)))).collect()
}

/// Returns lines without what stands behind a mark of comments: a remark beside
/// a line excuses nothing in it.
fn without_comments(lines: &str) -> String {
    let cut = |line: &str| {
        let marks = [" #", "\t#", " //", "\t//", " /*", "<!--", " -- ", " ;"];
        let end = marks.iter().filter_map(|mark| line.find(mark)).min().unwrap_or(line.len());
        line[..end].to_owned()
    };
    lines.lines().map(cut).collect::<Vec<_>>().join("\n")
}

/// Returns the lines around a place: its own and so many after it; of a long
/// line, only what is near.
fn window(text: &str, place: usize, lines: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let low = place.saturating_sub(LONG_LINE);
    let start = bytes[low..place].iter().rposition(|byte| *byte == b'\n').map_or(low, |at| low + at + 1);
    let mut end = place;
    for _ in 0..=lines {
        let from = (end + 1).min(bytes.len()).max(place);
        let high = (from + LONG_LINE).min(bytes.len());
        end = bytes[from..high].iter().position(|byte| *byte == b'\n').map_or(high, |at| from + at);
    }
    let is_long = end - start > LONG_LINE * (lines + 1);
    let (start, end) =
        if is_long { (start.max(place.saturating_sub(REACH)), end.min(place + REACH)) } else { (start, end) };
    floor(text, start)..floor(text, end.max(place))
}

fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_embedded_rules_are_sound() {
        let (rules, wrong) = RuleSet::parse(super::super::checks::RULE_FILES);
        assert_eq!(wrong, Vec::<String>::new());
        assert_eq!(rules.faults(), Vec::<String>::new());
    }

    #[test]
    fn classes_are_written_in_ascii_and_mean_the_same() {
        for (expression, text) in [
            (r"\bre[\w.-]+\s+x", "read.me  x"),
            (r"[^\s\]]{2}\S\W", "ab!-"),
            (r"[]\d]+\D", "]4]z"),
            (r"\\b\.\[", "\\b.["),
        ] {
            let plain = Regex::new(expression).unwrap();
            let ascii = Regex::new(&with_ascii_classes(expression)).unwrap();
            assert_eq!(
                plain.find(text).map(|found| found.range()),
                ascii.find(text).map(|found| found.range())
            );
            assert!(plain.is_match(text), "{expression}");
        }
        assert_eq!(with_ascii_classes(r"[\w]+ü"), r"[\w]+ü");
    }

    #[test]
    fn a_remark_beside_a_line_excuses_nothing() {
        assert_eq!(without_comments("run(a) # .pub\nb // safe\ncurl https://x"), "run(a)\nb\ncurl https://x");
        assert_eq!(without_comments("<!-- nosec --> x"), "");
    }

    #[test]
    fn a_window_is_the_line_and_the_lines_that_follow() {
        let text = "one\ntwo\nthree\nfour";
        assert_eq!(&text[window(text, 5, 0)], "two");
        assert_eq!(&text[window(text, 4, 1)], "two\nthree");
        assert_eq!(&text[window(text, 15, 3)], "four");
        let long = format!("{}key{}", "a".repeat(50_000), "b".repeat(50_000));
        assert!(window(&long, 50_000, 0).len() <= 2 * LONG_LINE);
    }

    proptest! {
        #[test]
        fn a_window_holds_its_place(text in "[a-z\nü]{0,200}", at in 0usize..200, lines in 0usize..4) {
            let at = at.min(text.len());
            if text.is_char_boundary(at) {
                let window = window(&text, at, lines);
                prop_assert!(window.start <= at && at <= window.end && text.get(window).is_some());
            }
        }
    }
}
