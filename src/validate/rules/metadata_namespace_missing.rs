//! Rule `metadata-namespace-missing`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::{Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "metadata-namespace-missing",
    level: RuleLevel::Deny,
    summary: "An artifact holds metadata objects, but the release names no namespace.",
    docs: "\
The host puts the namespace of a package before the name of each of its objects, so that `invoice` of one
package and `invoice` of another can live in one account. A release that brings objects and names no
namespace leaves the host without a name to create them under, and other packages without a way to refer
to them.

```toml
id = \"com.hotcrm.finance\"
namespaces = [\"finance\"]   # objects become finance__invoice
```

Add the line to the release file and to `shelfmark.toml` in the artifact. Lower-case words joined by
single underscores, at most 32 bytes; `base` and `system` belong to the host. A namespace that another
publisher already uses asks for a review.
",
    check: Check::Release(check),
};

fn check(_: &Context<'_>, package: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    let Some(contents) = &release.contents else { return };
    let Some(first) = contents.metadata.first() else { return };
    if !release.namespaces.is_empty() {
        return;
    }
    let message = format!("the artifact has {} metadata object(s), but the release names no namespace", contents.metadata.len());
    out.push(
        Diagnostic::new(RULE.id, Arc::clone(&release.path), message)
            .key(&["id"])
            .note(format!("one of them is `{}/{}`", first.metadata_type, first.name))
            .help(format!("add `namespaces = [\"{}\"]`", package.id.last_label().replace('-', "_"))),
    );
}
