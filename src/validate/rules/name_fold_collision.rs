//! Rule `name-fold-collision`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::Package;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "name-fold-collision",
    level: RuleLevel::Deny,
    summary: "Two ids differ only in hyphens.",
    docs: "\
`com.hotcrm.real-estate` and `com.hotcrm.realestate` look alike to anyone who hears one of them or types it
from memory, and whoever owns the second gets the installs of the first. Hyphens carry no meaning in an id,
so ids that are equal without them count as one name, and the first comer keeps it.

```text
com.hotcrm.real-estate
com.hotcrm.realestate      # the same name without hyphens
```

Choose another last label for the new package. If the two are yours and one replaces the other, withdraw
the releases of the old one with a replacement instead of publishing beside it.
",
    check: Check::Registry(check),
};

fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let mut names: BTreeMap<String, Vec<&Package>> = BTreeMap::new();
    for package in context.registry.packages.values() {
        names.entry(package.id.fold_key()).or_default().push(package);
    }
    for mut alike in names.into_values().filter(|alike| alike.len() > 1) {
        alike.sort_by_key(|package| (package.first_published(), &package.id));
        let Some((first, later)) = alike.split_first() else { continue };
        for package in later {
            let message = format!("`{}` is `{}` but for hyphens", package.id, first.id);
            out.push(
                Diagnostic::new(RULE.id, Arc::clone(&package.last().path), message)
                    .value(&["id"])
                    .note("whoever types one of the two from memory may install the other")
                    .help(format!("choose another last label than `{}`", package.id.last_label())),
            );
        }
    }
}
