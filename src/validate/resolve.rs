//! Resolution of what a release requires: whether releases exist that satisfy
//! every requirement together, and in words why not.
//!
//! The search is PubGrub's; it stops after a number of steps, not of seconds,
//! so that every machine comes to the same result.

use super::lookup::{effective, list_versions};
use super::registry::{Dependency, Registry, Release};
use crate::model::{PackageId, Version};
use pubgrub::{
    Dependencies, DependencyConstraints, DependencyProvider, DerivationTree, External,
    PackageResolutionStatistics, PubGrubError, Ranges,
};
use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Most releases that one resolution looks at.
const MAX_STEPS: u64 = 2_000;

/// What a resolution came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// These releases satisfy everything together, by id.
    Found(BTreeMap<PackageId, Version>),
    /// Nothing does; the facts that exclude each other, in words.
    Conflict(Vec<String>),
    /// The search ended before it knew.
    Undecided,
}

/// Resolves what a release requires within a registry. Packages that the
/// registry does not have are left out: a rule of their own tells of them.
pub fn resolve(registry: &Registry, root: &Release) -> Resolution {
    let solver = Solver { registry, root, steps: Cell::new(0), known: RefCell::default() };
    match pubgrub::resolve(&solver, root.id.clone(), root.version.clone()) {
        Ok(chosen) => {
            let mut found: BTreeMap<PackageId, Version> = chosen.into_iter().collect();
            found.remove(&root.id);
            Resolution::Found(found)
        }
        Err(PubGrubError::NoSolution(tree)) => Resolution::Conflict(solver.explain(&tree)),
        Err(_) => Resolution::Undecided,
    }
}

/// The search went on for too long.
#[derive(Debug, thiserror::Error)]
#[error("the resolution takes more than {MAX_STEPS} steps")]
struct TooLong;

type Set = Ranges<Version>;
type Tree = DerivationTree<PackageId, Set, String>;

struct Solver<'a> {
    registry: &'a Registry,
    root: &'a Release,
    steps: Cell<u64>,
    /// Versions that satisfy a requirement, by package and requirement.
    known: RefCell<HashMap<(PackageId, String), Set>>,
}

