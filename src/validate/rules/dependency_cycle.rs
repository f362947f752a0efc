//! Rule `dependency-cycle`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::cycles::{Cycle, cycles};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "dependency-cycle",
    level: RuleLevel::Deny,
    summary: "Packages require each other in a circle.",
    docs: "\
Packages are installed after what they require, and removed before it. In a circle there is no first
one: nothing in it can be installed, upgraded or removed alone, and no review can look at one of them
without the rest. The newest release of each package counts, without its optional dependencies.

```toml
# com.hotcrm.crm
[dependencies]
\"com.hotcrm.finance\" = \"^1.0\"

# com.hotcrm.finance
[dependencies]
\"com.hotcrm.crm\" = \"^1.0\"
```

Move what both need into a third package that both require, or make one direction optional:
`\"com.hotcrm.finance\" = { version = \"^1.0\", optional = true }`. Two packages that are always used
together are often one package.
",
    check: Check::Registry(check),
};

/// Packages of a circle that a message names.
const NAMED: usize = 12;

fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for Cycle { path, members } in cycles(context.registry) {
        let [first, second, ..] = path.as_slice() else { continue };
        let ids: Vec<&str> = path.iter().take(NAMED).map(|package| package.id.as_str()).collect();
        let cut = if path.len() > NAMED { format!(" → … ({} more)", path.len() - NAMED) } else { String::new() };
        let message = format!("packages require each other in a circle: {}{cut} → {}", ids.join(" → "), first.id);
        let mut diagnostic = Diagnostic::new(RULE.id, Arc::clone(&first.newest().path), message)
            .key(&["dependencies", second.id.as_str()])
            .label("the circle begins here")
            .help(format!("remove one of these dependencies, or make it optional: `\"{}\" = {{ version = \"…\", optional = true }}`", second.id));
        if members > path.len() {
            diagnostic = diagnostic.note(format!("{members} packages reach each other; this is a shortest circle among them"));
        }
        out.push(diagnostic);
    }
}
