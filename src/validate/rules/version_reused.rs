//! Rule `version-reused`.

use super::merge_conflict::in_registry;
use super::release_changed::next_version;
use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::source::{Conflict, Part, Place};
use crate::validate::place_of;

pub(super) static RULE: Rule = Rule {
    id: "version-reused",
    level: RuleLevel::Forbid,
    summary: "The version was published with other contents while the pull request was open.",
    docs: "\
Two branches can each prepare the same next version, without knowing of the other. The first to be merged has
the number. For the second there is none left, whatever is in it: a version names one set of bytes, and people
may have installed it a minute after the merge.

```text
packages/com/hotcrm/com.hotcrm.finance/1.4.0.toml       merged yesterday, from another branch
packages/com/hotcrm/com.hotcrm.finance/1.4.0.toml       in this pull request, with another digest
```

Take the next free number: rename the release file, its folder under `sources/` and its evidence, write the
number in the release file and in `shelfmark.toml`, and pack anew. Then merge the base into your branch, so that
the new release holds what the other one brought.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for conflict in &context.changes.conflicts {
        let Some((id, version)) = reused(context, conflict) else { continue };
        let next = next_version(context, &id, &version);
        let path = in_registry(context, &conflict.path);
        let message = format!("`{id}@{version}` has been published meanwhile, with other contents");
        out.push(
            Diagnostic::new(RULE.id, path, message)
                .note("a version names one set of bytes, and belongs to whoever was merged first")
                .help(format!(
                    "publish as `{next}.toml`, with `version = \"{next}\"` there and in `shelfmark.toml`"
                )),
        );
    }
}

/// Returns the id and the version if both sides added the same release file.
pub(super) fn reused(context: &ChangeContext<'_>, conflict: &Conflict) -> Option<(String, String)> {
    let path = in_registry(context, &conflict.path);
    match place_of(path).filter(|_| conflict.is_added_twice)? {
        Place::Package { id, part: Part::Release(version), .. } => Some((id, version)),
        _ => None,
    }
}
