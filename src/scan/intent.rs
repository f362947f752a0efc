//! What texts that a model acts on are after. Patterns of the checks about such
//! texts find features; a check combines features that stand near each other.
//!
//! The id of a pattern begins with the name of its feature: `conceal-no-mention`
//! finds [`Feature::Conceal`].

use super::finding::Hit;
use super::passage::Kind;
use super::pattern::View;
use super::subject::{ScannedFile, Subject};
use super::{Findings, Pattern};
use crate::model::{Confidence, Severity};

/// The checks whose patterns find features.
const CHECKS: &[&str] = &["data-exfiltration", "goal-manipulation", "prompt-injection", "tool-poisoning"];
/// How far apart features of one intent stand, in bytes of the passages.
const REACH: usize = 520;
/// How far back a negation is looked for.
const NEGATION: usize = 48;
/// Most features that are looked at in one file.
const MOST_SIGNALS: usize = 4_000;
/// Words that turn an order into its opposite.
const NEGATIONS: &[&str] = &[
    "never",
    "not",
    "don't",
    "doesn't",
    "won't",
    "cannot",
    "can't",
    "avoid",
    "without",
    "no",
    "nor",
    "refuse",
    "refuses",
    "prevent",
    "prevents",
    "block",
    "blocks",
    "shouldn't",
    "mustn't",
    "attempts",
    "attempt",
    "tries",
    "forbidden",
    "prohibited",
    "reject",
    "nie",
    "nicht",
    "kein",
    "keine",
    "nunca",
    "jamais",
    "ne",
    "não",
    "não",
    "никогда",
    "не",
];

