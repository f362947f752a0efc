//! Rule `solution-member-unknown`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::lookup::{Suggestions, Supply, supply, versions};
use crate::validate::registry::{Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "solution-member-unknown",
    level: RuleLevel::Deny,
    summary: "A solution names a member that does not exist or has no matching release.",
    docs: "\
A solution is a set of packages that are sold and installed together. A member that does not exist, or
whose requirement no release meets, makes the whole set impossible to install, also for customers who
have paid for it. Each id under `[solution.members]` must be a package here with a release that the
requirement admits.

```toml
[solution.members]
\"com.hotcrm.crm\" = \"^1.0\"
\"com.hotcrm.fiance\" = \"^1.0\"   # there is a com.hotcrm.finance
```

Correct the id, or write a requirement that an existing version meets; the message lists the newest.
Members that are about to be published go into the same pull request, or before it.
",
    check: Check::Release(check),
};

fn check(context: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    let registry = context.registry;
    let mut suggestions = Suggestions::new(registry);
    for member in release.details.solution.iter().flatten() {
        let id = member.id.as_str();
        let (message, help) = match supply(registry, id, |version| member.requirement.matches(version)) {
            Supply::Unknown => (format!("the member `{id}` is not in this registry"), suggestions.help(id)),
            Supply::NoMatch => (
                format!("no release of the member `{id}` matches `{}`", member.requirement),
                format!("write a requirement that one of its versions meets: {}", versions(registry, id)),
            ),
            Supply::Usable | Supply::OnlyYanked | Supply::Unreadable => continue,
        };
        let keys = ["solution", "members", id];
        out.push(Diagnostic::new(RULE.id, Arc::clone(&release.path), message).key(&keys).help(help));
    }
}
