//! Rule `merge-conflict`.

use super::version_reused::reused;
use super::{ChangeContext, Check, Rule};
use crate::diagnostic::{Diagnostic, shell_word};
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "merge-conflict",
    level: RuleLevel::Forbid,
    summary: "The pull request and the base have changed the same file differently.",
    docs: "\
A verdict is about what the registry will be after the merge. Where both sides changed the same lines of a file,
nobody knows what that is until a person has chosen. In a registry this is rare, because releases do not share
files: it happens to listings, to collections, and to the files of the registry itself.

```text
packages/com/hotcrm/com.hotcrm.finance/package.toml
    on the base:            tagline = \"Invoices and contracts\"
    in the pull request:    tagline = \"Invoices, contracts and forecasts\"
```

Merge the base into your branch with `git merge`, choose in the files that git names, commit and push; the
verdict is then made anew. A release file that both sides added is another matter: see the rule
`version-reused`.
",
    check: Check::Change(check),
};

/// Conflicts told at most.
const MOST_TOLD: usize = 100;

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    let changes = context.changes;
    let conflicts = changes.conflicts.iter().filter(|conflict| reused(context, conflict).is_none());
    for conflict in conflicts.take(MOST_TOLD) {
        let path = in_registry(context, &conflict.path);
        let how = if conflict.is_added_twice { "added" } else { "changed" };
        let message = format!("`{path}` was {how} differently on the base and in the pull request");
        out.push(
            Diagnostic::new(RULE.id, path, message)
                .note("the verdict is about what the base has, until the conflict is resolved")
                .help(format!(
                    "git merge {}, choose in `{}`, commit and push",
                    shell_word(&changes.base.revision),
                    conflict.path
                )),
        );
    }
}

/// Returns a path of the repository as one of the registry, where it is inside.
pub(super) fn in_registry<'a>(context: &ChangeContext<'_>, path: &'a str) -> &'a str {
    let folder = context.changes.folder.as_str();
    if folder.is_empty() {
        return path;
    }
    path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')).unwrap_or(path)
}
