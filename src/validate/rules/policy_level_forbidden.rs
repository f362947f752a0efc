//! Rule `policy-level-forbidden`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "policy-level-forbidden",
    level: RuleLevel::Forbid,
    summary: "The policy lowers a rule that cannot be lowered.",
    docs: "\
A few rules hold in every registry, because clients and mirrors rely on them: that files can be parsed, that
ids and versions are well formed, that a path means the same everywhere. Their level is `forbid`. A policy that
lowered them would seem to work here and break elsewhere, so the line has no effect and is refused.

```toml
[levels]
id-invalid = \"warn\"          # its own level is `forbid`
description-missing = \"warn\" # its own level is `deny`: fine
```

Remove the line. If a rule of this kind stands in the way of something sensible, that is worth an issue for
Shelfmark itself. `forbid` may be written for any other rule, which makes it firm in this registry.
",
    check: Check::Registry(check),
};

fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (id, level) in &context.registry.policy.levels {
        let is_fixed = super::find(id).is_some_and(|rule| rule.level == RuleLevel::Forbid);
        if is_fixed && *level != RuleLevel::Forbid {
            out.push(
                Diagnostic::new(
                    RULE.id,
                    "policy.toml",
                    format!("`{id}` cannot be `{level}`: it is `forbid` in every registry"),
                )
                .value(&["levels", id])
                .help(format!("remove the line `{id} = \"{level}\"`")),
            );
        }
    }
}
