//! What rules about a change may look at: both sides, who proposes it, and when.

use super::outline::Outline;
use super::proposal::{Proposal, ReadSide, added, place_of};
use super::registry::{Package, Publisher, Registry, Release};
use super::resolve::{Resolution, resolve};
use super::rules::{self, Check};
use super::{decide_levels, everything_wrong, keep_few_alike, key};
use crate::diagnostic::Diagnostic;
use crate::model::{Invalid, PackageId, Timestamp};
use crate::schema::Curator;
use crate::source::{Change, ChangeSet, Part, Place, Side};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

/// The account that proposes a change, as the forge knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The forge, such as `github`.
    pub forge: String,
    /// The account's name today.
    pub login: String,
    /// The account's numeric id, which survives renames: the only thing that is compared.
    pub id: u64,
}

impl std::str::FromStr for Actor {
    type Err = Invalid;

    /// Parses `github:LOGIN#ID`.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let wrong =
            || Invalid::new("account", text, "write it as `github:LOGIN#ID`, for example github:octo#583231");
        let (forge, rest) = text.split_once(':').ok_or_else(wrong)?;
        let (login, id) = rest.rsplit_once('#').ok_or_else(wrong)?;
        let is_plain =
            |text: &str| !text.is_empty() && !text.chars().any(|c| c.is_control() || c.is_whitespace());
        let id = id.parse().ok().filter(|_| is_plain(forge) && is_plain(login)).ok_or_else(wrong)?;
        Ok(Self { forge: forge.to_owned(), login: login.to_owned(), id })
    }
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}#{}", self.forge, self.login, self.id)
    }
}

/// Who proposes a change, and when.
#[derive(Debug, Clone)]
pub struct Circumstances {
    /// The author of the pull request; `None` where nobody knows.
    pub actor: Option<Actor>,
    /// The moment of the verdict.
    pub now: Timestamp,
    /// When the pull request was opened.
    pub opened: Option<Timestamp>,
}

/// A release that the base does not have.
#[derive(Debug, Clone, Copy)]
pub struct NewRelease<'a> {
    /// Its package, after the merge.
    pub package: &'a Package,
    /// The release.
    pub release: &'a Release,
    /// The release it is compared with: the highest below it that the base has and that is not removed.
    pub before: Option<&'a Release>,
    /// Whether the base has no release of the package.
    pub is_new_package: bool,
}

/// What a rule about a change may look at.
pub struct ChangeContext<'a> {
    /// What would change.
    pub changes: &'a ChangeSet,
    /// Every package of the base, briefly.
    pub outline: &'a Outline,
    /// The base, as far as the change can reach. Authority comes from here alone.
    pub base: &'a Registry,
    /// The merge, as far as the change can reach.
    pub merged: &'a Registry,
    /// Who, and when.
    pub circumstances: &'a Circumstances,
    sides: [&'a ReadSide; 2],
    /// What each new release resolves to, by the path of its file: several rules ask.
    resolutions: RefCell<BTreeMap<Arc<str>, Rc<Resolution>>>,
}

impl<'a> ChangeContext<'a> {
    /// Looks at a proposal.
    pub fn new(proposal: &'a Proposal, circumstances: &'a Circumstances) -> Self {
        Self {
            changes: &proposal.changes,
            outline: &proposal.outline,
            base: &proposal.base.registry,
            merged: &proposal.merged.registry,
            circumstances,
            sides: [&proposal.base, &proposal.merged],
            resolutions: RefCell::default(),
        }
    }

    /// Returns what all that a new release requires resolves to after the merge.
    pub fn resolution(&self, release: &Release) -> Rc<Resolution> {
        if let Some(known) = self.resolutions.borrow().get(&release.path) {
            return Rc::clone(known);
        }
        let found = Rc::new(resolve(self.merged, release));
        self.resolutions.borrow_mut().insert(Arc::clone(&release.path), Rc::clone(&found));
        found
    }

