//! Rule `id-reserved`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::Package;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "id-reserved",
    level: RuleLevel::Deny,
    summary: "The last label of an id is reserved by the registry.",
    docs: "\
Some words promise more than a package can keep: `com.hotcrm.official` sounds like the registry's own
voice, `com.hotcrm.security` like a place to report to. An operator lists such last labels under `reserved`
in registry.toml, and no package may end in one of them, whoever its publisher is.

```toml
# registry.toml
reserved = [\"admin\", \"official\"]

# the release
id = \"com.hotcrm.admin\"
```

Choose a label that says what the package does, such as `com.hotcrm.admin-console`: only the whole last
label counts. The id is for life, so a few minutes of thought pay off.
",
    check: Check::Package(check),
};

fn check(context: &Context<'_>, package: &Package, out: &mut Vec<Diagnostic>) {
    let label = package.id.last_label();
    if !context.registry.settings.reserved.iter().any(|reserved| reserved == label) {
        return;
    }
    for release in &package.releases {
        let message = format!("`{}` ends in `{label}`, which the registry keeps for itself", package.id);
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&release.path), message)
                .value(&["id"])
                .label("reserved last label")
                .help(format!(
                    "choose a longer last label, such as `{label}-console`; reserved are {}",
                    context.registry.settings.reserved.join(", ")
                )),
        );
    }
}
