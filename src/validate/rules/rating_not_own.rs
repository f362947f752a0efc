//! Rule `rating-not-own`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::source::{Part, Place};
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
ratings/github-2001.toml       only the account 2001 of github may touch it
```

Rate the package in the file of your own number; `https://api.github.com/users/<login>` shows it as `id`. If
somebody else's rating breaks the registry's rules, ask its maintainers: a pull request is not the way.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    let Some(actor) = &context.circumstances.actor else { return };
    let own = format!("{}-{}", actor.forge, actor.id);
    for (change, place) in context.places() {
        let Place::Package { id, part: Part::Rating(account), .. } = place else { continue };
        if account == own {
            continue;
        }
        let folder = change.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let message =
            format!("the rating of `{id}` is the word of `{account}`, and `@{}` is `{own}`", actor.login);
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&change.path), message)
                .note("one account has one rating, and only its own")
                .help(format!("leave this file alone; your own rating is `{folder}/{own}.toml`")),
        );
    }
}
