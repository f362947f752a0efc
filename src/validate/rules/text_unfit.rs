//! Rule `text-unfit`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::render::neutralize;
use crate::model::RuleLevel;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "text-unfit",
    level: RuleLevel::Deny,
    summary: "A name or sentence that people will read is empty, too long, of several lines, or holds hidden characters.",
    docs: "\
Names, taglines and descriptions are shown in lists, in search results, in feeds and in terminals. \
They have one line and a length that fits. Control characters could move the cursor of somebody's \
terminal; bidirectional and zero-width ones make a text read differently from what it is.

```toml
name = \"\"                        # empty
tagline = \"first line\\nsecond\"   # two lines
```

Write one plain line: a name of at most 100 characters, a tagline of at most 200, a description of at \
most 1,000. What needs more room belongs in the README.
",
    check: Check::Registry(check),
};

fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let registry = context.registry;
    let settings = &registry.settings;
    if !registry.broken.contains("registry.toml") {
        let top: Arc<str> = "registry.toml".into();
        judge(&top, "name", Some(&settings.name), 100, out);
        judge(&top, "description", settings.description.as_deref(), 1000, out);
    }
    for publisher in registry.publishers.values() {
        judge(&publisher.path, "name", Some(&publisher.wire.name), 100, out);
        judge(&publisher.path, "description", publisher.wire.description.as_deref(), 1000, out);
    }
    for collection in registry.collections.values() {
        judge(&collection.path, "name", Some(&collection.wire.name), 100, out);
        judge(&collection.path, "description", collection.wire.description.as_deref(), 1000, out);
    }
    for package in registry.packages.values() {
        if let Some(listing) = &package.listing {
            judge(&listing.path, "name", Some(&listing.wire.name), 100, out);
            judge(&listing.path, "tagline", listing.wire.tagline.as_deref(), 200, out);
        }
        for release in &package.releases {
            judge(&release.path, "description", release.description.as_deref(), 1000, out);
        }
    }
}

fn judge(path: &Arc<str>, key: &str, text: Option<&str>, most: usize, out: &mut Vec<Diagnostic>) {
    let Some(text) = text else { return };
    let count = text.chars().count();
    let fault = if text.trim().is_empty() {
        "is empty".to_owned()
    } else if count > most {
        format!("has {count} characters, at most {most} fit")
    } else if text.contains(['\n', '\r', '\t']) {
        "has several lines or a tab".to_owned()
    } else if neutralize(text) != text {
        "holds a control, bidirectional or zero-width character".to_owned()
    } else {
        return;
    };
    out.push(Diagnostic::new(RULE.id, Arc::clone(path), format!("the {key} {fault}")).value(&[key]));
}
