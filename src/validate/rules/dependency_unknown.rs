//! Rule `dependency-unknown`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::lookup::Suggestions;
use rayon::prelude::*;
use std::collections::HashSet;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "dependency-unknown",
    level: RuleLevel::Deny,
    summary: "A release requires a package that the registry does not have.",
    docs: "\
Nobody can install a release whose dependency does not exist. Worse, the missing name is free: whoever
registers it later decides what every user of the release receives. So each id under `[dependencies]`,
optional ones included, must be a package of this registry. A package whose own files cannot be read
counts as existing, so that one mistake is told once.

```toml
[dependencies]
\"com.hotcrm.fiance\" = \"^1.0\"   # there is a com.hotcrm.finance
```

Correct the spelling, or publish the dependency first: in the same pull request if it is yours. A
dependency that is part of the host belongs in `platform`, not here.
",
    check: Check::Registry(check),
};

fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let registry = context.registry;
    let known: HashSet<&str> =
        registry.packages.keys().map(AsRef::as_ref).chain(registry.broken.iter().map(String::as_str)).collect();
    let packages: Vec<_> = registry.packages.values().collect();
    let unknown: Vec<_> = packages
        .par_iter()
        .flat_map_iter(|package| &package.releases)
        .flat_map_iter(|release| {
            let unknown = release.dependencies.iter().filter(|dependency| !known.contains(dependency.id.as_str()));
            unknown.map(move |dependency| (release, dependency))
        })
        .collect();
    let mut suggestions = Suggestions::new(registry);
    for (release, dependency) in unknown {
        let message = format!("`{}` requires `{}`, which is not in this registry", release.name(), dependency.id);
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&release.path), message)
                .key(&["dependencies", dependency.id.as_str()])
                .label("no such package")
                .note("whoever registers that id later would decide what users of this release receive")
                .help(suggestions.help(dependency.id.as_str())),
        );
    }
}
