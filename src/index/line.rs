//! Index lines: what a client needs to know of a release, and nothing that
//! could be computed from it.

use crate::scan::Scans;
use crate::schema::{AmendmentEntry, DependencyEntry, EvidenceEntry, IndexLine, Origin, WithdrawnEntry};
use crate::validate::registry::{ArtifactLocation, Dependency, Package, Release};

/// Returns the index file of a package: one line for each release, ascending.
pub fn leaf(package: &Package, scans: &Scans) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(package.releases.len() * 640);
    for release in &package.releases {
        // A line holds text, numbers and lists only: writing it to memory cannot fail.
        if serde_json::to_writer(&mut bytes, &line(release, scans)).is_ok() {
            bytes.push(b'\n');
        }
    }
    bytes
}

fn line(release: &Release, scans: &Scans) -> IndexLine {
    let artifact = release.artifact.as_ref();
    IndexLine {
        v: 1,
        id: release.id.to_string(),
        vers: release.version.clone(),
        kind: release.kind,
        namespaces: sorted(release.namespaces.iter().map(ToString::to_string)),
        publisher: release.publisher.to_string(),
        license: release.license.as_ref().map(ToString::to_string),
        published: release.published,
        platform: release.platform.as_ref().map(ToString::to_string),
        permissions: sorted(release.permissions.iter().cloned()),
        capabilities: sorted(release.capabilities.iter().cloned()),
        deps: dependencies(&release.dependencies),
        cksum: artifact.map(|artifact| artifact.sha256),
        size: artifact.map(|artifact| artifact.size),
        origin: artifact.map(|artifact| match &artifact.location {
            ArtifactLocation::Url(url) => Origin::Url(url.clone()),
            ArtifactLocation::Path(_) | ArtifactLocation::Tree(_) => Origin::Registry,
        }),
        evidence: release
            .evidence
            .iter()
            .map(|evidence| EvidenceEntry { name: evidence.name.clone(), sha256: evidence.digest })
            .collect(),
        amendments: release
            .amendments
            .iter()
            .map(|amendment| AmendmentEntry {
                n: amendment.n,
                date: amendment.date,
                platform: amendment.platform.as_ref().map(ToString::to_string),
                deps: dependencies(&amendment.dependencies),
            })
            .collect(),
        score: scans.score(release),
        yanked: release.is_yanked(),
        withdrawn: release.withdrawal.as_ref().map(|withdrawal| WithdrawnEntry {
            level: withdrawal.wire.level,
            date: withdrawal.date,
            reason: withdrawal.wire.reason.clone(),
            replacement: withdrawal.wire.replacement.clone(),
            advisories: sorted(withdrawal.wire.advisories.iter().cloned()),
        }),
    }
}

fn dependencies(list: &[Dependency]) -> Vec<DependencyEntry> {
    let mut entries: Vec<DependencyEntry> = list
        .iter()
        .map(|dependency| DependencyEntry {
            id: dependency.id.to_string(),
            req: dependency.requirement.to_string(),
            optional: dependency.optional,
        })
        .collect();
    entries.sort_by(|a, b| a.id.cmp(&b.id));
    entries
}

fn sorted(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut list: Vec<String> = texts.collect();
    list.sort();
    list
}
