//! Rule `dependency-unbounded`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{RuleLevel, Triple};
use crate::validate::registry::{Dependency, Registry};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "dependency-unbounded",
    level: RuleLevel::Note,
    summary: "A requirement admits every future version of another package.",
    docs: "\
A new major version of another package says that something may break. A requirement without an upper bound
takes it all the same, on the day it appears, in every account that installs the package from then on.
Nobody has tried the two together. The release cannot be mended afterwards either: it never changes, and an
amendment that narrows it comes when people have met the problem.

```toml
[dependencies]
\"com.hotcrm.core\" = \">=1.2\"        # takes 2.0.0, and 9.0.0
\"com.hotcrm.core\" = \"^1.2\"         # takes 1.2.0 up to, not including, 2.0.0
```

Write the lowest version that you have tried with a caret before it. When the next major version is there and
works, publish a release with `^1.2 || ^2.0`. Optional dependencies are left alone.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for new in context.new_releases() {
        for dependency in new.release.dependencies.iter().filter(|one| !one.optional && is_unbounded(one)) {
            let (id, requirement) = (&dependency.id, &dependency.requirement);
            let message = format!("`{requirement}` admits every future version of `{id}`");
            out.push(
                Diagnostic::new(RULE.id, Arc::clone(&new.release.path), message)
                    .value(&["dependencies", id.as_str()])
                    .help(help(context.merged, dependency)),
            );
        }
    }
}

fn is_unbounded(dependency: &Dependency) -> bool {
    dependency.requirement.intervals().intervals().last().is_some_and(|interval| interval.end.is_none())
}

fn help(registry: &Registry, dependency: &Dependency) -> String {
    let intervals = dependency.requirement.intervals().intervals();
    let newest = || {
        let version = registry.packages.get(&dependency.id)?.newest().version.semver();
        Some((version.major, version.minor, version.patch))
    };
    let last = intervals.last().map(|interval| interval.start);
    match last.filter(|start| *start != (0, 0, 0)).or_else(newest) {
        Some(floor) if intervals.len() == 1 => {
            format!("write `\"{}\" = \"{}\"`", dependency.id, caret(floor))
        }
        Some(floor) => format!("give the last alternative an upper bound: `{}`", caret(floor)),
        None => "write a caret and the lowest version that you have tried, such as `^1.2`".to_owned(),
    }
}

/// Writes a floor with the bound that its major version sets.
fn caret((major, minor, patch): Triple) -> String {
    if patch == 0 { format!("^{major}.{minor}") } else { format!("^{major}.{minor}.{patch}") }
}
