//! The reports of a whole registry: scores for every page and line, the reports
//! themselves for the pages that show them.

use super::cache::ReportCache;
use super::sbom::{SbomSubject, sbom};
use super::{Knowledge, ScannedFile, Subject, scan, unreadable};
use crate::artifact::{Limits, unpack_in_memory};
use crate::model::Digest;
use crate::schema::{Counts, ScanReport};
use crate::validate::registry::Release;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Scans artifacts once each, and remembers what was found.
#[derive(Debug)]
pub struct Scans {
    knowledge: Knowledge,
    cache: Option<ReportCache>,
    known: Mutex<BTreeMap<Digest, Known>>,
    scanned: AtomicU64,
}

/// What is remembered of one report.
#[derive(Debug)]
struct Known {
    counts: Counts,
    has_sbom: bool,
    /// The report as JSON, where no cache keeps it: a hundred thousand parsed
    /// reports would not fit into memory.
    json: Option<Vec<u8>>,
}

/// What `build` publishes about one artifact.
#[derive(Debug)]
pub struct Examined {
    /// What the scan found.
    pub report: ScanReport,
    /// The bill of materials; `None` where the artifact could not be read.
    pub sbom: Option<Vec<u8>>,
}

impl Scans {
    /// Begins with what the registry knows and, where there is one, a cache.
    pub fn new(knowledge: Knowledge, cache: Option<ReportCache>) -> Self {
        Self { knowledge, cache, known: Mutex::default(), scanned: AtomicU64::new(0) }
    }

    /// Returns report and bill of materials of a release: of an earlier run, else
    /// from the bytes of its artifact, which are asked for only then.
    ///
    /// # Errors
    /// When the bytes cannot be had.
    pub fn examine<E>(
        &self,
        release: &Release,
        artifact: &Digest,
        bytes: impl FnOnce() -> Result<Vec<u8>, E>,
    ) -> Result<Examined, E> {
        let (id, version) = (release.id.as_str(), release.version.to_string());
        let license = release.license.as_ref().map(ToString::to_string);
        let about = SbomSubject {
            id,
            version: &version,
            publisher: Some(release.publisher.as_str()),
            license: license.as_deref(),
            published: release.published,
        };
        let examined = match self.cached(artifact, &about) {
            Some(examined) => examined,
            None => self.fresh(&bytes()?, artifact, &about),
        };
        let json = if self.cache.is_some() { None } else { serde_json::to_vec(&examined.report).ok() };
        let known = Known { counts: examined.report.counts, has_sbom: examined.sbom.is_some(), json };
        if let Ok(mut all) = self.known.lock() {
            all.insert(*artifact, known);
        }
        Ok(examined)
    }

    fn cached(&self, artifact: &Digest, about: &SbomSubject<'_>) -> Option<Examined> {
        let cache = self.cache.as_ref()?;
        let report = cache.report(artifact)?;
        let sbom = cache.sbom(artifact, about);
        // A report of an archive without a file is of one that could not be read.
        (sbom.is_some() || report.files.is_empty()).then_some(Examined { report, sbom })
    }

    fn fresh(&self, archive: &[u8], artifact: &Digest, about: &SbomSubject<'_>) -> Examined {
        self.scanned.fetch_add(1, Ordering::Relaxed);
        let size = archive.len() as u64;
        let examined = match unpack_in_memory(archive, &Limits::default()) {
            Err(error) => Examined {
                report: unreadable(&error.to_string(), &self.knowledge, *artifact, size),
                sbom: None,
            },
            Ok(files) => {
                let files = files.into_iter().map(|file| ScannedFile::new(file.path, file.content));
                let subject = Subject::new(files.collect(), &self.knowledge);
                let report = scan(&subject, *artifact, size);
                let sbom = sbom(&subject, &report, about).ok();
                Examined { report, sbom }
            }
        };
        if let Some(cache) = &self.cache {
            cache.keep_report(&examined.report);
            if let Some(sbom) = &examined.sbom {
                cache.keep_sbom(artifact, about, sbom);
            }
        }
        examined
    }

    /// Returns how many artifacts were scanned and not taken from the cache.
    pub fn scanned(&self) -> u64 {
        self.scanned.load(Ordering::Relaxed)
    }

    /// Returns how many artifacts have a report.
    pub fn len(&self) -> usize {
        self.known.lock().map_or(0, |known| known.len())
    }

    /// Returns whether no artifact has a report.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the score of a release, if its artifact was scanned.
    pub fn score(&self, release: &Release) -> Option<u8> {
        let artifact = release.artifact.as_ref()?.sha256;
        self.known.lock().ok()?.get(&artifact).map(|known| known.counts.score())
    }

    /// Returns whether a release has a bill of materials.
    pub fn has_sbom(&self, release: &Release) -> bool {
        let artifact = release.artifact.as_ref().map(|artifact| artifact.sha256);
        let known = self.known.lock();
        artifact.is_some_and(|artifact| {
            known.is_ok_and(|known| known.get(&artifact).is_some_and(|known| known.has_sbom))
        })
    }

    /// Returns the whole report of a release, if its artifact was scanned.
    pub fn of(&self, release: &Release) -> Option<ScanReport> {
        let artifact = release.artifact.as_ref()?.sha256;
        let json = self.known.lock().ok()?.get(&artifact)?.json.clone();
        match json {
            Some(json) => serde_json::from_slice(&json).ok(),
            None => self.cache.as_ref()?.report(&artifact),
        }
    }
}
