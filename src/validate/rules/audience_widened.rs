//! Rule `audience-widened`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::source::{Change, Part, Place};
use crate::validate::registry::{Package, Registry};
use std::collections::BTreeSet;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "audience-widened",
    level: RuleLevel::Review,
    summary: "More people would see a package than do now.",
    docs: "\
An audience is a promise about who learns that a package exists. Narrowing it can be undone; widening cannot:
once a package stood in the public index, mirrors, caches and lockfiles keep its name, its versions and its
contents, whatever the next build says. A listing without `audience` is public, so a deleted line, or a
deleted file, widens as far as it goes. All releases are shown with the package, old ones too.

```toml
# package.toml
audience = \"public\"        # was \"partner\"
```

A curator looks at what would become visible and agrees. If it was not meant, write the line as it was.
Packages that this one requires need an audience as wide, or the wider one could not install it.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for (change, place) in context.places() {
        let Place::Package { id, part: Part::Listing, .. } = place else { continue };
        if context.merged.broken.contains(&id) {
            continue;
        }
        let before = context.base.packages.get(id.as_str());
        if let (Some(before), Some(after)) = (before, context.merged.packages.get(id.as_str())) {
            out.extend(widened(context, change, before, after));
        }
    }
}

fn widened(
    context: &ChangeContext<'_>,
    change: &Change,
    before: &Package,
    after: &Package,
) -> Option<Diagnostic> {
    let (old, new) = (before.audience(), after.audience());
    let known = viewers(context.base, old);
    let more: Vec<String> = viewers(context.merged, new)
        .into_iter()
        .filter(|name| !known.contains(name))
        .map(|name| format!("`{name}`"))
        .collect();
    if more.is_empty() {
        return None;
    }
    let message = format!(
        "`{}` goes from the audience `{old}` to `{new}`: {} would see it too",
        after.id,
        more.join(", ")
    );
    let mut diagnostic = Diagnostic::new(RULE.id, Arc::clone(&change.path), message)
        .note("what was shown once cannot be hidden again: mirrors, caches and lockfiles keep it")
        .help(format!("a curator decides; to leave it as it was, write `audience = \"{old}\"`"));
    if has_audience(after) {
        diagnostic = diagnostic.value(&["audience"]);
    }
    if has_audience(before) {
        diagnostic = diagnostic.earlier(&["audience"], "as it is");
    }
    Some(diagnostic)
}

/// Returns the audiences that see a package of an audience.
fn viewers<'a>(registry: &'a Registry, audience: &str) -> BTreeSet<&'a str> {
    let all = registry.settings.audiences.iter();
    all.filter(|(_, seen)| seen.contains(audience)).map(|(name, _)| name.as_str()).collect()
}

fn has_audience(package: &Package) -> bool {
    package.listing.as_ref().is_some_and(|listing| listing.wire.audience.is_some())
}
