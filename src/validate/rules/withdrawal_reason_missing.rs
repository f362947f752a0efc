//! Rule `withdrawal-reason-missing`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::{Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "withdrawal-reason-missing",
    level: RuleLevel::Deny,
    summary: "A withdrawal gives no reason.",
    docs: "\
A withdrawal stops the builds and upgrades of people who did nothing wrong. They will ask what is wrong,
whether they are affected and what to do, and the reason is the only answer they get: it is shown on the page,
printed by `audit`, and kept in the index for as long as the version is known.

```toml
level = \"yanked\"
date = 2026-03-01T00:00:00Z
reason = \"Deletes open invoices when an account is merged. Fixed in 1.2.1.\"
replacement = \"1.2.1\"
```

Say what goes wrong and under which conditions, then what to do. A security problem names its advisory under
`advisories`; a legal ground goes into `legal`.
",
    check: Check::Release(check),
};

fn check(_: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    let Some(withdrawal) = &release.withdrawal else { return };
    if withdrawal.wire.reason.as_ref().is_none_or(|text| text.trim().is_empty()) {
        let message = format!("the withdrawal of `{}` gives no reason", release.name());
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&withdrawal.path), message)
                .value(&["level"])
                .help("add `reason = \"…\"`: what goes wrong, for whom, and what to do"),
        );
    }
}
