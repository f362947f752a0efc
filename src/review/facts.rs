//! The facts of a pull request: what the decision is computed from.

use super::area;
use super::decision::SECURITY;
use super::report::Examined;
use crate::diagnostic::Diagnostic;
use crate::model::{Kind, ReviewDecision, RuleLevel, Timestamp, Version};
use crate::scan::verdict::{Waiver, criticals, in_force};
use crate::scan::{threshold, waivers};
use crate::schema::{
    ActorFact, AuthorityFact, Curator, CuratorFact, Facts, ProblemFact, ReleaseFact, ReviewFact, ScanFact,
};
use crate::source::Place;
use crate::validate::registry::{Publisher, Registry, Release, Review};
use crate::validate::{ChangeContext, NewRelease, is_identity, may_decide, place_of, rules};
use std::collections::{BTreeMap, BTreeSet};

/// Gathers the facts.
pub fn gather(context: &ChangeContext<'_>, diagnostics: &[Diagnostic], examined: &[Examined<'_>]) -> Facts {
    let circumstances = context.circumstances;
    let timers = &context.base.policy.timers;
    let timer = |name: &str| timers.get(name).copied().unwrap_or(0);
    let actor = circumstances.actor.as_ref().map(|actor| ActorFact {
        account: actor.to_string(),
        curator: context.curator().map(|curator| curator.name.clone()),
    });
    let curators = context.base.curators.iter().map(|curator| CuratorFact {
        name: curator.name.clone(),
        account: format!("{}#{}", curator.forge, curator.id),
        areas: curator.areas.clone(),
        prefixes: curator.prefixes.clone(),
    });
    Facts {
        v: 1,
        head: context.changes.head.id.to_string(),
        now: circumstances.now,
        opened: circumstances.opened,
        actor,
        problems: problems(context, diagnostics),
        releases: examined.iter().map(|one| release(context, one)).collect(),
        authority: authority(context),
        owners: owners(context),
        curators: curators.collect(),
        owner_bump_minutes: timer("owner-bump-minutes"),
        new_package_hours: timer("new-package-hours"),
    }
}

fn problems(context: &ChangeContext<'_>, diagnostics: &[Diagnostic]) -> Vec<ProblemFact> {
    let held = waivers(context.base);
    let grave = diagnostics.iter().filter(|diagnostic| diagnostic.level >= RuleLevel::Review);
    grave
        .map(|diagnostic| {
            let path = &diagnostic.location.path;
            let (package, version) = subject(path);
            let release = package.as_deref().zip(version.as_deref()).and_then(|(id, version)| {
                context
                    .new_releases()
                    .map(|new| new.release)
                    .find(|release| release.id == *id && release.version.to_string() == version)
            });
            let is_waivable = rules::find(diagnostic.rule).is_some_and(rules::Rule::is_waivable);
            let waiver = package.as_deref().filter(|_| is_waivable).and_then(|package| {
                let own =
                    held.iter().filter(|waiver| waiver.id == diagnostic.rule && waiver.package == package);
                waiver_for(own, package, version.as_deref(), context.circumstances.now)
            });
            let conflicted = package.as_deref().map(|id| conflicted(context, id)).unwrap_or_default();
            ProblemFact {
                rule: diagnostic.rule.to_owned(),
                level: diagnostic.level,
                area: area::of_rule(diagnostic.rule).to_owned(),
                file: path.to_string(),
                package,
                release: release.map(Release::name),
                waived_by: waiver.map(|waiver| waiver.by.clone()),
                conflicted,
            }
        })
        .collect()
}

/// Returns the waiver that holds for a version of a package, or for the package
/// as a whole where what is wrong is about no version.
fn waiver_for<'a>(
    mut waivers: impl Iterator<Item = &'a Waiver>,
    package: &str,
    version: Option<&str>,
    now: Timestamp,
) -> Option<&'a Waiver> {
    match version.and_then(|version| Version::parse(version).ok()) {
        Some(version) => in_force(waivers, package, &version, now).into_iter().next(),
        None => waivers.find(|waiver| waiver.versions.is_none() && waiver.from <= now && now < waiver.until),
    }
}

