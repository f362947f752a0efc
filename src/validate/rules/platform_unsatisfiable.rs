//! Rule `platform-unsatisfiable`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::model::Version;
use crate::validate::lookup::list_versions;
use crate::validate::registry::{Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "platform-unsatisfiable",
    level: RuleLevel::Warn,
    summary: "No known version of the host platform matches the requirement of a release.",
    docs: "\
`platform` says on which versions of the host a release runs. When none of the versions listed in
`registry.toml` matches, the release cannot be installed by anyone, although nothing in it looks wrong.
Amendments count: each one narrows the requirement further.

```toml
platform = \">=6.0.0\"   # registry.toml lists 4.0.0, 4.1.0 and 5.0.0
```

Choose a requirement that at least one listed version meets. If the release is meant for a version of
the platform that is not out yet, the operator of the registry adds it to `[platform] versions` first. A
bound on both sides, such as `>=4.0.0, <6.0.0`, says most clearly what was tested.
",
    check: Check::Release(check),
};

fn check(context: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    let known = &context.registry.settings.platform_versions;
    let Some(requirement) = &release.platform else { return };
    let amended = || release.amendments.iter().filter_map(|amendment| amendment.platform.as_ref());
    let admits = |version: &Version| requirement.matches(version) && amended().all(|narrower| narrower.matches(version));
    if known.is_empty() || known.iter().rev().any(admits) {
        return;
    }
    let name = context.registry.settings.platform_name.as_deref().unwrap_or("the platform");
    let text = amended().fold(format!("`{requirement}`"), |text, narrower| format!("{text}, amended to `{narrower}`"));
    let amendment = release.amendments.iter().rev().find(|amendment| amendment.platform.is_some());
    let amendment = amendment.filter(|_| known.iter().any(|version| requirement.matches(version)));
    let path = amendment.map_or(&release.path, |amendment| &amendment.path);
    out.push(
        Diagnostic::new(RULE.id, Arc::clone(path), format!("no known version of {name} matches {text}"))
            .value(&["platform"])
            .label("matches nothing")
            .note(format!("known versions: {}", list_versions(known.iter().rev(), known.len())))
            .help("choose a requirement that one of them meets, or ask the operator to add the version to registry.toml"),
    );
}
