//! Rule `dependents-broken`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::lookup::{Supply, supply};
use crate::validate::registry::{Dependency, Release};
use crate::validate::withdrawn;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "dependents-broken",
    level: RuleLevel::Review,
    summary: "A withdrawal leaves other packages without a release that they can use.",
    docs: "\
A yanked release is skipped by new resolutions. Packages that require it and accept no other version can then
not be installed any more, and neither can those above them. Their publishers did nothing, and learn of it from
their users.

```text
com.example.ledger@1.4.0 is yanked
com.other.shop@2.0.0 requires com.example.ledger =1.4.0, and nothing else satisfies that
```

Publish a fixed version within the range that the others accept first, then withdraw. `level = \"deprecated\"`
warns and breaks nobody. Where harm is worse than breakage, a curator decides, and the publishers named in the
message are told.
",
    check: Check::Change(check),
};

/// Most dependents that a message names.
const NAMED: usize = 10;

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for (package, release, withdrawal) in withdrawn::changed(context) {
        if !release.is_yanked() {
            continue;
        }
        let dependents = context.merged.packages.values().filter(|other| other.id != package.id);
        let mut broken: Vec<String> = dependents
            .flat_map(|other| &other.releases)
            .filter(|other| !other.is_yanked() && is_broken_by(context, other, release))
            .map(Release::name)
            .collect();
        if broken.is_empty() {
            continue;
        }
        broken.sort();
        let count = broken.len();
        let more = if count > NAMED { format!(" and {} more", count - NAMED) } else { String::new() };
        let named: Vec<String> = broken.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
        let message = format!(
            "without `{}`, {count} {} that requires it can no longer be installed: {}{more}",
            release.name(),
            if count == 1 { "release" } else { "releases" },
            named.join(", ")
        );
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&withdrawal.path), message.replace("releases that requires", "releases that require"))
                .value(&["level"])
                .help("publish a fixed version that they accept first, or write `level = \"deprecated\"`"),
        );
    }
}

/// Whether a release could use its dependency on the base and can no longer after the merge.
fn is_broken_by(context: &ChangeContext<'_>, release: &Release, withdrawn: &Release) -> bool {
    let admits_it = |dependency: &&Dependency| {
        dependency.id == withdrawn.id && !dependency.optional && release.admits(dependency, &withdrawn.version)
    };
    release.required().filter(admits_it).any(|dependency| {
        let of = |registry| supply(registry, dependency.id.as_str(), |version| release.admits(dependency, version));
        of(context.base) == Supply::Usable && of(context.merged) != Supply::Usable
    })
}
