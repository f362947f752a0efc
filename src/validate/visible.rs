//! What an audience may see of a registry.

use super::registry::{Package, Publisher, Registry, Release};
use crate::model::{Prefix, Status};
use std::collections::BTreeSet;

impl Registry {
    /// Returns the packages that an audience sees, sorted by id.
    pub fn visible(&self, audience: &str) -> Vec<&Package> {
        let seen = self.settings.audiences.get(audience);
        let packages = self.packages.values();
        packages.filter(|package| seen.is_some_and(|seen| seen.contains(package.audience()))).collect()
    }

    /// Returns the publishers that an audience may know of, sorted by id: those
    /// with a package it sees, and those that have published nothing yet.
    pub fn visible_publishers(&self, audience: &str) -> Vec<&Publisher> {
        let seen = publishers_of(self.visible(audience));
        let all = publishers_of(self.packages.values());
        let publishers = self.publishers.values();
        publishers.filter(|publisher| seen.contains(&publisher.id) || !all.contains(&publisher.id)).collect()
    }
}

impl Package {
    /// Returns whether nothing of it is left but the record.
    pub fn is_removed(&self) -> bool {
        self.releases.iter().all(Release::is_removed)
    }

    /// Returns whether it is shown in lists, feeds and search.
    pub fn is_listed(&self) -> bool {
        self.status() != Status::Unlisted && !self.is_removed()
    }
}

fn publishers_of<'a>(packages: impl IntoIterator<Item = &'a Package>) -> BTreeSet<&'a Prefix> {
    packages.into_iter().flat_map(|package| &package.releases).map(|release| &release.publisher).collect()
}
