//! Rule `version-skipped`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{RuleLevel, Version};
use crate::validate::NewRelease;
use crate::validate::succession::{choice, next, next_patch};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "version-skipped",
    level: RuleLevel::Warn,
    summary: "A new version leaves out numbers after the one before it.",
    docs: "\
Numbers tell how far a release is from the one before. When they jump, readers look for the versions between,
ask whether they missed something, or take a small repair for a new product. Most jumps are slips of the hand:
`1.2.9` for `1.3.0`, a version copied from another package, a build that was never published.

```
1.2.0 → 1.2.1, 1.3.0 or 2.0.0    what is expected
1.2.0 → 1.2.9                    where are the eight between?
1.2.0 → 5.0.0                    and versions 2, 3 and 4?
```

Take the next patch, minor or major number after a version that exists; several releases in one pull request
may follow each other. If the number is meant, to keep step with another product for example, say so in the
pull request and leave it: this is a warning.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for new in context.new_releases().filter(|new| !new.is_new_package) {
        let version = &new.release.version;
        let below = below(&new);
        let Some(before) = below.last().filter(|_| !below.iter().any(|other| follows(version, other))) else {
            continue;
        };
        let mut expected = next(before);
        expected.retain(|version| new.package.release(version).is_none());
        let message = format!("`{}` leaves out numbers after `{before}`", new.release.name());
        let help =
            format!("expected is {}; if the number is meant, say why in the pull request", choice(&expected));
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&new.release.path), message)
                .value(&["version"])
                .label(format!("`{before}` is the highest below it"))
                .help(help),
        );
    }
}

/// Returns the versions below the new one, ascending.
fn below<'a>(new: &NewRelease<'a>) -> Vec<&'a Version> {
    let versions = new.package.releases.iter().map(|release| &release.version);
    versions.take_while(|version| **version < new.release.version).collect()
}

/// Returns whether a version, or what it leads to, is the next of another.
fn follows(version: &Version, other: &Version) -> bool {
    let leads_to = next_patch(version).filter(|_| version.is_prerelease());
    next(other).contains(leads_to.as_ref().unwrap_or(version))
}
