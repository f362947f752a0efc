//! Chooses one release for each version of a package.

use super::catalog::{Catalog, Package, Release};
use super::report::{Case, ImportReport, Reason};
use crate::model::Version;
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Spellings of a package's versions, those of releases left out included.
pub(super) type Spellings = HashMap<Arc<str>, Version>;

/// Leaves one release a version in every package, ascending, and reports the
/// others. Returns the spellings by name.
pub(super) fn select(catalog: &mut Catalog, report: &mut ImportReport) -> HashMap<Arc<str>, Spellings> {
    let parts: Vec<(Spellings, ImportReport)> = catalog.packages.par_iter_mut().map(select_one).collect();
    let mut all = HashMap::with_capacity(parts.len());
    for (package, (spellings, part)) in catalog.packages.iter().zip(parts) {
        report.merge(part);
        if package.releases.is_empty() {
            report
                .case(Reason::PackageEmpty, Case { name: Some(package.name.to_string()), ..Case::default() });
        }
        all.insert(Arc::clone(&package.name), spellings);
    }
    all
}

fn select_one(package: &mut Package) -> (Spellings, ImportReport) {
    let mut report = ImportReport::default();
    let releases = std::mem::take(&mut package.releases);
    let spellings =
        releases.iter().map(|release| (Arc::clone(&release.spelling), release.version.clone())).collect();
    // Files are named by version, and some file systems ignore case.
    let mut kept: BTreeMap<String, Release> = BTreeMap::new();
    for release in releases {
        let key = release.version.to_string().to_lowercase();
        match kept.remove(&key) {
            None => {
                kept.insert(key, release);
            }
            Some(other) => {
                let (stays, leaves) =
                    if release.precedence(&other).is_gt() { (release, other) } else { (other, release) };
                report_left_out(&package.name, &stays, &leaves, &mut report);
                kept.insert(key, stays);
            }
        }
    }
    package.releases = kept.into_values().collect();
    package.releases.sort_by(|a, b| a.version.cmp(&b.version));
    (spellings, report)
}

fn report_left_out(name: &str, stays: &Release, leaves: &Release, report: &mut ImportReport) {
    let reason =
        if stays.version == leaves.version { Reason::VersionDuplicate } else { Reason::VersionCaseCollision };
    report.case(
        reason,
        Case {
            line: Some(leaves.line),
            name: Some(name.to_owned()),
            version: Some(leaves.spelling.to_string()),
            detail: format!("`{}` of line {} stayed as {}", stays.spelling, stays.line, stays.version),
        },
    );
}
