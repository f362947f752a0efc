//! What is installed together: the packages that a release brings with it, and
//! the namespaces that two of them share.

use super::lookup::chosen;
use super::registry::{Package, Registry, Release};
use crate::model::{Namespace, PackageId};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

/// Packages looked at in all closures together, and the bounds for each one:
/// the work stays the same however many packages share namespaces.
const MAX_VISITS: usize = 1_000_000;
const MIN_CLOSURE: usize = 64;
const MAX_CLOSURE: usize = 1_000;

/// Two packages of one closure with the same namespace.
pub(super) struct Collision<'a> {
    /// The newest release of the package that brings both.
    pub(super) root: &'a Release,
    /// The namespace.
    pub(super) namespace: &'a Namespace,
    /// One package, by id the smaller.
    pub(super) one: &'a PackageId,
    /// The other package.
    pub(super) other: &'a PackageId,
    /// The one that was met second.
    pub(super) brought: &'a PackageId,
    /// The dependency of the root that leads to it.
    pub(super) via: &'a PackageId,
}

/// A namespace and the two packages that have it.
type Clash<'a> = (&'a Namespace, &'a PackageId, &'a PackageId);

/// Clashes, each with the package met second and the dependency that leads to it.
type Clashes<'a> = BTreeMap<Clash<'a>, (&'a PackageId, &'a PackageId)>;

/// Returns the collisions in the closures of all newest releases, each where
/// its two sides first meet, not again at every package above.
pub(super) fn collisions(registry: &Registry) -> Vec<Collision<'_>> {
    let relevant = relevant(registry);
    let roots: Vec<&Package> = relevant.iter().filter_map(|id| registry.packages.get(*id)).collect();
    let most = (MAX_VISITS / roots.len().max(1)).clamp(MIN_CLOSURE, MAX_CLOSURE);
    let clashes: BTreeMap<&PackageId, Clashes<'_>> = roots
        .par_iter()
        .map(|root| (&root.id, clashes_of(registry, &relevant, root.newest(), most)))
        .filter(|(_, clashes)| !clashes.is_empty())
        .collect();
    let mut found = Vec::new();
    for (id, here) in &clashes {
        let Some(package) = registry.packages.get(*id) else { continue };
        let root = package.newest();
        let below = |clash: &Clash<'_>| {
            let required = root.dependencies.iter().filter(|dependency| !dependency.optional);
            required
                .into_iter()
                .any(|dependency| clashes.get(&dependency.id).is_some_and(|there| there.contains_key(clash)))
        };
        for (clash, (brought, via)) in here.iter().filter(|(clash, _)| !below(clash)) {
            let (namespace, one, other) = *clash;
            found.push(Collision { root, namespace, one, other, brought, via });
        }
    }
    found
}

/// Returns the packages that have a namespace which another package has too,
/// and those that reach them. Without such namespaces nothing can collide.
fn relevant(registry: &Registry) -> HashSet<&str> {
    let mut owners: HashMap<&str, &PackageId> = HashMap::new();
    let mut shared: HashSet<&str> = HashSet::new();
    for package in registry.packages.values() {
        for namespace in package.releases.iter().flat_map(|release| &release.namespaces) {
            if *owners.entry(namespace.as_str()).or_insert(&package.id) != &package.id {
                shared.insert(namespace.as_str());
            }
        }
    }
    if shared.is_empty() {
        return HashSet::new();
    }
    let shares =
        |release: &Release| release.namespaces.iter().any(|namespace| shared.contains(namespace.as_str()));
    let mut users: HashMap<&str, HashSet<&str>> = HashMap::new();
    let mut waiting: Vec<&str> = Vec::new();
    for package in registry.packages.values() {
        if package.releases.iter().any(shares) {
            waiting.push(package.id.as_str());
        }
        for dependency in package.releases.iter().flat_map(|release| &release.dependencies) {
            users.entry(dependency.id.as_str()).or_default().insert(package.id.as_str());
        }
    }
    let mut reached: HashSet<&str> = waiting.iter().copied().collect();
    while let Some(id) = waiting.pop() {
        for user in users.get(id).into_iter().flatten() {
            if reached.insert(user) {
                waiting.push(user);
            }
        }
    }
    reached
}

/// Returns the clashes in the closure of a release, of which at most `most`
/// packages are looked at.
fn clashes_of<'a>(
    registry: &'a Registry,
    relevant: &HashSet<&str>,
    root: &'a Release,
    most: usize,
) -> Clashes<'a> {
    let mut seen: HashSet<&PackageId> = HashSet::from([&root.id]);
    let mut owners: HashMap<&Namespace, &PackageId> =
        root.namespaces.iter().map(|namespace| (namespace, &root.id)).collect();
    let mut found = BTreeMap::new();
    let mut waiting: VecDeque<(&Release, Option<&PackageId>)> = VecDeque::from([(root, None)]);
    while let Some((release, via)) = waiting.pop_front() {
        for dependency in release.dependencies.iter().filter(|dependency| !dependency.optional) {
            if seen.len() >= most {
                return found;
            }
            if !relevant.contains(dependency.id.as_str()) || !seen.insert(&dependency.id) {
                continue;
            }
            let Some(next) = chosen(registry, release, dependency) else { continue };
            let via = via.unwrap_or(&dependency.id);
            for namespace in &next.namespaces {
                let owner = *owners.entry(namespace).or_insert(&next.id);
                if owner != &next.id {
                    found
                        .entry((namespace, owner.min(&next.id), owner.max(&next.id)))
                        .or_insert((&next.id, via));
                }
            }
            waiting.push_back((next, Some(via)));
        }
    }
    found
}
