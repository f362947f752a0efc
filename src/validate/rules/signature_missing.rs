//! Rule `signature-missing`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{RuleLevel, Timestamp};
use crate::schema::{DateTime, Key};
use crate::source::Side;
use crate::trust::signature::{Unproven, by_bundle, by_key};
use crate::validate::registry::{Publisher, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "signature-missing",
    level: RuleLevel::Review,
    summary: "A new release has no signature that holds, and its publisher could sign it.",
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
    for release in context.new_releases().map(|new| new.release) {
        let Some(publisher) = context.base.publishers.get(&release.publisher) else { continue };
        // Kinds that are a description alone have nothing to sign.
        let (Some(means), Some(_)) = (means(publisher, context.circumstances.now), &release.artifact) else {
            continue;
        };
        if is_signed(context, release, publisher) {
            continue;
        }
        let message = format!("`{}` has no signature that holds, and `{}` has {means}", release.name(), publisher.id);
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

/// Returns whether one of the release's files of evidence holds.
fn is_signed(context: &ChangeContext<'_>, release: &Release, publisher: &Publisher) -> bool {
    let mut proofs = release.evidence.iter().filter_map(|one| proof(context, release, publisher, &one.name, &one.path));
    proofs.any(|proof| proof.is_ok())
}

/// Checks a file of evidence of a release; returns who signed, in words. `None` for files that are no signature,
/// and where there is no archive or file to check.
pub(super) fn proof(
    context: &ChangeContext<'_>,
    release: &Release,
    publisher: &Publisher,
    name: &str,
    path: &str,
) -> Option<Result<String, Unproven>> {
    let archive = release.artifact.as_ref()?.sha256;
    let keys = keys_now(publisher, context.circumstances.now);
    match name {
        "artifact.sig" => {
            let signature = context.bytes(Side::Merged, path)?;
            Some(by_key(&keys, &signature, &archive).map(|id| format!("the key `{id}`")))
        }
        "bundle.sigstore.json" => {
            let bundle = context.bytes(Side::Merged, path)?;
            Some(by_bundle(&publisher.wire.trusted_ci, &keys, &bundle, &archive))
        }
        _ => None,
    }
}

/// Returns the publisher's keys that count at a moment.
pub(super) fn keys_now(publisher: &Publisher, now: Timestamp) -> Vec<&Key> {
    publisher.wire.keys.iter().filter(|key| is_valid(key, now)).collect()
}

/// Returns what the publisher can sign with at that moment, in words.
fn means(publisher: &Publisher, now: Timestamp) -> Option<String> {
    let key = keys_now(publisher, now).first().map(|key| format!("the key `{}`", key.id));
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
