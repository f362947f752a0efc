//! The page of each check of the scan, beside the pages of the rules.

use super::super::Error;
use super::super::engine::{Page, Site};
use super::super::markdown;
use super::super::text;
use super::Address;
use crate::scan::checks::{self, Check};
use minijinja::Value;
use serde::Serialize;

/// A check in the list of all.
#[derive(Serialize)]
pub(super) struct Entry {
    id: &'static str,
    title: &'static str,
}

#[derive(Serialize)]
struct One {
    check: View,
    previous: Option<Entry>,
    next: Option<Entry>,
}

#[derive(Serialize)]
struct View {
    id: &'static str,
    title: &'static str,
    html: Value,
    patterns: usize,
    rule_set: &'static str,
}

/// Returns every check for the list.
pub(super) fn entries() -> Vec<Entry> {
    checks::ALL.iter().map(|check| entry(check)).collect()
}

fn entry(check: &Check) -> Entry {
    Entry { id: check.id, title: check.summary.trim_end_matches('.') }
}

/// Writes the page of every check.
pub(super) fn write(site: &Site<'_>) -> Result<Vec<Address>, Error> {
    let mut addresses = Vec::new();
    for (at, check) in checks::ALL.iter().enumerate() {
        let neighbour = |at: Option<usize>| at.and_then(|at| checks::ALL.get(at)).map(|check| entry(check));
        let page = Page {
            title: check.summary.trim_end_matches('.').into(),
            description: text::shorten(check.summary, 160),
            path: format!("rules/{}/", check.id),
            section: "rules",
            ..Page::default()
        };
        addresses.push(Address::new(&page.path));
        let view = View {
            id: check.id,
            title: check.summary.trim_end_matches('.'),
            html: Value::from_safe_string(markdown::docs(check.docs).html),
            patterns: crate::scan::RuleSet::embedded().of(check.id).len(),
            rule_set: crate::scan::rule_set(),
        };
        let body = One { check: view, previous: neighbour(at.checked_sub(1)), next: neighbour(Some(at + 1)) };
        site.page("check.html", page, body)?;
    }
    Ok(addresses)
}
