//! Rule `dependency-withdrawn`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::lookup::{Supply, effective, list_versions, supply};
use crate::validate::registry::{Dependency, Package, Registry, Release};
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "dependency-withdrawn",
    level: RuleLevel::Warn,
    summary: "Only yanked releases of a required package match the requirement.",
    docs: "\
A yanked, quarantined or removed release stays where a lockfile names it, but no new installation
chooses it. When every release that a requirement admits has been withdrawn, the package still works
for those who have it and cannot be added by anyone else.

```toml
[dependencies]
\"com.hotcrm.core\" = \"~1.0\"   # 1.0.0 and 1.0.1 are yanked; 1.1.0 is not
```

Publish a new version of this package with a requirement that admits a release in good standing. An
amendment cannot help: it may narrow a requirement, never widen it. If nothing else exists, ask the
publisher of the dependency, whose withdrawal names a reason and often a replacement.
",
    check: Check::Registry(check),
};

fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let registry = context.registry;
    let withdrawn: HashMap<&str, &Package> = registry
        .packages
        .values()
        .filter(|package| package.releases.iter().any(Release::is_yanked))
        .map(|package| (package.id.as_str(), package))
        .collect();
    if withdrawn.is_empty() {
        return;
    }
    let packages: Vec<_> = registry.packages.values().collect();
    let found: Vec<Diagnostic> = packages
        .par_iter()
        .flat_map_iter(|package| package.releases.iter().filter(|release| !release.is_yanked()))
        .flat_map_iter(|release| release.required().map(move |dependency| (release, dependency)))
        .filter_map(|(release, dependency)| judge(registry, withdrawn.get(dependency.id.as_str())?, release, dependency))
        .collect();
    out.extend(found);
}

fn judge(registry: &Registry, required: &Package, release: &Release, dependency: &Dependency) -> Option<Diagnostic> {
    let id = required.id.as_str();
    if release.id == required.id || supply(registry, id, |version| release.admits(dependency, version)) != Supply::OnlyYanked {
        return None;
    }
    let usable: Vec<&Release> = required.releases.iter().rev().filter(|other| !other.is_yanked()).collect();
    let message = format!("every release of `{id}` that matches {} is withdrawn", effective(release, dependency));
    let help = if usable.is_empty() {
        format!("no release of `{id}` is in good standing: publish a version without it")
    } else {
        let list = list_versions(usable.iter().map(|other| &other.version), usable.len());
        format!("publish a version that admits one in good standing: {list}")
    };
    Some(
        Diagnostic::new(RULE.id, Arc::clone(&release.path), message)
            .value(&place(release, id))
            .label("only withdrawn releases")
            .help(help),
    )
}

/// Returns where a release file names what it requires.
fn place<'a>(release: &Release, id: &'a str) -> Vec<&'a str> {
    if release.dependencies.iter().any(|dependency| dependency.id == *id) {
        vec!["dependencies", id]
    } else if release.details.solution.is_some() {
        vec!["solution", "members", id]
    } else {
        vec!["starter-pack", "modules", id]
    }
}
