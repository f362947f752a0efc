//! Rule `publish-not-allowed`.

use super::change_mixed::listed;
use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{Kind, PublisherLevel, RuleLevel};
use crate::schema::Publish;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "publish-not-allowed",
    level: RuleLevel::Deny,
    summary: "The policy does not let publishers of this level publish this kind of package.",
    docs: "\
A theme can look ugly; a driver can lose a company's data. So a registry may ask for more trust where more is at
stake, and open step by step: the table of the phase in force says which levels of publishers may publish which
kinds. A level that the table does not name may publish nothing, and without a `[publish]` table everybody may
publish everything.

```toml
# policy.toml
[publish]
phase = \"preview\"

[publish.preview]
verified = [\"theme\", \"template\"]
partner = [\"*\"]
```

Ask for the level that the message names: what it takes is on the registry's pages. Or publish what the present
level allows. The table counts as it stands on the base.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    let Some(policy) = &context.base.policy.publish else { return };
    for new in context.new_releases() {
        let release = new.release;
        // A publisher that does not exist is told by `publisher-unknown`.
        let Some(publisher) = context.base.publishers.get(&release.publisher) else { continue };
        let (level, kind) = (publisher.level(), release.kind);
        if allows(policy, level, kind) {
            continue;
        }
        let message = format!(
            "`{}` is of kind `{kind}`, which `{}` may not publish at level `{level}` in the phase `{}`",
            release.name(),
            publisher.id,
            policy.phase
        );
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&release.path), message)
                .value(&["kind"])
                .help(help(policy, level, kind)),
        );
    }
}

fn allows(policy: &Publish, level: PublisherLevel, kind: Kind) -> bool {
    let kinds = policy.phases.get(&policy.phase).and_then(|levels| levels.get(&level));
    kinds.is_some_and(|kinds| kinds.iter().any(|allowed| allowed == "*" || allowed == kind.as_str()))
}

fn help(policy: &Publish, level: PublisherLevel, kind: Kind) -> String {
    let others: Vec<&str> = PublisherLevel::ALL
        .iter()
        .filter(|other| allows(policy, **other, kind))
        .map(|other| other.as_str())
        .collect();
    let kinds: Vec<&str> =
        Kind::ALL.iter().filter(|other| allows(policy, level, **other)).map(|other| other.as_str()).collect();
    let who = match others.as_slice() {
        [] => format!("no level may publish `{kind}` in this phase"),
        others => format!("`{kind}` may be published at {}", listed(others)),
    };
    match kinds.as_slice() {
        [] => format!("{who}; `{level}` may publish nothing yet"),
        kinds => format!("{who}; `{level}` may publish {}", listed(kinds)),
    }
}
