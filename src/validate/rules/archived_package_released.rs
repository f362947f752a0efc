//! Rule `archived-package-released`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{RuleLevel, Status};
use crate::validate::registry::Release;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "archived-package-released",
    level: RuleLevel::Deny,
    summary: "A release is added to a package that is archived or suspended.",
    docs: "\
\"Archived\" tells people that a package is finished, and they build on that: no release will come, so none is
awaited. \"Suspended\" is the registry's own word: it has stopped the package while a question is open. A
release that appears in spite of either is a mistake about the folder, an account in the wrong hands, or a way
around whoever asked the question.

```toml
# package.toml on the base
status = \"archived\"
```

To bring an archived package back, write `status = \"active\"` in a pull request of its own and release in the
next one, so that the step is seen for itself. A suspension is lifted by the curator who set it, once the
question is answered.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for new in context.new_releases() {
        let status = context.base.packages.get(&new.release.id).map(|package| package.status());
        let help = match status {
            Some(Status::Archived) => {
                "first write `status = \"active\"` in package.toml, in a pull request of its own"
            }
            Some(Status::Suspended) => "first answer the open question; a curator then lifts the suspension",
            _ => continue,
        };
        out.extend(status.map(|status| told(new.release, status, help)));
    }
}

fn told(release: &Release, status: Status, help: &str) -> Diagnostic {
    let message = format!("`{}` is a release of a package that is `{status}`", release.name());
    Diagnostic::new(RULE.id, Arc::clone(&release.path), message).value(&["id"]).help(help)
}
