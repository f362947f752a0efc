//! Rule `permission-added`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::NewRelease;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "permission-added",
    level: RuleLevel::Review,
    summary: "An update asks for permissions that the release before it did not ask for.",
    docs: "\
People decide about permissions once, when they install a package. An update that asks for more turns that
decision into another one, and most will confirm it without reading. It is also the shape of an attack: a
package that many trust is taken over, and its next release wants a little more than the last. So a person of
the registry looks first, and sees what each permission can do by its class in policy.toml.

```toml
# 1.2.0.toml; 1.1.0 had the first alone
permissions = [\"system.object.read\", \"system.object.delete\"]
```

Leave out what is not needed. For the rest, say in the README what each is needed for, and show the place in
the contents that uses it: that is what the curator will look for. A new package is reviewed as a whole.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for new in context.new_releases().filter(|new| !new.is_new_package) {
        out.extend(added(&context.base.policy.permissions, &new));
    }
}

fn added(classes: &BTreeMap<String, String>, new: &NewRelease<'_>) -> Option<Diagnostic> {
    let known = new.before.map_or(&[][..], |before| &before.permissions);
    let all = new.release.permissions.iter().enumerate();
    let added: Vec<_> = all.filter(|(_, permission)| !known.contains(permission)).collect();
    let (first, _) = added.first()?;
    let named: Vec<String> = added
        .iter()
        .map(|(_, permission)| format!("`{permission}` ({})", class_of(classes, permission)))
        .collect();
    let than = match new.before {
        Some(before) => format!("and `{}` did not", before.version),
        None => "and there is no release before it to compare with".to_owned(),
    };
    let message = format!("`{}` asks for {}, {than}", new.release.name(), named.join(", "));
    Some(
        Diagnostic::new(RULE.id, Arc::clone(&new.release.path), message)
            .value(&["permissions", &first.to_string()])
            .note("whoever upgrades grants more than they once agreed to")
            .help(
                "say in README.md what it is needed for, or leave it out; a curator for `security` decides",
            ),
    )
}

/// Returns the class of a permission: that of the longest prefix in the policy.
fn class_of<'a>(classes: &'a BTreeMap<String, String>, permission: &str) -> &'a str {
    let fitting = classes.iter().filter(|(prefix, _)| permission.starts_with(prefix.as_str()));
    fitting.max_by_key(|(prefix, _)| prefix.len()).map_or("no class", |(_, class)| class.as_str())
}
