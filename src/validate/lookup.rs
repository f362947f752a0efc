//! Questions that several rules ask about other packages: does it exist, does
//! anything satisfy this requirement, which release would be chosen.

use super::registry::{Amendment, Dependency, Package, Registry, Release};
use crate::diagnostic::nearest;
use crate::model::Version;
use std::collections::HashMap;

/// Versions named in a message at most.
const NAMED_VERSIONS: usize = 5;

/// What the registry has for a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Supply {
    /// A release that matches and is not yanked.
    Usable,
    /// Matching releases, all of them yanked.
    OnlyYanked,
    /// Releases, none of which matches.
    NoMatch,
    /// No package of that id.
    Unknown,
    /// A package with a file that did not parse: nothing can be said.
    Unreadable,
}

/// Returns what the registry has under the id, for versions that `admits` accepts.
pub(super) fn supply(registry: &Registry, id: &str, admits: impl Fn(&Version) -> bool) -> Supply {
    if registry.broken.contains(id) {
        return Supply::Unreadable;
    }
    let Some(package) = registry.packages.get(id) else { return Supply::Unknown };
    let mut has_yanked = false;
    for release in package.releases.iter().rev().filter(|release| admits(&release.version)) {
        if !release.is_yanked() {
            return Supply::Usable;
        }
        has_yanked = true;
    }
    if has_yanked { Supply::OnlyYanked } else { Supply::NoMatch }
}

/// Calls `visit` with every dependency of every release of the package that
/// the registry supplies in the way asked for.
pub(super) fn each_dependency<'a>(
    registry: &Registry,
    package: &'a Package,
    wanted: Supply,
    mut visit: impl FnMut(&'a Release, &'a Dependency),
) {
    let mut known: HashMap<(&str, &str), Supply> = HashMap::new();
    for release in &package.releases {
        for dependency in release.dependencies.iter().filter(|dependency| dependency.id != package.id) {
            let id = dependency.id.as_str();
            let found = if release.amendments.is_empty() {
                let key = (id, dependency.requirement.as_str());
                *known.entry(key).or_insert_with(|| {
                    supply(registry, id, |version| dependency.requirement.matches(version))
                })
            } else {
                supply(registry, id, |version| release.admits(dependency, version))
            };
            if found == wanted {
                visit(release, dependency);
            }
        }
    }
}

/// Returns the newest release that the dependency admits: one that is not
/// yanked if there is one.
pub(super) fn chosen<'a>(
    registry: &'a Registry,
    release: &Release,
    dependency: &Dependency,
) -> Option<&'a Release> {
    let package = registry.packages.get(&dependency.id)?;
    let mut matching =
        package.releases.iter().rev().filter(|other| release.admits(dependency, &other.version));
    let newest = matching.next()?;
    if !newest.is_yanked() {
        return Some(newest);
    }
    matching.find(|other| !other.is_yanked()).or(Some(newest))
}

/// Returns the words for the versions of a package: the newest few.
pub(super) fn versions(registry: &Registry, id: &str) -> String {
    let all = registry.packages.get(id).map_or(&[][..], |package| &package.releases);
    list_versions(all.iter().rev().map(|release| &release.version), all.len())
}

/// Writes the first few of `count` versions.
pub(super) fn list_versions<'a>(versions: impl Iterator<Item = &'a Version>, count: usize) -> String {
    let named: Vec<String> = versions.take(NAMED_VERSIONS).map(|version| format!("`{version}`")).collect();
    let more = if count > named.len() { format!(" and {} more", count - named.len()) } else { String::new() };
    format!("{}{more}", named.join(", "))
}

/// Returns the amended requirement in words: what the release says, then its amendments.
pub(super) fn effective(release: &Release, dependency: &Dependency) -> String {
    let amended = release.amendments.iter().flat_map(|amendment| &amendment.dependencies);
    amended
        .filter(|narrower| narrower.id == dependency.id)
        .fold(format!("`{}`", dependency.requirement), |text, narrower| {
            format!("{text}, amended to `{}`", narrower.requirement)
        })
}

/// Returns the last amendment of the release that narrows the dependency.
pub(super) fn narrowed_by<'a>(release: &'a Release, id: &str) -> Option<&'a Amendment> {
    release
        .amendments
        .iter()
        .rev()
        .find(|amendment| amendment.dependencies.iter().any(|narrower| narrower.id == *id))
}

/// Returns the existing id that was probably meant: the same but for hyphens,
/// or near it with the same last label or the same first two.
pub(super) fn similar<'a>(registry: &'a Registry, id: &str) -> Option<&'a str> {
    let fold = |id: &str| -> String { id.chars().filter(|c| *c != '-').collect() };
    let wanted = fold(id);
    let known = || registry.packages.keys().map(crate::model::PackageId::as_str);
    if let Some(same) = known().find(|other| other.len().abs_diff(id.len()) <= 8 && fold(other) == wanted) {
        return Some(same);
    }
    let last = id.rsplit('.').next().unwrap_or_default();
    let shard = id.match_indices('.').nth(1).map_or(id, |(at, _)| &id[..=at]);
    nearest(id, known().filter(|other| other.starts_with(shard) || other.rsplit('.').next() == Some(last)))
}

/// Suggestions for unknown ids: only the first few, since each looks at every id.
pub(super) struct Suggestions<'a> {
    registry: &'a Registry,
    left: usize,
}

impl<'a> Suggestions<'a> {
    pub(super) fn new(registry: &'a Registry) -> Self {
        Self { registry, left: 20 }
    }

    /// Returns the line of help for an unknown id.
    pub(super) fn help(&mut self, id: &str) -> String {
        let close = if self.left == 0 { None } else { similar(self.registry, id) };
        self.left = self.left.saturating_sub(1);
        match close {
            Some(close) => format!("did you mean `{close}`?"),
            None => format!(
                "`shelfmark search {}` lists packages of a similar name",
                id.rsplit('.').next().unwrap_or(id)
            ),
        }
    }
}
