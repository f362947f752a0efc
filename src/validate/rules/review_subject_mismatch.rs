//! Rule `review-subject-mismatch`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{ReviewDecision, RuleLevel};
use crate::validate::registry::{Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "review-subject-mismatch",
    level: RuleLevel::Warn,
    summary: "A review is about other contents than those of the release file.",
    docs: "\
A curator approves exact bytes. A review names them by the SHA-256 of the release file, which in turn names
the artifact's, so an approval cannot be carried over to something nobody looked at. If the two differ, the
release file was edited after the review, or the review was copied from another version. It does not count.

```toml
# reviews/1.0.0/security.ada.toml
subject = \"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae\"
```

Only the curator can mend it: they look at what has changed and record the review anew with the command that the
message shows. Until then the release counts as not reviewed in that area, and an objection holds. If it is the
release file that should not have changed, put it back.
",
    check: Check::Release(check),
};

fn check(_: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    for review in release.reviews.iter().filter(|review| review.subject != release.digest) {
        let message = format!(
            "the {} review by {} is about another release file than `{}` has now",
            review.area,
            review.curator,
            release.name()
        );
        let label = match review.wire.decision {
            ReviewDecision::Approve => "the approval does not count",
            ReviewDecision::RequestChanges => "of an earlier file; the objection holds",
        };
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&review.path), message)
                .value(&["subject"])
                .label(label)
                .note(format!("the release file has the SHA-256 {}", release.digest))
                .help(format!(
                    "{curator} looks again and runs `shelfmark approve {name} --area {area} --as {curator}`, or `request-changes`; \
                     or put the release file back as it was when {curator} looked",
                    curator = review.curator,
                    name = release.name(),
                    area = review.area,
                )),
        );
    }
}
