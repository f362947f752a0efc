//! Both sides of a pull request as registries, each as far as the change can
//! reach: the packages it touches, what they require, who shares a name or a
//! namespace with them, and who would break.

use super::load;
use super::outline::{Outline, required_by};
use super::registry::{Registry, Release};
use super::resolve::{Resolution, resolve};
use crate::diagnostic::Diagnostic;
use crate::model::{PackageId, RelPath, Version};
use crate::source::{ChangeSet, Error, Part, Place, Side, Snapshot};
use std::collections::BTreeSet;

/// Files and folders that every verdict rests on.
const ALWAYS: [&str; 7] =
    ["registry.toml", "policy.toml", "curators.toml", "publishers", "waivers", "advisories", "trust"];

/// A pull request, read.
#[derive(Debug)]
pub struct Proposal {
    /// What would change.
    pub changes: ChangeSet,
    /// The outline of the base.
    pub outline: Outline,
    /// What is there.
    pub base: ReadSide,
    /// What would be there.
    pub merged: ReadSide,
}

/// One side, as far as it was read: the base the packages that change, the
/// merge those and all that they can reach.
#[derive(Debug)]
pub struct ReadSide {
    /// The files that were read.
    pub snapshot: Snapshot,
    /// The same as checked types.
    pub registry: Registry,
    /// What was wrong while reading.
    pub found: Vec<Diagnostic>,
}

impl ReadSide {
    fn of(snapshot: Snapshot) -> Result<Self, Error> {
        let (registry, found) = load(&snapshot)?;
        Ok(Self { snapshot, registry, found })
    }

    /// Reads more packages, in place of what was read of them before.
    fn extend(self, snapshot: Snapshot) -> Result<Self, Error> {
        let more = Self::of(snapshot)?;
        let again: BTreeSet<_> = more.snapshot.entries().iter().map(|entry| &*entry.path).collect();
        let Self { snapshot, mut registry, mut found } = self;
        found.retain(|one| !again.contains(&*one.location.path));
        found.extend(more.found.into_iter().filter(|one| one.rule != "registry-missing"));
        registry.packages.extend(more.registry.packages);
        let own = |name: &String| name != "registry.toml";
        registry.broken.extend(more.registry.broken.into_iter().filter(own));
        registry.orphans.extend(more.registry.orphans);
        registry.pending_reviews.extend(more.registry.pending_reviews);
        Ok(Self { snapshot: snapshot.join(more.snapshot), registry, found })
    }
}

/// What a path of the registry is for, of paths that have a place.
pub fn place_of(path: &str) -> Option<Place> {
    Place::of(&RelPath::parse(path).ok()?)
}

impl Proposal {
    /// Reads both sides of a change set.
    ///
    /// # Errors
    /// When an object cannot be read.
    pub fn read(changes: ChangeSet, outline: Outline) -> Result<Self, Error> {
        if changes.changes.iter().any(touches_everything) {
            return Self::read_whole(changes, outline);
        }
        let touched = touched(&changes);
        let always = ALWAYS.iter().map(|path| (*path).to_owned());
        let own = touched.iter().filter_map(|id| Some(PackageId::parse(id).ok()?.folder()));
        let changed = changes.changes.iter().map(|change| change.path.to_string());
        let mut paths: BTreeSet<String> = always.chain(own).chain(changed).collect();
        let peek = ReadSide::of(changes.snapshot(Side::Merged, &paths)?)?;
        let sources = sources(&changes, &peek.registry);
        let base = paths.iter().chain(&sources).cloned().collect();
        let base = ReadSide::of(changes.snapshot(Side::Base, &base)?)?;
        let named = named(&changes, &touched, &peek.registry);
        paths.extend(folders(&named));
        paths.extend(newest_of(&outline, &named));
        paths.extend(folders(&beside(&changes, &outline, &touched, &peek.registry)));
        paths.extend(sources);
        let merged = read_until_resolved(&changes, &outline, paths)?;
        Ok(Self { base, merged, changes, outline })
    }

    /// Reads every package on both sides, where what changes is asked of all of
    /// them: the policy, the settings, a publisher.
    fn read_whole(changes: ChangeSet, outline: Outline) -> Result<Self, Error> {
        let mut paths: BTreeSet<String> = ALWAYS.iter().map(|path| (*path).to_owned()).collect();
        paths.extend(["packages".to_owned(), "collections".to_owned()]);
        paths.extend(changes.changes.iter().map(|change| change.path.to_string()));
        Ok(Self {
            base: ReadSide::of(changes.snapshot(Side::Base, &paths)?)?,
            merged: ReadSide::of(changes.snapshot(Side::Merged, &paths)?)?,
            changes,
            outline,
        })
    }
}

