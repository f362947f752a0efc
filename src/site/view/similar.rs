//! Packages that are alike, and what sets each apart: the block on a package's page and the
//! field of its twin, from one function, so that they agree.
//!
//! Which packages are alike is decided in [`crate::search::alike`]; here are the facts that
//! differ, in words, the most telling first.

use super::super::catalog::Item;
use super::super::engine::Site;
use super::super::text::{count, kind_names, pricing_name, shorten, thousands};
use super::shared::{PublisherRef, average, platform, tagline};
use crate::model::{PublisherLevel, Timestamp};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Most differences that are told of a package.
const MOST_DIFFERENCES: usize = 4;

/// Points by which scores must differ to be told.
const LEAST_SCORE: u8 = 5;

/// Tenths of a star by which ratings must differ to be told.
const LEAST_RATING: u32 = 3;

/// Seconds by which last releases must be apart to be told: half a year.
const LEAST_AGE: i64 = 182 * 86_400;

/// A package that is alike.
#[derive(Debug, Serialize)]
pub(in super::super) struct Similar<'a> {
    /// Its id.
    pub(in super::super) id: &'a str,
    /// Its display name.
    pub(in super::super) name: &'a str,
    /// Its tagline.
    tagline: Option<&'a str>,
    /// How alike, from 0 to 1.
    likeness: f64,
    /// The rarest words that both say of themselves.
    shared: &'a [String],
    /// What differs, the most telling first.
    pub(in super::super) differences: Vec<Difference>,
}

/// One fact that differs.
#[derive(Debug, Serialize)]
pub(in super::super) struct Difference {
    /// What the fact is about: `kind`, `pricing`, `license`, `platform`, `permissions`, `publisher`,
    /// `score`, `rating`, `dependents` or `updated`.
    about: &'static str,
    /// The fact in words, said of the other package; `this` is the package of the page.
    pub(in super::super) text: String,
    /// How much it tells; the most first.
    #[serde(skip)]
    telling: u32,
}

impl Difference {
    /// Makes a fact.
    fn new(about: &'static str, telling: u32, text: String) -> Self {
        Self { about, text, telling }
    }
}

/// Returns the packages that are alike, the most alike first.
pub(in super::super) fn similar<'a>(site: &'a Site<'_>, item: &Item<'_>) -> Vec<Similar<'a>> {
    let alike = site.input.alike.get(item.package.id.as_str());
    let position =
        |id: &str| site.catalog.items.binary_search_by(|item| item.package.id.as_str().cmp(id)).ok();
    alike
        .iter()
        .filter_map(|alike| Some((alike, site.catalog.item(position(&alike.id)?)?)))
        .map(|(alike, other)| Similar {
            id: other.package.id.as_str(),
            name: other.package.display_name(),
            tagline: tagline(other.package),
            likeness: f64::from(alike.percent) / 100.0,
            shared: &alike.shared,
            differences: differences(site, item, other),
        })
        .collect()
}

/// Returns what differs, the most telling first.
fn differences(site: &Site<'_>, this: &Item<'_>, other: &Item<'_>) -> Vec<Difference> {
    let dependents = |item: &Item<'_>| site.dependents(&item.package.id).len();
    let released = |item: &Item<'_>| item.package.last_published();
    let rated = |item: &Item<'_>| average(item.package).map(|(average, _)| average.average);
    let mut all: Vec<Difference> = [
        kind(this, other),
        pricing(this, other),
        license(this.newest.license_text.as_deref(), other.newest.license_text.as_deref()),
        host(site, this, other),
        permissions(&this.newest.permissions, &other.newest.permissions),
        publisher(&this.publisher, &other.publisher),
        score(this.score, other.score),
        rating(rated(this), rated(other)),
        use_of(dependents(this), dependents(other)),
        age(released(this), released(other)),
    ]
    .into_iter()
    .flatten()
    .collect();
    all.sort_by_key(|difference| Reverse(difference.telling));
    all.truncate(MOST_DIFFERENCES);
    all
}

/// What it is.
fn kind(this: &Item<'_>, other: &Item<'_>) -> Option<Difference> {
    let [this, other] = [this, other].map(|item| kind_names(item.package.kind()).0.to_lowercase());
    (this != other).then(|| Difference::new("kind", 100, format!("{other} rather than {this}")))
}

