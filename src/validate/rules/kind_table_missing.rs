//! Rule `kind-table-missing`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{Kind, RuleLevel};
use crate::validate::registry::{Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "kind-table-missing",
    level: RuleLevel::Deny,
    summary: "A release lacks the table of its kind.",
    docs: "\
Some kinds need facts that others do not have: an agent its role and tools, a template its family, a starter
pack its modules, an integration provider its credentials, a solution its members. They stand in a table
named after the kind. Without it the package installs nothing, or nobody can say what it will do.

```toml
kind = \"agent\"

[agent]
role = \"Answers questions about invoices\"
tools = [\"invoice.search\"]
scopes = [\"finance.read\"]
```

Add the table. `shelfmark schema release` prints its keys; `shelfmark new` writes a release file of the
kind with all of them.
",
    check: Check::Release(check),
};

fn check(_: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    let details = &release.details;
    let (has_table, keys) = match release.kind {
        Kind::Agent => (details.agent.is_some(), "role = \"…\""),
        Kind::Template => (details.template.is_some(), "family = \"…\""),
        Kind::StarterPack => (details.starter_pack.is_some(), "vertical = \"…\""),
        Kind::IntegrationProvider => (details.integration_provider.is_some(), "auth-type = \"…\""),
        Kind::Solution => (details.solution.is_some(), "members = { … }"),
        _ => return,
    };
    if has_table {
        return;
    }
    let message =
        format!("`{}` is of kind `{kind}`, but has no table `[{kind}]`", release.name(), kind = release.kind);
    out.push(
        Diagnostic::new(RULE.id, Arc::clone(&release.path), message)
            .value(&["kind"])
            .help(format!("add `[{}]` with `{keys}`", release.kind)),
    );
}
