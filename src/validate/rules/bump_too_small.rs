//! Rule `bump-too-small`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{IntervalSet, MetadataType, RuleLevel, Triple, Version};
use crate::validate::NewRelease;
use crate::validate::registry::{Contents, Package, Release};
use crate::validate::succession::{Step, next_major, next_minor, normal_before, step};
use std::collections::BTreeSet;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "bump-too-small",
    level: RuleLevel::Deny,
    summary: "A release asks for more, or takes more away, than its number says.",
    docs: "\
People let patches in without looking: `~1.2` is a promise that nothing has to be decided. A patch that asks
for a new permission, needs a newer platform, runs on fewer versions of it or requires one more package
breaks that promise: upgrades stop halfway, or grant what nobody was asked about. A minor release may ask for
more, but what people built on must still be there: an object that is gone takes their data out of sight.

```
1.2.0 → 1.2.1    repairs
1.2.0 → 1.3.0    a permission, a dependency, a newer platform
1.2.0 → 2.0.0    an object, a view or a flow is gone
```

Publish the same contents under the number that the message names, or leave out of the patch what does not
belong there. Below 1.0.0 the second number says what the first says above. Pre-releases are not compared.
",
    check: Check::Change(check),
};

/// Objects and the like that a message names at most.
const NAMED: usize = 5;

/// A release and the one that people upgrade from.
struct Upgrade<'a> {
    package: &'a Package,
    before: &'a Release,
    release: &'a Release,
    step: Step,
}

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for upgrade in context.new_releases().filter_map(|new| upgrade(&new)) {
        if upgrade.step == Step::Patch {
            out.extend(upgrade.added_permissions());
            out.extend(upgrade.narrower_platform());
            out.extend(upgrade.added_dependencies());
        }
        if upgrade.step < Step::Major {
            out.extend(upgrade.removed_objects());
        }
    }
}

fn upgrade<'a>(new: &NewRelease<'a>) -> Option<Upgrade<'a>> {
    let version = &new.release.version;
    if new.is_new_package || version.is_prerelease() {
        return None;
    }
    let before = normal_before(new.package, version)?;
    let step = step(&before.version, version);
    Some(Upgrade { package: new.package, before, release: new.release, step })
}

impl Upgrade<'_> {
    fn added_permissions(&self) -> Option<Diagnostic> {
        let all = self.release.permissions.iter().enumerate();
        let added: Vec<_> = all.filter(|(_, name)| !self.before.permissions.contains(name)).collect();
        let (first, _) = added.first()?;
        let what = format!("asks for {} too", listed(added.iter().map(|(_, name)| format!("`{name}`"))));
        Some(self.told(&["permissions", &first.to_string()], &what, self.next_minor()))
    }

    fn narrower_platform(&self) -> Option<Diagnostic> {
        let (old, new) = (platform(self.before)?, platform(self.release)?);
        if old.is_subset(&new) {
            return None;
        }
        let what = match (old.floor(), new.floor()) {
            (Some(old), Some(new)) if old < new => {
                format!("needs platform `{}` where `{}` was enough", dotted(new), dotted(old))
            }
            _ => format!("runs on fewer versions of the platform than `{}`", self.before.platform.as_ref()?),
        };
        Some(self.told(&["platform"], &what, self.next_minor()))
    }

    fn added_dependencies(&self) -> Option<Diagnostic> {
        let required = |release: &'_ Release| -> BTreeSet<String> {
            let required = release.dependencies.iter().filter(|dependency| !dependency.optional);
            required.map(|dependency| dependency.id.to_string()).collect()
        };
        let added = &required(self.release) - &required(self.before);
        let what = format!("requires {} too", listed(added.iter().map(|id| format!("`{id}`"))));
        let diagnostic = self.told(&["dependencies", added.first()?.as_str()], &what, self.next_minor());
        Some(diagnostic)
    }

    fn removed_objects(&self) -> Option<Diagnostic> {
        let (old, new) = (self.before.contents.as_ref()?, self.release.contents.as_ref()?);
        let kept = objects(new);
        let removed: Vec<_> = objects(old).into_iter().filter(|object| !kept.contains(object)).collect();
        if removed.is_empty() {
            return None;
        }
        let named = listed(removed.iter().map(|(metadata_type, name)| format!("{metadata_type} `{name}`")));
        let wanted =
            if self.before.version.semver().major == 0 { self.next_minor() } else { self.next_major() };
        Some(self.told(&["version"], &format!("no longer has {named}"), wanted))
    }

    fn told(&self, keys: &[&str], what: &str, wanted: Option<Version>) -> Diagnostic {
        let step = if self.step == Step::Patch { "patch of" } else { "minor release after" };
        let message = format!("`{}` is a {step} `{}` and {what}", self.release.name(), self.before.version);
        let help = match wanted {
            Some(wanted) => format!("publish it as `{wanted}`, or undo that in this release"),
            None => "undo that in this release".to_owned(),
        };
        Diagnostic::new(RULE.id, Arc::clone(&self.release.path), message)
            .value(keys)
            .note("people let such a release in without looking; its number has to say what they must know")
            .help(help)
    }

    fn next_minor(&self) -> Option<Version> {
        let major = self.before.version.semver().major;
        self.highest(|version| version.semver().major == major).and_then(next_minor)
    }

    fn next_major(&self) -> Option<Version> {
        self.highest(|_| true).and_then(next_major)
    }

    /// Returns the highest normal version of a kind.
    fn highest(&self, is_wanted: impl Fn(&Version) -> bool) -> Option<&Version> {
        let versions = self.package.releases.iter().rev().map(|release| &release.version);
        versions.filter(|version| !version.is_prerelease()).find(|version| is_wanted(version))
    }
}

/// Returns the versions of the platform that a release runs on, as amended.
fn platform(release: &Release) -> Option<IntervalSet> {
    let amended = release.amendments.iter().filter_map(|amendment| amendment.platform.as_ref());
    let mut all = release.platform.iter().chain(amended).map(|requirement| requirement.intervals());
    let first = all.next()?.clone();
    Some(all.fold(first, |set, next| set.intersection(next)))
}

fn objects(contents: &Contents) -> BTreeSet<(MetadataType, &str)> {
    contents.metadata.iter().map(|object| (object.metadata_type, object.name.as_str())).collect()
}

fn dotted((major, minor, patch): Triple) -> String {
    format!("{major}.{minor}.{patch}")
}

/// Writes the first few of a list.
fn listed(all: impl ExactSizeIterator<Item = String>) -> String {
    let count = all.len();
    let named: Vec<String> = all.take(NAMED).collect();
    let more = if count > named.len() { format!(" and {} more", count - named.len()) } else { String::new() };
    format!("{}{more}", named.join(", "))
}