/// Returns the package and the version that a path is about. What stands inside
/// an archive has the path of its release file.
fn subject(path: &str) -> (Option<String>, Option<String>) {
    let path = match path.split_once(".tgz!/") {
        Some((release, _)) => format!("{release}.toml"),
        None => path.to_owned(),
    };
    use crate::source::Part;
    match place_of(&path) {
        Some(Place::Package { id, part, .. }) => {
            let version = match part {
                Part::Release(version)
                | Part::Withdrawal(version)
                | Part::Evidence { version, .. }
                | Part::Amendment { version, .. }
                | Part::Review { version, .. } => Some(version),
                Part::Listing | Part::Media | Part::Rating(_) => None,
            };
            (Some(id), version)
        }
        Some(Place::Source { id, version, .. }) => (Some(id), Some(version)),
        // The folder of a source itself.
        _ => match path.split('/').collect::<Vec<_>>().as_slice() {
            ["sources", id, version] => (Some((*id).to_owned()), Some((*version).to_owned())),
            _ => (None, None),
        },
    }
}

fn authority(context: &ChangeContext<'_>) -> Vec<AuthorityFact> {
    let waiver = |registry: &Registry, path: &str| {
        registry.waivers.iter().find(|waiver| *waiver.path == *path).map(|waiver| waiver.wire.clone())
    };
    let mut found: Vec<AuthorityFact> = context
        .places()
        .filter_map(|(change, place)| {
            let wire = waiver(context.merged, &change.path).or_else(|| waiver(context.base, &change.path));
            let about = wire.as_ref().map(|wire| (wire.id.as_str(), wire.package.as_str()));
            let (area, package) = area::of_place(&place, about)?;
            let file = change.path.to_string();
            Some(AuthorityFact { file, area: area.to_owned(), package: package.map(str::to_owned) })
        })
        .collect();
    let placed: BTreeSet<&str> = context.places().map(|(change, _)| &*change.path).collect();
    let strange = context.changes.changes.iter().filter(|change| !placed.contains(&*change.path));
    found.extend(strange.chain(&context.changes.outside).map(|change| AuthorityFact {
        file: change.path.to_string(),
        area: area::POLICY.to_owned(),
        package: None,
    }));
    found
}

/// Returns the curators who are accounts of a publisher that answers for a package.
fn conflicted(context: &ChangeContext<'_>, id: &str) -> Vec<String> {
    let publishers = context.publishers_of(id);
    let is_own = |curator: &&Curator| {
        publishers.iter().any(|publisher| is_identity(publisher, &curator.forge, curator.id))
    };
    context.base.curators.iter().filter(is_own).map(|curator| curator.name.clone()).collect()
}

/// Returns the accounts of the publishers whose packages the change touches.
fn owners(context: &ChangeContext<'_>) -> Vec<String> {
    let touched = context.touched();
    let owners = touched.keys().filter_map(|id| context.owner(id));
    let accounts: BTreeSet<String> = owners.flat_map(accounts).collect();
    accounts.into_iter().collect()
}

/// Returns the accounts of a publisher, as `@login`.
fn accounts(publisher: &Publisher) -> impl Iterator<Item = String> + '_ {
    publisher.wire.identities.iter().map(|identity| format!("@{}", identity.login))
}

fn release(context: &ChangeContext<'_>, examined: &Examined<'_>) -> ReleaseFact {
    let NewRelease { release, is_new_package, .. } = examined.new;
    let publisher = context.owner(release.id.as_str());
    ReleaseFact {
        release: release.name(),
        package: release.id.to_string(),
        publisher: release.publisher.to_string(),
        subject: release.digest.to_string(),
        is_new_package,
        is_by_owner: publisher.is_some_and(|publisher| context.is_identity_of(publisher)),
        owners: publisher.into_iter().flat_map(accounts).collect(),
        widens: widens(&examined.new),
        areas: areas(context.base, release.kind),
        has_artifact: release.artifact.is_some(),
        scan: scan(context, examined),
        reviews: reviews(context, release, publisher),
        conflicted: conflicted(context, release.id.as_str()),
    }
}

