//! Rule `publisher-unknown`.

use super::{Check, Context, Rule};
use crate::diagnostic::{Diagnostic, nearest};
use crate::model::RuleLevel;
use crate::source::publisher_path;
use crate::validate::registry::{Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "publisher-unknown",
    level: RuleLevel::Deny,
    summary: "A release names a publisher that the registry does not have.",
    docs: "\
Every release says who publishes it, and that somebody has a file under `publishers/` with a name, the
prefixes owned, the accounts that may submit and the keys that sign. Without the file nobody is
answerable, nothing can be verified, and the id could be anyone's.

```toml
# packages/com/hotcrm/com.hotcrm.finance/1.0.0.toml
publisher = \"com.hotcrn\"     # the file is publishers/com.hotcrm.toml
```

Correct the spelling; the publisher's id is the name of its file. For a new publisher a curator proposes
`publishers/<first prefix>.toml`, in a pull request of its own, and packages follow after that.
",
    check: Check::Release(check),
};

fn check(context: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    let publishers = &context.registry.publishers;
    let path = publisher_path(&release.publisher);
    if publishers.contains_key(&release.publisher) || context.registry.broken.contains(&path) {
        return;
    }
    let owner = publishers
        .values()
        .find(|publisher| publisher.owns(&release.id))
        .map(|publisher| publisher.id.as_str());
    let close = nearest(release.publisher.as_str(), publishers.keys().map(|id| id.as_str()));
    let help = match close.or(owner) {
        Some(close) => format!("did you mean `{close}`?"),
        None => format!("ask a curator to propose `{path}`, in a pull request of its own"),
    };
    let message = format!("there is no publisher `{}`", release.publisher);
    out.push(Diagnostic::new(RULE.id, Arc::clone(&release.path), message).value(&["publisher"]).help(help));
}
