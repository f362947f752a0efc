//! Rule `audience-unknown`.

use super::{Check, Context, Rule};
use crate::diagnostic::{Diagnostic, nearest};
use crate::model::RuleLevel;
use crate::validate::registry::Package;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "audience-unknown",
    level: RuleLevel::Deny,
    summary: "A listing is for an audience that the registry does not have.",
    docs: "\
An audience decides who sees a package: each has a build of its own, which holds what that audience sees
and nothing else. A package for an audience that `registry.toml` does not list would be in no build at
all, and nobody would notice why. A misspelt name must never mean `public` either.

```toml
# package.toml
audience = \"partners\"   # registry.toml has [audiences] partner
```

Write one of the audiences in `[audiences]` of `registry.toml`, or leave the line out for `public`,
which always exists. A new audience is added there by the operator of the registry, with the audiences
it sees: `partner = { sees = [\"public\"] }`.
",
    check: Check::Package(check),
};

fn check(context: &Context<'_>, package: &Package, out: &mut Vec<Diagnostic>) {
    let Some(listing) = &package.listing else { return };
    let Some(audience) = &listing.wire.audience else { return };
    let known = &context.registry.settings.audiences;
    if known.contains_key(audience) {
        return;
    }
    let help = match nearest(audience, known.keys().map(String::as_str)) {
        Some(close) => format!("did you mean `{close}`?"),
        None => format!("one of: {}", known.keys().cloned().collect::<Vec<_>>().join(", ")),
    };
    out.push(
        Diagnostic::new(RULE.id, Arc::clone(&listing.path), format!("registry.toml has no audience `{audience}`"))
            .value(&["audience"])
            .label("not in `[audiences]`")
            .help(help),
    );
}
