//! Rule `readme-missing`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::{ArtifactLocation, Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "readme-missing",
    level: RuleLevel::Warn,
    summary: "The artifact of a release has no README.md.",
    docs: "\
The README is the page that people read before they install: what the package does, how to set it up, what
it needs. The catalog shows it, search reads it, and the check for near-duplicates compares it. A package
without one has a page with nothing on it but its name and version.

```markdown
# HotCRM Finance

Invoices, contracts and forecasts for HotCRM. After installing, enter the
number of your first invoice under Settings.
```

Add `README.md` at the top of the package folder, in Markdown. A few paragraphs are enough: what
it is for, the first step, where to ask. The digest of the artifact changes with it.
",
    check: Check::Release(check),
};

fn check(_: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    let (Some(artifact), Some(contents)) = (&release.artifact, &release.contents) else { return };
    if contents.readme.is_some() {
        return;
    }
    let (place, file, key) = match &artifact.location {
        ArtifactLocation::Tree(tree) => (format!("`{tree}`"), format!("{tree}/README.md"), "tree"),
        ArtifactLocation::Path(_) => ("the archive".to_owned(), "README.md".to_owned(), "path"),
        ArtifactLocation::Url(_) => ("the archive".to_owned(), "README.md".to_owned(), "url"),
    };
    out.push(
        Diagnostic::new(RULE.id, Arc::clone(&release.path), format!("{place} has no README.md"))
            .value(&["artifact", key])
            .help(format!("add `{file}`, then write the new digest that `shelfmark pack` prints")),
    );
}
