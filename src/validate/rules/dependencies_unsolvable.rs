//! Rule `dependencies-unsolvable`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::lookup::{Supply, supply};
use crate::validate::registry::{Registry, Release};
use crate::validate::resolve::Resolution;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "dependencies-unsolvable",
    level: RuleLevel::Deny,
    summary: "No releases satisfy everything together that a new release requires.",
    docs: "\
Each requirement of a release may be satisfiable alone, and still no set of releases satisfies all of them:
two dependencies ask for versions of a third that exclude each other. Whoever installs the release would be
told so, and could do nothing about it. A starter pack and a solution are resolved with all their members.

```text
com.example.shop@2.0.0 requires com.example.billing ^3
com.example.shop@2.0.0 requires com.example.ledger ^1
com.example.ledger@1.4.0 requires com.example.billing ^2
```

Widen a requirement, or ask the publisher of the package in between for a release that accepts the newer
version. The message lists the facts that exclude each other; changing one of them is enough.
",
    check: Check::Change(check),
};

/// Most facts that are told.
const FACTS: usize = 12;

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for new in context.new_releases() {
        if !are_each_supplied(context.merged, new.release) {
            continue;
        }
        let resolution = context.resolution(new.release);
        let Resolution::Conflict(facts) = &*resolution else { continue };
        let message = format!("what `{}` requires excludes itself: nothing satisfies all of it", new.release.name());
        let diagnostic = Diagnostic::new(RULE.id, Arc::clone(&new.release.path), message).key(&["dependencies"]);
        let help = "widen one of these requirements, or wait for a release that accepts the newer version";
        out.push(facts.iter().take(FACTS).cloned().fold(diagnostic, Diagnostic::note).help(help));
    }
}

/// A requirement that nothing satisfies alone is told by a rule of its own.
fn are_each_supplied(registry: &Registry, release: &Release) -> bool {
    release.dependencies.iter().filter(|dependency| !dependency.optional).all(|dependency| {
        let supplied = supply(registry, dependency.id.as_str(), |version| release.admits(dependency, version));
        matches!(supplied, Supply::Usable | Supply::OnlyYanked | Supply::Unknown)
    })
}