impl<'a> Solver<'a> {
    fn release(&self, id: &PackageId, version: &Version) -> Option<&'a Release> {
        if *id == self.root.id && *version == self.root.version {
            return Some(self.root);
        }
        self.registry.packages.get(id)?.release(version)
    }

    /// Returns the versions that a dependency admits: those that are not yanked if there are any.
    fn admitted(&self, release: &Release, dependency: &Dependency) -> Set {
        let key = (dependency.id.clone(), effective(release, dependency));
        if let Some(set) = self.known.borrow().get(&key) {
            return set.clone();
        }
        let releases =
            self.registry.packages.get(&dependency.id).map_or(&[][..], |package| &package.releases);
        let matching: Vec<&Release> =
            releases.iter().filter(|other| release.admits(dependency, &other.version)).collect();
        let has_usable = matching.iter().any(|other| !other.is_yanked());
        let usable = matching.into_iter().filter(|other| !has_usable || !other.is_yanked());
        let set = usable.fold(Set::empty(), |set, other| set.union(&Set::singleton(other.version.clone())));
        self.known.borrow_mut().insert(key, set.clone());
        set
    }

    fn required(&self, release: &'a Release) -> impl Iterator<Item = &'a Dependency> {
        let is_root = std::ptr::eq(release, self.root);
        let modules = release.details.starter_pack.iter().flat_map(|pack| &pack.modules);
        let members = release.details.solution.iter().flatten();
        let bundle = modules.chain(members).filter(move |_| is_root);
        let registry = self.registry;
        release
            .dependencies
            .iter()
            .filter(|dependency| !dependency.optional)
            .chain(bundle)
            .filter(move |dependency| registry.packages.contains_key(&dependency.id))
    }

    /// Returns the facts at the leaves of a derivation, each once, in its order.
    fn explain(&self, tree: &Tree) -> Vec<String> {
        let mut facts = Vec::new();
        let mut told = BTreeSet::new();
        let mut waiting = vec![tree];
        while let Some(tree) = waiting.pop() {
            match tree {
                DerivationTree::Derived(derived) => waiting.extend([&*derived.cause2, &*derived.cause1]),
                DerivationTree::External(External::FromDependencyOf(id, versions, other, _)) => {
                    facts.extend(
                        self.fact(id, versions, other).into_iter().filter(|fact| told.insert(fact.clone())),
                    );
                }
                DerivationTree::External(_) => {}
            }
        }
        facts
    }

    /// Says what releases of one package require of another, a sentence for each requirement.
    fn fact(&self, id: &PackageId, versions: &Set, other: &PackageId) -> Vec<String> {
        let own = (*id == self.root.id).then_some(self.root);
        let releases = self.registry.packages.get(id).map_or(&[][..], |package| &package.releases);
        let releases = own.into_iter().chain(releases.iter().filter(|_| own.is_none()));
        let mut by_requirement: BTreeMap<String, Vec<&Version>> = BTreeMap::new();
        for release in releases.filter(|release| versions.contains(&release.version)) {
            for dependency in self.required(release).filter(|dependency| dependency.id == *other) {
                by_requirement.entry(effective(release, dependency)).or_default().push(&release.version);
            }
        }
        let sentence = |(requirement, versions): (String, Vec<&Version>)| match versions.as_slice() {
            [version] => format!("`{id}@{version}` requires `{other}` {requirement}"),
            many => {
                let list = list_versions(many.iter().rev().copied(), many.len());
                format!("`{id}` {list} requires `{other}` {requirement}")
            }
        };
        by_requirement.into_iter().map(sentence).collect()
    }
}

impl DependencyProvider for Solver<'_> {
    type P = PackageId;
    type V = Version;
    type VS = Set;
    type M = String;
    type Err = TooLong;
    type Priority = (u32, Reverse<usize>);

    /// Packages with many conflicts first, then those with few versions left.
    fn prioritize(
        &self,
        id: &PackageId,
        range: &Set,
        conflicts: &PackageResolutionStatistics,
    ) -> Self::Priority {
        let releases = self.registry.packages.get(id).map_or(&[][..], |package| &package.releases);
        let count = releases.iter().filter(|release| range.contains(&release.version)).count();
        (conflicts.conflict_count(), Reverse(count))
    }

    fn choose_version(&self, id: &PackageId, range: &Set) -> Result<Option<Version>, TooLong> {
        if *id == self.root.id {
            return Ok(range.contains(&self.root.version).then(|| self.root.version.clone()));
        }
        let releases = self.registry.packages.get(id).map_or(&[][..], |package| &package.releases);
        let fitting = || releases.iter().rev().filter(|release| range.contains(&release.version));
        let chosen = fitting().find(|release| !release.is_yanked()).or_else(|| fitting().next());
        Ok(chosen.map(|release| release.version.clone()))
    }

    fn get_dependencies(
        &self,
        id: &PackageId,
        version: &Version,
    ) -> Result<Dependencies<PackageId, Set, String>, TooLong> {
        let Some(release) = self.release(id, version) else {
            return Ok(Dependencies::Unavailable("it is not in the registry".to_owned()));
        };
        let mut constraints: DependencyConstraints<PackageId, Set> = DependencyConstraints::default();
        for dependency in self.required(release) {
            let set = self.admitted(release, dependency);
            let set = match constraints.get(&dependency.id) {
                Some(known) => known.intersection(&set),
                None => set,
            };
            constraints.insert(dependency.id.clone(), set);
        }
        Ok(Dependencies::Available(constraints))
    }

    fn should_cancel(&self) -> Result<(), TooLong> {
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > MAX_STEPS { Err(TooLong) } else { Ok(()) }
    }
}
