//! Rule `license-deprecated`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::{Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "license-deprecated",
    level: RuleLevel::Warn,
    summary: "A licence expression uses an id that the SPDX list keeps only for old records.",
    docs: "\
Ids such as `GPL-3.0` or `LGPL-2.1` were withdrawn because they do not say whether later versions \
of the licence may be used. Tools still understand them, so a release that has one is accepted; \
readers, though, are left with a question that only the author can answer.

```toml
license = \"GPL-3.0\"            # this version only, or any later one?
license = \"GPL-3.0-only\"       # said
license = \"GPL-3.0-or-later\"   # said
```

Write the id that says what you mean in the next release. A published release is not edited.
",
    check: Check::Release(check),
};

fn check(_: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    for id in release.license.iter().flat_map(|license| license.deprecated_ids()) {
        let message = format!("`{id}` is a deprecated SPDX id");
        let diagnostic = Diagnostic::new(RULE.id, Arc::clone(&release.path), message).value(&["license"]);
        out.push(if id.contains("GPL") {
            diagnostic.help(format!("write `{id}-only` or `{id}-or-later` in the next release"))
        } else {
            diagnostic.help("see the SPDX licence list for the id that took its place")
        });
    }
}
