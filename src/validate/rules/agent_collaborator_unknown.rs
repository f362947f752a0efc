//! Rule `agent-collaborator-unknown`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::lookup::Suggestions;
use crate::validate::registry::{Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "agent-collaborator-unknown",
    level: RuleLevel::Warn,
    summary: "An agent works with an agent that the registry does not have.",
    docs: "\
`collaborates-with` tells people and hosts which agents hand work to each other. An id that does not
exist is not fatal, since an agent also works alone, but the page shows a name that leads nowhere, and
the hand-over that the description promises never happens.

```toml
[agent]
role = \"quality engineer\"
collaborates-with = [\"com.northwharf.devops-enginer\"]   # one letter short
```

Correct the id, remove it, or publish the other agent. Agents without which this one cannot work at all
belong in `[dependencies]`, where a missing package is refused.
",
    check: Check::Release(check),
};

fn check(context: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    let registry = context.registry;
    let Some(agent) = &release.details.agent else { return };
    let mut suggestions = Suggestions::new(registry);
    for (at, id) in agent.collaborates_with.iter().enumerate() {
        if registry.packages.contains_key(id.as_str()) || registry.broken.contains(id) {
            continue;
        }
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&release.path), format!("the agent `{id}` is not in this registry"))
                .value(&["agent", "collaborates-with", &at.to_string()])
                .label("no such package")
                .help(suggestions.help(id)),
        );
    }
}