    /// Returns the releases that the base does not have, by id and version.
    pub fn new_releases(&self) -> impl Iterator<Item = NewRelease<'a>> + use<'a> {
        let (base, merged) = (self.base, self.merged);
        added(self.changes, merged).filter_map(move |release| {
            let known = base.packages.get(&release.id);
            Some(NewRelease {
                package: merged.packages.get(&release.id)?,
                release,
                before: known.and_then(|package| crate::scan::before(package, &release.version)),
                is_new_package: known.is_none() && !base.broken.contains(release.id.as_str()),
            })
        })
    }

    /// Returns the changed files of the registry that have a place in its layout.
    pub fn places(&self) -> impl Iterator<Item = (&'a Change, Place)> + use<'a> {
        self.changes.changes.iter().filter_map(|change| Some((change, place_of(&change.path)?)))
    }

    /// Returns the changed files that speak for a package, by its id: not the words of curators and of customers.
    pub fn touched(&self) -> BTreeMap<String, Vec<&'a str>> {
        let mut found: BTreeMap<String, Vec<&'a str>> = BTreeMap::new();
        for (change, place) in self.places() {
            let id = match place {
                Place::Package { part: Part::Review { .. } | Part::Rating(_), .. } => continue,
                Place::Package { id, .. } | Place::Source { id, .. } => id,
                _ => continue,
            };
            found.entry(id).or_default().push(&change.path);
        }
        found
    }

    /// Returns the publisher whose prefix on the base covers the id.
    pub fn owner(&self, id: &str) -> Option<&'a Publisher> {
        let id = PackageId::parse(id).ok()?;
        let owners = self.base.publishers.values().filter(|publisher| publisher.owns(&id));
        owners.max_by_key(|publisher| {
            let covering = publisher.prefixes.iter().filter(|prefix| prefix.covers(&id));
            covering.map(|prefix| prefix.as_str().len()).max()
        })
    }

    /// Returns every publisher of the base that answers for the id: whose prefix
    /// covers it, and who published its newest release.
    pub fn publishers_of(&self, id: &str) -> Vec<&'a Publisher> {
        let Ok(parsed) = PackageId::parse(id) else { return Vec::new() };
        let published = self.outline.get(id).map(|one| one.publisher.as_str());
        let answers =
            |publisher: &&Publisher| publisher.owns(&parsed) || Some(publisher.id.as_str()) == published;
        self.base.publishers.values().filter(answers).collect()
    }

    /// Returns whether the actor is one of the publisher's accounts on the base.
    pub fn is_identity_of(&self, publisher: &Publisher) -> bool {
        self.circumstances.actor.as_ref().is_some_and(|actor| is_identity(publisher, &actor.forge, actor.id))
    }

    /// Returns the actor's record in the base's `curators.toml`.
    pub fn curator(&self) -> Option<&'a Curator> {
        let actor = self.circumstances.actor.as_ref()?;
        self.base.curators.iter().find(|curator| curator.forge == actor.forge && curator.id == actor.id)
    }

    /// Returns whether the actor is a curator of the area for that id; without an
    /// id, one whose word holds for the whole registry.
    pub fn is_curator_of(&self, area: &str, id: Option<&str>) -> bool {
        self.curator().is_some_and(|curator| may_decide(curator, area, id))
    }

    /// Returns whether a side has a file.
    pub fn has(&self, side: Side, path: &str) -> bool {
        self.side(side).snapshot.entry(path).is_some()
    }

    /// Returns the content of a file on one side.
    pub fn bytes(&self, side: Side, path: &str) -> Option<Arc<[u8]>> {
        let read = self.side(side);
        read.snapshot.reader().ok()?.read(read.snapshot.entry(path)?).ok()
    }

    fn side(&self, side: Side) -> &'a ReadSide {
        let [base, merged] = self.sides;
        if side == Side::Base { base } else { merged }
    }

    /// Returns the text of a file on one side.
    pub fn text(&self, side: Side, path: &str) -> Option<String> {
        Some(String::from_utf8_lossy(&self.bytes(side, path)?).into_owned())
    }
}

