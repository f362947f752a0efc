//! Rule `description-missing`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::{Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "description-missing",
    level: RuleLevel::Deny,
    summary: "A release has no description.",
    docs: "\
The description is the sentence that people and agents read before anything else: in search results, on
the package's page, in the answer to \"what does this do?\". A package without one is found by nobody and
chosen by chance. It is also what a curator compares the contents with.

```toml
description = \"Invoices, contracts and forecasts for HotCRM.\"
```

Say in one sentence what the package adds and for whom. Leave out the name, which stands beside it, and
praise, which every package claims. The sentence belongs to the release, because what a package does
changes with its versions; the slogan of the listing is `tagline` in package.toml.
",
    check: Check::Release(check),
};

fn check(_: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    if release.description.as_ref().is_some_and(|text| !text.trim().is_empty()) {
        return;
    }
    let diagnostic = Diagnostic::new(
        RULE.id,
        Arc::clone(&release.path),
        format!("`{}` has no description", release.name()),
    )
    .help("add `description = \"…\"`: one sentence on what the package adds, and for whom");
    out.push(match release.description {
        Some(_) => diagnostic.value(&["description"]),
        None => diagnostic,
    });
}