macro_rules! features {
    ($($(#[$doc:meta])* $name:ident = $id:literal),+ $(,)?) => {
        /// What a text does, so far as words tell.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Feature { $($(#[$doc])* $name,)+ }

        impl Feature {
            fn of(pattern: &str) -> Option<Self> {
                let name = pattern.split_once('-').map_or(pattern, |(name, _)| name);
                match name { $($id => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

features!(
    /// Earlier instructions are to be ignored.
    Override = "override",
    /// The user is not to know.
    Conceal = "conceal",
    /// The user is not to be asked.
    Unasked = "unasked",
    /// The model is to drop its limits.
    Jailbreak = "jailbreak",
    /// Signs that part system, user and assistant.
    Marker = "marker",
    /// Permission prompts and guards are to be switched off.
    Bypass = "bypass",
    /// A label that makes a text speak as the system.
    Label = "label",
    /// A claim of urgency or authority.
    Authority = "authority",
    /// Something encoded is to be read and followed.
    Decode = "decode",
    /// A model is addressed where people are to be.
    Addressed = "addressed",
    /// Keys, passwords and files that hold them.
    Credential = "credential",
    /// Secrets by their name.
    Secret = "secret",
    /// The conversation, the system prompt, the list of tools.
    Conversation = "conversation",
    /// Records of people and of customers.
    Records = "records",
    /// Something is to be sent.
    Send = "send",
    /// A place outside.
    Destination = "destination",
    /// It is said that something is sent.
    Sends = "sends",
    /// It is said that something is gathered.
    Gather = "gather",
    /// A purpose of the author is given for it.
    Pretext = "pretext",
    /// A place outside that is not named.
    Outside = "outside",
    /// A host that anybody can have in a minute.
    Catcher = "catcher",
    /// An address with a gap for data.
    Query = "query",
    /// Something is to be carried where nobody looks for it.
    Smuggle = "smuggle",
    /// Something is to be read or called.
    Read = "read",
    /// A command or download is to be run.
    Run = "run",
    /// Something else has to be done before.
    Precondition = "precondition",
    /// A call is to be repeated with more.
    Retry = "retry",
    /// Other tools are spoken of.
    Shadow = "shadow",
    /// The model is to be somebody else.
    Identity = "identity",
    /// A product is to be preferred.
    Promote = "promote",
    /// Whatever the user wants.
    Whatever = "whatever",
    /// The work is to be done badly.
    Sabotage = "sabotage",
    /// Recipients, accounts and addresses are to be changed.
    Redirect = "redirect",
    /// Something is to be remembered.
    Persist = "persist",
    /// The text is to copy itself.
    Replicate = "replicate",
    /// From a date or word on.
    Trigger = "trigger",
    /// A lie is to be told.
    Deceive = "deceive",
    /// The user's will does not count.
    Disobey = "disobey",
    /// An account is put in the place of another.
    Payee = "payee",
    /// Something is done in secret.
    Covert = "covert",
    /// Found instructions are to be followed.
    Obey = "obey",
    /// Instructions are to be fetched.
    Remote = "remote",
    /// Permissions are to be written into settings.
    Grant = "grant",
    /// The system prompt is to be given away.
    Leak = "leak",
    /// The user is to be asked for secrets.
    Phish = "phish",
    /// Other tools are not to be used.
    Forbid = "forbid",
    /// Things are to be searched for.
    Harvest = "harvest",
    /// A text is to copy itself into files for models.
    Worm = "worm",
    /// The text teaches how to resist attacks.
    Defence = "defence",
);

/// A set of features.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Set(u64);

impl Set {
    /// Makes a set of features.
    pub(super) const fn of(features: &[Feature]) -> Self {
        let mut bits = 0;
        let mut at = 0;
        while at < features.len() {
            bits |= 1 << features[at] as u64;
            at += 1;
        }
        Self(bits)
    }

    fn has_any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// A feature at a place.
#[derive(Debug, Clone)]
pub(super) struct Signal {
    pattern: &'static Pattern,
    feature: Feature,
    start: usize,
    end: usize,
    passage: usize,
    kind: Kind,
    is_quoted: bool,
}

/// Features that together are an intent.
pub(super) struct Intent {
    /// Its id in findings.
    pub id: &'static str,
    /// One feature of each set has to stand near.
    pub needs: &'static [Set],
    /// The kinds of passages it is looked for in.
    pub kinds: &'static [Kind],
    /// How bad it is.
    pub severity: Severity,
    /// What it means: one clause.
    pub message: &'static str,
    /// Whether the features may stand in neighbouring passages.
    pub is_wide: bool,
    /// Whether a quotation of it in a text about attacks is only that.
    pub is_quotable: bool,
}

/// Every kind of passage.
pub(super) const ANYWHERE: &[Kind] = &[
    Kind::Prompt,
    Kind::Document,
    Kind::Tool,
    Kind::Name,
    Kind::Hidden,
    Kind::Decoded,
    Kind::Literal,
    Kind::Data,
];
/// What only a model takes in.
pub(super) const UNSEEN: &[Kind] = &[Kind::Tool, Kind::Name, Kind::Hidden, Kind::Decoded];
/// What tools give to a model.
pub(super) const TOOLS: &[Kind] = &[Kind::Tool, Kind::Name, Kind::Literal, Kind::Decoded];

/// Reports the intents of a check.
pub(super) fn judge<'a>(subject: &'a Subject<'a>, check: &str, intents: &[Intent], findings: &mut Findings) {
    for file in &subject.files {
        for (pattern, at, text, severity, confidence) in alone(subject, check, file) {
            let hit = Hit::in_file(file, Some(at), severity, confidence, pattern.message.as_str());
            findings.add(hit.pattern(pattern.id.as_str()).excerpt(text));
        }
        let signals = file.signals(|| signals(subject, file));
        if signals.is_empty() {
            continue;
        }
        for intent in intents {
            search(file, signals, intent, findings);
        }
    }
}

type Alone<'a> = (&'static Pattern, usize, &'a str, Severity, Confidence);

/// Returns the patterns that mean something by themselves: those of the raw text.
fn alone<'a>(subject: &'a Subject<'a>, check: &str, file: &'a ScannedFile) -> Vec<Alone<'a>> {
    let found =
        subject.matches_in(check, file).into_iter().filter(|found| found.pattern.view != View::Passage);
    found
        .map(|found| (found.pattern, found.at, found.text, found.pattern.severity, found.pattern.confidence))
        .collect()
}

/// Finds the features of a file.
fn signals(subject: &Subject<'_>, file: &ScannedFile) -> Vec<Signal> {
    let passages = file.passages();
    let text = passages.as_str();
    let mut signals = Vec::new();
    for check in CHECKS {
        for found in subject.matches_in(check, file) {
            if found.pattern.view != View::Passage {
                continue;
            }
            let Some(feature) = Feature::of(&found.pattern.id) else { continue };
            let Some(passage) = passages.at(found.start) else { continue };
            let before = &text[passages.list()[passage].start..found.start];
            let signal = Signal {
                pattern: found.pattern,
                feature,
                start: found.start,
                end: found.start + found.text.len(),
                passage,
                kind: passages.list()[passage].kind,
                is_quoted: before.bytes().filter(|byte| *byte == b'"').count() % 2 == 1,
            };
            if !(is_order(feature) && is_negated(before)) {
                signals.push(signal);
            }
        }
    }
    signals.sort_by_key(|signal| (signal.start, signal.end));
    signals.truncate(MOST_SIGNALS);
    signals
}

/// Returns whether a negation before the feature takes it back.
fn is_order(feature: Feature) -> bool {
    use Feature::{
        Bypass, Covert, Deceive, Decode, Disobey, Grant, Harvest, Leak, Obey, Override, Persist, Phish,
        Promote, Query, Read, Redirect, Remote, Replicate, Run, Sabotage, Send, Smuggle, Worm,
    };
    const ORDERS: Set = Set::of(&[
        Bypass, Covert, Deceive, Decode, Disobey, Grant, Harvest, Leak, Obey, Override, Persist, Phish,
        Promote, Query, Read, Redirect, Remote, Replicate, Run, Sabotage, Send, Smuggle, Worm,
    ]);
    ORDERS.has_any(Set::of(&[feature]))
}

fn is_negated(before: &str) -> bool {
    let mut low = before.len().saturating_sub(NEGATION);
    while !before.is_char_boundary(low) {
        low += 1;
    }
    let near = &before[low..];
    let sentence = near.rsplit(['.', ';', '!', '?', '。', ':', ',']).next().unwrap_or_default();
    sentence.split(|c: char| !c.is_alphanumeric() && c != '\'').any(|word| NEGATIONS.contains(&word))
}

/// Looks for one intent, and reports each place once.
fn search(file: &ScannedFile, signals: &[Signal], intent: &Intent, findings: &mut Findings) {
    let mut done = 0;
    for (first, anchor) in signals.iter().enumerate() {
        if anchor.start < done || !intent.needs.iter().any(|need| need.has_any(Set::of(&[anchor.feature]))) {
            continue;
        }
        let near =
            signals[first..].iter().take_while(|other| other.start <= anchor.start + REACH).filter(|other| {
                other.kind == anchor.kind
                    && intent.kinds.contains(&other.kind)
                    && (intent.is_wide || other.passage == anchor.passage)
            });
        let near: Vec<&Signal> = near.collect();
        let mut used: Vec<&Signal> = Vec::new();
        let is_met = intent.needs.iter().all(|need| {
            let one = near.iter().find(|one| {
                need.has_any(Set::of(&[one.feature]))
                    && !used.iter().any(|other| other.feature == one.feature)
            });
            used.extend(one.copied());
            one.is_some()
        });
        if !is_met {
            continue;
        }
        done = used.iter().map(|one| one.end).max().unwrap_or(anchor.end);
        let start = used.iter().map(|one| one.start).min().unwrap_or(anchor.start);
        report(file, signals, intent, (start, done), &used, findings);
    }
}

fn report(
    file: &ScannedFile,
    signals: &[Signal],
    intent: &Intent,
    (start, end): (usize, usize),
    used: &[&Signal],
    findings: &mut Findings,
) {
    let passages = file.passages();
    let is_spread = used.iter().any(|one| one.passage != used[0].passage);
    let about = |one: &&Signal| used.iter().any(|other| other.passage == one.passage);
    // A quotation often is a paragraph of its own, and what it shows stands before it.
    let is_near =
        |one: &Signal| used.iter().any(|it| it.passage == one.passage || it.passage == one.passage + 1);
    let is_defence = signals.iter().any(|one| one.feature == Feature::Defence && is_near(one));
    let is_aimed = signals
        .iter()
        .filter(about)
        .any(|one| matches!(one.feature, Feature::Destination | Feature::Catcher));
    let is_quoted = used.iter().any(|one| one.is_quoted);
    let mut severity = intent.severity;
    let mut confidence = if is_spread { Confidence::Unsure } else { Confidence::Likely };
    let excuses = match (intent.is_quotable, is_defence, is_quoted) {
        _ if is_aimed => 0,
        (true, true, true) => 2,
        (true, true, false) | (true, false, true) | (false, true, true) => 1,
        _ => 0,
    };
    for _ in 0..excuses {
        severity = lower(severity);
        confidence = Confidence::Unsure;
    }
    let text = passages.as_str();
    let excerpt = text.get(start..end.min(start + 600)).or_else(|| text.get(start..end)).unwrap_or_default();
    let hit = Hit::in_file(file, Some(passages.origin(start)), severity, confidence, intent.message);
    let help = used.iter().find_map(|one| one.pattern.help.as_deref());
    let hit = hit.pattern(intent.id).excerpt(&excerpt.replace('\n', " "));
    findings.add(match help {
        Some(help) => hit.help(help.to_owned()),
        None => hit,
    });
}

fn lower(severity: Severity) -> Severity {
    match severity {
        Severity::Critical => Severity::High,
        Severity::High => Severity::Medium,
        _ => Severity::Low,
    }
}

#[cfg(test)]
mod tests {
    use super::super::RuleSet;
    use super::*;

    #[test]
    fn every_pattern_of_a_passage_names_its_feature() {
        for check in CHECKS {
            for pattern in RuleSet::embedded().of(check).iter().filter(|one| one.view == View::Passage) {
                assert!(Feature::of(&pattern.id).is_some(), "{check}/{}", pattern.id);
            }
        }
    }

    #[test]
    fn a_negation_in_the_same_clause_takes_an_order_back() {
        assert!(is_negated("you must never "));
        assert!(!is_negated("please do not, under any circumstance, "));
        assert!(!is_negated("no. then "));
    }
}
