//! Rule `amendment-gap`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::{Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "amendment-gap",
    level: RuleLevel::Deny,
    summary: "The amendments of a release are not numbered 1, 2, 3 and so on.",
    docs: "\
Amendments only ever grow in number, and their numbers are how everybody can tell that none is missing:
a client that knows amendment 3 expects 1 and 2. A gap means that a file was deleted, or that one was
numbered by guess while another pull request was open.

```
amendments/1.2.0.1.toml
amendments/1.2.0.3.toml     # where is 1.2.0.2.toml?
```

Give the new amendment the number after the highest one that is already merged. An amendment that was
merged is never deleted or renumbered; if it narrowed too much, publish a new release with the right
requirement.
",
    check: Check::Release(check),
};

fn check(context: &Context<'_>, package: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    if context.registry.broken.contains(package.id.as_str()) {
        return;
    }
    for (amendment, expected) in release.amendments.iter().zip(1..) {
        if amendment.n == expected {
            continue;
        }
        let message = format!("amendment {} of `{}` comes where {expected} is expected", amendment.n, release.name());
        let folder = amendment.path.rsplit_once('/').map_or("amendments", |(folder, _)| folder);
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&amendment.path), message)
                .note("amendments are numbered from 1 without gaps, so that a missing one is noticed")
                .help(format!("git mv {} {folder}/{}.{expected}.toml", amendment.path, release.version)),
        );
        return;
    }
}
