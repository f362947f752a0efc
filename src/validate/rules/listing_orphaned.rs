//! Rule `listing-orphaned`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "listing-orphaned",
    level: RuleLevel::Warn,
    summary: "There are files about a package that has no release.",
    docs: "\
A listing, a rating or a withdrawal says something about a package, and a package exists once it has a
release. Files about one without a release are shown nowhere: no page, no index entry, no search result.
Most often the folder is misspelt, or the release file was forgotten in the pull request.

```text
packages/com/hotcrm/com.hotcrm.fiance/package.toml    # no <version>.toml beside it
```

Add the release file, move the file to the folder that was meant, or remove it. To reserve a name, talk to
the curators; an empty listing reserves nothing. To take a package back, withdraw its releases and leave
their files where they are.
",
    check: Check::Registry(check),
};

fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for path in &context.registry.orphans {
        let id = path.split('/').nth(3).unwrap_or_default();
        out.push(
            Diagnostic::new(
                RULE.id,
                Arc::clone(path),
                format!("there is no release of `{id}`, so this file is about nothing"),
            )
            .help("add a release file `<version>.toml` to the folder, or remove what else is in it"),
        );
    }
}
