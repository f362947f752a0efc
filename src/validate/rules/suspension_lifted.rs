//! Rule `suspension-lifted`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{RuleLevel, Status};
use crate::source::{Part, Place};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "suspension-lifted",
    level: RuleLevel::Review,
    summary: "A package that the registry stopped is let go on.",
    docs: "\
A registry suspends a package while a question is open: somebody reported it, an account was taken over, a
name is disputed. The page says so, and no release is taken. Whoever owns the package is the last to decide that
the question is closed, so a curator does.

```toml
# package.toml
status = \"suspended\"     # on the base
status = \"active\"        # in this pull request
```

Say in the pull request how the question was answered. A curator of the area may propose the same change, and
it then needs nobody else. Archiving a package, or marking it as deprecated, ends the suspension too.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for (change, place) in context.places() {
        let Place::Package { id, part: Part::Listing, .. } = place else { continue };
        let is_suspended = |registry: &crate::validate::Registry| {
            registry.packages.get(id.as_str()).is_some_and(|package| package.status() == Status::Suspended)
        };
        if !is_suspended(context.base) || is_suspended(context.merged) {
            continue;
        }
        let message = format!("`{id}` is suspended, and would no longer be");
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&change.path), message)
                .value(&["status"])
                .earlier(&["status"], "in force")
                .help("keep `status = \"suspended\"`, or say in the pull request how the question was answered"),
        );
    }
}
