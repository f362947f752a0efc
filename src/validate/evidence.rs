//! What the evidence of a release proves, and with what its publisher can sign.

use super::change::ChangeContext;
use super::registry::{Publisher, Release};
use crate::model::Timestamp;
use crate::schema::{DateTime, Key};
use crate::source::{Part, Place, Side};
use crate::trust::signature::{Unproven, by_bundle, by_key, by_provenance};

/// A file of evidence that a change adds or edits.
pub(super) struct Added<'a> {
    /// Where it stands.
    pub(super) path: &'a std::sync::Arc<str>,
    /// The name of the file.
    pub(super) name: String,
    /// What it speaks of, after the merge.
    pub(super) release: &'a Release,
    /// The release's publisher, as the base knows it.
    pub(super) publisher: &'a Publisher,
}

/// Returns the evidence that a change adds or edits, as far as release and publisher are known.
pub(super) fn added<'a>(context: &ChangeContext<'a>) -> impl Iterator<Item = Added<'a>> + use<'a> {
    let (base, merged) = (context.base, context.merged);
    context.places().filter(|(change, _)| !change.is_removed()).filter_map(move |(change, place)| {
        let Place::Package { id, part: Part::Evidence { version, file }, .. } = place else { return None };
        let package = merged.packages.get(id.as_str())?;
        let release = package.releases.iter().find(|release| release.version.to_string() == version)?;
        let publisher = base.publishers.get(&release.publisher)?;
        Some(Added { path: &change.path, name: file, release, publisher })
    })
}

/// Checks a file of evidence of a release; returns who signed, in words. `None` where there is no archive or no
/// such file.
pub(super) fn proof(
    context: &ChangeContext<'_>,
    release: &Release,
    publisher: &Publisher,
    name: &str,
    path: &str,
) -> Option<Result<String, Unproven>> {
    let archive = release.artifact.as_ref()?.sha256;
    let keys = keys_now(publisher, context.circumstances.now);
    let workflows = &publisher.wire.trusted_ci;
    let evidence = context.bytes(Side::Merged, path)?;
    match name {
        "artifact.sig" => Some(by_key(&keys, &evidence, &archive).map(|id| format!("the key `{id}`"))),
        "bundle.sigstore.json" => Some(by_bundle(workflows, &keys, &evidence, &archive)),
        "provenance.intoto.jsonl" => Some(by_provenance(workflows, &keys, &evidence, &archive)),
        _ => None,
    }
}

/// Returns what the publisher can sign with at that moment, in words.
pub(super) fn means(publisher: &Publisher, now: Timestamp) -> Option<String> {
    let key = keys_now(publisher, now).first().map(|key| format!("the key `{}`", key.id));
    let workflow = || {
        let workflow = publisher.wire.trusted_ci.first()?;
        Some(format!("the trusted workflow `{}` of `{}`", workflow.workflow, workflow.repository))
    };
    key.or_else(workflow)
}

/// Returns the publisher's keys that count at a moment.
fn keys_now(publisher: &Publisher, now: Timestamp) -> Vec<&Key> {
    publisher.wire.keys.iter().filter(|key| is_valid(key, now)).collect()
}

fn is_valid(key: &Key, now: Timestamp) -> bool {
    let is_past = |date: &DateTime| Timestamp::parse(&date.0.to_string()).is_ok_and(|date| date <= now);
    key.from.as_ref().is_none_or(is_past) && !key.revoked.as_ref().is_some_and(is_past)
}
