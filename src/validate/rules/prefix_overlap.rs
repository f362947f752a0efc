//! Rule `prefix-overlap`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::Publisher;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "prefix-overlap",
    level: RuleLevel::Review,
    summary: "The prefixes of two publishers overlap.",
    docs: "\
Two publishers whose prefixes hold one another could both publish the same ids. Sometimes that is
meant: a company lets a department or a subsidiary speak for itself. Sometimes it is how somebody slips in
beside a known name. So a person decides: the publisher whose prefix is touched, and a curator.

```toml
# publishers/com.hotcrm.toml
prefixes = [\"com.hotcrm\"]

# publishers/com.hotcrm.labs.toml
prefixes = [\"com.hotcrm.labs\"]      # inside com.hotcrm
```

If it is meant, ask the owner of the other prefix to say so on the pull request. If it is not, choose a
prefix outside, under a domain that is yours alone.
",
    check: Check::Registry(check),
};

fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut owners: BTreeMap<&str, Vec<&Publisher>> = BTreeMap::new();
    for publisher in context.registry.publishers.values() {
        for prefix in &publisher.prefixes {
            owners.entry(prefix.as_str()).or_default().push(publisher);
        }
    }
    for publisher in context.registry.publishers.values() {
        for (at, prefix) in publisher.prefixes.iter().enumerate() {
            // A prefix of two owners is told once, to the later one.
            let same =
                owners.get(prefix.as_str()).into_iter().flatten().find(|other| other.id < publisher.id);
            let above = prefix.as_str().match_indices('.').rev().find_map(|(end, _)| {
                let outer = prefix.as_str().get(..end)?;
                let other = owners.get(outer)?.iter().find(|other| other.id != publisher.id)?;
                Some((outer, *other))
            });
            let (relation, other) = match (same, above) {
                (Some(other), _) => (format!("belongs to `{}` too", other.id), *other),
                (None, Some((outer, other))) => {
                    (format!("lies inside `{outer}`, which belongs to `{}`", other.id), other)
                }
                (None, None) => continue,
            };
            let message = format!("the prefix `{prefix}` of `{}` {relation}", publisher.id);
            out.push(
                Diagnostic::new(RULE.id, Arc::clone(&publisher.path), message)
                    .value(&["prefixes", &at.to_string()])
                    .help(format!(
                        "`{}` and a curator must agree; otherwise choose a prefix outside",
                        other.id
                    )),
            );
        }
    }
}
