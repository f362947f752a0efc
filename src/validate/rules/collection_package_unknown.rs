//! Rule `collection-package-unknown`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::lookup::Suggestions;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "collection-package-unknown",
    level: RuleLevel::Deny,
    summary: "A collection names a package that the registry does not have.",
    docs: "\
A collection is a curated list, such as \"for regulated industries\", and every line of it is a recommendation
of the registry. A name that does not exist is a gap on the page today. If somebody registers it tomorrow,
the registry recommends a package that no curator has seen.

```toml
# collections/sales-essentials.toml
packages = [
  \"com.hotcrm.crm\",
  \"com.hotcrm.analytic\",      # did you mean com.hotcrm.analytics?
]
```

Correct the id or remove the line. The order of the list is the order on the page, so mind the place when
replacing one.
",
    check: Check::Registry(check),
};

fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let registry = context.registry;
    let mut suggestions = Suggestions::new(registry);
    for (name, collection) in &registry.collections {
        for (at, id) in collection.wire.packages.iter().enumerate() {
            if registry.packages.contains_key(id.as_str()) || registry.broken.contains(id) {
                continue;
            }
            out.push(
                Diagnostic::new(
                    RULE.id,
                    Arc::clone(&collection.path),
                    format!("the collection `{name}` names `{id}`, which does not exist"),
                )
                .value(&["packages", &at.to_string()])
                .help(suggestions.help(id)),
            );
        }
    }
}
