//! Rule `withdrawal-replacement-unknown`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{PackageId, RuleLevel, Version};
use crate::validate::lookup::versions;
use crate::validate::registry::{Package, Registry, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "withdrawal-replacement-unknown",
    level: RuleLevel::Deny,
    summary: "The replacement of a withdrawn release does not exist, or is withdrawn too.",
    docs: "\
Whoever is stopped by a withdrawal follows its replacement: a person by the link, an upgrade by itself. So it
must lead to something usable. It is a version of the same package, or the id of another package, and neither
may be yanked, quarantined or removed.

```toml
# withdrawals/1.2.0.toml
level = \"yanked\"
replacement = \"1.2.1\"        # there must be a 1.2.1.toml, not yanked itself
```

Publish the repaired version first, in the same pull request if you like. When the replacement is withdrawn
later, point the older withdrawals to its successor; withdrawals may change at any time.
",
    check: Check::Release(check),
};

fn check(context: &Context<'_>, package: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    let Some(withdrawal) = &release.withdrawal else { return };
    let Some(replacement) = &withdrawal.wire.replacement else { return };
    let Some(problem) = problem(context.registry, package, release, replacement) else { return };
    out.push(
        Diagnostic::new(RULE.id, Arc::clone(&withdrawal.path), problem)
            .value(&["replacement"])
            .note(format!("`{}` has {}", package.id, versions(context.registry, package.id.as_str())))
            .help("name a version that is not withdrawn, or the id of another package"),
    );
}

/// Returns what is wrong with the replacement.
fn problem(registry: &Registry, package: &Package, release: &Release, replacement: &str) -> Option<String> {
    if let Ok(version) = Version::parse(replacement) {
        return match package.release(&version) {
            _ if version == release.version => Some(format!("`{version}` is its own replacement")),
            Some(other) if other.is_yanked() => Some(format!("the replacement `{version}` is withdrawn too")),
            Some(_) => None,
            None if registry.broken.contains(package.id.as_str()) => None,
            None => {
                Some(format!("`{}` has no version `{version}` to replace {}", package.id, release.version))
            }
        };
    }
    let Ok(id) = PackageId::parse(replacement) else {
        return Some(format!("`{replacement}` is neither a version nor a package id"));
    };
    match registry.packages.get(&id) {
        _ if id == package.id => Some(format!("`{id}` is the package itself; name the version")),
        _ if registry.broken.contains(id.as_str()) => None,
        Some(other) if other.newest().is_yanked() => {
            Some(format!("every release of the replacement `{id}` is withdrawn"))
        }
        Some(_) => None,
        None => Some(format!("there is no package `{id}` to replace {}", release.version)),
    }
}
