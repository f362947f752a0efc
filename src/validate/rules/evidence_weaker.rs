//! Rule `evidence-weaker`.

use super::change_mixed::listed;
use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::source::EVIDENCE_FILES;
use crate::validate::registry::Release;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "evidence-weaker",
    level: RuleLevel::Deny,
    summary: "A new release comes with less evidence than the one before it.",
    docs: "\
Somebody who takes over a publisher's account rarely has its signing key or its build pipeline as well. What
they do is publish without: the release looks like all the others, and only the signature is missing. So a
package that was signed once stays signed, and one whose origin was proven keeps proving it.

```text
evidence/1.3.2/bundle.sigstore.json
evidence/1.3.2/provenance.intoto.jsonl
evidence/1.4.0/bundle.sigstore.json          # no provenance any more
```

Add the missing file beside the others: sign the archive with a registered key, and let the build pipeline write the
provenance. A signature by a key, `artifact.sig`, may be replaced for good by a `bundle.sigstore.json`, which
proves more. If the evidence cannot be made any longer, a curator may waive the rule for one release.
",
    check: Check::Change(check),
};

const BUNDLE: &str = "bundle.sigstore.json";
const SIGNATURE: &str = "artifact.sig";

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for new in context.new_releases() {
        let Some(before) = new.before else { continue };
        let lost = lost(before, new.release);
        if lost.is_empty() {
            continue;
        }
        let folder = format!("{}/evidence/{}", new.release.id.folder(), new.release.version);
        let message =
            format!("`{}` has no {}, which `{}` has", new.release.name(), listed(&lost), before.name());
        let paths: Vec<String> = lost.iter().map(|name| format!("{folder}/{name}")).collect();
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&new.release.path), message)
                .note("a release without what the one before it had is how a stolen account shows")
                .help(format!("add {}", listed(&paths))),
        );
    }
}

/// Returns the evidence that a release lacks and the one before it has.
fn lost(before: &Release, release: &Release) -> Vec<&'static str> {
    // From a key to a bundle is a step up, unless there was a bundle already.
    let is_replaced = |name: &str| name == SIGNATURE && has(release, BUNDLE) && !has(before, BUNDLE);
    let is_lost = |name: &&str| has(before, name) && !has(release, name) && !is_replaced(name);
    EVIDENCE_FILES.into_iter().filter(is_lost).collect()
}

fn has(release: &Release, name: &str) -> bool {
    release.evidence.iter().any(|evidence| evidence.name == name)
}
