//! Rule `kind-table-unexpected`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{Kind, RuleLevel};
use crate::validate::registry::{Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "kind-table-unexpected",
    level: RuleLevel::Deny,
    summary: "A release has a table of another kind than its own.",
    docs: "\
The tables `[agent]`, `[template]`, `[starter-pack]`, `[integration-provider]` and `[solution]` belong to the
kinds of those names. In a release of another kind nobody reads them: a plugin with an `[agent]` table is
installed, reviewed and shown as a plugin, and the agent's tools and scopes are never looked at.

```toml
kind = \"plugin\"

[agent]
role = \"Answers questions about invoices\"
```

If the kind is wrong, correct it, which is possible until the first release is merged. If the table is left
over from a copied file, remove it. A package that is two things becomes two packages, one of them requiring the
other.
",
    check: Check::Release(check),
};

fn check(_: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    let details = &release.details;
    let tables = [
        (Kind::Agent, details.agent.is_some()),
        (Kind::Template, details.template.is_some()),
        (Kind::StarterPack, details.starter_pack.is_some()),
        (Kind::IntegrationProvider, details.integration_provider.is_some()),
        (Kind::Solution, details.solution.is_some()),
    ];
    for (kind, _) in tables.into_iter().filter(|(kind, is_given)| *is_given && *kind != release.kind) {
        let message =
            format!("`{}` is of kind `{}`, but has a table `[{kind}]`", release.name(), release.kind);
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&release.path), message)
                .key(&[kind.as_str()])
                .help(format!("remove the table, or write `kind = \"{kind}\"`")),
        );
    }
}
