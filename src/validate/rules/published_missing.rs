//! Rule `published-missing`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::{Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "published-missing",
    level: RuleLevel::Deny,
    summary: "A release has no date of publication.",
    docs: "\
Dates are data here: they are written in the release file and never taken from git, so that every build of
the same files gives the same result. `published` orders the feed and the list of new packages, says how
old a release is, and is the moment by which waivers and withdrawals of that time are judged.

```toml
published = 2026-02-17T00:00:00Z
```

Write the moment of the pull request, with an offset (`Z` is UTC) and without quotes. It need not be exact
to the minute. `shelfmark submit` writes it for you, and a review checks that it is neither in the
future nor long past.
",
    check: Check::Release(check),
};

fn check(_: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    if release.published.is_none() && !release.refused.contains(&"published") {
        out.push(
            Diagnostic::new(
                RULE.id,
                Arc::clone(&release.path),
                format!("`{}` has no date of publication", release.name()),
            )
            .help("add a date with an offset and without quotes, such as `published = 2026-02-17T00:00:00Z`"),
        );
    }
}