/// Returns the areas that a kind is reviewed in: the policy's, else the usual ones.
pub fn areas(base: &Registry, kind: Kind) -> Vec<String> {
    let usual: &[&str] = match kind {
        Kind::Template => &["architecture", "code", "documentation"],
        Kind::Agent | Kind::Solution | Kind::StarterPack => &["architecture"],
        Kind::Theme | Kind::IntegrationProvider => &[],
        _ => &["code"],
    };
    let mut areas: Vec<String> = match base.policy.reviews.get(&kind) {
        Some(required) => required.areas.clone(),
        None => usual.iter().map(|area| (*area).to_owned()).collect(),
    };
    if !areas.iter().any(|area| area == SECURITY) {
        areas.insert(0, SECURITY.to_owned());
    }
    areas
}

/// Returns what a release may do that the one before might not, in words.
fn widens(new: &NewRelease<'_>) -> Vec<String> {
    let Some(before) = new.before else { return Vec::new() };
    let release = new.release;
    let added = |what: &str, before: Vec<String>, after: Vec<String>| {
        let before: BTreeSet<String> = before.into_iter().collect();
        let more: BTreeSet<String> = after.into_iter().filter(|one| !before.contains(one)).collect();
        let names: Vec<String> = more.into_iter().map(|one| format!("`{one}`")).collect();
        (!names.is_empty()).then(|| format!("{what} {}", names.join(", ")))
    };
    let spaces = |release: &Release| release.namespaces.iter().map(ToString::to_string).collect();
    let agent = |release: &Release, tools: bool| -> Vec<String> {
        let agent = release.details.agent.as_ref();
        agent.map(|agent| if tools { agent.tools.clone() } else { agent.scopes.clone() }).unwrap_or_default()
    };
    [
        added("permission", before.permissions.clone(), release.permissions.clone()),
        added("namespace", spaces(before), spaces(release)),
        added("capability", before.capabilities.clone(), release.capabilities.clone()),
        added("agent tool", agent(before, true), agent(release, true)),
        added("agent scope", agent(before, false), agent(release, false)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn scan(context: &ChangeContext<'_>, examined: &Examined<'_>) -> Option<ScanFact> {
    let report = examined.scan.as_ref()?;
    let release = examined.new.release;
    let all: Vec<Waiver> = waivers(context.base);
    let held = in_force(&all, release.id.as_str(), &release.version, context.circumstances.now);
    let criticals: BTreeMap<String, u32> =
        criticals(report).into_iter().map(|(check, count)| (check.to_owned(), count)).collect();
    let by: BTreeMap<String, String> =
        held.iter().rev().map(|waiver| (waiver.id.clone(), waiver.by.clone())).collect();
    Some(ScanFact {
        counts: report.counts,
        criticals,
        threshold: threshold(context.base),
        score_before: examined.differential.as_ref().and_then(|differential| differential.score_before),
        waivers: by,
    })
}

/// Returns the reviews of the base by curators of the area who are no accounts of
/// the publisher. An approval is of exactly this release file; an objection holds
/// for the version until whoever made it approves.
fn reviews(context: &ChangeContext<'_>, release: &Release, publisher: Option<&Publisher>) -> Vec<ReviewFact> {
    let version = release.version.to_string();
    let pending = context.base.pending_reviews.iter();
    let pending = pending.filter(|(id, about, _)| *id == *release.id.as_str() && *about == version);
    let counts = |review: &&Review| {
        let curator = context.base.curators.iter().find(|curator| curator.name == review.curator);
        (review.subject == release.digest || review.wire.decision == ReviewDecision::RequestChanges)
            && curator.is_some_and(|curator| {
                may_decide(curator, &review.area, Some(release.id.as_str()))
                    && publisher.is_none_or(|publisher| !is_identity(publisher, &curator.forge, curator.id))
            })
    };
    let mut facts: Vec<ReviewFact> = pending
        .map(|(_, _, review)| review)
        .filter(counts)
        .map(|review| ReviewFact {
            area: review.area.clone(),
            curator: review.curator.clone(),
            decision: review.wire.decision,
            date: review.date,
            notes: review.wire.notes.clone(),
        })
        .collect();
    facts.sort_by(|a, b| (&a.area, &a.curator, a.date).cmp(&(&b.area, &b.curator, b.date)));
    facts
}
