//! Rule `change-mixed`.

use super::source_changed::is_published;
use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::source::{Change, Part, Place};
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule {
    id: "change-mixed",
    level: RuleLevel::Deny,
    summary: "A pull request holds more than one kind of change.",
    docs: "\
Each kind of change is judged by other people and at another speed. A new release can be admitted in minutes
by nobody but the machine; an edit of the registry's own files waits for a curator. In one pull request the
slow part holds up the quick one, a reader must look for the line that matters among hundreds that do not,
and nobody can take one part back without the other.

```text
new releases                  a release file, its sources and evidence; listing and media of a new package
edits of existing packages    package.toml, media/, withdrawals/, amendments/, sources of a published release
files of the registry itself  collections/, advisories/, trust/, README, LICENSE, .github/
ratings                       ratings/
```

Open one pull request for each kind: the message lists which file belongs to which. They may be merged in any
order, since no two releases share a file. Files that grant or record authority, such as reviews, stand alone
too; the rule `authority-not-alone` is about them.
",
    check: Check::Change(check),
};

/// Paths named in a sentence at most.
const MOST_NAMED: usize = 5;

/// What a changed file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Purpose {
    Publish,
    Maintain,
    Registry,
    Rate,
}

impl Purpose {
    fn describe(self) -> &'static str {
        match self {
            Purpose::Publish => "new releases",
            Purpose::Maintain => "edits of existing packages",
            Purpose::Registry => "files of the registry itself",
            Purpose::Rate => "ratings",
        }
    }
}

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    let mut found: BTreeMap<Purpose, Vec<&str>> = BTreeMap::new();
    for (change, place) in context.places() {
        if let Some(purpose) = purpose(context, change, &place) {
            found.entry(purpose).or_default().push(&change.path);
        }
    }
    for change in &context.changes.outside {
        found.entry(Purpose::Registry).or_default().push(&change.path);
    }
    let Some(anchor) = found.values().nth(1).and_then(|paths| paths.first()).copied() else { return };
    let kinds: Vec<&str> = found.keys().map(|purpose| purpose.describe()).collect();
    let message = format!("the pull request holds {} at once", kinds.join(" and "));
    let mut diagnostic = Diagnostic::new(RULE.id, anchor, message)
        .note("each kind is decided by other people, and the slowest would hold up the rest");
    for (purpose, paths) in &found {
        diagnostic = diagnostic.note(format!("{}: {}", purpose.describe(), listed(paths)));
    }
    out.push(diagnostic.help(format!(
        "leave one kind here and open a pull request of its own for the other {}",
        kinds.len() - 1
    )));
}

/// Returns what the file is for; `None` for files of authority, which have a rule of their own.
fn purpose(context: &ChangeContext<'_>, change: &Change, place: &Place) -> Option<Purpose> {
    match place {
        // Of a published release they are its artifact; `source-changed` says what may become of them.
        Place::Source { id, version, .. } if is_published(context, id, version) => Some(Purpose::Maintain),
        Place::Source { .. } => Some(Purpose::Publish),
        Place::Package { id, part, .. } => purpose_of_part(context, change, id, part),
        Place::Beside | Place::Collection(_) | Place::Advisory(_) | Place::TrustRoot => {
            Some(Purpose::Registry)
        }
        Place::Registry | Place::Policy | Place::Curators | Place::Publisher(_) | Place::Waiver(_) => None,
    }
}

fn purpose_of_part(context: &ChangeContext<'_>, change: &Change, id: &str, part: &Part) -> Option<Purpose> {
    let publishes = match part {
        Part::Review { .. } => return None,
        Part::Rating(_) => return Some(Purpose::Rate),
        Part::Release(_) => change.is_added(),
        // Evidence may come later than its release: then it is an edit.
        Part::Evidence { version, .. } => change.is_added() && !has_release(context, id, version),
        Part::Listing | Part::Media => is_new(context, id),
        Part::Withdrawal(_) | Part::Amendment { .. } => false,
    };
    Some(if publishes { Purpose::Publish } else { Purpose::Maintain })
}

fn is_new(context: &ChangeContext<'_>, id: &str) -> bool {
    context.outline.get(id).is_none() && !context.base.broken.contains(id)
}

fn has_release(context: &ChangeContext<'_>, id: &str, version: &str) -> bool {
    let releases = context.base.packages.get(id).into_iter().flat_map(|package| &package.releases);
    releases.map(|release| release.version.to_string()).any(|known| known == version)
}

/// Returns the first of some words in backticks, and how many more there are.
pub(super) fn listed<S: AsRef<str>>(words: &[S]) -> String {
    let named: Vec<String> =
        words.iter().take(MOST_NAMED).map(|word| format!("`{}`", word.as_ref())).collect();
    match words.len().saturating_sub(MOST_NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}
