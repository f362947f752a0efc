//! The addresses of the index, in one place.

use crate::model::{Digest, PackageId};

pub(super) const ROOT: &str = "index/root.json";
pub(super) const CONFIG: &str = "index/config.json";
pub(super) const PUBLISHERS: &str = "index/publishers.json";
pub(super) const ADVISORIES: &str = "index/advisories.json";

/// The index file of a package.
pub(super) fn leaf(id: &PackageId) -> String {
    let (first, second) = id.shard();
    format!("index/{first}/{second}/{id}")
}

/// A node of the Merkle tree, or the hash-named copy of a named file.
pub(super) fn node(digest: Digest) -> String {
    format!("index/tree/{}", digest.hex())
}
