//! Rule `license-not-allowed`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::{Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "license-not-allowed",
    level: RuleLevel::Deny,
    summary: "The licence is not among those that the policy allows.",
    docs: "\
A registry for a company or a community often accepts only licences that its lawyers have read. The list
is `allow` under `[licenses]` in policy.toml; an empty list allows everything. An expression passes when
the allowed licences alone satisfy it: for `MIT OR GPL-3.0-only` one of the two is enough, for
`MIT AND GPL-3.0-only` both are needed.

```toml
# policy.toml
[licenses]
allow = [\"Apache-2.0\", \"MIT\"]

# the release
license = \"BUSL-1.1\"
```

Publish under an allowed licence, offer one as an alternative with `OR`, or ask the curators to add the
licence in a pull request of its own.
",
    check: Check::Release(check),
};

fn check(context: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    let allowed = context.registry.policy.licenses.as_ref().map_or(&[][..], |licenses| &licenses.allow);
    let Some(license) = release.license.as_ref().filter(|_| !allowed.is_empty()) else { return };
    let is_allowed = |id: &str| allowed.iter().any(|known| known == id);
    if license.is_satisfied_by(is_allowed) {
        return;
    }
    let refused: Vec<&str> = license.ids().filter(|id| !is_allowed(id)).collect();
    let message = format!(
        "the licence `{license}` of `{}` is not allowed here: `{}`",
        release.name(),
        refused.join("`, `")
    );
    out.push(
        Diagnostic::new(RULE.id, Arc::clone(&release.path), message)
            .value(&["license"])
            .note(format!("policy.toml allows {}", allowed.join(", ")))
            .help(
                "publish under an allowed licence, or ask the curators to add this one to `[licenses] allow`",
            ),
    );
}