/// Returns whether an account is one of the publisher's.
pub fn is_identity(publisher: &Publisher, forge: &str, id: u64) -> bool {
    publisher.wire.identities.iter().any(|identity| identity.forge == forge && identity.id == id)
}

/// Returns whether a curator decides in an area about an id; without an id,
/// about the registry as a whole.
pub fn may_decide(curator: &Curator, area: &str, id: Option<&str>) -> bool {
    let covers = |prefix: &str| {
        prefix == "*"
            || id.is_some_and(|id| {
                id == prefix || id.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('.'))
            })
    };
    curator.areas.iter().any(|own| own == area) && curator.prefixes.iter().any(|prefix| covers(prefix))
}

/// Judges a proposal: what the rules say of the merge and did not say of the
/// base, and what the rules about changes say. Levels are the base's.
pub fn judge_change(proposal: &mut Proposal, circumstances: &Circumstances) -> Vec<Diagnostic> {
    let now = circumstances.now;
    let before = judge_base(proposal, now);
    let merged = &proposal.merged;
    let new: BTreeSet<Arc<str>> =
        added(&proposal.changes, &merged.registry).map(|release| Arc::clone(&release.path)).collect();
    let mut found = everything_wrong(&merged.registry, &new, merged.found.clone(), now);
    let told: BTreeSet<_> = before.iter().map(key).collect();
    found.retain(|diagnostic| !told.contains(&key(diagnostic)));
    let context = ChangeContext::new(proposal, circumstances);
    for rule in rules::ALL {
        if let Check::Change(check) = rule.check {
            check(&context, &mut found);
        }
    }
    decide_levels(&proposal.base.registry, &mut found);
    found.sort_by(|a, b| key(a).cmp(&key(b)));
    found.dedup();
    keep_few_alike(&mut found);
    found
}

/// Judges the base as far as the merge was read. Packages that do not change are
/// lent by the merge: they are the same on both sides.
fn judge_base(proposal: &mut Proposal, now: Timestamp) -> Vec<Diagnostic> {
    let Proposal { base, merged, changes, .. } = proposal;
    let read: BTreeSet<_> = base.snapshot.entries().iter().map(|entry| &*entry.path).collect();
    // A diagnostic may be about a folder, such as a source that cannot be packed.
    let is_changed = |path: &str| changes.change(path).is_some() || changes_within(changes, path);
    let is_lent = |path: &str| !is_changed(path) && !read.contains(path);
    let mut found = base.found.clone();
    found.extend(merged.found.iter().filter(|one| is_lent(&one.location.path)).cloned());
    let is_unchanged =
        |id: &&PackageId| is_unchanged(changes, id) && !base.registry.packages.contains_key(*id);
    let lent: Vec<PackageId> = merged.registry.packages.keys().filter(is_unchanged).cloned().collect();
    for id in &lent {
        base.registry.packages.extend(merged.registry.packages.remove_entry(id));
    }
    let broken = base.registry.broken.clone();
    let is_of_others =
        |name: &&String| PackageId::parse(name).is_ok_and(|id| self::is_unchanged(changes, &id));
    base.registry.broken.extend(merged.registry.broken.iter().filter(is_of_others).cloned());
    let whole = everything_wrong(&base.registry, &BTreeSet::new(), found, now);
    for id in &lent {
        merged.registry.packages.extend(base.registry.packages.remove_entry(id));
    }
    base.registry.broken = broken;
    whole
}

/// Whether no file of a package changes.
fn is_unchanged(changes: &ChangeSet, id: &PackageId) -> bool {
    !changes_within(changes, &id.folder())
}

/// Whether a file of a folder changes.
fn changes_within(changes: &ChangeSet, folder: &str) -> bool {
    let folder = format!("{folder}/");
    let first = changes.changes.partition_point(|change| *change.path < *folder.as_str());
    changes.changes.get(first).is_some_and(|change| change.path.starts_with(&folder))
}
