//! Rule `namespace-collision`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::closure::{Collision, collisions};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "namespace-collision",
    level: RuleLevel::Deny,
    summary: "Two packages that are installed together have the same namespace.",
    docs: "\
Everything a package requires is installed with it. If two different packages in that set name the same
namespace, both would bring objects called `crm__account`, and the client refuses the installation: the
release can be published but never used. It makes no difference whether one publisher owns both. The
newest release is looked at, with the newest release that each requirement admits, without optional ones.

```toml
[dependencies]
\"com.hotcrm.suite\" = \"^1.0\"   # namespaces = [\"crm\", \"finance\"]
\"com.hotcrm.crm\" = \"^1.0\"     # namespaces = [\"crm\"]
```

Require one of the two. A suite already contains its parts, so the single listing is usually the line to
remove; where either will do, make both optional and say so in the README.
",
    check: Check::Registry(check),
};

fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for Collision { root, namespace, one, other, brought, via } in collisions(context.registry) {
        let message = format!("`{one}` and `{other}` are installed together and both have the namespace `{namespace}`");
        let diagnostic = Diagnostic::new(RULE.id, Arc::clone(&root.path), message)
            .key(&["dependencies", via.as_str()])
            .label(if via == brought { format!("has the namespace `{namespace}`") } else { format!("brings `{brought}`") })
            .help(format!("remove the dependency on `{via}`, or make it optional"));
        out.push(diagnostic);
    }
}
