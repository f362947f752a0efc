//! Rule `amendment-unknown-dependency`.

use super::{Check, Context, Rule};
use crate::diagnostic::{Diagnostic, nearest};
use crate::model::RuleLevel;
use crate::validate::registry::{Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "amendment-unknown-dependency",
    level: RuleLevel::Deny,
    summary: "An amendment names a package that the release does not require.",
    docs: "\
An amendment narrows requirements that a release already has. A new id in it would be a new dependency,
added to a published release behind the back of everyone who reviewed or locked it. Mostly it is a
misspelt id, which would silently leave the broken versions admitted.

```toml
# 1.2.0.toml requires com.hotcrm.core and nothing else
# amendments/1.2.0.1.toml
[dependencies]
\"com.hotcrm.cores\" = \"<1.5\"
```

Correct the id; the message names those that the release requires. To exclude versions of a package that
only arrives through another dependency, narrow the requirement on that dependency. A new dependency
needs a new release.
",
    check: Check::Release(check),
};

fn check(_: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    let required = || release.dependencies.iter().map(|dependency| dependency.id.as_str());
    for amendment in &release.amendments {
        for narrower in &amendment.dependencies {
            let id = narrower.id.as_str();
            if required().any(|known| known == id) {
                continue;
            }
            let help = match nearest(id, required()) {
                Some(close) => format!("did you mean `{close}`?"),
                None => "remove the line; a new dependency needs a new release".to_owned(),
            };
            let message = format!("`{}` does not require `{id}`, so there is nothing to narrow", release.name());
            out.push(
                Diagnostic::new(RULE.id, Arc::clone(&amendment.path), message)
                    .key(&["dependencies", id])
                    .label("not a dependency of the release")
                    .help(help),
            );
        }
    }
}
