//! Rule `name-look-alike`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::neighbours::{Neighbour, neighbours};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "name-look-alike",
    level: RuleLevel::Review,
    summary: "A new package has a name like another publisher's.",
    docs: "\
Whoever types `com.hotcrn.finance` for `com.hotcrm.finance`, or takes *Finanse* for *Finance* in a list, gets
what somebody else put there. Registries see this every week. A resemblance proves nothing, so a person looks:
does the new package live from being mistaken for the other?

```text
com.hotcrm.finance      known
com.hotcrn.finance      two letters swapped, replaced or dropped; a digit for a letter; -js, -official, a 2 at the end
```

The message names each neighbour with its distance and how the two resemble each other. Packages of the same
publisher are left out. If the name is meant, say in the pull request why nobody will mistake it; if not,
choose another before anybody depends on it. `shelfmark check-name` tells before anything is written.
",
    check: Check::Change(check),
};

/// Most neighbours that are told.
const NAMED: usize = 8;

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for new in context.new_releases().filter(|new| new.is_new_package) {
        // One question for a package, though several of its versions are new.
        if new.package.releases.first().is_none_or(|first| first.version != new.release.version) {
            continue;
        }
        let publisher = new.release.publisher.as_str();
        let found = neighbours(context.outline, new.release.id.as_str(), new.package.display_name(), publisher);
        let Some(nearest) = found.first() else { continue };
        let message = format!("`{}` looks like {}: {}", new.release.id, nearest.subject(), nearest.how);
        let mut diagnostic = Diagnostic::new(RULE.id, Arc::clone(&new.release.path), message).value(&["id"]);
        for other in found.iter().skip(1).take(NAMED) {
            diagnostic = diagnostic.note(line(other));
        }
        if found.len() > NAMED + 1 {
            diagnostic = diagnostic.note(format!("and like {} more", found.len() - NAMED - 1));
        }
        out.push(diagnostic.help(format!(
            "choose another name, and try it with `shelfmark check-name`; or say in the pull request why nobody will mistake it for `{}`",
            nearest.name
        )));
    }
}

fn line(other: &Neighbour) -> String {
    format!("and like {} ({}), distance {}: {}", other.subject(), other.name, other.distance, other.how)
}
