//! Rule `resolution-undecided`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::resolve::Resolution;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "resolution-undecided",
    level: RuleLevel::Review,
    summary: "Whether the requirements of a new release can be satisfied together was not found out.",
    docs: "\
Finding releases that satisfy many requirements together can take longer than anybody waits. The search ends
after a number of steps, the same on every machine, and then nobody knows whether the release can be
installed. That is no mistake of the package by itself: it happens where many packages each accept a few
versions of each other.

```toml
[dependencies]
\"com.example.a\" = \"^1.2\"     # narrower ranges leave less to search
```

A curator tries it by hand. To help, narrow the requirements to versions that were tried together, most of
all on packages with many releases.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for new in context.new_releases() {
        if *context.resolution(new.release) == Resolution::Undecided {
            let message = format!("whether all that `{}` requires can be had together was not found out", new.release.name());
            out.push(
                Diagnostic::new(RULE.id, Arc::clone(&new.release.path), message)
                    .key(&["dependencies"])
                    .help("narrow the requirements to versions that were tried together"),
            );
        }
    }
}
