//! Rule `tree-malformed`.

use super::merge_conflict::in_registry;
use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "tree-malformed",
    level: RuleLevel::Forbid,
    summary: "A folder of the pull request is not as git writes folders.",
    docs: "\
Git stores a folder as a sorted list of names. A program that writes such lists by hand can make ones that git
itself never would: a name twice, a name with a slash in it, names out of order. Tools then disagree about what
the folder holds. One shows the file that was reviewed, another checks out the file that was not, and no
verdict about such a folder means anything.

```text
100644 blob 41be0c…  1.4.0.toml
100644 blob 9f2c77…  1.4.0.toml       the same name again, with other contents
```

Make the commit anew with git: check the files out into an empty folder, look at them, and run `git add` and
`git commit`. `git fsck --strict` shows the same defects. If a tool of yours wrote the commit, it has an error
that other registries and forges will refuse as well.
",
    check: Check::Change(check),
};

/// Defects told at most: a hand-made folder can have any number.
const MOST_TOLD: usize = 100;

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for oddity in context.changes.oddities.iter().take(MOST_TOLD) {
        let path = in_registry(context, &oddity.path);
        let path = if path.is_empty() { "." } else { path };
        out.push(
            Diagnostic::new(RULE.id, path, format!("`{path}` is no entry that git writes: {}", oddity.what))
                .note("tools read such a folder differently, so what was judged may not be what is used")
                .help("make the commit anew with `git add` and `git commit`; `git fsck --strict` shows the defect"),
        );
    }
}
