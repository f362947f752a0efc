//! Rule `waiver-expired`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "waiver-expired",
    level: RuleLevel::Note,
    summary: "A waiver has run out.",
    docs: "\
A waiver lets one problem of one package pass, for a reason and for a time. After `until` it has no effect:
the problem counts again, and the next release that has it is stopped. Nothing breaks for releases already
admitted. What remains is a line that looks as if it still held.

```toml
# waivers/finance-bank-connector.toml
id = \"permission-excessive\"
package = \"com.hotcrm.finance\"
from = 2026-01-01T00:00:00Z
until = 2026-04-01T00:00:00Z       # in the past
```

Remove the file if the problem is solved; git remembers it. If it is not, a curator grants a new waiver, with a
fresh look at the reason and a new end.
",
    check: Check::Registry(check),
};

fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for waiver in context.registry.waivers.iter().filter(|waiver| waiver.until <= context.as_of) {
        let message = format!(
            "the waiver of `{}` for `{}` ran out on {} and has no effect",
            waiver.wire.id,
            waiver.wire.package,
            waiver.until.day()
        );
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&waiver.path), message)
                .value(&["until"])
                .help(format!("git rm {}", waiver.path)),
        );
    }
}
