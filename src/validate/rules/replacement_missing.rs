//! Rule `replacement-missing`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{RuleLevel, Status};
use crate::validate::registry::Package;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "replacement-missing",
    level: RuleLevel::Warn,
    summary: "A deprecated package names no replacement.",
    docs: "\
\"Deprecated\" tells people to leave, and the next question is where to. Without a replacement everyone who
uses the package has to search on their own, and most will stay on a package that nobody mends.

```toml
status = \"deprecated\"
replacement = \"com.hotcrm.community-portal\"
```

Name the package that comes closest, yours or somebody else's. If there is none and the package still works,
`status = \"archived\"` is the better word: finished, kept for readers, no new releases. If it is dangerous to
use, withdraw its releases and say why.
",
    check: Check::Package(check),
};

fn check(_: &Context<'_>, package: &Package, out: &mut Vec<Diagnostic>) {
    let Some(listing) = package.listing.as_ref().filter(|listing| listing.wire.replacement.is_none()) else {
        return;
    };
    if package.status() == Status::Deprecated {
        out.push(
            Diagnostic::new(
                RULE.id,
                Arc::clone(&listing.path),
                format!("`{}` is deprecated and names no replacement", package.id),
            )
            .value(&["status"])
            .help("add `replacement = \"<package id>\"`, or write `status = \"archived\"` if there is none"),
        );
    }
}
