//! Rule `requirement-unsatisfiable`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::lookup::{Supply, each_dependency, effective, narrowed_by, supply, versions};
use crate::validate::registry::Package;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "requirement-unsatisfiable",
    level: RuleLevel::Deny,
    summary: "No release of a required package has a version that the requirement admits.",
    docs: "\
The package exists, but none of its releases will do, withdrawn ones included. Installing fails for
everybody, with a message about a package they never asked for. The effective requirement counts: what
the release says, narrowed by each of its amendments.

```toml
[dependencies]
\"com.hotcrm.core\" = \"^2.0\"   # the newest release is 1.4.0
```

Choose a requirement that one of the existing versions meets; the message lists the newest. `^1.4`
means at least 1.4.0 and less than 2.0.0. A pre-release such as 2.0.0-beta.1 only matches a requirement
that names a pre-release of 2.0.0 itself. If the version you need is about to appear, publish it first.
",
    check: Check::Package(check),
};

fn check(context: &Context<'_>, package: &Package, out: &mut Vec<Diagnostic>) {
    each_dependency(context.registry, package, Supply::NoMatch, |release, dependency| {
        let id = dependency.id.as_str();
        let message = format!("no release of `{id}` matches {}", effective(release, dependency));
        let alone = supply(context.registry, id, |version| dependency.requirement.matches(version));
        let amendment = narrowed_by(release, id).filter(|_| alone != Supply::NoMatch);
        let path = amendment.map_or(&release.path, |amendment| &amendment.path);
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(path), message)
                .value(&["dependencies", id])
                .label("matches nothing")
                .note(format!("versions of `{id}`: {}", versions(context.registry, id)))
                .help("choose a requirement that one of these versions meets, or publish the missing version first"),
        );
    });
}
