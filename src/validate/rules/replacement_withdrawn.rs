//! Rule `replacement-withdrawn`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{PackageId, RuleLevel, Status, Version};
use crate::validate::registry::{Package, Registry, Release};
use crate::validate::withdrawn;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "replacement-withdrawn",
    level: RuleLevel::Deny,
    summary: "A replacement is itself on the way out.",
    docs: "\
A replacement is where people are sent, often by a program that does not ask. If it is deprecated, or all of
its releases are withdrawn, they arrive at a second sign that sends them on, or at nothing; whoever moved
their data moves it twice. Two packages that replace each other send people in a circle.

```toml
# com.hotcrm.portal/package.toml
status = \"deprecated\"
replacement = \"com.hotcrm.community\"      # deprecated too, in favour of com.hotcrm.forum
```

Name the end of the chain: the version or the package that is alive. If there is none, leave the line out and
say in the reason what people should do. Only replacements that the pull request writes are looked at; a
version that is yanked is told by `withdrawal-replacement-unknown`.
",
    check: Check::Change(check),
};

/// Why a replacement is none, and what it names in its turn.
struct Problem {
    message: String,
    next: Option<String>,
}

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for (package, release, withdrawal) in withdrawn::changed(context) {
        let Some(replacement) = &withdrawal.wire.replacement else { continue };
        if was_named(context, release, replacement) {
            continue;
        }
        let problem = match Version::parse(replacement) {
            Ok(version) => of_version(package.release(&version)),
            Err(_) => of_package(context.merged, replacement, true),
        };
        out.extend(problem.map(|problem| told(&withdrawal.path, &release.name(), problem)));
    }
    for package in context.merged.packages.values() {
        let Some(listing) = &package.listing else { continue };
        let Some(replacement) = listing.wire.replacement.as_ref().filter(|_| is_new(context, package)) else {
            continue;
        };
        let problem = of_package(context.merged, replacement, false);
        out.extend(problem.map(|problem| told(&listing.path, package.id.as_str(), problem)));
    }
}

/// Returns whether the withdrawal names the replacement on the base already.
fn was_named(context: &ChangeContext<'_>, release: &Release, replacement: &str) -> bool {
    let package = context.base.packages.get(&release.id);
    let before = package.and_then(|package| package.release(&release.version));
    let withdrawal = before.and_then(|before| before.withdrawal.as_ref());
    withdrawal.is_some_and(|before| before.wire.replacement.as_deref() == Some(replacement))
}

/// Returns whether the change writes the replacement in the listing.
fn is_new(context: &ChangeContext<'_>, package: &Package) -> bool {
    let replacement = |package: &Package| package.listing.as_ref()?.wire.replacement.clone();
    let before = context.base.packages.get(&package.id);
    let has_change =
        package.listing.as_ref().is_some_and(|listing| context.changes.change(&listing.path).is_some());
    has_change && before.and_then(replacement) != replacement(package)
}

fn told(path: &Arc<str>, what: &str, problem: Problem) -> Diagnostic {
    let message = format!("the replacement of `{what}` is no way out: {}", problem.message);
    let help = match problem.next {
        Some(next) => format!("if it is the end of the chain, write `replacement = \"{next}\"`"),
        None => "name what is alive, or remove the line and say in the reason what to do".to_owned(),
    };
    Diagnostic::new(RULE.id, Arc::clone(path), message).value(&["replacement"]).help(help)
}

/// A version that is yanked is told by another rule.
fn of_version(release: Option<&Release>) -> Option<Problem> {
    let release = release.filter(|release| !release.is_yanked())?;
    let withdrawal = release.withdrawal.as_ref()?;
    let message = format!("`{}` is deprecated itself", release.version);
    Some(Problem { message, next: withdrawal.wire.replacement.clone() })
}

/// A package without a usable release is told by another rule where a withdrawal names it.
fn of_package(registry: &Registry, id: &str, of_withdrawal: bool) -> Option<Problem> {
    let package = registry.packages.get(PackageId::parse(id).ok()?.as_str())?;
    if of_withdrawal && package.newest().is_yanked() {
        return None;
    }
    let message = if package.status() == Status::Deprecated {
        format!("`{id}` is deprecated itself")
    } else if package.releases.iter().all(|release| release.withdrawal.is_some()) {
        format!("every release of `{id}` is withdrawn")
    } else {
        return None;
    };
    let next = package.listing.as_ref().and_then(|listing| listing.wire.replacement.clone());
    Some(Problem { message, next })
}
