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
    ($($(#[$doc:meta])* $name:ident = $id:literal $weight:literal),+ $(,)?) => {
        /// What a text does, so far as words tell.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Feature { $($(#[$doc])* $name,)+ }

        impl Feature {
            fn of(pattern: &str) -> Option<Self> {
                let name = pattern.split_once('-').map_or(pattern, |(name, _)| name);
                match name { $($id => Some(Self::$name),)+ _ => None }
            }

            /// Returns how much it says by itself, in tenths.
            fn weight(self) -> u32 {
                match self { $(Self::$name => $weight,)+ }
            }
        }
    };
}

features!(
    /// Earlier instructions are to be ignored.
    Override = "override" 45,
    /// The user is not to know.
    Conceal = "conceal" 30,
    /// The user is not to be asked.
    Unasked = "unasked" 15,
    /// The model is to drop its limits.
    Jailbreak = "jailbreak" 40,
    /// Signs that part system, user and assistant.
    Marker = "marker" 15,
    /// Permission prompts and guards are to be switched off.
    Bypass = "bypass" 20,
    /// A label that makes a text speak as the system.
    Label = "label" 10,
    /// A claim of urgency or authority.
    Authority = "authority" 10,
    /// Something encoded is to be read and followed.
    Decode = "decode" 30,
    /// A model is addressed where people are to be.
    Addressed = "addressed" 15,
    /// Keys, passwords and files that hold them.
    Credential = "credential" 30,
    /// Secrets by their name.
    Secret = "secret" 15,
    /// The conversation, the system prompt, the list of tools.
    Conversation = "conversation" 20,
    /// Records of people and of customers.
    Records = "records" 10,
    /// Something is to be sent.
    Send = "send" 12,
    /// A place outside.
    Destination = "destination" 8,
    /// It is said that something is sent.
    Sends = "sends" 8,
    /// It is said that something is gathered.
    Gather = "gather" 5,
    /// A purpose of the author is given for it.
    Pretext = "pretext" 8,
    /// A place outside that is not named.
    Outside = "outside" 15,
    /// A host that anybody can have in a minute.
    Catcher = "catcher" 30,
    /// An address with a gap for data.
    Query = "query" 20,
    /// Something is to be carried where nobody looks for it.
    Smuggle = "smuggle" 6,
    /// Something is to be read or called.
    Read = "read" 4,
    /// A command or download is to be run.
    Run = "run" 5,
    /// Something else has to be done before.
    Precondition = "precondition" 8,
    /// A call is to be repeated with more.
    Retry = "retry" 8,
    /// Other tools are spoken of.
    Shadow = "shadow" 10,
    /// The model is to be somebody else.
    Identity = "identity" 15,
    /// A product is to be preferred.
    Promote = "promote" 5,
    /// Whatever the user wants.
    Whatever = "whatever" 12,
    /// The work is to be done badly.
    Sabotage = "sabotage" 20,
    /// Recipients, accounts and addresses are to be changed.
    Redirect = "redirect" 20,
    /// Something is to be remembered.
    Persist = "persist" 12,
    /// The text is to copy itself.
    Replicate = "replicate" 12,
    /// From a date or word on.
    Trigger = "trigger" 10,
    /// A lie is to be told.
    Deceive = "deceive" 20,
    /// The user's will does not count.
    Disobey = "disobey" 20,
    /// An account is put in the place of another.
    Payee = "payee" 35,
    /// Something is done in secret.
    Covert = "covert" 35,
    /// Found instructions are to be followed.
    Obey = "obey" 12,
    /// Instructions are to be fetched.
    Remote = "remote" 20,
    /// Permissions are to be written into settings.
    Grant = "grant" 20,
    /// The system prompt is to be given away.
    Leak = "leak" 20,
    /// The user is to be asked for secrets.
    Phish = "phish" 20,
    /// Other tools are not to be used.
    Forbid = "forbid" 25,
    /// Things are to be searched for.
    Harvest = "harvest" 6,
    /// A text is to copy itself into files for models.
    Worm = "worm" 30,
    /// Something is to be sent to an address.
    Ship = "ship" 18,
    /// Rights, orders and deletions in the name of the user.
    Meddle = "meddle" 20,
    /// An outcome is fixed beforehand.
    Rigged = "rigged" 20,
    /// A dependency is to be added everywhere.
    Insert = "insert" 15,
    /// Secrets are to be put where they get published.
    Carrier = "carrier" 20,
    /// The text teaches how to resist attacks.
    Defence = "defence" 0,
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
        let signals = file.signals(|| signals(subject, file));
        if signals.is_empty() {
            continue;
        }
        for intent in intents {
            search(file, signals, intent, findings);
        }
        weigh(file, signals, check, findings);
    }
}

