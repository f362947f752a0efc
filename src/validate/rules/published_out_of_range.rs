//! Rule `published-out-of-range`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::{Diagnostic, Fix};
use crate::model::{RuleLevel, Timestamp};
use crate::validate::withdrawn;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "published-out-of-range",
    level: RuleLevel::Deny,
    summary: "The date of a release lies in the future or long before its pull request; or that of a withdrawal in the future.",
    docs: "\
`published` orders what is new: the list on the first page, the feed, the search by date, and the moment from
which a build takes its time. A date in the future keeps a release on top for as long as it lies ahead, and
lets waivers and advisories look older than they are. A date far in the past hides a new release among old
ones, where nobody looks.

```toml
published = 2026-03-01T09:30:00Z        # the day of the pull request, about
```

Write the moment at which you open the pull request. It may lie up to 24 hours after now, for clocks and
zones, and up to 30 days before the pull request was opened; how long the review takes does not matter.
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
    withdrawals(context, out);
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

/// Asks the same of withdrawals: their date is when people were told.
fn withdrawals(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    let now = context.circumstances.now;
    for (_, release, withdrawal) in withdrawn::changed(context) {
        let date = withdrawal.date;
        if date.unix_seconds() <= now.unix_seconds().saturating_add(AHEAD) {
            continue;
        }
        let message =
            format!("`{}` is withdrawn at `{date}`, more than 24 hours after `{now}`", release.name());
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&withdrawal.path), message)
                .value(&["date"])
                .help(format!("write `date = {now}`"))
                .fix(Fix::Replace(now.to_string())),
        );
    }
}

fn problem(published: Timestamp, now: Timestamp, opened: Timestamp) -> Option<String> {
    let at = published.unix_seconds();
    if at > now.unix_seconds().saturating_add(AHEAD) {
        return Some(format!("at `{published}`, more than 24 hours after `{now}`"));
    }
    let is_old = at < opened.unix_seconds().saturating_sub(BEHIND);
    is_old.then(|| format!("at `{published}`, more than 30 days before `{opened}`, when it was proposed"))
}
