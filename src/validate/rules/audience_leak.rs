//! Rule `audience-leak`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::{Package, Registry, Release};
use rayon::prelude::*;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "audience-leak",
    level: RuleLevel::Deny,
    summary: "Somebody who sees a package does not see one that it needs.",
    docs: "\
Each audience has its own build of the registry. If a public package requires one that only partners see,
the public build would either name a package it must not show, or offer one that cannot be installed.
So whoever sees a package sees all its dependencies, the optional ones too, the modules of a starter pack
and the members of a solution. The newest release of each package is looked at.

```toml
# packages/com/hotcrm/com.hotcrm.crm/package.toml: no audience, so public
# packages/com/hotcrm/com.hotcrm.core/package.toml
audience = \"partner\"
```

Give the package an audience that is as narrow as what it needs, or widen the audience of the other
package. Widening is reviewed, since what was shown once cannot be hidden again.
",
    check: Check::Registry(check),
};

fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let registry = context.registry;
    if registry.packages.values().all(|package| package.audience() == "public") {
        return;
    }
    let packages: Vec<_> = registry.packages.values().collect();
    let found: Vec<Vec<Diagnostic>> = packages.par_iter().map(|package| leaks(registry, package)).collect();
    out.extend(found.into_iter().flatten());
}

fn leaks(registry: &Registry, package: &Package) -> Vec<Diagnostic> {
    let release = package.newest();
    needs(release)
        .into_iter()
        .filter_map(|keys| {
            let other = registry.packages.get(*keys.last()?)?;
            let blind = blind(registry, package.audience(), other.audience())?;
            let message = format!(
                "the audience `{blind}` sees `{}` (`{}`), but not `{}` (`{}`)",
                package.id,
                package.audience(),
                other.id,
                other.audience()
            );
            let help = format!("give `{}` the audience `{}` in its package.toml, or widen that of `{}`", package.id, other.audience(), other.id);
            Some(
                Diagnostic::new(RULE.id, Arc::clone(&release.path), message)
                    .key(&keys)
                    .label(format!("only for `{}`", other.audience()))
                    .help(help),
            )
        })
        .collect()
}

/// Returns the keys of every package that a release needs.
fn needs(release: &Release) -> Vec<Vec<&str>> {
    let under = |table: &'static [&'static str]| move |id| [table, &[id]].concat();
    let dependencies = release.dependencies.iter().map(|dependency| dependency.id.as_str());
    let modules = release.details.starter_pack.iter().flat_map(|pack| &pack.modules);
    let members = release.details.solution.iter().flatten();
    dependencies
        .map(under(&["dependencies"]))
        .chain(modules.map(|module| module.id.as_str()).map(under(&["starter-pack", "modules"])))
        .chain(members.map(|member| member.id.as_str()).map(under(&["solution", "members"])))
        .collect()
}

/// Returns an audience that sees `one` and not `other`; both are known.
fn blind<'a>(registry: &'a Registry, one: &str, other: &str) -> Option<&'a str> {
    let audiences = &registry.settings.audiences;
    if one == other || !audiences.contains_key(one) || !audiences.contains_key(other) {
        return None;
    }
    let leak = audiences.iter().find(|(_, seen)| seen.contains(one) && !seen.contains(other));
    leak.map(|(name, _)| name.as_str())
}
