//! Rule `review-own-package`.

use super::authority_not_alone::is_authority;
use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::source::Place;
use crate::validate::registry::Publisher;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "review-own-package",
    level: RuleLevel::Forbid,
    summary: "A curator decides about a package or a publisher of their own.",
    docs: "\
Curators often publish packages themselves; that is why they know what to look for. But a review is worth
something only because a second person wrote it. A curator whose account stands in the file of a publisher
therefore neither reviews that publisher's packages, nor grants them waivers, nor changes its prefixes, its
level or its keys.

```toml
# publishers/com.hotcrm.toml
[[identity]]
forge = \"github\"
login = \"ada\"
id = 1001                 # the curator `ada` too: another curator reviews com.hotcrm
```

Ask another curator of the area to propose the file. If there is none, the registry needs a second one, for
this publisher or for all. Taking the account out of the publisher's file is a decision of its own, and again
not one's own to make.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    let Some(actor) = &context.circumstances.actor else { return };
    for (change, place) in context.places().filter(|(_, place)| is_authority(place)) {
        let (own, key) = match &place {
            Place::Package { id, .. } => (own_publisher(context, id), "curator"),
            Place::Waiver(_) => (own_waived(context, &change.path), "package"),
            _ => (own_file(context, &change.path), "name"),
        };
        let Some(publisher) = own else { continue };
        let message = format!(
            "`{}` is about `{}`, and `@{}` is one of its accounts",
            change.path, publisher.id, actor.login
        );
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&change.path), message)
                .value(&[key])
                .note("a review is worth something because a second person wrote it")
                .help(format!("ask a curator who is no account of `{}` to propose it", publisher.id)),
        );
    }
}

fn own_publisher<'a>(context: &ChangeContext<'a>, id: &str) -> Option<&'a Publisher> {
    context.publishers_of(id).into_iter().find(|publisher| context.is_identity_of(publisher))
}

fn own_waived<'a>(context: &ChangeContext<'a>, path: &str) -> Option<&'a Publisher> {
    let waivers = context.base.waivers.iter().chain(&context.merged.waivers);
    let mut packages = waivers.filter(|waiver| &*waiver.path == path).map(|waiver| &waiver.wire.package);
    packages.find_map(|id| own_publisher(context, id))
}

/// Returns the publisher of a file if the actor is an account of it, before or
/// after: nobody makes a publisher their own by themselves.
fn own_file<'a>(context: &ChangeContext<'a>, path: &str) -> Option<&'a Publisher> {
    let mut publishers = context.base.publishers.values().chain(context.merged.publishers.values());
    publishers.find(|publisher| &*publisher.path == path && context.is_identity_of(publisher))
}
