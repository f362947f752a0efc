//! Rule `closure-withdrawn`.

use super::change_mixed::listed;
use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::Release;
use crate::validate::resolve::Resolution;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "closure-withdrawn",
    level: RuleLevel::Warn,
    summary: "A new release can be installed only together with one that is withdrawn, further down.",
    docs: "\
What a release requires requires other packages in turn. If one of those has nothing left but withdrawn releases, no
new installation comes to an end, though every line of the new release itself is in order. Those who have a lockfile
still get what they had.

```text
com.example.shop@2.0.0 requires com.example.ledger ^1
com.example.ledger@1.4.0 requires com.example.billing ^2     # 2.0.0 is the only one, and yanked
```

Ask the publisher of the package in between for a release that admits one in good standing, or require another
package. What the release requires itself is the matter of `dependency-withdrawn`.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for new in context.new_releases() {
        let resolution = context.resolution(new.release);
        let Resolution::Found(chosen) = &*resolution else { continue };
        let of = |(id, version)| context.merged.packages.get(id)?.release(version);
        let chosen: Vec<&Release> = chosen.iter().filter_map(of).collect();
        let withdrawn = chosen.iter().filter(|one| one.is_yanked() && !requires(new.release, one));
        let told: Vec<String> = withdrawn.map(|one| with_users(one, &chosen)).collect();
        if told.is_empty() {
            continue;
        }
        let message = format!("`{}` resolves only with what is withdrawn: {}", new.release.name(), told.join("; "));
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&new.release.path), message)
                .key(&["dependencies"])
                .help("require a release that needs none of them, or ask the publisher in between for one"),
        );
    }
}

fn requires(release: &Release, other: &Release) -> bool {
    release.required().any(|dependency| dependency.id == other.id)
}

/// Names a withdrawn release, and what was chosen that requires it.
fn with_users(withdrawn: &Release, chosen: &[&Release]) -> String {
    let users: Vec<String> =
        chosen.iter().filter(|one| requires(one, withdrawn)).map(|one| one.name()).collect();
    let users: Vec<&str> = users.iter().map(String::as_str).collect();
    let verb = if users.len() == 1 { "requires" } else { "require" };
    format!("`{}`, which {} {verb}", withdrawn.name(), listed(&users))
}
