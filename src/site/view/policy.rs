//! What the registry asks of a package, for people.

use super::super::Error;
use super::super::catalog::license_name;
use super::super::engine::{Page, Site};
use super::super::text;
use super::Address;
use super::permissions::meaning;
use crate::model::{Kind, PublisherLevel, RuleLevel};
use crate::schema;
use crate::validate::{level_of, rules};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

/// The threshold where `policy.toml` names none.
const DEFAULT_THRESHOLD: u8 = 70;

#[derive(Serialize)]
struct View<'a> {
    score: Score,
    publish: Vec<Publish>,
    reviews: Vec<Review<'a>>,
    levels: Vec<Level>,
    permissions: Vec<Permission<'a>>,
    licenses: Vec<License<'a>>,
    timers: Vec<Timer>,
    has_queue: bool,
}

#[derive(Serialize)]
struct Score {
    threshold: u8,
    critical: u8,
    high: u8,
    medium: u8,
    low: u8,
}

#[derive(Serialize)]
struct Publish {
    level: &'static str,
    level_name: &'static str,
    kinds: Vec<String>,
    phase: Option<String>,
}

#[derive(Serialize)]
struct Review<'a> {
    kind_name: &'static str,
    areas: &'a [String],
}

#[derive(Serialize)]
struct Level {
    rule: &'static str,
    title: &'static str,
    level: RuleLevel,
    default_level: RuleLevel,
}

#[derive(Serialize)]
struct Permission<'a> {
    prefix: &'a str,
    class: String,
    description: Option<&'static str>,
}

#[derive(Serialize)]
struct License<'a> {
    name: &'a str,
    href: Option<String>,
}

#[derive(Serialize)]
struct Timer {
    name: String,
    value: String,
}

/// Writes the page.
pub(super) fn write(site: &Site<'_>) -> Result<Vec<Address>, Error> {
    let page = Page {
        title: "Policy".into(),
        description: format!(
            "What {} asks of a package before it is admitted.",
            site.input.registry.settings.name
        ),
        path: "policy/".into(),
        section: "policy",
        ..Page::default()
    };
    let address = Address::new(&page.path);
    site.page("policy.html", page, context! { policy => Value::from(Serde(view(site))) })?;
    Ok(vec![address])
}

fn view<'a>(site: &'a Site<'_>) -> View<'a> {
    let policy = &site.input.registry.policy;
    View {
        has_queue: site.input.queue.is_some(),
        score: Score {
            threshold: policy.score.as_ref().map_or(DEFAULT_THRESHOLD, |score| score.threshold),
            critical: 25,
            high: 10,
            medium: 3,
            low: 1,
        },
        publish: policy.publish.as_ref().map(publish).unwrap_or_default(),
        reviews: policy
            .reviews
            .iter()
            .map(|(kind, review)| Review { kind_name: text::kind_names(*kind).0, areas: &review.areas })
            .collect(),
        levels: levels(site),
        permissions: policy
            .permissions
            .iter()
            .map(|(prefix, class)| Permission {
                prefix,
                class: text::capitalized(class),
                description: meaning(class),
            })
            .collect(),
        licenses: policy
            .licenses
            .iter()
            .flat_map(|licenses| &licenses.allow)
            .map(|name| license(site, name))
            .collect(),
        timers: policy.timers.iter().map(|(name, value)| timer(name, *value)).collect(),
    }
}

/// The phase in force first, then the others by name.
fn publish(publish: &schema::Publish) -> Vec<Publish> {
    let current = publish.phases.get_key_value(&publish.phase);
    let others = publish.phases.iter().filter(|(phase, _)| **phase != publish.phase);
    current
        .into_iter()
        .chain(others)
        .flat_map(|(phase, levels)| {
            let note = (*phase != publish.phase).then(|| format!("in the phase {phase}"));
            levels.iter().map(move |(level, kinds)| row(*level, kinds, note.clone()))
        })
        .collect()
}

fn row(level: PublisherLevel, kinds: &[String], phase: Option<String>) -> Publish {
    let name = |kind: &String| match (kind.as_str(), kind.parse::<Kind>()) {
        ("*", _) => "Every kind".to_owned(),
        (_, Ok(kind)) => text::kind_names(kind).0.to_owned(),
        (other, Err(_)) => other.to_owned(),
    };
    Publish {
        level: level.as_str(),
        level_name: text::level_names(level).0,
        kinds: kinds.iter().map(name).collect(),
        phase,
    }
}

fn levels(site: &Site<'_>) -> Vec<Level> {
    let changed = rules::ALL.iter().map(|rule| (rule, level_of(site.input.registry, rule.id)));
    changed
        .filter(|(rule, level)| *level != rule.level)
        .map(|(rule, level)| Level {
            rule: rule.id,
            title: rule.summary.trim_end_matches('.'),
            level,
            default_level: rule.level,
        })
        .collect()
}

fn license<'a>(site: &Site<'_>, name: &'a str) -> License<'a> {
    let path = license_name(name);
    let href = site.catalog.licenses.contains_key(&path).then(|| format!("browse/license/{path}/"));
    License { name, href }
}

/// `new-package-hours = 72` is `New package`, `72 hours`.
fn timer(name: &str, value: u64) -> Timer {
    let (name, unit) = match name.rsplit_once('-') {
        Some((name, unit @ ("seconds" | "minutes" | "hours" | "days"))) => (name, unit.trim_end_matches('s')),
        _ => (name, ""),
    };
    let plural = if value == 1 { "" } else { "s" };
    let value = if unit.is_empty() {
        text::thousands(value)
    } else {
        format!("{} {unit}{plural}", text::thousands(value))
    };
    Timer { name: text::title_of(name), value }
}
