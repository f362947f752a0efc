//! Rule `published-out-of-range`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::{Diagnostic, Fix};
use crate::model::{RuleLevel, Timestamp};
use crate::validate::Registry;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "published-out-of-range",
    level: RuleLevel::Deny,
    summary: "The date of a release lies in the future or long before its pull request; or that of a withdrawal, an amendment, a review or a rating in the future.",
    docs: "\
`published` orders what is new: the list on the first page, the feed, the search by date, and the moment from
which a build takes its time. A date in the future keeps a release on top for as long as it lies ahead, and
lets waivers and advisories look older than they are. A date far in the past hides a new release among old
ones, where nobody looks.

```toml
published = 2026-03-01T09:30:00Z        # the day of the pull request, about
```

Write the moment at which you open the pull request. It may lie up to 24 hours after now, for clocks and
zones, and up to 30 days before the pull request was opened; how long the review takes does not matter. The `date` of
a withdrawal, an amendment, a review or a rating may not lie ahead either: a build would take its time from it.
`--fix` writes the moment of the verdict.
",
    check: Check::Change(check),
};

const HOUR: i64 = 3_600;
/// How far after now a date may lie.
const AHEAD: i64 = 24 * HOUR;
/// How far before the pull request a date may lie.
const BEHIND: i64 = 30 * 24 * HOUR;

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    let now = context.circumstances.now;
    let opened = context.circumstances.opened.unwrap_or(now);
    records(context, out);
    for new in context.new_releases() {
        let Some(published) = new.release.published else { continue };
        let Some(problem) = problem(published, now, opened) else { continue };
        let message = format!("`{}` is published {problem}", new.release.name());
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&new.release.path), message)
                .value(&["published"])
                .help(format!("write `published = {now}`"))
                .fix(Fix::Replace(now.to_string())),
        );
    }
}

/// Asks of other dates that they are not ahead: they move the time of a build as well.
fn records(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    let now = context.circumstances.now;
    let ahead = |date: Timestamp| date.unix_seconds() > now.unix_seconds().saturating_add(AHEAD);
    let dates = dates(context.merged);
    for (path, date, what) in dates.into_iter().filter(|(path, date, _)| {
        ahead(*date) && context.changes.change(path).is_some()
    }) {
        let message = format!("{what} at `{date}`, more than 24 hours after `{now}`");
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(path), message)
                .value(&["date"])
                .help(format!("write `date = {now}`"))
                .fix(Fix::Replace(now.to_string())),
        );
    }
}

/// Returns every date of what is said of packages after their release, each with its file and what happens then.
fn dates(registry: &Registry) -> Vec<(&Arc<str>, Timestamp, String)> {
    let mut dates = Vec::new();
    for package in registry.packages.values() {
        for rating in &package.ratings {
            dates.push((&rating.path, rating.date, format!("`{}` is rated", package.id)));
        }
        for release in &package.releases {
            let name = release.name();
            if let Some(withdrawal) = &release.withdrawal {
                dates.push((&withdrawal.path, withdrawal.date, format!("`{name}` is withdrawn")));
            }
            for amendment in &release.amendments {
                dates.push((&amendment.path, amendment.date, format!("`{name}` is amended")));
            }
            for review in &release.reviews {
                dates.push((&review.path, review.date, format!("`{name}` is reviewed")));
            }
        }
    }
    for (id, version, review) in &registry.pending_reviews {
        dates.push((&review.path, review.date, format!("`{id}@{version}` is reviewed")));
    }
    dates
}

fn problem(published: Timestamp, now: Timestamp, opened: Timestamp) -> Option<String> {
    let at = published.unix_seconds();
    if at > now.unix_seconds().saturating_add(AHEAD) {
        return Some(format!("at `{published}`, more than 24 hours after `{now}`"));
    }
    let is_old = at < opened.unix_seconds().saturating_sub(BEHIND);
    is_old.then(|| format!("at `{published}`, more than 30 days before `{opened}`, when it was proposed"))
}
