//! Rule `level-raised`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{PublisherLevel, RuleLevel};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "level-raised",
    level: RuleLevel::Review,
    summary: "A publisher is raised to the level `partner`, which two people decide.",
    docs: "\
A partner may publish what nobody else may, its packages are shown first, and the badge is what customers look
for. No check can find out whether somebody deserves that: it is a relation between people. So one curator
proposes it and a second one agrees, and neither of them works for the publisher.

```toml
# publishers/com.hotcrm.toml
level = \"trusted\"       # on the base
level = \"partner\"       # in this pull request
```

Have a second curator of policy approve the pull request on the forge, and say in it what the level rests on: a
contract, an audit, a record. Lower levels are a matter of one curator, and taking the level away again needs no
second one.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    let is_touched = |path: &str| context.changes.change(path).is_some();
    for publisher in context.merged.publishers.values().filter(|publisher| is_touched(&publisher.path)) {
        let before = context.base.publishers.get(&publisher.id).map(|before| before.level());
        if publisher.level() != PublisherLevel::Partner || before == Some(PublisherLevel::Partner) {
            continue;
        }
        let from =
            before.map_or("is new, and".to_owned(), |level| format!("goes from `{level}` to `partner`, and"));
        let path = Arc::clone(&publisher.path);
        let message = format!("`{}` {from} two people decide about `partner`", publisher.id);
        let diagnostic = Diagnostic::new(RULE.id, path, message)
            .value(&["level"])
            .label("proposed")
            .help("have a second curator of `policy` approve this pull request");
        out.push(if before.is_some() { diagnostic.earlier(&["level"], "on the base") } else { diagnostic });
    }
}
