//! Rule `dependency-withdrawn`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::lookup::{Supply, each_dependency, effective, list_versions};
use crate::validate::registry::{Package, Release};
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
    check: Check::Package(check),
};

fn check(context: &Context<'_>, package: &Package, out: &mut Vec<Diagnostic>) {
    each_dependency(context.registry, package, Supply::OnlyYanked, |release, dependency| {
        if release.is_yanked() {
            return;
        }
        let id = dependency.id.as_str();
        let releases = context.registry.packages.get(id).map_or(&[][..], |package| &package.releases);
        let usable: Vec<&Release> = releases.iter().rev().filter(|other| !other.is_yanked()).collect();
        let message = format!("every release of `{id}` that matches {} is yanked", effective(release, dependency));
        let help = if usable.is_empty() {
            format!("no release of `{id}` is in good standing: publish a version without it")
        } else {
            let list = list_versions(usable.iter().map(|other| &other.version), usable.len());
            format!("publish a version that admits one in good standing: {list}")
        };
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&release.path), message)
                .value(&["dependencies", id])
                .label("only yanked releases")
                .help(help),
        );
    });
}
