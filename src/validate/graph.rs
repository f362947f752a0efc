//! Who depends on whom, by the newest release of each package.

use super::registry::Package;
use crate::model::PackageId;
use std::collections::BTreeMap;

/// Packages that the newest release of some package requires, each with those
/// that require it, sorted by id.
#[derive(Debug, Default)]
pub struct Dependents(BTreeMap<PackageId, Vec<PackageId>>);

impl Dependents {
    /// Collects the dependents among these packages, which are sorted by id:
    /// through dependencies, modules of starter packs and members of solutions.
    pub fn of<'a>(packages: impl IntoIterator<Item = &'a Package>) -> Self {
        let mut map: BTreeMap<PackageId, Vec<PackageId>> = BTreeMap::new();
        for package in packages {
            let newest = package.newest();
            let modules = newest.details.starter_pack.iter().flat_map(|pack| &pack.modules);
            let members = newest.details.solution.iter().flatten();
            for dependency in newest.dependencies.iter().chain(modules).chain(members) {
                let list = map.entry(dependency.id.clone()).or_default();
                if list.last() != Some(&package.id) {
                    list.push(package.id.clone());
                }
            }
        }
        Self(map)
    }

    /// Returns the dependents of a package, sorted by id.
    pub fn get(&self, id: &PackageId) -> &[PackageId] {
        self.0.get(id).map_or(&[], Vec::as_slice)
    }
}