/// Whether every package is judged by what changes.
fn touches_everything(change: &crate::source::Change) -> bool {
    matches!(place_of(&change.path), Some(Place::Registry | Place::Policy | Place::Publisher(_)))
}

fn folders(ids: &BTreeSet<String>) -> impl Iterator<Item = String> {
    ids.iter().filter_map(|id| Some(PackageId::parse(id).ok()?.folder()))
}

/// Rounds of reading what a resolution turned out to need.
const MAX_ROUNDS: usize = 8;

/// Reads the merge with the newest releases of what is required indirectly. That
/// they resolve is proof enough; where they do not, older ones are read as well.
fn read_until_resolved(
    changes: &ChangeSet,
    outline: &Outline,
    mut paths: BTreeSet<String>,
) -> Result<ReadSide, Error> {
    let mut merged = ReadSide::of(changes.snapshot(Side::Merged, &paths)?)?;
    let mut is_resolved = true;
    for _ in 0..MAX_ROUNDS {
        let needed: Option<Vec<BTreeSet<String>>> = added(changes, &merged.registry)
            .map(|release| unread(&merged.registry, outline, release))
            .collect();
        let Some(needed) = needed else {
            is_resolved = false;
            break;
        };
        let more: BTreeSet<String> = needed.iter().flat_map(folders).collect();
        if more.is_empty() {
            return Ok(merged);
        }
        merged = merged.extend(changes.snapshot(Side::Merged, &more)?)?;
        paths.extend(more);
    }
    while !is_resolved {
        let required =
            merged.registry.packages.values().flat_map(|package| &package.releases).flat_map(required_by);
        let ids: BTreeSet<String> = added(changes, &merged.registry)
            .flat_map(ids_named_by)
            .chain(required.map(ToString::to_string))
            .filter(|id| outline.get(id).is_some())
            .collect();
        let more: BTreeSet<String> = folders(&ids).filter(|folder| !paths.contains(folder)).collect();
        is_resolved = more.is_empty();
        merged = merged.extend(changes.snapshot(Side::Merged, &more)?)?;
        paths.extend(more);
    }
    Ok(merged)
}

/// Returns the packages that a resolution of a release chose something of which
/// requires them, and that were not read; `None` where nothing resolves.
fn unread(merged: &Registry, outline: &Outline, release: &Release) -> Option<BTreeSet<String>> {
    let Resolution::Found(chosen) = resolve(merged, release) else { return None };
    let releases = chosen.iter().filter_map(|(id, version)| merged.packages.get(id)?.release(version));
    let required = releases.chain([release]).flat_map(required_by);
    let unread =
        required.filter(|id| !merged.packages.contains_key(*id) && outline.get(id.as_str()).is_some());
    Some(unread.map(ToString::to_string).collect())
}

/// Returns the newest release of every package that these require indirectly, with its withdrawal.
fn newest_of(outline: &Outline, named: &BTreeSet<String>) -> Vec<String> {
    let indirect = outline.closure(named.iter().cloned());
    let indirect = indirect.iter().filter(|id| !named.contains(*id));
    let files = |id: &String| {
        let newest = &outline.get(id)?.newest;
        let folder = PackageId::parse(id).ok()?.folder();
        Some([format!("{folder}/{newest}.toml"), format!("{folder}/withdrawals/{newest}.toml")])
    };
    indirect.filter_map(files).flatten().collect()
}

/// Returns the packages with a changed file.
fn touched(changes: &ChangeSet) -> BTreeSet<String> {
    let id_of = |place| match place {
        Place::Package { id, .. } | Place::Source { id, .. } => Some(id),
        _ => None,
    };
    changes.changes.iter().filter_map(|change| id_of(place_of(&change.path)?)).collect()
}

/// Returns the releases that the base does not have.
pub(super) fn added<'a>(changes: &'a ChangeSet, merged: &'a Registry) -> impl Iterator<Item = &'a Release> {
    let releases = merged.packages.values().flat_map(|package| &package.releases);
    releases.filter(|release| changes.change(&release.path).is_some_and(crate::source::Change::is_added))
}

/// Returns every id that the changed releases speak of.
fn named(changes: &ChangeSet, touched: &BTreeSet<String>, merged: &Registry) -> BTreeSet<String> {
    let mut named: BTreeSet<String> = added(changes, merged).flat_map(ids_named_by).collect();
    let collections = merged.collections.values();
    let changed = collections.filter(|collection| changes.change(&collection.path).is_some());
    named.extend(changed.flat_map(|collection| collection.wire.packages.iter().cloned()));
    // Amendments narrow what is required.
    let packages = touched.iter().filter_map(|id| merged.packages.get(id.as_str()));
    for release in packages.flat_map(|package| &package.releases) {
        if release.amendments.iter().any(|amendment| changes.change(&amendment.path).is_some()) {
            named.extend(ids_named_by(release));
        }
    }
    named
}

