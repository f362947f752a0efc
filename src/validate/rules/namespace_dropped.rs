//! Rule `namespace-dropped`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::NewRelease;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "namespace-dropped",
    level: RuleLevel::Warn,
    summary: "An update no longer has a namespace that the release before it had.",
    docs: "\
Every object of a package is installed under its namespace: `finance__invoice`. An update without the
namespace takes all of its objects away at once, with the views, flows and reports of others that name them.
The data stays in the account and nobody can reach it. A renamed namespace has the same effect, since nothing
says that the new objects are the old ones.

```toml
# 1.1.0.toml
namespaces = [\"finance\", \"contracts\"]
# 1.2.0.toml: every contracts__… is gone
namespaces = [\"finance\"]
```

Keep the namespace as long as somebody may have its objects. To part with it, publish a new major version with
`migrations` that carry the data over, and say so in the changelog.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    out.extend(context.new_releases().filter_map(|new| dropped(&new)));
}

fn dropped(new: &NewRelease<'_>) -> Option<Diagnostic> {
    let (before, release) = (new.before?, new.release);
    let gone = before.namespaces.iter().filter(|namespace| !release.namespaces.contains(namespace));
    let gone: Vec<String> = gone.map(|namespace| format!("`{namespace}`")).collect();
    if gone.is_empty() {
        return None;
    }
    let message =
        format!("`{}` no longer has {}, which `{}` had", release.name(), gone.join(", "), before.version);
    let place = if release.namespaces.is_empty() { "version" } else { "namespaces" };
    let all: Vec<String> = before.namespaces.iter().map(|namespace| format!("\"{namespace}\"")).collect();
    Some(
        Diagnostic::new(RULE.id, Arc::clone(&release.path), message)
            .value(&[place])
            .note("the objects of a namespace that is gone vanish from every account that upgrades")
            .help(format!(
                "keep `namespaces = [{}]`, or publish a new major version with migrations",
                all.join(", ")
            )),
    )
}
