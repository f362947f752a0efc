//! Rule `changelog-entry-missing`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::{Contents, Release};
use crate::validate::{NewRelease, changelog, inside};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "changelog-entry-missing",
    level: RuleLevel::Warn,
    summary: "The changelog does not say what is new in a release.",
    docs: "\
Whoever decides about an upgrade reads the changelog: people before they agree, agents before they propose it,
curators before they compare the contents. A version without an entry leaves them with the difference of the
files. The heading has to hold the version, so that programs find it too; the page of the release shows what
stands below it.

```markdown
## 1.2.0 - 2026-03-01

- Contacts can be merged; the older one keeps its history.
```

Add a heading with the version and, below it, one line for each thing that its users notice. The first release
of a package needs no CHANGELOG.md; one that is there has to speak of it. A pre-release may stand under the
version that it leads to.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for new in context.new_releases() {
        let Some(contents) = &new.release.contents else { continue };
        out.extend(match &contents.changelog {
            Some(text) => without_entry(new.release, contents, text),
            None => without_changelog(&new, contents),
        });
    }
}

fn without_entry(release: &Release, contents: &Contents, text: &str) -> Option<Diagnostic> {
    if changelog::section(text, &release.version).is_some() {
        return None;
    }
    let path = contents.files.get("CHANGELOG.md").unwrap_or(&release.path);
    let message = format!("the changelog of `{}` has no heading with `{}`", release.name(), release.version);
    Some(Diagnostic::new(RULE.id, Arc::clone(path), message).help(help(release)))
}

fn without_changelog(new: &NewRelease<'_>, contents: &Contents) -> Option<Diagnostic> {
    if new.is_new_package || contents.files.is_empty() {
        return None;
    }
    let message = format!("`{}` is an update and has no changelog", new.release.name());
    let diagnostic = Diagnostic::new(RULE.id, Arc::clone(&new.release.path), message);
    let place = inside::place(new.release, "CHANGELOG.md");
    Some(diagnostic.value(&["version"]).help(format!("add {place}: {}", help(new.release))))
}

fn help(release: &Release) -> String {
    let day = release.published.map(|published| format!(" - {}", published.day())).unwrap_or_default();
    format!("write `## {}{day}` and below it what its users will notice", release.version)
}
