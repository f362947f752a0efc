//! Rule `platform-missing`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::{Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "platform-missing",
    level: RuleLevel::Warn,
    summary: "A release does not say which versions of the platform it runs on.",
    docs: "\
`platform` is a requirement on the versions of the host. Without it an installer can only hope: the package
is offered to every host, and a host too old or too new shows it by failing. Search cannot filter by it,
and an upgrade of the host cannot warn beforehand.

```toml
platform = \">=3.2.0, <5.0.0\"
```

Name the oldest version you have tested, and stop before the next major one, which may change what you
rely on. If a later host turns out to break the release, an amendment narrows the requirement; nothing
can widen it, so a new release is needed to say more. The versions that exist are listed in registry.toml.
",
    check: Check::Release(check),
};

fn check(context: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    if release.platform.is_some() || release.refused.contains(&"platform") {
        return;
    }
    let settings = &context.registry.settings;
    let Some(newest) = settings.platform_versions.last() else { return };
    let host = settings.platform_name.as_deref().unwrap_or("the platform");
    let major = newest.semver().major;
    out.push(
        Diagnostic::new(
            RULE.id,
            Arc::clone(&release.path),
            format!("`{}` does not say which versions of {host} it runs on", release.name()),
        )
        .help(format!(
            "add `platform = \">={newest}, <{}.0.0\"`, with the oldest version you have tested",
            major.saturating_add(1)
        )),
    );
}
