//! Rule `authority-not-alone`.

use super::change_mixed::listed;
use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::source::{Part, Place};
use crate::validate::place_of;

pub(super) static RULE: Rule = Rule {
    id: "authority-not-alone",
    level: RuleLevel::Forbid,
    summary: "A file that grants or records authority stands in a pull request with other files.",
    docs: "\
Reviews, waivers, curators, publishers and the policy say who may do what, and what was agreed to. They count
only as they stand on the base, so that a pull request can never bring its own approval. One that holds such
a file beside anything else is either a mistake or an attempt: whoever merges the harmless half merges the
other half with it.

```text
packages/com/hotcrm/com.hotcrm.finance/1.4.0.toml
policy.toml                                        # asks for fewer points in the same pull request
```

Move the files under `reviews/`, `waivers/` and `publishers/`, and `curators.toml`, `policy.toml` and
`registry.toml`, to a pull request of their own. A curator proposes it; once it is merged, the other one is
judged by it. Several such files may stand together.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    let (mut authority, mut others): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for change in &context.changes.changes {
        // A path without a place may be anything, so it counts as another file.
        let grants = place_of(&change.path).is_some_and(|place| is_authority(&place));
        let list = if grants { &mut authority } else { &mut others };
        list.push(&change.path);
    }
    others.extend(context.changes.outside.iter().map(|change| &*change.path));
    let (Some(first), Some(other)) = (authority.first().copied(), others.first()) else { return };
    out.push(
        Diagnostic::new(RULE.id, first, format!("`{first}` stands in one pull request with `{other}`"))
            .note("authority comes from the base alone: a pull request can never bring its own approval")
            .note(format!("files that grant or record authority: {}", listed(&authority)))
            .note(format!("other files: {}", listed(&others)))
            .help("move the files of authority to a pull request of their own, proposed by a curator"),
    );
}

/// Returns whether a file of that place grants or records authority.
pub(super) fn is_authority(place: &Place) -> bool {
    match place {
        Place::Registry | Place::Policy | Place::Curators | Place::Publisher(_) | Place::Waiver(_) => true,
        Place::Package { part, .. } => matches!(part, Part::Review { .. }),
        Place::Beside
        | Place::Source { .. }
        | Place::Collection(_)
        | Place::Advisory(_)
        | Place::TrustRoot => false,
    }
}