/// Features of ordinary texts: looked for only where another one is near, or
/// where a text is for a model alone.
const ORDINARY: Set = Set::of(&[
    Feature::Read,
    Feature::Run,
    Feature::Send,
    Feature::Sends,
    Feature::Destination,
    Feature::Outside,
    Feature::Harvest,
    Feature::Gather,
    Feature::Smuggle,
    Feature::Precondition,
    Feature::Retry,
    Feature::Promote,
    Feature::Trigger,
    Feature::Records,
    Feature::Authority,
    Feature::Pretext,
    Feature::Defence,
    Feature::Label,
    Feature::Ship,
]);

fn is_ordinary(pattern: &Pattern) -> bool {
    Feature::of(&pattern.id).is_some_and(|feature| ORDINARY.has_any(Set::of(&[feature])))
}

/// Finds the features of a file.
fn signals(subject: &Subject<'_>, file: &ScannedFile) -> Vec<Signal> {
    let passages = file.passages();
    let mut signals = features(subject, file, &|pattern, _| !is_ordinary(pattern));
    // Passages near a feature, and those that are for a model alone.
    let mut is_near: Vec<bool> = passages.list().iter().map(|one| UNSEEN.contains(&one.kind)).collect();
    for signal in &signals {
        let low = passages.at(signal.start.saturating_sub(REACH)).unwrap_or(0);
        let high = passages.at(signal.start + REACH).unwrap_or(low);
        is_near[low..=high].fill(true);
    }
    signals.extend(features(subject, file, &|pattern, place| {
        is_ordinary(pattern) && passages.at(place).is_some_and(|passage| is_near[passage])
    }));
    signals.sort_by_key(|signal| (signal.start, signal.end));
    signals.truncate(MOST_SIGNALS);
    signals
}

