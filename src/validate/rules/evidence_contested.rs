//! Rule `evidence-contested`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{Digest, RuleLevel};
use crate::validate::registry::Release;
use std::collections::HashMap;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "evidence-contested",
    level: RuleLevel::Forbid,
    summary: "A release has evidence, and another package names the same artifact.",
    docs: "\
Evidence is served beside the artifact it speaks of, under the artifact's digest. If two packages name \
one digest, the signature of one would stand where clients look for the signature of the other, and a \
package could replace what a stranger signed.

Releases of one package may share an artifact. A release of another package with the same bytes needs \
its own archive: its manifest names its own id, so the bytes differ by themselves once it is packed \
from its own folder.
",
    check: Check::Registry(check),
};

fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let releases = || context.registry.packages.values().flat_map(|package| &package.releases);
    let digest = |release: &Release| release.artifact.as_ref().map(|artifact| artifact.sha256);
    let mut proven: HashMap<Digest, &Release> = HashMap::new();
    for release in releases().filter(|release| !release.evidence.is_empty()) {
        if let Some(digest) = digest(release) {
            proven.entry(digest).or_insert(release);
        }
    }
    for release in releases() {
        let Some(digest) = digest(release) else { continue };
        let Some(other) = proven.get(&digest).filter(|other| other.id != release.id) else { continue };
        let message = format!("`{}` names the artifact of `{}`, which has evidence", release.name(), other.name());
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&release.path), message)
                .value(&["artifact", "sha256"])
                .help("pack the package from its own folder and record that digest: `shelfmark pack <folder> --record <release file>`"),
        );
    }
}
