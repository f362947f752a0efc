//! Rule `readme-missing`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::{ArtifactLocation, Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "readme-missing",
    level: RuleLevel::Warn,
    summary: "The sources of a release have no README.md.",
    docs: "\
The README is the page that people read before they install: what the package does, how to set it up, what
it needs. The catalog shows it, search reads it, and the check for near-duplicates compares it. A package
without one has a page with nothing on it but its name and version.

```markdown
# HotCRM Finance

Invoices, contracts and forecasts for HotCRM. After installing, enter the
number of your first invoice under Settings.
```

Add `README.md` at the top of the folder that `tree` names, in Markdown. A few paragraphs are enough: what
it is for, the first step, where to ask. The digest of the artifact changes with it.
",
    check: Check::Release(check),
};

fn check(_: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    let Some(ArtifactLocation::Tree(tree)) = release.artifact.as_ref().map(|artifact| &artifact.location)
    else {
        return;
    };
    if release.contents.as_ref().is_some_and(|contents| contents.readme.is_none()) {
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&release.path), format!("`{tree}` has no README.md"))
                .value(&["artifact", "tree"])
                .help(format!(
                    "add `{tree}/README.md`, then write the new digest that `shelfmark pack` prints"
                )),
        );
    }
}
