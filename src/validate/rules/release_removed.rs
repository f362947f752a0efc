//! Rule `release-removed`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::{Diagnostic, shell_word};
use crate::model::RuleLevel;
use crate::source::{Change, Mode, Part, Place};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "release-removed",
    level: RuleLevel::Forbid,
    summary: "The release file of a published version is removed, or is no regular file any more.",
    docs: "\
Once a version has been published, somebody may have it in a lockfile, in a product or in a report. If its file
is deleted, they get \"not found\" and no reason, and the next person may publish other contents under the same
number. So the file stays for good, and what becomes of the release is said beside it.

```toml
# withdrawals/1.3.2.toml
level = \"removed\"
date = 2026-03-01T00:00:00Z
reason = \"Contains a customer's data. Use 1.3.3.\"
replacement = \"1.3.3\"
```

Put the file back and withdraw the release. At level `removed` its artifact is no longer served and its line
stays as a record; `yanked` only keeps new installations away. A link or an executable in its place counts as a
removal, since nothing reads it.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for (change, place) in context.places() {
        let (Place::Package { id, part: Part::Release(version), .. }, Some(what)) = (place, fate(change))
        else {
            continue;
        };
        let message = format!("published release `{id}@{version}` {what} in this pull request");
        let help = format!(
            "put it back with `{}`; to take it out of use, \
             `shelfmark withdraw {id}@{version} --level removed --reason \"…\"`",
            restore(context, &change.path)
        );
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&change.path), message)
                .note("whoever locked this version would get no answer, and its number could be used again")
                .help(help),
        );
    }
}

/// Returns what becomes of a file of the base that is not readable afterwards.
fn fate(change: &Change) -> Option<String> {
    let base = change.base.as_ref()?;
    match &change.head {
        None => Some("is removed".to_owned()),
        Some(head) if head.mode != Mode::Regular && head.mode != base.mode => {
            Some(format!("becomes {}", head.mode.describe()))
        }
        Some(_) => None,
    }
}

/// Returns the command that puts back what the base has at a path of the registry.
pub(super) fn restore(context: &ChangeContext<'_>, path: &str) -> String {
    let folder = &context.changes.folder;
    let full = if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") };
    format!("git checkout {} -- {}", shell_word(&context.changes.base.revision), shell_word(&full))
}
