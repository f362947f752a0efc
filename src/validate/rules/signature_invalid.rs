//! Rule `signature-invalid`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::evidence::{Added, added, means, proof};
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
packages/com/hotcrm/com.hotcrm.finance/evidence/1.4.0/provenance.intoto.jsonl
```

`artifact.sig` is the signature over the archive as it is installed, as bytes or in Base64:
`openssl dgst -sha256 -sign key.pem -out artifact.sig com.hotcrm.finance-1.4.0.tgz`. The key's `algorithm` is
`rsa-sha256` (2048 bits or more), `rsa-pss-sha256` or `ecdsa-p256-sha256`, its `pem` the public half. A bundle is
what `cosign sign-blob --bundle` and forges' attestations write: its certificate names the workflow, its entry in the
public transparency log the moment. Provenance is bundles too, one on each line, of which one has to be a SLSA
statement about the archive: `gh attestation download com.hotcrm.finance-1.4.0.tgz -R hotcrm/finance` writes them.

Keys and workflows count as the publisher's file on the base has them: a new key is merged first, by a curator.
Evidence of a publisher that registered neither cannot be checked: `evidence-unchecked` says so.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for evidence in added(context) {
        let Added { path, name, release, publisher } = &evidence;
        // What nobody can check is another rule's.
        if means(publisher, context.circumstances.now).is_none() {
            continue;
        }
        let Some(Err(error)) = proof(context, release, publisher, name, path) else { continue };
        let what = if name == "artifact.sig" { "signature" } else { "proof" };
        let message = format!("`{name}` is no {what} of `{}` by `{}`", release.name(), publisher.id);
        let mut diagnostic = Diagnostic::new(RULE.id, Arc::clone(path), message);
        let reason = error.to_string();
        if !reason.is_empty() {
            diagnostic = diagnostic.note(reason);
        }
        out.push(diagnostic.help(
            "sign the archive whose digest the release file names, with a key or workflow of the publisher's file on the base",
        ));
    }
}
