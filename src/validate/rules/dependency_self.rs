//! Rule `dependency-self`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::{Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "dependency-self",
    level: RuleLevel::Deny,
    summary: "A release requires its own package.",
    docs: "\
A package that requires itself can never be the first to be installed. With its own version admitted the
line says nothing; with another version it asks for two versions of one package at once, which no account
can hold. Such a line usually comes from copying the dependencies of a neighbour.

```toml
id = \"com.hotcrm.finance\"

[dependencies]
\"com.hotcrm.finance\" = \"^1.0\"   # itself
```

Remove the line. To say from which version an upgrade is possible, use the steps under `migrations` in
the artifact: each one names the version that it starts from.
",
    check: Check::Release(check),
};

fn check(_: &Context<'_>, package: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    for dependency in release.dependencies.iter().filter(|dependency| dependency.id == package.id) {
        let message = format!("`{}` requires its own package, `{}`", release.name(), dependency.requirement);
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&release.path), message)
                .key(&["dependencies", dependency.id.as_str()])
                .label("this package")
                .help(format!("remove the line `\"{}\" = …`", dependency.id)),
        );
    }
}
