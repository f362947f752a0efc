//! What the scan says of a release inside its registry: against the release
//! before it, under the registry's policy and waivers.

use super::Scans;
use super::differential::differential;
use super::score::THRESHOLD;
use super::verdict::{Verdict, Waiver, in_force, of_report};
use crate::model::{Timestamp, Version};
use crate::schema::{Differential, ScanReport};
use crate::validate::Registry;
use crate::validate::registry::{Package, Release};

/// What the scan says of a release.
#[derive(Debug)]
pub struct ScannedRelease {
    /// The report, which is published as `reports/<artifact sha256>.json`.
    pub report: ScanReport,
    /// What is new since the release before.
    pub differential: Option<Differential>,
    /// What the report says of publishing.
    pub verdict: Verdict,
    /// Points to publish.
    pub threshold: u8,
    /// Waivers in force for the release.
    pub waivers: Vec<Waiver>,
    /// Whether there is a bill of materials, `reports/<artifact sha256>.cdx.json`.
    pub has_sbom: bool,
}

impl ScannedRelease {
    /// Puts together what is known; `None` for a release that was not scanned.
    pub fn of(scans: &Scans, registry: &Registry, release: &Release, as_of: Timestamp) -> Option<Self> {
        let report = scans.of(release)?;
        let before = registry.packages.get(&release.id).and_then(|package| before(package, &release.version));
        let base = before.and_then(|before| scans.of(before));
        let all = waivers(registry);
        let held = in_force(&all, release.id.as_str(), &release.version, as_of);
        let threshold = threshold(registry);
        Some(Self {
            differential: base.map(|base| differential(Some(&base), &report)),
            verdict: of_report(&report, threshold, &held),
            threshold,
            waivers: held.into_iter().cloned().collect(),
            has_sbom: scans.has_sbom(release),
            report,
        })
    }
}

/// Returns the release that another is compared with: the highest below it that is not removed.
pub fn before<'a>(package: &'a Package, version: &Version) -> Option<&'a Release> {
    package.releases.iter().rev().find(|release| release.version < *version && !release.is_removed())
}

/// Returns the points that a registry asks for.
pub fn threshold(registry: &Registry) -> u8 {
    registry.policy.score.as_ref().map_or(THRESHOLD, |score| score.threshold)
}

/// Returns a registry's waivers as plain values; one with a requirement that
/// does not parse lifts nothing.
pub fn waivers(registry: &Registry) -> Vec<Waiver> {
    let plain = |waiver: &crate::validate::registry::Waiver| {
        let versions = waiver.wire.versions.as_deref().map(str::parse).transpose().ok()?;
        Some(Waiver {
            id: waiver.wire.id.clone(),
            package: waiver.wire.package.clone(),
            versions,
            from: waiver.from,
            until: waiver.until,
            reason: waiver.wire.reason.clone(),
            by: waiver.wire.by.clone(),
        })
    };
    registry.waivers.iter().filter_map(plain).collect()
}
