//! Rule `example-missing`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{Kind, RuleLevel};
use crate::validate::inside;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "example-missing",
    level: RuleLevel::Warn,
    summary: "A package has no example.",
    docs: "\
The first thing people do with something new is to copy an example and change it. A description says what a
package is for; an example shows that it works, and how little it takes. Agents learn from it how the package
is called, and curators see in a minute what they would otherwise have to build themselves.

```
sources/com.hotcrm.finance/1.4.0/examples/first-invoice.md
```

Show the shortest thing that works, with what comes out at the end: a record and the invoice made of it, a
question and the answer of the agent, the parameters of a template and the files that it writes. Markdown is
fine, and so is code. A theme, an integration provider and a solution need none.
",
    check: Check::Change(check),
};

/// Kinds that show themselves.
const EXEMPT: [Kind; 3] = [Kind::Theme, Kind::IntegrationProvider, Kind::Solution];

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for new in context.new_releases().filter(|new| !EXEMPT.contains(&new.release.kind)) {
        let Some(contents) = &new.release.contents else { continue };
        if contents.files.is_empty() || contents.files.keys().any(|path| path.starts_with("examples/")) {
            continue;
        }
        let message = format!("`{}` has no file under `examples/`", new.release.name());
        let place = inside::place(new.release, "examples/first.md");
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&new.release.path), message)
                .help(format!("add {place}: the shortest thing that works, with its result")),
        );
    }
}
