//! Rule `withdrawal-lifted`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{RuleLevel, Version};
use crate::source::{Part, Place};
use crate::validate::registry::{Registry, Withdrawal};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "withdrawal-lifted",
    level: RuleLevel::Review,
    summary: "A withdrawal is removed, or its level is lowered.",
    docs: "\
A withdrawal is a warning that people have acted on: builds stopped, versions were moved, a report was closed.
Lifting it sends the release back to them. Sometimes that is right, because the withdrawal was a mistake or
named the wrong version. Sometimes it is how a release that was quarantined for a good reason quietly returns.
So a person decides.

```toml
# withdrawals/1.3.2.toml
level = \"quarantined\"      # on the base
level = \"deprecated\"       # in this pull request
```

Say in the pull request why the reason no longer holds, and name whoever imposed the withdrawal. Raising the
level, or correcting the reason and the replacement, needs no such decision. If only the release's contents
were repaired, publish a new version instead.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for (change, place) in context.places() {
        let Place::Package { id, part: Part::Withdrawal(version), .. } = place else { continue };
        let Some(before) = withdrawal(context.base, &id, &version) else { continue };
        let level = before.wire.level;
        let path = Arc::clone(&change.path);
        let diagnostic = if change.is_removed() {
            Diagnostic::new(
                RULE.id,
                path,
                format!("the withdrawal of `{id}@{version}` at level `{level}` is removed"),
            )
            .earlier(&["level"], "in force")
        } else {
            let after = withdrawal(context.merged, &id, &version).filter(|after| after.wire.level < level);
            let Some(after) = after else { continue };
            let after = after.wire.level;
            Diagnostic::new(
                RULE.id,
                path,
                format!("the withdrawal of `{id}@{version}` goes from `{level}` to `{after}`"),
            )
            .value(&["level"])
            .label("proposed")
            .earlier(&["level"], "in force")
        };
        let reason = before.wire.reason.as_deref().map_or("it gives no reason", str::trim);
        out.push(diagnostic.note(format!("the reason on the base: {reason}")).help(format!(
            "keep `level = \"{level}\"`, or say in the pull request why the reason no longer holds"
        )));
    }
}

fn withdrawal<'a>(registry: &'a Registry, id: &str, version: &str) -> Option<&'a Withdrawal> {
    let version = Version::parse(version).ok()?;
    registry.packages.get(id)?.release(&version)?.withdrawal.as_ref()
}
