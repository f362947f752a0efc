//! Rule `replacement-unknown`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::lookup::Suggestions;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "replacement-unknown",
    level: RuleLevel::Deny,
    summary: "The replacement of a package is not in the registry, or is the package itself.",
    docs: "\
A replacement is where people are sent who still use an old package: the page links to it, `audit` proposes
it, an agent follows it. A name that does not exist leads nowhere today and, once somebody registers it,
wherever that person likes.

```toml
# com.hotcrm.community
status = \"deprecated\"
replacement = \"com.hotcrm.comunity-portal\"    # did you mean com.hotcrm.community-portal?
```

Correct the id, publish the replacement first, or remove the line. A package cannot replace itself; to send
people to a newer version of the same package, use `replacement` in the withdrawal of the old one.
",
    check: Check::Registry(check),
};

fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let registry = context.registry;
    let mut suggestions = Suggestions::new(registry);
    for package in registry.packages.values() {
        let Some(listing) = &package.listing else { continue };
        let Some(replacement) = &listing.wire.replacement else { continue };
        let (message, help) = if package.id.as_str() == replacement {
            (
                format!("`{replacement}` is its own replacement"),
                "remove the line, or name another package".to_owned(),
            )
        } else if registry.packages.contains_key(replacement.as_str())
            || registry.broken.contains(replacement)
        {
            continue;
        } else {
            (
                format!("there is no package `{replacement}` to replace `{}`", package.id),
                suggestions.help(replacement),
            )
        };
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&listing.path), message).value(&["replacement"]).help(help),
        );
    }
}