/// Returns the other packages that the verdict depends on: who shares a name or a
/// namespace, what stands in for what is withdrawn, and who would break.
fn beside(
    changes: &ChangeSet,
    outline: &Outline,
    touched: &BTreeSet<String>,
    merged: &Registry,
) -> BTreeSet<String> {
    let namespaces: BTreeSet<&str> = added(changes, merged)
        .flat_map(|release| &release.namespaces)
        .map(crate::model::Namespace::as_str)
        .collect();
    let mut near = BTreeSet::new();
    for package in touched.iter().filter_map(|id| merged.packages.get(id.as_str())) {
        let listing = package.listing.iter().filter_map(|listing| listing.wire.replacement.clone());
        let withdrawals = package.releases.iter().filter_map(|release| release.withdrawal.as_ref());
        near.extend(listing.chain(withdrawals.filter_map(|one| one.wire.replacement.clone())));
    }
    if changes.changes.iter().any(can_break_others) {
        near.extend(outline.dependents(touched).into_iter().map(str::to_owned));
    }
    near.extend(sharing(outline, touched, &namespaces));
    let folds: BTreeSet<String> =
        touched.iter().filter_map(|id| Some(PackageId::parse(id).ok()?.fold_key())).collect();
    // Ids that differ in hyphens alone have the same letters: most are told apart by their length.
    let has_fold = |id: &str| folds.contains(&id.replace('-', ""));
    near.extend(outline.packages().iter().filter(|one| has_fold(&one.id)).map(|one| one.id.clone()));
    near
}

/// Returns every id that a release speaks of.
fn ids_named_by(release: &Release) -> Vec<String> {
    let modules = release.details.starter_pack.iter().flat_map(|pack| &pack.modules);
    let members = release.details.solution.iter().flatten();
    let required = release.dependencies.iter().chain(modules).chain(members);
    let mut ids: Vec<String> = required.map(|dependency| dependency.id.to_string()).collect();
    if let Some(agent) = &release.details.agent {
        ids.extend(agent.collaborates_with.iter().cloned());
    }
    ids.extend(release.details.template.iter().filter_map(|template| template.overlay_of.clone()));
    ids
}

/// Whether a change can take something away that others rely on.
fn can_break_others(change: &crate::source::Change) -> bool {
    match place_of(&change.path) {
        Some(Place::Package { part, .. }) => match part {
            Part::Withdrawal(_) | Part::Amendment { .. } | Part::Listing => true,
            Part::Release(_) => !change.is_added(),
            _ => false,
        },
        _ => false,
    }
}

/// Returns the packages that claim one of the namespaces, and all on the ways
/// from whoever would bring two claims together.
fn sharing(outline: &Outline, touched: &BTreeSet<String>, namespaces: &BTreeSet<&str>) -> BTreeSet<String> {
    let claims = |one: &&super::outline::PackageOutline| {
        !touched.contains(&one.id) && one.namespaces.iter().any(|name| namespaces.contains(name.as_str()))
    };
    let others: BTreeSet<String> =
        outline.packages().iter().filter(claims).map(|one| one.id.clone()).collect();
    if others.is_empty() {
        return others;
    }
    let above_own = outline.ancestors(touched.iter().cloned());
    let above_others = outline.ancestors(others.iter().cloned());
    let joining = above_own.intersection(&above_others).cloned();
    let below = outline.closure(joining);
    let between = below.into_iter().filter(|id| above_own.contains(id) || above_others.contains(id));
    between.chain(others).collect()
}

/// Returns the source folders to read: of added releases, of the release each
/// is compared with, and of what each requires.
fn sources(changes: &ChangeSet, merged: &Registry) -> BTreeSet<String> {
    let mut folders = BTreeSet::new();
    for release in added(changes, merged) {
        let mut folder = |version: &Version| folders.insert(format!("sources/{}/{version}", release.id));
        folder(&release.version);
        let package = merged.packages.get(&release.id);
        if let Some(package) = package {
            let before = crate::scan::before(package, &release.version);
            let normal = super::succession::normal_before(package, &release.version);
            before.into_iter().chain(normal).for_each(|before| {
                folder(&before.version);
            });
        }
        folders.extend(ids_named_by(release).into_iter().map(|id| format!("sources/{id}")));
    }
    for change in &changes.changes {
        if let Some(Place::Source { id, version, .. }) = place_of(&change.path) {
            folders.insert(format!("sources/{id}/{version}"));
        }
    }
    folders
}
