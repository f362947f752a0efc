//! Rule `namespace-reserved`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::{Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "namespace-reserved",
    level: RuleLevel::Deny,
    summary: "A release claims a namespace that the host keeps for itself.",
    docs: "\
Metadata objects get the namespace of their package: `invoice` in `finance` becomes `finance__invoice`.
`base` and `system` are the host's own. A package that claimed one of them could put its object in the
place of one that every other package trusts, such as `system__user`.

```toml
namespaces = [\"system\"]
```

Choose a word for what the package is about, such as `finance` or `real_estate`: lower case, words
joined by single underscores, at most 32 bytes. References to the host's objects need no claim:
`system__user` may be written in any metadata file.
",
    check: Check::Release(check),
};

fn check(_: &Context<'_>, package: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    for (at, namespace) in release.namespaces.iter().enumerate().filter(|(_, namespace)| namespace.is_reserved()) {
        let message = format!("the namespace `{namespace}` belongs to the host");
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&release.path), message)
                .value(&["namespaces", &at.to_string()])
                .label("reserved")
                .help(format!("choose another, such as `{}`", package.id.last_label().replace('-', "_"))),
        );
    }
}
