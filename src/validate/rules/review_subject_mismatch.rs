//! Rule `review-subject-mismatch`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
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

Look at what has changed and record the review anew, with the digest that the message shows. Until then the
release counts as not reviewed in that area.
",
    check: Check::Release(check),
};

fn check(_: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    for review in release.reviews.iter().filter(|review| review.subject != release.digest) {
        let message = format!(
            "the {} review by {} is about other contents than `{}` has",
            review.area,
            review.curator,
            release.name()
        );
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&review.path), message)
                .value(&["subject"])
                .label("does not count")
                .help(format!("after another look, write `subject = \"{}\"`", release.digest)),
        );
    }
}
