//! Rule `newest-yanked`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::Release;
use crate::validate::withdrawn;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "newest-yanked",
    level: RuleLevel::Deny,
    summary: "The newest version is withdrawn, and nothing says what takes its place.",
    docs: "\
When the newest version is yanked, everyone who asks for the package gets an older one, or nothing. Those who
have the newest are stuck: there is no higher version to upgrade to, and going back may not read their data.
So the way out comes first, and the withdrawal after it or together with it.

```toml
# withdrawals/1.4.0.toml, where 1.4.0 is the newest
level = \"yanked\"
reason = \"Deletes open invoices when an account is merged.\"
replacement = \"1.3.2\"
```

Publish a repaired version, in the same pull request if you like; or name a `replacement`, an older version or
another package, while a version is left that can be had; or, if the package ends here, write `status = \"deprecated\"` or `status = \"archived\"` in
package.toml. A registry that stops a package while a question is open writes `status = \"suspended\"`.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for (package, release, withdrawal) in withdrawn::changed(context) {
        let is_replaced = withdrawal.wire.replacement.is_some();
        if !withdrawn::leaves_nothing(package, &release.version, is_replaced)
            || !is_newly_yanked(context, release)
        {
            continue;
        }
        let message = if is_replaced {
            format!("`{}` is the last version that can be had, and the package goes on", release.name())
        } else {
            format!("`{}` is the newest version, and nothing is named in its place", release.name())
        };
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&withdrawal.path), message)
                .value(&["level"])
                .note("whoever has the newest version would have nothing to upgrade to")
                .help(withdrawn::way_out(package, &release.version, is_replaced)),
        );
    }
}

/// Returns whether the release can be resolved on the base and no longer after the merge.
fn is_newly_yanked(context: &ChangeContext<'_>, release: &Release) -> bool {
    let package = context.base.packages.get(&release.id);
    let before = package.and_then(|package| package.release(&release.version));
    release.is_yanked() && !before.is_some_and(Release::is_yanked)
}
