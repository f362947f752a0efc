//! Rule `license-file-missing`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::inside;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "license-file-missing",
    level: RuleLevel::Warn,
    summary: "A package does not hold the text of its licence.",
    docs: "\
The expression in the release file says which licence it is; the text is what grants it. Nearly every licence
asks that its text travels with the copies, with the name of whoever holds the rights. A package without it
passes that duty on to everyone who installs it, and a legal department that looks into the archive finds
nothing to approve.

```
sources/com.hotcrm.finance/1.4.0/
├── LICENSE          # or LICENSE.md, LICENSE-MIT, LICENCE, COPYING
└── shelfmark.toml
```

Put the full text beside the manifest, with the year and the holder. A package under a choice of licences has
one file for each. Files in other folders are not looked for, since people and programs look at the top.
",
    check: Check::Change(check),
};

/// What the name of such a file begins with, before a dot or a hyphen.
const NAMES: [&str; 4] = ["license", "licence", "copying", "unlicense"];

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for new in context.new_releases() {
        let Some(contents) = &new.release.contents else { continue };
        if contents.files.is_empty() || contents.files.keys().any(|path| is_license(path)) {
            continue;
        }
        let license = new.release.license_text.as_deref().unwrap_or("its licence");
        let message = format!("`{}` does not hold the text of `{license}`", new.release.name());
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&new.release.path), message)
                .value(&["license"])
                .help(format!("add the full text as {}", inside::place(new.release, "LICENSE"))),
        );
    }
}

/// Returns whether a path stands at the top and is named as a licence is.
fn is_license(path: &str) -> bool {
    let stem = path.split(['.', '-']).next().unwrap_or_default();
    !path.contains('/') && NAMES.iter().any(|name| stem.eq_ignore_ascii_case(name))
}
