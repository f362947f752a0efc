//! Rule `signature-missing`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::evidence::{means, proof};
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
