//! Rule `starter-pack-module-unknown`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::lookup::{Suggestions, Supply, supply, versions};
use crate::validate::registry::{Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "starter-pack-module-unknown",
    level: RuleLevel::Deny,
    summary: "A starter pack names a module that does not exist or has no matching release.",
    docs: "\
A starter pack enables its modules in one step. If one of them does not exist, or no version of it will
do, the whole step is undone, and the person who chose the pack sees the name of a package they never
heard of. Each id under `[starter-pack.modules]` must be a package here with a release that the
requirement admits.

```toml
[starter-pack]
vertical = \"marketing-agency\"

[starter-pack.modules]
\"com.brightdesk.cms\" = \"^2.0\"   # the newest release is 1.3.0
```

Correct the id, or write a requirement that an existing version meets; the message lists the newest. A
module that is about to be published goes into the same pull request, or before it.
",
    check: Check::Release(check),
};

fn check(context: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    let registry = context.registry;
    let mut suggestions = Suggestions::new(registry);
    for module in release.details.starter_pack.iter().flat_map(|pack| &pack.modules) {
        let id = module.id.as_str();
        let (message, help) = match supply(registry, id, |version| module.requirement.matches(version)) {
            Supply::Unknown => (format!("the module `{id}` is not in this registry"), suggestions.help(id)),
            Supply::NoMatch => (
                format!("no release of the module `{id}` matches `{}`", module.requirement),
                format!("write a requirement that one of its versions meets: {}", versions(registry, id)),
            ),
            Supply::Usable | Supply::OnlyYanked | Supply::Unreadable => continue,
        };
        let keys = ["starter-pack", "modules", id];
        out.push(Diagnostic::new(RULE.id, Arc::clone(&release.path), message).key(&keys).help(help));
    }
}
