//! Names the place of a file in a package, for advice to its author.

use super::registry::{ArtifactLocation, Release};

/// Returns where the author puts a file of the artifact: in the release's
/// folder of the registry, or in the archive.
pub(super) fn place(release: &Release, inner: &str) -> String {
    match release.artifact.as_ref().map(|artifact| &artifact.location) {
        Some(ArtifactLocation::Tree(tree)) => format!("`{tree}/{inner}`"),
        _ => format!("`{inner}` in the archive"),
    }
}