fn features(
    subject: &Subject<'_>,
    file: &ScannedFile,
    is_wanted: &dyn Fn(&Pattern, usize) -> bool,
) -> Vec<Signal> {
    let passages = file.passages();
    let text = passages.as_str();
    let is_wanted = |pattern: &Pattern, place| pattern.view == View::Passage && is_wanted(pattern, place);
    let mut signals = Vec::new();
    for check in CHECKS {
        for found in subject.matches_where(check, file, &is_wanted) {
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
    signals
}

/// Returns whether a negation before the feature takes it back.
fn is_order(feature: Feature) -> bool {
    use Feature::{
        Bypass, Carrier, Covert, Deceive, Decode, Disobey, Grant, Harvest, Insert, Leak, Meddle, Obey,
        Override, Persist, Phish, Promote, Query, Read, Redirect, Remote, Replicate, Rigged, Run, Sabotage,
        Send, Ship, Smuggle, Worm,
    };
    const ORDERS: Set = Set::of(&[
        Bypass, Carrier, Covert, Deceive, Decode, Disobey, Grant, Harvest, Insert, Leak, Meddle, Obey,
        Override, Persist, Phish, Promote, Query, Read, Redirect, Remote, Replicate, Rigged, Run, Sabotage,
        Send, Ship, Smuggle, Worm,
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

/// Weight from which features that are no intent of the tables are one, in tenths.
const HEAVY: u32 = 65;
/// Weight from which they are worth a look.
const NOTABLE: u32 = 52;
/// What a string in code has to be about before it is weighed.
const WANTED: Set = Set::of(&[
    Feature::Bypass,
    Feature::Catcher,
    Feature::Conceal,
    Feature::Covert,
    Feature::Credential,
    Feature::Unasked,
]);
/// What a place adds that only a model looks at.
const UNSEEN_WEIGHT: u32 = 10;

/// Weighs what stands near each other in a passage, and reports what is heavy
/// to the check that it is nearest to.
fn weigh(file: &ScannedFile, signals: &[Signal], check: &str, findings: &mut Findings) {
    let mut done = 0;
    for (first, anchor) in signals.iter().enumerate() {
        if anchor.start < done || matches!(anchor.kind, Kind::Comment | Kind::Name) {
            continue;
        }
        let near = signals[first..]
            .iter()
            .take_while(|other| other.passage == anchor.passage && other.start <= anchor.start + REACH);
        let mut used: Vec<&Signal> = Vec::new();
        for one in near {
            if one.feature.weight() > 0 && !used.iter().any(|other| other.feature == one.feature) {
                used.push(one);
            }
        }
        let unseen = if UNSEEN.contains(&anchor.kind) { UNSEEN_WEIGHT } else { 0 };
        // A host that anybody can have is a place outside already.
        if used.iter().any(|one| one.feature == Feature::Catcher) {
            used.retain(|one| !matches!(one.feature, Feature::Destination | Feature::Query));
        }
        if used.iter().any(|one| one.feature == Feature::Credential) {
            used.retain(|one| one.feature != Feature::Secret);
        }
        // An order to send to an address is both.
        if used.iter().any(|one| one.feature == Feature::Ship) {
            used.retain(|one| !matches!(one.feature, Feature::Destination | Feature::Send | Feature::Sends));
        }
        let weight = unseen + used.iter().map(|one| one.feature.weight()).sum::<u32>();
        // Tests and prompts of programs hold phrases; a returned order wants something.
        let is_said =
            anchor.kind != Kind::Literal || used.iter().any(|one| WANTED.has_any(Set::of(&[one.feature])));
        if used.len() < 3 || weight < NOTABLE || !is_said || nearest(&used, anchor.kind) != check {
            continue;
        }
        let severity = if weight >= HEAVY { Severity::High } else { Severity::Medium };
        let intent = Intent {
            id: "features-together",
            needs: &[],
            kinds: &[],
            severity,
            message: "several features of an attack stand together",
            is_wide: false,
            is_quotable: true,
        };
        done = used.iter().map(|one| one.end).max().unwrap_or(anchor.end);
        let start = used.iter().map(|one| one.start).min().unwrap_or(anchor.start);
        report(file, signals, &intent, (start, done), &used, findings);
    }
}

/// Returns the check that features belong to.
fn nearest(used: &[&Signal], kind: Kind) -> &'static str {
    use Feature::{
        Carrier, Catcher, Conversation, Credential, Deceive, Destination, Disobey, Insert, Outside, Payee,
        Persist, Promote, Query, Records, Redirect, Replicate, Rigged, Sabotage, Secret, Send, Ship, Trigger,
    };
    let has = |features: &[Feature]| used.iter().any(|one| features.contains(&one.feature));
    if kind == Kind::Tool {
        "tool-poisoning"
    } else if has(&[Credential, Conversation, Records, Secret])
        && has(&[Carrier, Send, Destination, Outside, Catcher, Query, Ship])
    {
        "data-exfiltration"
    } else if has(&[
        Deceive, Disobey, Insert, Payee, Persist, Promote, Redirect, Replicate, Rigged, Sabotage, Trigger,
    ]) {
        "goal-manipulation"
    } else {
        "prompt-injection"
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
    // A word inside of the order itself excuses nothing.
    let is_inside = |one: &Signal| used.iter().any(|it| it.start <= one.start && one.end <= it.end);
    let is_defence =
        signals.iter().any(|one| one.feature == Feature::Defence && is_near(one) && !is_inside(one));
    let text = passages.as_str();
    // A bare name of a host is spoken of, an address is for use.
    let is_aimed = signals.iter().filter(about).any(|one| match one.feature {
        Feature::Destination => text[one.start..one.end].contains(['@', '/']),
        Feature::Catcher => text[..one.start].ends_with("//") || text[one.start..].starts_with("http"),
        _ => false,
    });
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
