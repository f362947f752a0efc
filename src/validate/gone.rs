//! Artifacts that were served once and are no more.

use super::registry::{Package, Release};
use crate::model::{Digest, WithdrawalLevel};
use std::collections::BTreeMap;

/// What a host answers for an artifact that is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// 410, or 451 on legal grounds.
    pub status: u16,
    /// Why, as the withdrawal says.
    pub reason: Option<String>,
}

impl Release {
    /// Returns whether the release was removed: its line stays, its artifact does not.
    pub fn is_removed(&self) -> bool {
        self.withdrawal.as_ref().is_some_and(|withdrawal| withdrawal.wire.level == WithdrawalLevel::Removed)
    }
}

/// Returns the artifacts of removed releases by digest, without those whose
/// bytes a release that stands has too.
pub fn gone_artifacts<'a>(packages: impl Iterator<Item = &'a Package> + Clone) -> BTreeMap<Digest, Gone> {
    let releases = || packages.clone().flat_map(|package| &package.releases);
    let mut gone = BTreeMap::new();
    for release in releases().filter(|release| release.is_removed()) {
        if let (Some(artifact), Some(withdrawal)) = (&release.artifact, &release.withdrawal) {
            let status = if withdrawal.wire.legal.is_some() { 451 } else { 410 };
            gone.insert(artifact.sha256, Gone { status, reason: withdrawal.wire.reason.clone() });
        }
    }
    if !gone.is_empty() {
        for artifact in releases().filter(|release| !release.is_removed()).filter_map(|r| r.artifact.as_ref())
        {
            gone.remove(&artifact.sha256);
        }
    }
    gone
}