/// How it is paid for, where both say.
fn pricing(this: &Item<'_>, other: &Item<'_>) -> Option<Difference> {
    let [this, other] = [this, other].map(|item| item.package.pricing().map(pricing_name));
    let (this, other) = (this?.to_lowercase(), other?.to_lowercase());
    (this != other).then(|| Difference::new("pricing", 90, format!("{other} rather than {this}")))
}

/// The licence, or that there is none.
fn license(this: Option<&str>, other: Option<&str>) -> Option<Difference> {
    let of = |telling: u32, text: String| Some(Difference::new("license", telling, text));
    let short = |text: &str| shorten(text, 40);
    match (this, other) {
        (Some(this), Some(other)) if this != other => {
            of(70, format!("{} rather than {}", short(other), short(this)))
        }
        (Some(this), None) => of(75, format!("names no licence, this {}", short(this))),
        (None, Some(other)) => of(55, format!("{}, this names no licence", short(other))),
        _ => None,
    }
}

/// What is asked of the host, where both ask something.
fn host(site: &Site<'_>, this: &Item<'_>, other: &Item<'_>) -> Option<Difference> {
    let (this, other) = (platform(this.newest)?, platform(other.newest)?);
    let name = site.input.registry.settings.platform_name.as_deref().unwrap_or("platform");
    (this != other).then(|| Difference::new("platform", 45, format!("for {name} {other}, this for {this}")))
}

/// How many permissions it asks for more or fewer.
fn permissions(this: &[String], other: &[String]) -> Option<Difference> {
    let [this, other] = [this, other].map(|names| names.iter().collect::<BTreeSet<&String>>());
    let (more, fewer) = (other.difference(&this).count(), this.difference(&other).count());
    let text = match (more, fewer) {
        (0, 0) => return None,
        (0, fewer) if other.is_empty() => format!("asks for no permissions, this for {fewer}"),
        (more, 0) if this.is_empty() => format!("asks for {}, this for none", count(more, "permission")),
        (more, 0) => format!("asks for {} more", count(more, "permission")),
        (0, fewer) => format!("asks for {} fewer", count(fewer, "permission")),
        (more, fewer) => format!(
            "asks for {}, and does without {} of this one's",
            count(more, "other permission"),
            thousands(fewer as u64)
        ),
    };
    let number = u32::try_from(more + fewer).unwrap_or(u32::MAX);
    Some(Difference::new("permissions", 60 + number.min(20), text))
}

/// Who answers for it, and how well the registry knows them where that differs.
fn publisher(this: &PublisherRef, other: &PublisherRef) -> Option<Difference> {
    let rank =
        |level: &str| PublisherLevel::ALL.iter().position(|known| known.as_str() == level).unwrap_or(0);
    let name = shorten(&other.name, 40);
    let steps = u32::try_from(rank(this.level).abs_diff(rank(other.level))).unwrap_or(0);
    match steps {
        _ if this.id == other.id => None,
        0 => Some(Difference::new("publisher", 30, format!("by {name}"))),
        steps => {
            let text = format!("by {name} ({}, this {})", other.level, this.level);
            Some(Difference::new("publisher", 50 + 5 * steps, text))
        }
    }
}

/// The scan's score, where both were scanned.
fn score(this: Option<u8>, other: Option<u8>) -> Option<Difference> {
    let (this, other) = (this?, other?);
    let points = this.abs_diff(other);
    let text = || format!("scores {other} of 100, this {this}");
    (points >= LEAST_SCORE).then(|| Difference::new("score", 40 + u32::from(points / 2), text()))
}

/// Averages of ratings with one decimal.
fn rating(this: Option<String>, other: Option<String>) -> Option<Difference> {
    let tenths = |text: &str| text.replace('.', "").parse::<u32>().unwrap_or(0);
    let of = |telling: u32, text: String| Some(Difference::new("rating", telling, text));
    match (this, other) {
        (Some(this), Some(other)) => {
            let tenths = tenths(&this).abs_diff(tenths(&other));
            let text = format!("rated {other} of 5, this {this}");
            (tenths >= LEAST_RATING).then(|| Difference::new("rating", 40 + tenths, text))
        }
        (None, Some(other)) => of(35, format!("rated {other} of 5, this not yet")),
        (Some(this), None) => of(25, format!("not rated yet, this {this} of 5")),
        (None, None) => None,
    }
}

