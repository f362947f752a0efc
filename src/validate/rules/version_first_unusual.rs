//! Rule `version-first-unusual`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{RuleLevel, Version};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "version-first-unusual",
    level: RuleLevel::Note,
    summary: "The first version of a package is none of 0.0.1, 0.1.0 and 1.0.0.",
    docs: "\
The first number that people see tells them what they get: `0.0.1` is a name with a beginning, `0.1.0` works
and will change, `1.0.0` is a promise that upgrades within version 1 break nothing. A package that appears
with `3.7.2` makes readers look for a history that the registry does not have, and its changelog speaks of
versions that nobody can install.

```toml
version = \"0.1.0\"        # or 0.0.1, 1.0.0, or a pre-release of one of these
```

Begin with one of the three unless the package has a history elsewhere. An import keeps the numbers of the
catalog it comes from and says so with `source-version`; it is left alone here. The remark stops nothing.
",
    check: Check::Change(check),
};

/// Major, minor and patch of the usual first versions.
const USUAL: [(u64, u64, u64); 3] = [(0, 0, 1), (0, 1, 0), (1, 0, 0)];

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for new in context.new_releases().filter(|new| new.is_new_package) {
        let is_first = new.package.releases.first().is_some_and(|first| first.version == new.release.version);
        if !is_first || new.release.source_version.is_some() || is_usual(&new.release.version) {
            continue;
        }
        let message = format!(
            "`{}` begins with `{}`, where readers expect `0.1.0` or `1.0.0`",
            new.release.id, new.release.version
        );
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&new.release.path), message).value(&["version"]).help(
                "publish it as `0.1.0`, or as `1.0.0` once upgrades within version 1 will break nothing",
            ),
        );
    }
}

fn is_usual(version: &Version) -> bool {
    let version = version.semver();
    USUAL.contains(&(version.major, version.minor, version.patch))
}
