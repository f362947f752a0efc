//! Rule `actor-not-owner`.

use super::change_mixed::listed;
use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::Publisher;
use crate::validate::{Actor, may_decide};
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule {
    id: "actor-not-owner",
    level: RuleLevel::Review,
    summary: "A package is touched by an account that is none of its publisher's.",
    docs: "\
A package speaks for its publisher: what it does, what its page says, which of its versions are still good. So
a change of it is expected from an account that the publisher has named in its file, compared by number. Others
may propose one, and often do so for good reasons: a corrected description, a withdrawal of something
dangerous. Then somebody who answers for the package decides.

```toml
# publishers/com.hotcrm.toml
[[identity]]
forge = \"github\"
login = \"hotcrm-releases\"     # may touch packages under com.hotcrm
id = 2001
```

Have one of the accounts that the message names propose the change, or a curator of the package. If your own
account belongs to the publisher, ask for it to be added to the publisher's file first: it counts as soon as it
stands on the base.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    let Some(actor) = &context.circumstances.actor else { return };
    let named = named(context);
    for (id, paths) in context.touched() {
        let owners = owners(context, &id, named.get(id.as_str()).map(Vec::as_slice).unwrap_or_default());
        let others: Vec<&Publisher> =
            owners.iter().copied().filter(|owner| !context.is_identity_of(owner)).collect();
        let is_owner = !owners.is_empty() && others.is_empty();
        let is_entitled = is_owner || is_curator(context, &id);
        let Some(first) = paths.first().copied().filter(|_| !is_entitled) else { continue };
        let message = if owners.is_empty() {
            format!("`{id}` belongs to no publisher of the base, and `@{}` is no curator of it", actor.login)
        } else {
            // Prefixes that hold one another, or a release by another publisher.
            let too = if others.len() < owners.len() { " too" } else { "" };
            format!("`{id}` belongs to {}{too}, and `@{}` is no account of it", belongs(&others), actor.login)
        };
        let diagnostic = Diagnostic::new(RULE.id, first, message)
            .note(format!("files of the package: {}", listed(&paths)))
            .note("whoever answers for the package should know of it");
        let diagnostic = damaged(context).into_iter().fold(diagnostic, Diagnostic::note);
        out.push(diagnostic.help(help(context, actor, &id, &others)));
    }
}

/// Names the files of publishers on the base that cannot be read: one of them may be the owner's.
fn damaged(context: &ChangeContext<'_>) -> Option<String> {
    let broken = context.base.broken.iter().filter(|path| path.starts_with("publishers/"));
    let paths: Vec<&str> = broken.map(String::as_str).collect();
    (!paths.is_empty()).then(|| format!("the base cannot be read in {}", listed(&paths)))
}

fn belongs(owners: &[&Publisher]) -> String {
    let names: Vec<&str> = owners.iter().map(|owner| owner.id.as_str()).collect();
    listed(&names)
}

/// Returns the publishers that new releases name as theirs, by package.
fn named<'a>(context: &ChangeContext<'a>) -> BTreeMap<&'a str, Vec<&'a Publisher>> {
    let mut named: BTreeMap<&'a str, Vec<&'a Publisher>> = BTreeMap::new();
    let base = context.base;
    for new in context.new_releases() {
        let publisher = base.publishers.get(&new.release.publisher);
        named.entry(new.release.id.as_str()).or_default().extend(publisher);
    }
    named
}

/// Returns who answers for a package on the base: the owner of its prefix, and
/// whoever a new release names as its publisher.
fn owners<'a>(context: &ChangeContext<'a>, id: &str, named: &[&'a Publisher]) -> Vec<&'a Publisher> {
    let mut owners: Vec<&Publisher> = context.owner(id).into_iter().chain(named.iter().copied()).collect();
    owners.sort_by(|a, b| a.id.cmp(&b.id));
    owners.dedup_by(|a, b| a.id == b.id);
    owners
}

fn is_curator(context: &ChangeContext<'_>, id: &str) -> bool {
    context
        .curator()
        .is_some_and(|curator| curator.areas.iter().any(|area| may_decide(curator, area, Some(id))))
}

/// Says what the one who reads it can do next: from which account to propose it,
/// or which record makes the own account one.
fn help(context: &ChangeContext<'_>, actor: &Actor, id: &str, owners: &[&Publisher]) -> String {
    let record = format!(
        "an `[[identity]]` with `forge = \"{}\"`, `login = \"{}\"` and `id = {}`",
        actor.forge, actor.login, actor.id
    );
    let who = policy_curators(context);
    let Some(owner) = owners.first() else {
        return format!(
            "if `{id}` is yours, ask {who} to add your publisher first: a file under `publishers/` with a prefix of the id and {record}"
        );
    };
    let accounts = owners.iter().flat_map(|owner| &owner.wire.identities);
    let logins: Vec<String> = accounts.map(|identity| format!("@{}", identity.login)).collect();
    let from = if logins.is_empty() {
        format!("have a curator of the package open the pull request, since `{}` has no account on the base", owner.id)
    } else {
        format!("have {} or a curator of the package open the pull request", listed(&logins))
    };
    format!("{from}; if your account speaks for `{}`, ask {who} to add {record} to `{}` first", owner.id, owner.path)
}

/// Names those who may change a publisher's file.
fn policy_curators(context: &ChangeContext<'_>) -> String {
    let curators = context.base.curators.iter().filter(|curator| may_decide(curator, "policy", None));
    let names: Vec<&str> = curators.map(|curator| curator.name.as_str()).collect();
    if names.is_empty() { "whoever may push to the base".to_owned() } else { format!("the curator {}", listed(&names)) }
}
