//! Rule `policy-rule-unknown`.

use super::{Check, Context, Rule};
use crate::diagnostic::{Diagnostic, nearest};
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "policy-rule-unknown",
    level: RuleLevel::Warn,
    summary: "The policy sets the level of a rule that does not exist.",
    docs: "\
`[levels]` in policy.toml raises or lowers single rules. A misspelt name changes nothing, and that goes
unnoticed in the worst way: a curator believes that something is denied, and it passes. Rules may also have
been renamed or removed in a newer Shelfmark.

```toml
[levels]
readme-mising = \"deny\"          # did you mean `readme-missing`?
platform-missing = \"deny\"
```

Correct the name or remove the line. `shelfmark explain` lists every rule with its own level, and
`shelfmark explain <rule>` prints a page like this one.
",
    check: Check::Registry(check),
};

fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for id in context.registry.policy.levels.keys().filter(|id| super::find(id).is_none()) {
        let help = match nearest(id, super::ALL.iter().map(|rule| rule.id)) {
            Some(close) => format!("did you mean `{close}`?"),
            None => "remove the line; `shelfmark explain` lists every rule".to_owned(),
        };
        out.push(
            Diagnostic::new(RULE.id, "policy.toml", format!("there is no rule `{id}`"))
                .key(&["levels", id])
                .help(help),
        );
    }
}
