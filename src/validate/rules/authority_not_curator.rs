//! Rule `authority-not-curator`.

use super::authority_not_alone::is_authority;
use super::change_mixed::listed;
use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::scan::checks;
use crate::source::{Change, Part, Place};
use crate::validate::may_decide;
use crate::validate::registry::Registry;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "authority-not-curator",
    level: RuleLevel::Forbid,
    summary: "Somebody who is no curator of its area touches a file that grants or records authority.",
    docs: "\
A review says that a named person looked, and a waiver that a named person answers for an exception. Both are
worth as much as the certainty that this person wrote them. So the account that proposes such a file is
compared, by its number, with `curators.toml` on the base: what the pull request itself says about curators
does not count.

```text
policy.toml, registry.toml, curators.toml, publishers/    a curator of policy, for every prefix
reviews/1.4.0/security.ada.toml                           a curator of security, for that package
waivers/…                                                 of a scan check or the score: security; of a rule: policy
```

Ask a curator of the area to propose the file; the message names them. To become one, have a curator of
policy add you to `curators.toml` first. There is no way around this: neither the policy nor a waiver lifts it.
",
    check: Check::Change(check),
};

/// A word that somebody must have: an area, and the package it is about; none
/// where it is about the registry as a whole.
type Needed = (String, Option<String>);

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    let Some(actor) = &context.circumstances.actor else { return };
    for (change, place) in context.places().filter(|(_, place)| is_authority(place)) {
        let mut needed = needed(context, change, &place);
        needed.retain(|(area, id)| !context.is_curator_of(area, id.as_deref()));
        let Some((area, id)) = needed.first() else { continue };
        let about = id.as_ref().map_or(String::new(), |id| format!(" for `{id}`"));
        let message = format!(
            "`{}` is decided by curators of `{area}`{about}, and `@{}` is none on the base",
            change.path, actor.login
        );
        out.push(Diagnostic::new(RULE.id, Arc::clone(&change.path), message).help(help(
            context,
            area,
            id.as_deref(),
        )));
    }
}

/// Returns the words a file needs, as it was and as it would be.
fn needed(context: &ChangeContext<'_>, change: &Change, place: &Place) -> Vec<Needed> {
    match place {
        Place::Package { id, part: Part::Review { area, .. }, .. } => vec![(area.clone(), Some(id.clone()))],
        Place::Waiver(_) => {
            let sides = [(context.base, &change.base), (context.merged, &change.head)];
            let present = sides.into_iter().filter(|(_, entry)| entry.is_some());
            present.map(|(registry, _)| waived(registry, &change.path)).collect()
        }
        _ => vec![("policy".to_owned(), None)],
    }
}

/// Returns the word that a waiver needs; one that cannot be read is a matter of policy.
fn waived(registry: &Registry, path: &str) -> Needed {
    let Some(waiver) = registry.waivers.iter().find(|waiver| &*waiver.path == path) else {
        return ("policy".to_owned(), None);
    };
    let id = waiver.wire.id.as_str();
    let is_scanned = id == "score" || checks::find(id).is_some();
    let area = if is_scanned { "security" } else { "policy" };
    (area.to_owned(), Some(waiver.wire.package.clone()))
}

fn help(context: &ChangeContext<'_>, area: &str, id: Option<&str>) -> String {
    let curators = context.base.curators.iter().filter(|curator| may_decide(curator, area, id));
    let names: Vec<&str> = curators.map(|curator| curator.name.as_str()).collect();
    if names.is_empty() {
        let who = if area == "policy" { "whoever may push to the base" } else { "a curator of `policy`" };
        return format!("nobody is a curator of `{area}` for it: {who} adds one to curators.toml first");
    }
    format!("ask one of them to propose it: {}", listed(&names))
}
