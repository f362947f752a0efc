//! Rule `change-too-large`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::source::MAX_CHANGES;

pub(super) static RULE: Rule = Rule {
    id: "change-too-large",
    level: RuleLevel::Forbid,
    summary: "A pull request changes more files than are looked at.",
    docs: "\
A verdict is about everything that would be merged, so everything has to be read. Beyond a certain number of
files that is no longer a pull request but an attack on the reader, or a branch that was made from another
repository. What lies beyond is not looked at, and what was not looked at cannot be admitted.

```text
sources/com.hotcrm.finance/1.4.0/node_modules/…      30,000 files that nobody meant to publish
```

Leave out what a build makes anew: dependencies, caches, generated pages. Split an import of many packages into
pull requests of one publisher or one package each. An artifact that is truly that large is better packed and
named with `url` than kept as a folder.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    if !context.changes.is_cut {
        return;
    }
    let changes = context.changes.changes.iter().chain(&context.changes.outside);
    let first = changes.map(|change| &*change.path).next().unwrap_or("registry.toml");
    out.push(
        Diagnostic::new(RULE.id, first, format!("the pull request changes more than {MAX_CHANGES} files"))
            .note("the files beyond were not looked at, so nothing can be said about them")
            .help("leave out generated files, and split the rest by package into several pull requests"),
    );
}
