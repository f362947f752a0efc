//! Rule `license-missing`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::{Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "license-missing",
    level: RuleLevel::Deny,
    summary: "A release names no licence.",
    docs: "\
Without a licence nobody has the right to use, copy or change the package, however it is offered: that is
what copyright says where nothing else is agreed. A customer's lawyer will ask, and the answer has to be in
the release, since a licence may change from one version to the next.

```toml
license = \"Apache-2.0\"
```

Write an SPDX expression. For a commercial package use a reference of your own, such as
`LicenseRef-HotCRM-Commercial`, and put the text into the file `LICENSE` of the artifact. An expression
such as `MIT OR Apache-2.0` offers a choice.
",
    check: Check::Release(check),
};

fn check(_: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    if release.license_text.is_none() {
        out.push(
            Diagnostic::new(
                RULE.id,
                Arc::clone(&release.path),
                format!("`{}` names no licence", release.name()),
            )
            .note("without a licence nobody has the right to use it")
            .help("add `license = \"Apache-2.0\"`, or another SPDX expression"),
        );
    }
}
