//! Rule `version-backwards`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{RuleLevel, Version};
use crate::validate::registry::{Package, Release};
use crate::validate::succession::{choice, next, next_patch};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "version-backwards",
    level: RuleLevel::Deny,
    summary: "A new version is lower than one that is published, and continues no line of its own.",
    docs: "\
Whoever asks for a package gets the highest version that fits. A release that comes later and has a lower
number reaches nobody who is up to date, and surprises those whose requirement happens to end below the
newest: they get something that is newer in time than what replaced it. Repairs of an old line are fine.

```
published: 1.0.0  1.0.1  1.4.0  2.0.0
1.0.2      continues the line 1.0
1.5.0      continues the major version 1
1.0.1-rc.1 comes after the version it leads to
0.9.0      continues nothing
```

Take the next number of the line that the release repairs, or of the newest version. The message lists the
numbers that are accepted; the file has the same name as the version. Removed versions do not count, but
their numbers are never given again.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for new in context.new_releases() {
        let Some(package) = context.base.packages.get(&new.release.id) else { continue };
        let Some(problem) = problem(package, new.release) else { continue };
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&new.release.path), problem)
                .value(&["version"])
                .note("people get the highest version that fits, so nobody who is up to date would get this one")
                .help(help(package, &new.release.version)),
        );
    }
}

fn problem(package: &Package, release: &Release) -> Option<String> {
    let version = &release.version;
    let leads_to = next_patch(version).filter(|_| version.is_prerelease());
    if let Some(normal) = leads_to.filter(|normal| package.release(normal).is_some()) {
        return Some(format!("`{}` leads to `{normal}`, which is published already", release.name()));
    }
    if highest(package, |_| true)? < version {
        return None;
    }
    if let Some(top) = highest(package, |other| is_same_line(other, version)) {
        let message = || format!("`{}` is lower than `{top}`, the highest of its line", release.name());
        return (top > version).then(message);
    }
    let top = highest(package, |other| is_same_major(other, version)).or(highest(package, |_| true))?;
    let (major, minor) = (version.semver().major, version.semver().minor);
    let message = || {
        format!(
            "`{}` is lower than `{top}`, and there is no line `{major}.{minor}` that it continues",
            release.name()
        )
    };
    (top > version).then(message)
}

/// Names the versions that would be accepted.
fn help(package: &Package, version: &Version) -> String {
    let line = highest(package, |other| is_same_line(other, version))
        .or(highest(package, |other| is_same_major(other, version)));
    let newest = highest(package, |_| true).map(next).unwrap_or_default();
    let mut accepted: Vec<Version> = line.and_then(next_patch).into_iter().chain(newest).collect();
    accepted.sort();
    accepted.dedup();
    let also = if version.is_prerelease() { ", or a pre-release of one of these" } else { "" };
    format!("publish it as {}{also}: as `version`, and as the name of the file", choice(&accepted))
}

/// Returns the highest version of a kind that is not removed.
fn highest(package: &Package, is_wanted: impl Fn(&Version) -> bool) -> Option<&Version> {
    let standing = package.releases.iter().rev().filter(|release| !release.is_removed());
    standing.map(|release| &release.version).find(|version| is_wanted(version))
}

fn is_same_major(a: &Version, b: &Version) -> bool {
    a.semver().major == b.semver().major
}

fn is_same_line(a: &Version, b: &Version) -> bool {
    is_same_major(a, b) && a.semver().minor == b.semver().minor
}
