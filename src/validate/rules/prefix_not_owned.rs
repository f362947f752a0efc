//! Rule `prefix-not-owned`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::{Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "prefix-not-owned",
    level: RuleLevel::Deny,
    summary: "The publisher of a release does not own the prefix of its id.",
    docs: "\
An id begins with the domain name of whoever answers for it. A publisher publishes under its own prefixes
only, so that `com.hotcrm.finance` is HotCRM's wherever it is met, and nobody can place a package beside
somebody else's.

```toml
# publishers/com.hotcrm.toml
prefixes = [\"com.hotcrm\"]

# packages/org/medcore/org.medcore.visits/1.0.0.toml
publisher = \"com.hotcrm\"     # owns com.hotcrm, not org.medcore
```

Publish under an id of your own, name the publisher that owns the prefix, or have the prefix added to your
publisher's file, with proof that the domain is yours. Whole labels count: `com.hotcrm` does not cover
`com.hotcrmplus.finance`.
",
    check: Check::Release(check),
};

fn check(context: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    let publishers = &context.registry.publishers;
    let Some(publisher) = publishers.get(&release.publisher) else { return };
    if publisher.owns(&release.id) {
        return;
    }
    let owned: Vec<&str> = publisher.prefixes.iter().map(AsRef::as_ref).collect();
    let message = format!(
        "publisher `{}` owns no prefix of `{}`, only `{}`",
        publisher.id,
        release.id,
        owned.join("`, `")
    );
    let help = match publishers.values().find(|other| other.owns(&release.id)) {
        Some(owner) => {
            format!("the prefix belongs to `{}`: publish as that, or under an id of your own", owner.id)
        }
        None => format!("use an id under `{}`, or have the prefix added to {}", publisher.id, publisher.path),
    };
    out.push(Diagnostic::new(RULE.id, Arc::clone(&release.path), message).value(&["publisher"]).help(help));
}