/// How many packages require it, where one is required at least twice as often.
fn use_of(this: usize, other: usize) -> Option<Difference> {
    let (fewer, more) = (this.min(other), this.max(other));
    if more == fewer || more < 2 * fewer {
        return None;
    }
    let packages = |number: usize| match number {
        0 => "no package".to_owned(),
        number => count(number, "package"),
    };
    let own = if this == 0 { "none".to_owned() } else { thousands(this as u64) };
    let times = (more as u64 + 1) / (fewer as u64 + 1);
    let telling = 35 + 8 * times.max(1).ilog2();
    Some(Difference::new("dependents", telling, format!("used by {}, this by {own}", packages(other))))
}

/// When each was last released, where years lie between.
fn age(this: Option<Timestamp>, other: Option<Timestamp>) -> Option<Difference> {
    let (this, other) = (this?, other?);
    let apart = (this.unix_seconds() - other.unix_seconds()).abs();
    let year = |moment: Timestamp| moment.day().chars().take(4).collect::<String>();
    let (own, its) = (year(this), year(other));
    let halves = u32::try_from(apart / LEAST_AGE).unwrap_or(u32::MAX);
    let text = format!("last released in {its}, this in {own}");
    (halves > 0 && own != its).then(|| Difference::new("updated", 30 + 8 * halves.min(6), text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(difference: Option<Difference>) -> String {
        difference.map(|difference| difference.text).unwrap_or_default()
    }

    #[test]
    fn permissions_are_counted_both_ways() {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
        let compared = |this: &[&str], other: &[&str]| said(permissions(&owned(this), &owned(other)));
        assert_eq!(compared(&["a", "b"], &["b", "a"]), "");
        assert_eq!(compared(&["a", "b", "c", "d"], &["a"]), "asks for 3 permissions fewer");
        assert_eq!(compared(&["a"], &["a", "b"]), "asks for 1 permission more");
        assert_eq!(compared(&["a", "b"], &[]), "asks for no permissions, this for 2");
        assert_eq!(compared(&[], &["a"]), "asks for 1 permission, this for none");
        assert_eq!(
            compared(&["a", "b"], &["b", "c", "d"]),
            "asks for 2 other permissions, and does without 1 of this one's"
        );
    }

    #[test]
    fn licences_and_publishers_are_named_where_they_differ() {
        assert_eq!(said(license(Some("Apache-2.0"), Some("MIT"))), "MIT rather than Apache-2.0");
        assert_eq!(said(license(Some("MIT"), None)), "names no licence, this MIT");
        assert_eq!(said(license(None, Some("MIT"))), "MIT, this names no licence");
        assert_eq!(said(license(Some("MIT"), Some("MIT"))), "");
        let acme = PublisherRef::new("com.acme", "Acme", PublisherLevel::Verified);
        let hot = PublisherRef::new("com.hot", "Hot", PublisherLevel::Partner);
        assert_eq!(said(publisher(&acme, &hot)), "by Hot (partner, this verified)");
        assert_eq!(said(publisher(&acme, &acme)), "");
    }

    #[test]
    fn numbers_are_told_where_they_are_far_apart() {
        assert_eq!(said(use_of(2, 12)), "used by 12 packages, this by 2");
        assert_eq!(said(use_of(0, 1)), "used by 1 package, this by none");
        assert_eq!(said(use_of(1_200, 0)), "used by no package, this by 1,200");
        assert_eq!(said(use_of(10, 12)), "");
        assert_eq!(said(score(Some(70), Some(95))), "scores 95 of 100, this 70");
        assert_eq!(said(score(Some(97), Some(95))), "");
        assert_eq!(said(rating(Some("3.9".into()), Some("4.6".into()))), "rated 4.6 of 5, this 3.9");
        assert_eq!(said(rating(Some("4.5".into()), Some("4.6".into()))), "");
    }

    #[test]
    fn years_are_told_where_half_a_year_lies_between() {
        let moment = |text: &str| Some(Timestamp::parse(text).unwrap());
        let [old, near, new] =
            ["2024-03-01T00:00:00Z", "2025-12-30T00:00:00Z", "2026-01-02T00:00:00Z"].map(moment);
        assert_eq!(said(age(new, old)), "last released in 2024, this in 2026");
        assert_eq!(said(age(new, near)), "");
        assert_eq!(said(age(new, None)), "");
    }
}
