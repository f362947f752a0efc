//! Rule `category-unknown`.

use super::{Check, Context, Rule};
use crate::diagnostic::{Diagnostic, nearest};
use crate::model::RuleLevel;
use crate::validate::registry::Package;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "category-unknown",
    level: RuleLevel::Deny,
    summary: "A listing is in a category that the registry does not have.",
    docs: "\
Visitors browse by category, and a category is a page with a sentence of its own. The list is kept short and
in one place, `[categories]` in registry.toml, since two spellings of one category would split it in half.
Each package is in exactly one; everything finer is a tag.

```toml
# registry.toml
[categories]
finance = \"Invoices, contracts and forecasts.\"

# package.toml
category = \"finances\"      # did you mean `finance`?
```

Choose the category where somebody would look first, and put other words into `tags`. A new category is a
pull request of its own to registry.toml, which a curator approves.
",
    check: Check::Package(check),
};

fn check(context: &Context<'_>, package: &Package, out: &mut Vec<Diagnostic>) {
    let Some(listing) = &package.listing else { return };
    let known = &context.registry.settings.categories;
    let Some(category) = listing.wire.category.as_ref().filter(|category| !known.contains_key(*category))
    else {
        return;
    };
    // Without categories the registry leaves the word free, or registry.toml could not be read.
    if known.is_empty() {
        return;
    }
    let names: Vec<&str> = known.keys().map(String::as_str).collect();
    let help = match nearest(category, names.iter().copied()) {
        Some(close) => format!("did you mean `{close}`?"),
        None => format!("one of: {}", names.join(", ")),
    };
    let message = format!("there is no category `{category}`");
    out.push(Diagnostic::new(RULE.id, Arc::clone(&listing.path), message).value(&["category"]).help(help));
}
