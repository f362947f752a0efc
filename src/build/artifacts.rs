//! The artifacts of a build: written where the registry serves them, scanned
//! wherever they come from.

use super::{BuildError, Progress};
use crate::artifact::store::{ArtifactLocation, Artifacts};
use crate::publish::{Output, Phase};
use crate::scan::Scans;
use crate::source::{Reader, Snapshot};
use crate::validate::registry::{Contents, Package, Release};
use rayon::prelude::*;

/// What the artifacts stage works with.
pub(super) struct ArtifactStage<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) artifacts: &'a Artifacts<'a>,
    pub(super) scans: &'a Scans,
    pub(super) output: &'a dyn Output,
    pub(super) progress: &'a dyn Progress,
}

impl ArtifactStage<'_> {
    /// Writes and scans every artifact that can be had, unless it is removed, and
    /// copies evidence. Returns how many the tree serves.
    pub(super) fn run(&self, packages: &[&Package]) -> Result<u64, BuildError> {
        let chunk = (packages.len() / 64).max(4);
        let counts: Vec<u64> = packages
            .par_chunks(chunk)
            .map(|packages| {
                let reader = self.snapshot.reader()?;
                let mut count = 0;
                for release in packages.iter().flat_map(|package| &package.releases) {
                    count += u64::from(self.write(&reader, release)?);
                }
                self.progress.step(packages.len() as u64);
                Ok(count)
            })
            .collect::<Result<_, BuildError>>()?;
        Ok(counts.into_iter().sum())
    }

    /// Writes what belongs to one release; returns whether the registry serves its artifact.
    fn write(&self, reader: &Reader<'_>, release: &Release) -> Result<bool, BuildError> {
        let Some(artifact) = release.artifact.as_ref().filter(|_| !release.is_removed()) else {
            return Ok(false);
        };
        for evidence in &release.evidence {
            if let Some(entry) = self.snapshot.entry(&evidence.path) {
                let path = format!("artifacts/{}.{}", artifact.sha256, evidence.name);
                self.output.put(Phase::Hashed, &path, &reader.read(entry)?)?;
            }
        }
        // A name that is a hash is kept for the bytes that have it, whatever policy says.
        let is_named = |inside: &Contents| inside.packed.is_some_and(|(digest, _)| digest == artifact.sha256);
        if !release.contents.as_ref().is_some_and(is_named) {
            return Ok(false);
        }
        if matches!(artifact.location, ArtifactLocation::Url(_)) {
            self.examine(release, || self.bytes(reader, release))?;
            return Ok(false);
        }
        let archive = self.bytes(reader, release)?;
        self.output.put(Phase::Hashed, &format!("artifacts/{}.tgz", artifact.sha256), &archive)?;
        self.examine(release, || Ok(archive))?;
        Ok(true)
    }

    fn bytes(&self, reader: &Reader<'_>, release: &Release) -> Result<Vec<u8>, BuildError> {
        let again = |source| BuildError::Artifact { release: release.name(), source };
        Ok(self.artifacts.bytes(reader, release).map_err(again)?.unwrap_or_default())
    }

    /// Scans the artifact, or takes what an earlier run found, and writes both papers.
    fn examine(
        &self,
        release: &Release,
        bytes: impl FnOnce() -> Result<Vec<u8>, BuildError>,
    ) -> Result<(), BuildError> {
        let Some(artifact) = &release.artifact else { return Ok(()) };
        let examined = self.scans.examine(release, &artifact.sha256, bytes)?;
        let path = format!("reports/{}", artifact.sha256);
        self.output.put(Phase::Named, &format!("{path}.json"), examined.report.text().as_bytes())?;
        if let Some(sbom) = &examined.sbom {
            self.output.put(Phase::Named, &format!("{path}.cdx.json"), sbom)?;
        }
        Ok(())
    }
}
