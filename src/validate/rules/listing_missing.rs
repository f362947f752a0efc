//! Rule `listing-missing`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::Package;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "listing-missing",
    level: RuleLevel::Deny,
    summary: "A package has no package.toml.",
    docs: "\
The listing is the face of a package: its display name, category, icon, links and price. It is kept apart
from the releases because it may change at any time, while a release never does. Without it the catalog
could show an id and a version number, and no category page would mention the package.

```toml
format = 1
name = \"HotCRM Finance\"
tagline = \"Invoices that write themselves\"
category = \"finance\"
```

Add `package.toml` beside the release files. `format` and `name` are required; the category is one of those
in registry.toml. One pull request may add the listing and the first release together.
",
    check: Check::Package(check),
};

fn check(context: &Context<'_>, package: &Package, out: &mut Vec<Diagnostic>) {
    if package.listing.is_none() && !context.registry.broken.contains(package.id.as_str()) {
        let path = format!("{}/package.toml", package.id.folder());
        out.push(
            Diagnostic::new(
                RULE.id,
                Arc::clone(&package.last().path),
                format!("`{}` has no listing", package.id),
            )
            .help(format!("add `{path}` with `format`, `name`, `tagline` and `category`")),
        );
    }
}
