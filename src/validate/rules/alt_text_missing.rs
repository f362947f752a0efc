//! Rule `alt-text-missing`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::Package;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "alt-text-missing",
    level: RuleLevel::Warn,
    summary: "A screenshot has no text for those who cannot see it.",
    docs: "\
People who use a screen reader, whose connection drops the image, or who search by words get the text of
`alt` instead of the picture. Without it a screenshot is a gap. Agents that choose packages read the same
text.

```toml
[[screenshot]]
file = \"media/pipeline.svg\"
alt = \"Bar chart of open value per stage above a list of deals\"
```

Say what the picture shows, as you would on the telephone: what is on the screen and what it tells. One
sentence is enough. \"Screenshot\" says nothing, and the package's name stands beside the picture already.
",
    check: Check::Package(check),
};

fn check(_: &Context<'_>, package: &Package, out: &mut Vec<Diagnostic>) {
    let Some(listing) = &package.listing else { return };
    for (at, screenshot) in listing.wire.screenshots.iter().enumerate() {
        if screenshot.alt.as_ref().is_some_and(|text| !text.trim().is_empty()) {
            continue;
        }
        let message = format!("the screenshot `{}` has no text for those who cannot see it", screenshot.file);
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&listing.path), message)
                .value(&["screenshot", &at.to_string(), "file"])
                .help("add `alt = \"…\"`: one sentence on what the picture shows"),
        );
    }
}
