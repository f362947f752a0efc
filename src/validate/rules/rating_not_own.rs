//! Rule `rating-not-own`.

use super::change_mixed::listed;
use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::source::{Part, Place};
use crate::validate::{is_identity, may_decide};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "rating-not-own",
    level: RuleLevel::Forbid,
    summary: "A rating is written, changed or removed by another account than the one it is named after.",
    docs: "\
A rating is one person's word, and there is one for each account: the file is named after the forge and the
account's number. If anybody could write another's, a publisher could fill its page with praise or empty it of
complaints, and no reader could tell. The number counts, not the name, since accounts can be renamed.

```text
ratings/github-2001.toml       the account 2001 of github may write, change and remove it;
                               a curator of policy may remove it
```

Rate the package in the file of your own number; `https://api.github.com/users/<login>` shows it as `id`. If
somebody else's rating insults, advertises or gives away what is private, ask a curator of `policy` for the package
to remove it: the message names them. They delete the file and cannot edit it, so that nobody speaks with
another's voice, and not for a package of a publisher whose account they are.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    let Some(actor) = &context.circumstances.actor else { return };
    let own = format!("{}-{}", actor.forge, actor.id);
    for (change, place) in context.places() {
        let Place::Package { id, part: Part::Rating(account), .. } = place else { continue };
        if account == own || change.is_removed() && may_remove(context, &id) {
            continue;
        }
        let folder = change.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let message =
            format!("the rating of `{id}` is the word of `{account}`, and `@{}` is `{own}`", actor.login);
        let help = if change.is_added() {
            format!("leave this file alone; your own rating is `{folder}/{own}.toml`")
        } else {
            format!("leave this file alone; {}; your own rating is `{folder}/{own}.toml`", removers(context, &id))
        };
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&change.path), message)
                .note("one account has one rating, and only its own")
                .help(help),
        );
    }
}

/// Who decides that a rating breaks the registry's terms.
const AREA: &str = "policy";

/// Returns whether the actor may take out somebody else's rating: a curator, and
/// none whom the rating is about.
fn may_remove(context: &ChangeContext<'_>, id: &str) -> bool {
    let is_own = context.publishers_of(id).into_iter().any(|publisher| context.is_identity_of(publisher));
    context.is_curator_of(AREA, Some(id)) && !is_own
}

/// Says who may remove it.
fn removers(context: &ChangeContext<'_>, id: &str) -> String {
    let publishers = context.publishers_of(id);
    let curators = context.base.curators.iter().filter(|curator| {
        may_decide(curator, AREA, Some(id))
            && !publishers.iter().any(|publisher| is_identity(publisher, &curator.forge, curator.id))
    });
    let names: Vec<&str> = curators.map(|curator| curator.name.as_str()).collect();
    if names.is_empty() {
        return format!("one that is abusive is deleted by a curator of `{AREA}`, and the base has none for `{id}`");
    }
    format!("one that is abusive may be deleted, not edited, by {}", listed(&names))
}
