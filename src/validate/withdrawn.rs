//! The withdrawals that a change adds or edits.

use super::change::ChangeContext;
use super::registry::{Package, Release, Withdrawal};

/// Returns the withdrawals that a change adds or edits, by id and version, as
/// they are after the merge.
pub(super) fn changed<'a>(
    context: &ChangeContext<'a>,
) -> impl Iterator<Item = (&'a Package, &'a Release, &'a Withdrawal)> + use<'a> {
    let (merged, changes) = (context.merged, context.changes);
    let packages = merged.packages.values();
    let releases =
        packages.flat_map(|package| package.releases.iter().map(move |release| (package, release)));
    releases.filter_map(move |(package, release)| {
        let withdrawal = release.withdrawal.as_ref()?;
        changes.change(&withdrawal.path)?;
        Some((package, release, withdrawal))
    })
}
