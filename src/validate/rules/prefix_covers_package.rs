//! Rule `prefix-covers-package`.

use super::change_mixed::listed;
use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{PackageId, Prefix, RuleLevel};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "prefix-covers-package",
    level: RuleLevel::Review,
    summary: "A publisher gains a prefix under which another publisher has packages.",
    docs: "\
Whoever owns a prefix may publish under every id below it, new versions of existing packages included. If
packages of somebody else are there already, a new prefix hands them over: the next version comes from another
hand, and everybody who has the package installed gets it as an ordinary upgrade. That may be a sale or a change
of name. It may also be a theft.

```toml
# publishers/org.newowner.toml
prefixes = [\"org.newowner\", \"com.hotcrm\"]      # com.hotcrm.finance is published by com.hotcrm
```

Have the publisher of the packages say in the pull request that the transfer is meant, and a curator decide. If
it is not meant, ask for a prefix that is yours alone, under a domain of your own.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    let is_touched = |path: &str| context.changes.change(path).is_some();
    for publisher in context.merged.publishers.values().filter(|publisher| is_touched(&publisher.path)) {
        let before = context.base.publishers.get(&publisher.id);
        let had =
            |text: &str| before.is_some_and(|before| before.wire.prefixes.iter().any(|own| own == text));
        for (at, text) in publisher.wire.prefixes.iter().enumerate().filter(|(_, text)| !had(text)) {
            let Ok(prefix) = Prefix::parse(text) else { continue };
            let (packages, owners) = covered(context, &prefix, publisher.id.as_str());
            if packages.is_empty() {
                continue;
            }
            let message = format!(
                "the new prefix `{prefix}` of `{}` covers {} of other publishers: {}",
                publisher.id,
                count(packages.len()),
                listed(&packages)
            );
            out.push(
                Diagnostic::new(RULE.id, Arc::clone(&publisher.path), message)
                    .value(&["prefixes", &at.to_string()])
                    .note("the owner of a prefix may publish new versions of every package below it")
                    .help(format!(
                        "a curator and {} must agree; otherwise choose a prefix of your own",
                        listed(&owners)
                    )),
            );
        }
    }
}

/// Returns the packages of others below a prefix, and their publishers.
fn covered<'a>(context: &ChangeContext<'a>, prefix: &Prefix, own: &str) -> (Vec<&'a str>, Vec<&'a str>) {
    let is_below = |id: &str| PackageId::parse(id).is_ok_and(|id| prefix.covers(&id));
    let packages = context.outline.packages().iter();
    let below = packages.filter(|one| one.publisher != own && is_below(&one.id));
    let (ids, mut owners): (Vec<&str>, Vec<&str>) =
        below.map(|one| (one.id.as_str(), one.publisher.as_str())).unzip();
    owners.sort_unstable();
    owners.dedup();
    (ids, owners)
}

fn count(packages: usize) -> String {
    if packages == 1 { "a package".to_owned() } else { format!("{packages} packages") }
}
