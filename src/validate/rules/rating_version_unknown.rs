//! Rule `rating-version-unknown`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{RuleLevel, Version};
use crate::validate::lookup;
use crate::validate::registry::Package;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "rating-version-unknown",
    level: RuleLevel::Warn,
    summary: "A rating is about a version that does not exist.",
    docs: "\
A rating says which version its author used, so that readers can tell whether a complaint has been dealt with
since. A version that never existed makes them doubt the rest. The rating still counts: the stars are about
the package.

```toml
# ratings/github-990000171.toml
stars = 4
version = \"1.3\"          # the release is 1.3.0
```

Write the version as the package's page shows it, with three numbers, or leave the key out. A rating is
changed only by its own author: the file is named after the account's number, and a pull request may touch
only its own.
",
    check: Check::Package(check),
};

fn check(context: &Context<'_>, package: &Package, out: &mut Vec<Diagnostic>) {
    if context.registry.broken.contains(package.id.as_str()) {
        return;
    }
    for rating in &package.ratings {
        let Some(version) = &rating.wire.version else { continue };
        if Version::parse(version).is_ok_and(|version| package.release(&version).is_some()) {
            continue;
        }
        let known = lookup::versions(context.registry, package.id.as_str());
        let help = format!("name a release there is, {known}, or leave the key out");
        let message =
            format!("the rating is about version `{version}` of `{}`, which does not exist", package.id);
        out.push(Diagnostic::new(RULE.id, Arc::clone(&rating.path), message).value(&["version"]).help(help));
    }
}
