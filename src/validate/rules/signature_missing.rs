//! Rule `signature-missing`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{RuleLevel, Timestamp};
use crate::schema::{DateTime, Key};
use crate::validate::registry::{Publisher, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "signature-missing",
    level: RuleLevel::Review,
    summary: "A new release has no signature, and its publisher could sign it.",
    docs: "\
A publisher that registers a key, or a workflow that signs by itself, tells everybody how to recognise what is
really from there. A release without a signature may still be genuine: the key was on the other machine. It may
also be the work of somebody who has the account and not the key. Nothing in the release tells the two apart,
so a person asks.

```text
packages/com/hotcrm/com.hotcrm.finance/1.4.0.toml
packages/com/hotcrm/com.hotcrm.finance/evidence/1.4.0/bundle.sigstore.json     # or artifact.sig
```

Sign the archive, and add the signature or the bundle under `evidence/<version>/` to the pull request. A key that is lost, or that
others may have, is marked with `revoked` in the publisher's file; releases after that moment are expected to be
signed by another.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for new in context.new_releases().filter(|new| !is_signed(new.release)) {
        let release = new.release;
        let Some(publisher) = context.base.publishers.get(&release.publisher) else { continue };
        // Kinds that are a description alone have nothing to sign.
        let (Some(means), Some(_)) = (means(publisher, context.circumstances.now), &release.artifact) else {
            continue;
        };
        let message = format!("`{}` has no signature, and `{}` has {means}", release.name(), publisher.id);
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&release.path), message)
                .note("whoever has the account and not the key would publish like this")
                .help(format!(
                    "add the signature of the archive as `{}/evidence/{}/artifact.sig`, or a bundle beside it",
                    release.id.folder(),
                    release.version
                )),
        );
    }
}

fn is_signed(release: &Release) -> bool {
    let names = ["bundle.sigstore.json", "artifact.sig"];
    release.evidence.iter().any(|evidence| names.contains(&evidence.name.as_str()))
}

/// Returns what the publisher can sign with at that moment, in words.
fn means(publisher: &Publisher, now: Timestamp) -> Option<String> {
    let key =
        publisher.wire.keys.iter().find(|key| is_valid(key, now)).map(|key| format!("the key `{}`", key.id));
    let workflow = || {
        let workflow = publisher.wire.trusted_ci.first()?;
        Some(format!("the trusted workflow `{}` of `{}`", workflow.workflow, workflow.repository))
    };
    key.or_else(workflow)
}

fn is_valid(key: &Key, now: Timestamp) -> bool {
    let is_past = |date: &DateTime| Timestamp::parse(&date.0.to_string()).is_ok_and(|date| date <= now);
    key.from.as_ref().is_none_or(is_past) && !key.revoked.as_ref().is_some_and(is_past)
}
