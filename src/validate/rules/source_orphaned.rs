//! Rule `source-orphaned`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::ArtifactLocation;
use std::collections::HashSet;

pub(super) static RULE: Rule = Rule {
    id: "source-orphaned",
    level: RuleLevel::Warn,
    summary: "A folder under `sources/` belongs to no release.",
    docs: "\
`sources/<id>/<version>` holds the contents of one release. A folder that no release names is packed by
nobody and checked by nobody, yet everyone who clones the registry downloads it, and a reader takes it
for something that is published. It is usually left over from a version that was renamed before it was
merged, or the release file was forgotten.

```
packages/com/hotcrm/com.hotcrm.finance/1.4.0.toml
sources/com.hotcrm.finance/1.4.0/
sources/com.hotcrm.finance/1.4.0-draft/     # no release names this
```

Remove the folder, or add the release whose artifact it is, with `tree` naming the folder. A package
with an unreadable file is left out here until that file is repaired.
",
    check: Check::Registry(check),
};

fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let registry = context.registry;
    if registry.source_folders.is_empty() {
        return;
    }
    let named: HashSet<&str> = registry
        .packages
        .values()
        .flat_map(|package| &package.releases)
        .filter_map(|release| match &release.artifact.as_ref()?.location {
            ArtifactLocation::Tree(tree) => Some(tree.as_str()),
            _ => None,
        })
        .collect();
    for folder in registry.source_folders.iter().filter(|folder| !named.contains(folder.as_str())) {
        let id = folder.split('/').nth(1).unwrap_or_default();
        if registry.broken.contains(id) {
            continue;
        }
        let message = format!("no release names `{folder}` as its artifact");
        out.push(
            Diagnostic::new(RULE.id, folder.as_str(), message)
                .help(format!("git rm -r {folder}, or add a release with `tree = \"{folder}\"`")),
        );
    }
}
