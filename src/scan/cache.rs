//! Reports and bills of materials of earlier runs, by everything they depend on.
//! Nothing in the output depends on what is kept: what is missing or damaged is
//! made again.

use super::sbom::SbomSubject;
use super::{Knowledge, rule_set};
use crate::artifact::store::ignore_by_git;
use crate::model::Digest;
use crate::platform::fs;
use crate::schema::ScanReport;
use std::path::{Path, PathBuf};

/// A folder of reports, named by key.
#[derive(Debug)]
pub struct ReportCache {
    folder: PathBuf,
    /// Digest of everything but the artifact.
    basis: String,
}

impl ReportCache {
    /// Uses `<state>/reports` for reports made with this knowledge.
    pub fn new(state: &Path, knowledge: &Knowledge) -> Self {
        // A folder that cannot be written costs time in the next run, nothing else.
        let _ = ignore_by_git(state);
        let basis =
            format!("{}\n{}\n{}", rule_set(), knowledge.advisories_digest(), knowledge.policy_digest());
        Self { folder: state.join("reports"), basis }
    }

    fn path(&self, artifact: &Digest, extension: &str) -> PathBuf {
        let key = Digest::of(format!("{artifact}\n{}", self.basis).as_bytes());
        self.folder.join(format!("{key}.{extension}"))
    }

    fn sbom_path(&self, artifact: &Digest, release: &SbomSubject<'_>) -> PathBuf {
        let extension = Digest::of(format!("{release:?}").as_bytes()).hex();
        self.path(artifact, &format!("{}.cdx.json", &extension[..16]))
    }

    /// Returns the report of an artifact, if it is there and whole.
    pub fn report(&self, artifact: &Digest) -> Option<ScanReport> {
        let report: ScanReport = serde_json::from_slice(&read(&self.path(artifact, "json"))?).ok()?;
        (report.artifact.sha256 == *artifact && report.rule_set == rule_set()).then_some(report)
    }

    /// Keeps a report. A disk that is full costs time in the next run, nothing else.
    pub fn keep_report(&self, report: &ScanReport) {
        if let Ok(json) = serde_json::to_vec(report) {
            write(&self.path(&report.artifact.sha256, "json"), &json);
        }
    }

    /// Returns the bill of materials of a release, if it is there and whole.
    pub fn sbom(&self, artifact: &Digest, release: &SbomSubject<'_>) -> Option<Vec<u8>> {
        read(&self.sbom_path(artifact, release))
    }

    /// Keeps the bill of materials of a release.
    pub fn keep_sbom(&self, artifact: &Digest, release: &SbomSubject<'_>, sbom: &[u8]) {
        write(&self.sbom_path(artifact, release), sbom);
    }
}

/// Reads a file that begins with the digest of its rest.
fn read(path: &Path) -> Option<Vec<u8>> {
    let bytes = fs::read(path).ok()?;
    let (digest, rest) = bytes.split_first_chunk::<64>()?;
    (Digest::of(rest).hex().as_bytes() == digest).then(|| rest.to_vec())
}

fn write(path: &Path, bytes: &[u8]) {
    let _ = fs::atomic_write(path, &[Digest::of(bytes).hex().as_bytes(), bytes].concat());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::unreadable;

    #[test]
    fn a_report_comes_back_whole_or_not_at_all() {
        let state = tempfile::tempdir().unwrap();
        let knowledge = Knowledge::default();
        let cache = ReportCache::new(state.path(), &knowledge);
        let digest = Digest::of(b"archive");
        assert_eq!(cache.report(&digest), None);
        let report = unreadable("why", &knowledge, digest, 7);
        cache.keep_report(&report);
        assert_eq!(cache.report(&digest), Some(report));
        let path = cache.path(&digest, "json");
        let mut bytes = fs::read(&path).unwrap();
        let last = bytes.len() - 2;
        bytes[last] ^= 1;
        fs::atomic_write(&path, &bytes).unwrap();
        assert_eq!(cache.report(&digest), None);
    }

    #[test]
    fn other_advisories_or_another_policy_ask_for_another_report() {
        let state = tempfile::tempdir().unwrap();
        let knowledge = Knowledge::default();
        let digest = Digest::of(b"archive");
        ReportCache::new(state.path(), &knowledge).keep_report(&unreadable("why", &knowledge, digest, 7));
        let other = Knowledge { licenses_allowed: vec!["MIT".into()], ..Knowledge::default() };
        assert_eq!(ReportCache::new(state.path(), &other).report(&digest), None);
        let other = Knowledge { advisories: vec![serde_json::json!({"id": "X"})], ..Knowledge::default() };
        assert_eq!(ReportCache::new(state.path(), &other).report(&digest), None);
    }
}
