//! Rule `change-outside-registry`.

use super::change_mixed::listed;
use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::source::Place;
use crate::validate::may_decide;

pub(super) static RULE: Rule = Rule {
    id: "change-outside-registry",
    level: RuleLevel::Review,
    summary: "Files that run the repository, not packages, are touched by somebody who is no curator of policy.",
    docs: "\
Beside the packages stand files that decide how they are judged: workflows under `.github/`, `CODEOWNERS`, the
root of trust, the README that people follow. Other parts of the repository may have nothing to do with the
registry at all. Shelfmark cannot tell what a change of them does. A workflow that is one line longer may publish
with the registry's own rights, so a curator of policy reads it.

```text
.github/workflows/registry.yml
trust/root.json
../docs/index.md                  outside the registry's folder
```

Ask a curator of policy to look, or leave these files out: a release, a listing or a rating needs none of them.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    if context.is_curator_of("policy", None) {
        return;
    }
    let is_guarded = |place: &Place| matches!(place, Place::Beside | Place::TrustRoot);
    let beside = context.places().filter(|(_, place)| is_guarded(place)).map(|(change, _)| &*change.path);
    let outside = context.changes.outside.iter().map(|change| &*change.path);
    let paths: Vec<&str> = beside.chain(outside).collect();
    let Some(first) = paths.first().copied() else { return };
    let who = match &context.circumstances.actor {
        Some(actor) => format!("`@{}` is no curator of `policy`", actor.login),
        None => "nobody knows who proposes it".to_owned(),
    };
    let message = format!("`{first}` belongs to no package, and {who}");
    let mut diagnostic = Diagnostic::new(RULE.id, first, message);
    if paths.len() > 1 {
        diagnostic = diagnostic.note(format!("files that belong to no package: {}", listed(&paths)));
    }
    out.push(diagnostic.help(help(context)));
}

fn help(context: &ChangeContext<'_>) -> String {
    let curators = context.base.curators.iter().filter(|curator| may_decide(curator, "policy", None));
    let names: Vec<&str> = curators.map(|curator| curator.name.as_str()).collect();
    if names.is_empty() {
        return "leave these files out; the registry has no curator of `policy` who could decide".to_owned();
    }
    format!("leave these files out, or ask a curator of `policy` to decide: {}", listed(&names))
}
