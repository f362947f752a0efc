//! Rule `review-of-another`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::schema::Curator;
use crate::source::{Change, Part, Place};
use crate::validate::registry::{Registry, Review};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "review-of-another",
    level: RuleLevel::Forbid,
    summary: "A curator writes, changes or removes a review in the name of another.",
    docs: "\
A review stands under one person's name, in the file's name and in the file. Where a package needs two areas,
it needs two people to have looked, and one curator who writes both files would be counted as two. Nor may
anybody take another's objection away: a review that asks for changes is withdrawn by whoever wrote it.

```text
reviews/1.4.0/security.ada.toml      proposed by the account of ada
reviews/1.4.0/function.grace.toml    proposed by the account of grace, in a pull request of hers
```

Record your own review under your own name, as `curators.toml` spells it. If you disagree with another
curator's, say so in yours: both are shown, and both count.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    // Somebody who is no curator at all is told so by `authority-not-curator`.
    let (Some(actor), Some(own)) = (&context.circumstances.actor, context.curator()) else { return };
    waivers(context, own, out);
    for (change, place) in context.places() {
        let Place::Package { part: Part::Review { area, curator, .. }, .. } = place else { continue };
        let Some(other) = other_name(context.merged, change, curator, &own.name) else { continue };
        let folder = change.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let message = format!(
            "the review is in the name of `{other}`, and `@{}` is the curator `{}`",
            actor.login, own.name
        );
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&change.path), message)
                .value(&["curator"])
                .note("each review counts as one person who looked")
                .help(format!(
                    "record your own as `{folder}/{area}.{}.toml`, with `curator = \"{}\"`",
                    own.name, own.name
                )),
        );
    }
}

/// Waivers are granted in one's own name too.
fn waivers(context: &ChangeContext<'_>, own: &Curator, out: &mut Vec<Diagnostic>) {
    let touched = context.merged.waivers.iter().filter(|waiver| context.changes.change(&waiver.path).is_some());
    for waiver in touched.filter(|waiver| waiver.wire.by != own.name) {
        let message = format!("the waiver is granted by `{}`, and the curator who proposes it is `{}`", waiver.wire.by, own.name);
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&waiver.path), message)
                .value(&["by"])
                .note("whoever grants an exception answers for it")
                .help(format!("write `by = \"{}\"`, or let `{}` propose it", own.name, waiver.wire.by)),
        );
    }
}

/// Returns the name that is not the actor's: the one in the file's name, else the one in the file.
fn other_name(merged: &Registry, change: &Change, curator: String, own: &str) -> Option<String> {
    if curator != own {
        return Some(curator);
    }
    let known =
        merged.packages.values().flat_map(|package| &package.releases).flat_map(|release| &release.reviews);
    let pending = merged.pending_reviews.iter().map(|(_, _, review)| review);
    let is_it = |review: &&Review| review.path == change.path && review.wire.curator != own;
    known.chain(pending).find(is_it).map(|review| review.wire.curator.clone())
}
