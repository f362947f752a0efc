//! Rule `signature-invalid`.

use super::signature_missing::{keys_now, proof};
use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::source::{Part, Place};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "signature-invalid",
    level: RuleLevel::Forbid,
    summary: "A signature is not one of the archive, or not by what the publisher registered.",
    docs: "\
A signature tells that whoever holds the key wants exactly these bytes under this name. One that does not fit is a
slip of the release script, or somebody who has the account, and neither the key nor the archive that was signed.

```text
packages/com/hotcrm/com.hotcrm.finance/evidence/1.4.0/artifact.sig           # a `[[key]]` of the publisher
packages/com/hotcrm/com.hotcrm.finance/evidence/1.4.0/bundle.sigstore.json   # a `[[trusted-ci]]`, or a `[[key]]`
```

`artifact.sig` is the signature over the archive as it is installed, as bytes or in Base64:
`openssl dgst -sha256 -sign key.pem -out artifact.sig com.hotcrm.finance-1.4.0.tgz`. The key's `algorithm` is
`rsa-sha256` (2048 bits or more), `rsa-pss-sha256` or `ecdsa-p256-sha256`, its `pem` the public half. A bundle is
what `cosign sign-blob --bundle` and forges' attestations write: its certificate names the workflow, its entry in the
public transparency log the moment.

Keys and workflows count as the publisher's file on the base has them: a new key is merged first, by a curator.
Evidence of a publisher that registered neither cannot be checked, and is not asked about.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for (change, place) in context.places().filter(|(change, _)| !change.is_removed()) {
        let Place::Package { id, part: Part::Evidence { version, file }, .. } = place else { continue };
        let package = context.merged.packages.values().find(|package| package.id.as_str() == id);
        let Some(release) = package.and_then(|package| {
            package.releases.iter().find(|release| release.version.to_string() == version)
        }) else {
            continue;
        };
        let Some(publisher) = context.base.publishers.get(&release.publisher) else { continue };
        let has_means = !publisher.wire.trusted_ci.is_empty()
            || !keys_now(publisher, context.circumstances.now).is_empty();
        let Some(Err(error)) = proof(context, release, publisher, &file, &change.path).filter(|_| has_means)
        else {
            continue;
        };
        let message = format!("`{file}` is no signature of `{}` by `{}`", release.name(), publisher.id);
        let mut diagnostic = Diagnostic::new(RULE.id, Arc::clone(&change.path), message);
        let reason = error.to_string();
        if !reason.is_empty() {
            diagnostic = diagnostic.note(reason);
        }
        out.push(diagnostic.help(
            "sign the archive whose digest the release file names, with a key or workflow of the publisher's file on the base",
        ));
    }
}
