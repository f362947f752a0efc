//! Rule `migration-notes-missing`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::{Contents, Release};
use crate::validate::succession::normal_before;
use crate::validate::{NewRelease, changelog, inside};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "migration-notes-missing",
    level: RuleLevel::Deny,
    summary: "A new major version does not say how to get there from the one before.",
    docs: "\
A new major version says that something may break. Everyone who uses the package has to find out what, and
their data has to come along. Without a word on it they either stay where they are, unmended, or find out by
what fails on the morning after. Steps that a program can take belong into `migrations`; the rest is a section
of the changelog.

```markdown
## 2.0.0 - 2026-03-01

### Upgrading from 1.x

- The field `phone` is now a list. Existing numbers become its first entry.
- Breaking: `account.close` is gone; set `status` instead.
```

Add the steps as `migrations` in the release file, or say below the heading of the version what breaks, for
whom, and what to do. If nothing breaks, say that: \"Upgrading needs no steps\". Versions below 1.0.0 and
pre-releases are left alone.
",
    check: Check::Change(check),
};

/// Beginnings of the words that tell of an upgrade.
const WORDS: [&str; 3] = ["migrat", "upgrad", "breaking"];

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for new in context.new_releases() {
        let Some(contents) = &new.release.contents else { continue };
        let Some(before) = lower_major(&new) else { continue };
        if new.release.migrations.is_some() || has_notes(contents, new.release) {
            continue;
        }
        let message = format!(
            "`{}` is a new major version after `{}` and does not say how to upgrade",
            new.release.name(),
            before.version
        );
        let place = inside::place(new.release, "CHANGELOG.md");
        let help = format!(
            "below `## {}` in {place}, write a section `### Upgrading from {}.x`; \
             or add `migrations = \"migrations\"` with the steps",
            new.release.version,
            before.version.semver().major
        );
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&new.release.path), message).value(&["version"]).help(help),
        );
    }
}

/// Returns the release that people upgrade from, if it has a lower major version.
fn lower_major<'a>(new: &NewRelease<'a>) -> Option<&'a Release> {
    let version = &new.release.version;
    if new.is_new_package || version.is_prerelease() {
        return None;
    }
    let before = normal_before(new.package, version)?;
    let major = before.version.semver().major;
    (major >= 1 && major < version.semver().major).then_some(before)
}

fn has_notes(contents: &Contents, release: &Release) -> bool {
    let text = contents.changelog.as_deref().unwrap_or_default();
    let section = changelog::section(text, &release.version).unwrap_or_default().to_lowercase();
    WORDS.iter().any(|word| section.contains(word))
}
