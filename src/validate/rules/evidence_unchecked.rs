//! Rule `evidence-unchecked`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::evidence::{added, means};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "evidence-unchecked",
    level: RuleLevel::Review,
    summary: "A release brings evidence that nobody can check.",
    docs: "\
A signature proves something to those who know beforehand whose it should be. Where the publisher has registered
neither a key nor a workflow, anybody could have made it, and the catalog would still show it beside the release.

```toml
# publishers/com.hotcrm.toml
[[trusted-ci]]
issuer = \"https://token.actions.githubusercontent.com\"
repository = \"hotcrm/finance\"
workflow = \"release.yml\"
```

Register the key or the workflow first, in a pull request of its own that a curator merges; the evidence can follow
then, for releases that stand already too. Keys that are revoked by now prove nothing either.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for evidence in added(context) {
        if means(evidence.publisher, context.circumstances.now).is_some() {
            continue;
        }
        let (name, publisher) = (&evidence.name, evidence.publisher);
        let message = format!(
            "`{name}` of `{}` cannot be checked: `{}` has registered nothing to check it with",
            evidence.release.name(),
            publisher.id
        );
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(evidence.path), message)
                .note("a page would show it all the same")
                .help(format!(
                    "add a `[[trusted-ci]]` or a `[[key]]` to `{}` first, which a curator merges; or leave the file out",
                    publisher.path
                )),
        );
    }
}
