//! Both sides of a pull request as registries, each as far as the change can
//! reach: the packages it touches, what they require, who shares a name or a
//! namespace with them, and who would break.

use super::load;
use super::outline::Outline;
use super::registry::{Registry, Release};
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

/// One side, as far as it was read.
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
        let touched = touched(&changes);
        let always = ALWAYS.iter().map(|path| (*path).to_owned());
        let own = touched.iter().filter_map(|id| Some(PackageId::parse(id).ok()?.folder()));
        let changed = changes.changes.iter().map(|change| change.path.to_string());
        let mut paths: BTreeSet<String> = always.chain(own).chain(changed).collect();
        let peek = ReadSide::of(changes.snapshot(Side::Merged, &paths)?)?;
        let near = in_play(&changes, &outline, &touched, &peek.registry);
        paths.extend(near.iter().filter_map(|id| Some(PackageId::parse(id).ok()?.folder())));
        paths.extend(sources(&changes, &peek.registry));
        Ok(Self {
            base: ReadSide::of(changes.snapshot(Side::Base, &paths)?)?,
            merged: ReadSide::of(changes.snapshot(Side::Merged, &paths)?)?,
            changes,
            outline,
        })
    }
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

/// Returns the packages besides the touched ones that the verdict depends on.
fn in_play(
    changes: &ChangeSet,
    outline: &Outline,
    touched: &BTreeSet<String>,
    merged: &Registry,
) -> BTreeSet<String> {
    let mut named: BTreeSet<String> = BTreeSet::new();
    let mut namespaces: BTreeSet<&str> = BTreeSet::new();
    for release in added(changes, merged) {
        namespaces.extend(release.namespaces.iter().map(|namespace| namespace.as_str()));
        named.extend(ids_named_by(release));
    }
    let mut near = outline.closure(named);
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
