//! Rule `name-look-alike`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::source::{Part, Place};
use crate::validate::neighbours::{Neighbour, neighbours, neighbours_of_name};
use crate::validate::registry::Package;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "name-look-alike",
    level: RuleLevel::Review,
    summary: "A new package, or a new name of one, is like another publisher's.",
    docs: "\
Whoever types `com.hotcrn.finance` for `com.hotcrm.finance`, or takes *Finanse* for *Finance* in a list, gets
what somebody else put there. Registries see this every week. A resemblance proves nothing, so a person looks:
does the new package live from being mistaken for the other?

```text
com.hotcrm.finance      known
com.hotcrn.finance      two letters swapped, replaced or dropped; a digit for a letter; -js, -official, a 2 at the end
```

The message names each neighbour with its distance and how the two resemble each other. Packages of the same
publisher are left out. A known package is asked about when it gets another display name, and about that name
alone. If the name is meant, say in the pull request why nobody will mistake it; if not,
choose another before anybody depends on it. `shelfmark check-name` tells before anything is written.
",
    check: Check::Change(check),
};

/// Most neighbours that are told.
const NAMED: usize = 8;

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for new in context.new_releases().filter(|new| new.is_new_package) {
        // One question for a package, though several of its versions are new.
        if new.package.releases.first().is_none_or(|first| first.version != new.release.version) {
            continue;
        }
        let publisher = new.release.publisher.as_str();
        let found = neighbours(context.outline, new.release.id.as_str(), new.package.display_name(), publisher);
        out.extend(told(&new.release.path, &["id"], &format!("`{}`", new.release.id), &found));
    }
    for package in renamed(context) {
        let (Some(listing), Some(before)) = (&package.listing, context.base.packages.get(&package.id)) else {
            continue;
        };
        let publisher = package.newest().publisher.as_str();
        let near = |name: &str| neighbours_of_name(context.outline, package.id.as_str(), name, publisher);
        let (mut found, known) = (near(package.display_name()), near(before.display_name()));
        found.retain(|one| known.iter().all(|other| other.id != one.id || one.distance < other.distance));
        let what = format!("the new name of `{}`", package.id);
        out.extend(told(&listing.path, &["name"], &what, &found));
    }
}

/// Returns the packages of the base that get another display name.
fn renamed<'a>(context: &ChangeContext<'a>) -> impl Iterator<Item = &'a Package> + use<'a> {
    let (base, merged) = (context.base, context.merged);
    let listings = context.places().filter_map(|(_, place)| match place {
        Place::Package { id, part: Part::Listing, .. } => Some(id),
        _ => None,
    });
    listings.filter_map(move |id| {
        let (before, after) = (base.packages.get(id.as_str())?, merged.packages.get(id.as_str())?);
        (before.display_name() != after.display_name()).then_some(after)
    })
}

fn told(path: &Arc<str>, key: &[&str], what: &str, found: &[Neighbour]) -> Option<Diagnostic> {
    let nearest = found.first()?;
    let message = format!("{what} looks like {}: {}", nearest.subject(), nearest.how);
    let mut diagnostic = Diagnostic::new(RULE.id, Arc::clone(path), message)
        .value(key)
        .note(format!("distance {}: edits, letters that look alike counting as one", nearest.distance));
    for other in found.iter().skip(1).take(NAMED) {
        diagnostic = diagnostic.note(line(other));
    }
    if found.len() > NAMED + 1 {
        diagnostic = diagnostic.note(format!("and like {} more", found.len() - NAMED - 1));
    }
    Some(diagnostic.help(format!(
        "choose another name, and try it with `shelfmark check-name`; or say in the pull request why nobody will mistake it for `{}`",
        nearest.name
    )))
}

fn line(other: &Neighbour) -> String {
    format!("and like {} ({}), distance {}: {}", other.subject(), other.name, other.distance, other.how)
}
