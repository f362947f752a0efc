//! Rule `rating-package-unknown`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::source::{Part, Place};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "rating-package-unknown",
    level: RuleLevel::Deny,
    summary: "A rating is about a package that the registry does not have.",
    docs: "\
Ratings are the one thing that anybody may add to a registry with nobody looking. So they stand only beside a package
that is there: a folder made by a rating would take a name before its owner does, and one that differs in a hyphen
from a known package would look like it in every list of folders.

```text
packages/com/hotcrm/com.hotcrm.finance/ratings/github-2001.toml     # there is a release of it
packages/com/hotcrm/com.hotcrm.fin-ance/ratings/github-2001.toml    # there is none
```

Move the file to the folder of the package that you use, whose id its page shows, or remove it.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for (change, place) in context.places().filter(|(change, _)| !change.is_removed()) {
        let Place::Package { id, part: Part::Rating(_), .. } = place else { continue };
        if context.base.packages.contains_key(id.as_str()) || context.outline.get(&id).is_some() {
            continue;
        }
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&change.path), format!("there is no package `{id}` to rate"))
                .help(format!("git mv it to the folder of the package that is meant, or git rm {}", change.path)),
        );
    }
}
