//! Rule `amendment-widens`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::Requirement;
use crate::model::RuleLevel;
use crate::validate::registry::{Amendment, Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "amendment-widens",
    level: RuleLevel::Deny,
    summary: "An amendment admits versions that the release did not.",
    docs: "\
A release file never changes. When a new version of a dependency or of the platform turns out to break
an old release, an amendment narrows what it requires. It never widens: a lockfile made yesterday must
stay right, and whoever reviewed the release approved no more than it said. What counts is the
requirement in the release file; several amendments together mean the versions that all of them admit.

```toml
# 1.2.0.toml
[dependencies]
\"com.hotcrm.core\" = \"^1.0\"

# amendments/1.2.0.1.toml
[dependencies]
\"com.hotcrm.core\" = \">=1.0, <3\"   # 2.x is new
```

Write a requirement inside the released one, such as `>=1.0, <1.5`. To admit more versions, publish a
new release.
",
    check: Check::Release(check),
};

fn check(_: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    for amendment in &release.amendments {
        compare(amendment, release, &["platform"], amendment.platform.as_ref(), release.platform.as_ref(), out);
        for narrower in &amendment.dependencies {
            let released = release.dependencies.iter().find(|dependency| dependency.id == narrower.id);
            let keys = ["dependencies", narrower.id.as_str()];
            let released = released.map(|dependency| &dependency.requirement);
            compare(amendment, release, &keys, Some(&narrower.requirement), released, out);
        }
    }
}

fn compare(
    amendment: &Amendment,
    release: &Release,
    keys: &[&str],
    amended: Option<&Requirement>,
    released: Option<&Requirement>,
    out: &mut Vec<Diagnostic>,
) {
    let (Some(amended), Some(released)) = (amended, released) else { return };
    if amended.is_within(released) {
        return;
    }
    let what = keys.last().copied().unwrap_or_default();
    let message = format!("`{amended}` admits versions of `{what}` that `{released}` in `{}` does not", release.name());
    out.push(
        Diagnostic::new(RULE.id, Arc::clone(&amendment.path), message)
            .value(keys)
            .label(format!("wider than `{released}`"))
            .note("lockfiles and reviews rely on what was released; an amendment only takes away")
            .help(format!("write a requirement within `{released}`, or publish a new release that admits more")),
    );
}
