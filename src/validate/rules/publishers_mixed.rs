//! Rule `publishers-mixed`.

use super::change_mixed::listed;
use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule {
    id: "publishers-mixed",
    level: RuleLevel::Deny,
    summary: "A pull request holds packages of several publishers.",
    docs: "\
Several releases of one publisher may come together: a suite and its parts are judged as one and admitted as
one. Across publishers that does not work. Each has accounts of its own that may speak for it, so nobody is
entitled to propose both halves, and a finding in one would stop the other, whose owners cannot do anything
about it.

```text
packages/com/hotcrm/com.hotcrm.finance/1.4.0.toml        com.hotcrm
packages/org/medcore/org.medcore.visits/2.1.0.toml       org.medcore
```

Open one pull request for each publisher; the message lists the files of each. They do not get into each
other's way, since no two releases share a file. If one needs the other, have the one that is required merged
first.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    let mut publishers: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (id, paths) in context.touched() {
        if let Some(publisher) = publisher(context, &id) {
            publishers.entry(publisher).or_default().extend(paths);
        }
    }
    let Some(anchor) = publishers.values().nth(1).and_then(|paths| paths.first()).copied() else { return };
    let names: Vec<&str> = publishers.keys().map(String::as_str).collect();
    let message =
        format!("the pull request holds packages of {} publishers: {}", names.len(), listed(&names));
    let mut diagnostic = Diagnostic::new(RULE.id, anchor, message)
        .note("each publisher has accounts of its own, and one would wait for what is wrong with the other");
    for (publisher, paths) in publishers.iter().take(MOST_LISTED) {
        diagnostic = diagnostic.note(format!("{publisher}: {}", listed(paths)));
    }
    out.push(diagnostic.help("open one pull request for each publisher"));
}

/// Publishers whose files are listed.
const MOST_LISTED: usize = 5;

/// Returns the owner of the prefix, else whoever published the package, or would.
fn publisher(context: &ChangeContext<'_>, id: &str) -> Option<String> {
    let owner = context.owner(id).map(|publisher| publisher.id.to_string());
    let before = || context.outline.get(id).map(|one| one.publisher.clone());
    let after = || context.merged.packages.get(id).map(|package| package.last().publisher.to_string());
    owner.or_else(before).or_else(after)
}
