//! What checks report, and how many hits become one finding: everything one
//! check says about one file is one finding, as grave as its gravest hit.

use super::pattern::Match;
use super::subject::ScannedFile;
use crate::model::{Confidence, Digest, Severity};
use crate::schema::{FindingEntry, Place};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Most places that a finding lists.
pub(super) const MOST_PLACES: usize = 20;

/// Most places that are kept to choose from.
const MOST_KEPT: usize = 1_000;

/// Most characters of an excerpt.
const MOST_EXCERPT: usize = 160;

/// One hit of a check.
#[derive(Debug, Clone)]
pub struct Hit<'a> {
    file: Option<&'a ScannedFile>,
    at: Option<usize>,
    pattern: Option<Cow<'a, str>>,
    severity: Severity,
    confidence: Confidence,
    message: Cow<'a, str>,
    help: Option<Cow<'a, str>>,
    excerpt: Option<String>,
}

impl<'a> Hit<'a> {
    /// Makes a hit of a pattern, with the pattern's own words and an excerpt.
    pub fn of(found: &Match<'a>) -> Self {
        let pattern = found.pattern;
        Self {
            file: Some(found.file),
            at: Some(found.at),
            pattern: Some(Cow::Borrowed(&pattern.id)),
            severity: pattern.severity,
            confidence: pattern.confidence,
            message: Cow::Borrowed(&pattern.message),
            help: pattern.help.as_deref().map(Cow::Borrowed),
            excerpt: Some(excerpt(found.text)),
        }
    }

    /// Makes a hit in a file, at a byte offset of its text if there is one.
    pub fn in_file(
        file: &'a ScannedFile,
        at: Option<usize>,
        severity: Severity,
        confidence: Confidence,
        message: impl Into<Cow<'a, str>>,
    ) -> Self {
        let message = message.into();
        Self { file: Some(file), at, pattern: None, severity, confidence, message, help: None, excerpt: None }
    }

    /// Makes a hit about the artifact as a whole.
    pub fn whole(severity: Severity, confidence: Confidence, message: impl Into<Cow<'a, str>>) -> Self {
        let message = message.into();
        Self { file: None, at: None, pattern: None, severity, confidence, message, help: None, excerpt: None }
    }

    /// Names what matched; part of the fingerprint.
    #[must_use]
    pub fn pattern(mut self, pattern: impl Into<Cow<'a, str>>) -> Self {
        self.pattern = Some(pattern.into());
        self
    }

    /// Changes how bad it is.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Changes how sure the check is.
    #[must_use]
    pub fn confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = confidence;
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<Cow<'a, str>>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Shows this text; it is cut and made harmless.
    #[must_use]
    pub fn excerpt(mut self, text: &str) -> Self {
        self.excerpt = Some(excerpt(text));
        self
    }

    /// Shows only the first characters of a secret and its length.
    #[must_use]
    pub fn masked(mut self, secret: &str) -> Self {
        let count = secret.chars().count();
        let shown: String = secret.chars().take(if count >= 12 { 4 } else { 0 }).collect();
        self.excerpt = Some(format!("{}… ({count} characters)", excerpt(&shown)));
        self
    }
}

/// Cuts a text, and writes characters that a terminal or page acts on as escapes.
fn excerpt(text: &str) -> String {
    let mut out = String::new();
    for (count, c) in text.trim().chars().enumerate() {
        if count == MOST_EXCERPT {
            out.push('…');
            break;
        }
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            c if is_unprintable(c) => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => out.push(c),
        }
    }
    out
}

/// Returns whether a character is seen by nobody or turns the order of others.
pub fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}')
}

/// Takes the hits of one check.
pub struct Findings {
    check: &'static str,
    by_path: BTreeMap<Option<String>, Draft>,
}

/// One finding as its hits come in.
struct Draft {
    lead: FindingEntry,
    patterns: BTreeSet<String>,
    places: Vec<(std::cmp::Reverse<Severity>, Place)>,
}

impl Findings {
    /// Begins for a check.
    pub fn new(check: &'static str) -> Self {
        Self { check, by_path: BTreeMap::new() }
    }

    /// Takes a hit.
    pub fn add(&mut self, hit: Hit<'_>) {
        let path = hit.file.map(|file| file.path.to_string());
        let position = hit.file.and_then(|file| Some(file.text.as_ref()?.position(hit.at?)));
        let place = Place {
            pattern: hit.pattern.map(Cow::into_owned),
            line: position.map(|(line, _)| line),
            column: position.map(|(_, column)| column),
        };
        let entry = FindingEntry {
            check: self.check.to_owned(),
            severity: hit.severity,
            confidence: hit.confidence,
            points: hit.severity.points(),
            path: path.clone(),
            message: excerpt_of_message(&hit.message),
            excerpt: hit.excerpt,
            help: hit.help.map(Cow::into_owned),
            places: Vec::new(),
            hits: 0,
            fingerprint: String::new(),
        };
        let draft = self.by_path.entry(path).or_insert_with(|| Draft {
            lead: entry.clone(),
            patterns: BTreeSet::new(),
            places: Vec::new(),
        });
        let hits = draft.lead.hits + 1;
        if (entry.severity, entry.confidence) > (draft.lead.severity, draft.lead.confidence) {
            draft.lead = entry;
        }
        draft.lead.hits = hits;
        draft.patterns.extend(place.pattern.clone());
        if draft.places.len() < MOST_KEPT {
            draft.places.push((std::cmp::Reverse(hit.severity), place));
        }
    }

    /// Ends: one entry a file, by path.
    pub fn finish(self) -> Vec<FindingEntry> {
        let check = self.check;
        self.by_path
            .into_values()
            .map(|mut draft| {
                draft.places.sort_by_key(|(severity, place)| (*severity, place.line, place.column));
                draft.places.dedup();
                let mut lead = draft.lead;
                lead.places = draft.places.into_iter().map(|(_, place)| place).take(MOST_PLACES).collect();
                let patterns: Vec<String> = draft.patterns.into_iter().collect();
                lead.fingerprint = fingerprint(check, lead.path.as_deref(), &patterns);
                lead
            })
            .collect()
    }
}

/// Most characters of a message.
const MOST_MESSAGE: usize = 600;

fn excerpt_of_message(message: &str) -> String {
    let mut out: String = message.chars().filter(|c| !is_unprintable(*c)).take(MOST_MESSAGE).collect();
    if message.chars().count() > MOST_MESSAGE {
        out.push('…');
    }
    out
}

/// Names a finding by what it is about, not by where in the file it stands.
fn fingerprint(check: &str, path: Option<&str>, patterns: &[String]) -> String {
    let text = format!("{check}\0{}\0{}", path.unwrap_or_default(), patterns.join("\0"));
    Digest::of(text.as_bytes()).hex()[..16].to_owned()
}
