//! Rule `prefix-shared`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "prefix-shared",
    level: RuleLevel::Deny,
    summary: "A publisher claims a prefix that belongs to nobody.",
    docs: "\
Some names are shared by many: under `io.github` everybody has an account, under `co.uk` every British
company a domain. Whoever owned such a prefix would own the ids of strangers. They are listed as
`shared-prefixes` in registry.toml, and a publisher's prefix must go at least one label deeper.

```toml
# registry.toml
shared-prefixes = [\"io.github\", \"co.uk\"]

# publishers/io.github.toml
prefixes = [\"io.github\"]           # write io.github.hotcrm
```

Add the label that is yours, the account or the domain, and name the file after the first prefix. A prefix
that lies above a shared one, and so covers it, is refused as well.
",
    check: Check::Registry(check),
};

fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for publisher in context.registry.publishers.values() {
        for (at, prefix) in publisher.prefixes.iter().enumerate() {
            let covers = |shared: &&crate::model::Prefix| {
                prefix.overlaps(shared) && prefix.label_count() <= shared.label_count()
            };
            let Some(shared) = context.registry.settings.shared_prefixes.iter().find(covers) else {
                continue;
            };
            let message = if prefix == shared {
                format!("`{prefix}` is shared by many and belongs to nobody")
            } else {
                format!("`{prefix}` covers `{shared}`, which is shared by many and belongs to nobody")
            };
            out.push(
                Diagnostic::new(RULE.id, Arc::clone(&publisher.path), message)
                    .value(&["prefixes", &at.to_string()])
                    .help(format!("add the label that is yours: `{shared}.<name>`")),
            );
        }
    }
}
