//! The index of rules and the page of each.

use super::super::Error;
use super::super::engine::{Page, Site};
use super::super::markdown;
use super::super::text;
use super::Address;
use crate::model::RuleLevel;
use crate::validate::level_of;
use crate::validate::rules::{self, Rule};
use minijinja::Value;
use serde::Serialize;

/// Groups in the order a submission meets them: id, name, and the first words
/// of the rules in it. What no group names is in the last.
const GROUPS: [(&str, &str, &[&str]); 10] = [
    (
        "files",
        "Files",
        &["file", "path", "toml", "json", "key", "value", "format", "registry", "schema", "symlink", "tree"],
    ),
    (
        "change",
        "The change",
        &["change", "pull", "merge", "release", "record", "mixed", "publishers", "authority", "actor"],
    ),
    ("names", "Names", &["id", "prefix", "namespace", "name", "near", "reserved", "kind"]),
    ("versions", "Versions", &["version", "bump", "prerelease", "published", "platform"]),
    (
        "dependencies",
        "Dependencies",
        &[
            "dependency",
            "dependencies",
            "dependents",
            "closure",
            "requirement",
            "resolution",
            "solution",
            "starter",
            "agent",
            "template",
            "reference",
        ],
    ),
    (
        "artifact",
        "Artifact",
        &["artifact", "digest", "manifest", "source", "archive", "predecessor", "permission"],
    ),
    ("license", "Licence", &["license"]),
    (
        "ownership",
        "Ownership and evidence",
        &[
            "publisher",
            "publish",
            "level",
            "curator",
            "policy",
            "review",
            "waiver",
            "evidence",
            "signature",
            "rating",
            "audience",
            "provenance",
            "identity",
        ],
    ),
    (
        "lifecycle",
        "Lifecycle",
        &[
            "withdrawal",
            "withdrawn",
            "newest",
            "archived",
            "suspension",
            "amendment",
            "status",
            "replacement",
            "advisory",
        ],
    ),
    ("content", "Content", &[]),
];

#[derive(Serialize)]
struct Index {
    total: usize,
    groups: Vec<Group>,
    checks: Vec<super::checks::Entry>,
}

#[derive(Serialize)]
struct Group {
    id: &'static str,
    name: &'static str,
    rules: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    id: &'static str,
    title: &'static str,
    level: RuleLevel,
}

#[derive(Serialize)]
struct One {
    rule: View,
    previous: Option<Neighbour>,
    next: Option<Neighbour>,
}

#[derive(Serialize)]
struct Neighbour {
    id: &'static str,
    title: &'static str,
}

#[derive(Serialize)]
struct View {
    id: &'static str,
    title: &'static str,
    level: RuleLevel,
    default_level: RuleLevel,
    group_name: &'static str,
    html: Value,
    fixable: bool,
    waived_by: Option<&'static str>,
}

/// Writes the index and every page.
pub(super) fn write(site: &Site<'_>) -> Result<Vec<Address>, Error> {
    let mut addresses = vec![Address::new("rules/")];
    let groups = GROUPS
        .into_iter()
        .map(|(id, name, _)| Group {
            id,
            name,
            rules: rules::ALL
                .iter()
                .filter(|rule| group_of(rule.id).0 == id)
                .map(|rule| entry(site, rule))
                .collect(),
        })
        .filter(|group| !group.rules.is_empty())
        .collect();
    let page = Page {
        title: "Rules".into(),
        description: format!(
            "The {} that {} judges a submission by.",
            text::count(rules::ALL.len(), "rule"),
            site.input.registry.settings.name
        ),
        path: "rules/".into(),
        section: "rules",
        ..Page::default()
    };
    site.page(
        "rules.html",
        page,
        Index { total: rules::ALL.len(), groups, checks: super::checks::entries() },
    )?;
    for (at, rule) in rules::ALL.iter().enumerate() {
        let neighbour = |at: Option<usize>| {
            at.and_then(|at| rules::ALL.get(at)).map(|rule| Neighbour { id: rule.id, title: title(rule) })
        };
        let page = Page {
            title: title(rule).into(),
            description: text::shorten(rule.summary, 160),
            path: format!("rules/{}/", rule.id),
            section: "rules",
            ..Page::default()
        };
        addresses.push(Address::new(&page.path));
        let body = One {
            rule: view(site, rule),
            previous: neighbour(at.checked_sub(1)),
            next: neighbour(Some(at + 1)),
        };
        site.page("rule.html", page, body)?;
    }
    addresses.extend(super::checks::write(site)?);
    Ok(addresses)
}

fn entry(site: &Site<'_>, rule: &Rule) -> Entry {
    Entry { id: rule.id, title: title(rule), level: level_of(site.input.registry, rule.id) }
}

fn title(rule: &Rule) -> &'static str {
    rule.summary.trim_end_matches('.')
}

fn view(site: &Site<'_>, rule: &Rule) -> View {
    let level = level_of(site.input.registry, rule.id);
    let waived_by = match level {
        RuleLevel::Forbid => None,
        RuleLevel::Review | RuleLevel::Deny => Some("a curator"),
        RuleLevel::Allow | RuleLevel::Note | RuleLevel::Warn => Some("nobody needs to"),
    };
    View {
        id: rule.id,
        title: title(rule),
        level,
        default_level: rule.level,
        group_name: group_of(rule.id).1,
        html: Value::from_safe_string(markdown::docs(rule.docs).html),
        fixable: rule.has_fix(),
        waived_by,
    }
}

fn group_of(id: &str) -> (&'static str, &'static str) {
    let first = id.split('-').next().unwrap_or_default();
    let group = GROUPS.iter().find(|(_, _, words)| words.contains(&first));
    group.or(GROUPS.last()).map_or(("content", "Content"), |(id, name, _)| (id, name))
}
