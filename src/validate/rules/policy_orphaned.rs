//! Rule `policy-orphaned`.

use super::change_mixed::listed;
use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::schema::Curator;
use crate::validate::may_decide;

pub(super) static RULE: Rule = Rule {
    id: "policy-orphaned",
    level: RuleLevel::Forbid,
    summary: "The last curator of `policy` is removed from curators.toml.",
    docs: "\
Curators, publishers and the policy are changed by a curator of `policy` with the prefix `*`, as the base names
them. If the last one goes, the next pull request to any of these files is rejected, whoever proposes it: nobody
can add a publisher, replace a key that was lost, or appoint a successor. Only a push past the gate would help,
which is what the gate is there to make unnecessary.

```toml
# curators.toml
[[curator]]
name = \"ben\"
forge = \"github\"
id = 1002
areas = [\"policy\"]      # the last with this area and
prefixes = [\"*\"]        # this prefix
```

Name the successor first, in a pull request of its own, then take out the old record; or do both in one. A record
counts once for each account: of two with one number the first is the one that decides. Two curators of `policy`
are a good beginning, since accounts get lost.
",
    check: Check::Change(check),
};

/// Where curators stand.
const FILE: &str = "curators.toml";

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    if context.changes.change(FILE).is_none() {
        return;
    }
    let before = deciding(&context.base.curators);
    if before.is_empty() || !deciding(&context.merged.curators).is_empty() {
        return;
    }
    let message = format!(
        "nobody would be a curator of `policy` with the prefix `*` any more; on the base there is {}",
        listed(&before)
    );
    out.push(
        Diagnostic::new(RULE.id, FILE, message)
            .note("the gate lets nobody else change curators.toml, publishers/, policy.toml and registry.toml")
            .help("add the successor with `areas = [\"policy\"]` and `prefixes = [\"*\"]` in the same file, or keep one"),
    );
}

/// Returns the names of those who decide about the registry as a whole. Of two
/// records of one account only the first is looked at when somebody proposes.
fn deciding(curators: &[Curator]) -> Vec<&str> {
    let is_first = |at: usize, one: &Curator| {
        !curators.iter().take(at).any(|other| other.forge == one.forge && other.id == one.id)
    };
    let able = curators.iter().enumerate().filter(|(at, one)| is_first(*at, one));
    able.filter(|(_, one)| may_decide(one, "policy", None)).map(|(_, one)| one.name.as_str()).collect()
}
