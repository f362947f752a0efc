//! What a package says of itself, and whom it is never alike to.

use super::{Likenesses, Subject};
use crate::model::Status;
use crate::search::document::cut;
use crate::validate::registry::{Dependency, Package, Release};

/// Most bytes of a description that are compared.
const MOST_DESCRIPTION: usize = 2_000;

/// Worth of a word in the name, a keyword or a tag.
const NAME: f32 = 1.5;

/// Worth of a word in the tagline.
const TAGLINE: f32 = 1.0;

/// Worth of a word in the description, which has many.
const DESCRIPTION: f32 = 0.75;

impl Likenesses {
    /// Compares the listed ones of these packages.
    pub fn of(packages: &[&Package]) -> Self {
        Self::among(
            packages.iter().filter(|package| package.is_listed()).map(|package| subject(package)).collect(),
        )
    }
}

/// Returns what is compared of a package.
fn subject(package: &Package) -> Subject<'_> {
    let newest = package.newest();
    let listing = package.listing.as_ref().map(|listing| &listing.wire);
    let withdrawal = newest.withdrawal.as_ref().map(|withdrawal| &withdrawal.wire);
    let replacements = [
        listing.and_then(|listing| listing.replacement.as_deref()),
        withdrawal.and_then(|withdrawal| withdrawal.replacement.as_deref()),
    ];
    Subject {
        id: package.id.as_str(),
        kind: newest.kind.as_str(),
        category: listing.and_then(|listing| listing.category.as_deref()),
        texts: texts(package, newest),
        is_demoted: package.status() != Status::Active || withdrawal.is_some(),
        related: required(newest).chain(replacements.into_iter().flatten().map(id_of)).collect(),
    }
}

/// Returns name, keywords, tags, tagline and description with their worth.
fn texts<'a>(package: &'a Package, newest: &'a Release) -> Vec<(f32, &'a str)> {
    let listing = package.listing.as_ref().map(|listing| &listing.wire);
    let tags = listing.into_iter().flat_map(|listing| &listing.tags);
    let mut texts = vec![(NAME, package.display_name())];
    texts.extend(newest.keywords.iter().chain(tags).map(|word| (NAME, word.as_str())));
    texts.extend(listing.and_then(|listing| listing.tagline.as_deref()).map(|line| (TAGLINE, line)));
    texts.extend(newest.description.as_deref().map(|text| (DESCRIPTION, cut(text, MOST_DESCRIPTION))));
    texts
}

/// Ids of what a release needs: dependencies, modules and members.
fn required(release: &Release) -> impl Iterator<Item = &str> {
    let modules = release.details.starter_pack.iter().flat_map(|pack| &pack.modules);
    let members = release.details.solution.iter().flatten();
    let all = release.dependencies.iter().chain(modules).chain(members);
    all.map(|dependency: &Dependency| dependency.id.as_str())
}

/// A replacement is a package, or a release of one as `id@version`.
fn id_of(replacement: &str) -> &str {
    replacement.split('@').next().unwrap_or(replacement)
}
