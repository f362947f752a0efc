//! The withdrawals that a change adds or edits, and what they leave.

use super::change::ChangeContext;
use super::registry::{Package, Release, Withdrawal};
use super::succession::next_patch;
use crate::model::{Status, Version};

/// States that say for themselves that no version will come.
const SETTLED: [Status; 3] = [Status::Archived, Status::Deprecated, Status::Suspended];

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

/// Returns whether users of a package have nowhere to go once that version is yanked: it is the newest, the package
/// goes on, and no replacement is named while another version can be had.
pub fn leaves_nothing(package: &Package, version: &Version, is_replaced: bool) -> bool {
    let normal = || package.releases.iter().filter(|release| !release.version.is_prerelease());
    let can_be_had = |release: &Release| release.version != *version && !release.is_yanked();
    let is_newest = normal().next_back().is_some_and(|newest| newest.version == *version);
    let has_way_out = is_replaced && normal().any(can_be_had);
    is_newest && !has_way_out && !SETTLED.contains(&package.status())
}

/// Says what can be done where a withdrawal leaves nothing.
pub fn way_out(package: &Package, version: &Version, is_replaced: bool) -> String {
    let first = match next_patch(version) {
        Some(next) => format!("publish a repaired `{next}`"),
        None => "publish a repaired version".to_owned(),
    };
    let replace = if is_replaced { "" } else { ", name a `replacement = \"…\"`," };
    let listing = package.id.folder();
    format!("{first}{replace} or write `status = \"deprecated\"` in {listing}/package.toml")
}
