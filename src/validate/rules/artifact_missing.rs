//! Rule `artifact-missing`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::{Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "artifact-missing",
    level: RuleLevel::Deny,
    summary: "A release has no artifact.",
    docs: "\
The artifact is what gets installed. A release without one is a promise: it can be found and resolved, and
then there is nothing to unpack, nothing to scan and nothing to sign. Only integration providers and
solutions may do without, since the release file itself says all there is: credentials, or members.

```toml
[artifact]
tree = \"sources/com.hotcrm.finance/1.0.0\"
sha256 = \"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"
size = 48213
```

Add the table with one of `url`, `path` and `tree`. `shelfmark pack` makes the archive and prints its
digest and size.
",
    check: Check::Release(check),
};

fn check(_: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    if release.artifact.is_some()
        || release.kind.is_artifact_optional()
        || release.refused.contains(&"artifact")
    {
        return;
    }
    let message =
        format!("`{}` has no artifact, and a release of kind `{}` needs one", release.name(), release.kind);
    out.push(
        Diagnostic::new(RULE.id, Arc::clone(&release.path), message)
            .help("add `[artifact]` with one of `url`, `path` and `tree`, and with `sha256` and `size`"),
    );
}
