//! Rule `category-missing`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::Package;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "category-missing",
    level: RuleLevel::Warn,
    summary: "A listing names no category.",
    docs: "\
A package without a category is found only by those who already know its name or the right word to search
for. The category decides on which page of the catalog it stands, among which neighbours, and under which
heading in the feed.

```toml
name = \"HotCRM Finance\"
category = \"finance\"
tags = [\"invoices\", \"contracts\"]
```

Choose one of the categories in registry.toml: the one where somebody with the problem would look first, not
the one that describes how the package is built. Where two fit, take the one with the closer neighbours and
use `tags` for the rest. The category may change at any time.
",
    check: Check::Package(check),
};

fn check(context: &Context<'_>, package: &Package, out: &mut Vec<Diagnostic>) {
    let Some(listing) = package.listing.as_ref().filter(|listing| listing.wire.category.is_none()) else {
        return;
    };
    let known = &context.registry.settings.categories;
    if known.is_empty() {
        return;
    }
    let names: Vec<&str> = known.keys().map(String::as_str).collect();
    out.push(
        Diagnostic::new(RULE.id, Arc::clone(&listing.path), format!("`{}` is in no category", package.id))
            .help(format!("add `category = \"…\"`, one of: {}", names.join(", "))),
    );
}
