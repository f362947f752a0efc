//! Rule `record-changed`.

use super::release_changed::point_at_difference;
use super::release_removed::restore;
use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::source::{Part, Place};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "record-changed",
    level: RuleLevel::Forbid,
    summary: "Evidence or an amendment that is on record is changed or removed.",
    docs: "\
Evidence says who made an artifact, and an amendment what a release turned out to need. Both have been read and
relied on: somebody verified the signature, somebody's lockfile was solved under the narrower requirement. They
are only ever added to, so that the record of a release can be followed from its first day.

```text
evidence/1.3.2/artifact.sig         replaced by a signature of another key: whose was it yesterday?
amendments/1.3.2.1.toml             removed: versions that were ruled out come back
```

Put the file back. Further evidence goes beside what is there, under its own file name. An amendment that went
too far is followed by a new release, since a later amendment can narrow but never widen; one that did not go
far enough is followed by the next number.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for (change, place) in context.places().filter(|(change, _)| !change.is_added()) {
        let Place::Package { id, part, .. } = place else { continue };
        let (record, way) = match part {
            Part::Evidence { version, file } => (
                format!("the evidence `{file}` of `{id}@{version}`"),
                "add further evidence beside it".to_owned(),
            ),
            Part::Amendment { version, n } => (
                format!("amendment {n} of `{id}@{version}`"),
                format!(
                    "narrow further with `amendments/{version}.{}.toml`",
                    next_number(context, &id, &version, n)
                ),
            ),
            _ => continue,
        };
        let what = if change.is_removed() { "removed" } else { "changed" };
        let message = format!("{record} is {what} by this pull request");
        let diagnostic = Diagnostic::new(RULE.id, Arc::clone(&change.path), message);
        out.push(
            point_at_difference(context, change, diagnostic)
                .note("what others have verified or resolved by is only ever added to")
                .help(format!("put it back with `{}`, and {way}", restore(context, &change.path))),
        );
    }
}

/// Returns the number after the last amendment of the release on the base.
fn next_number(context: &ChangeContext<'_>, id: &str, version: &str, n: u32) -> u32 {
    let releases = context.base.packages.get(id).into_iter().flat_map(|package| &package.releases);
    let amended = releases.filter(|release| release.version.to_string() == version);
    let numbers = amended.flat_map(|release| &release.amendments).map(|amendment| amendment.n);
    numbers.max().unwrap_or_default().max(n).saturating_add(1)
}
