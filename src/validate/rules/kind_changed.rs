//! Rule `kind-changed`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::Package;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "kind-changed",
    level: RuleLevel::Deny,
    summary: "A release is of another kind than the package was.",
    docs: "\
The kind decides how a package is installed, what it may do and who must review it: an app becomes part of
the host, a template is copied once, an agent acts on somebody's behalf. A package that changed its kind
would upgrade people into something they never chose, past the reviews of that kind.

```toml
# 1.0.0.toml
kind = \"theme\"

# 1.1.0.toml
kind = \"app\"
```

Publish the new kind under an id of its own. In the listing of the old package set `status = \"deprecated\"`
and name the new one as its `replacement`.
",
    check: Check::Package(check),
};

fn check(_: &Context<'_>, package: &Package, out: &mut Vec<Diagnostic>) {
    let Some((first, later)) = package.releases.split_first() else { return };
    for release in later.iter().filter(|release| release.kind != first.kind) {
        let message = format!(
            "`{}` is of kind `{}`, but {} is of kind `{}`",
            release.name(),
            release.kind,
            first.version,
            first.kind
        );
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&release.path), message)
                .value(&["kind"])
                .help(format!("write `kind = \"{}\"`, or publish under an id of its own", first.kind)),
        );
    }
}
