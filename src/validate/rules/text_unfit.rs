//! Rule `text-unfit`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::{Listing, Release};
use crate::validate::{NAME, PROSE, line_fault, prose_fault};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "text-unfit",
    level: RuleLevel::Deny,
    summary: "Words that people will read are empty, too long, of several lines where one fits, or hold hidden characters.",
    docs: "\
Names, taglines and descriptions are shown in lists, in search results, in feeds and in terminals. \
They have one line and a length that fits. Control characters could move the cursor of somebody's \
terminal; bidirectional and zero-width ones make a text read differently from what it is.

```toml
name = \"\"                        # empty
tagline = \"first line\\nsecond\"   # two lines
```

Write one plain line: a name of at most 100 characters, a tagline of at most 200, a description of at \
most 1,000. What needs more room belongs in the README. The same goes for each tag, keyword, permission and \
capability, up to 200 characters, and for links.

Notes of reviews, reasons of withdrawals, amendments and waivers, and what ratings say may have several lines and \
4,000 characters. They hide nothing either: a decision rests on them.
",
    check: Check::Registry(check),
};

/// Most characters of a tag, a keyword, a permission or a capability.
const WORD: usize = 200;
/// Most characters of a link.
const LINK: usize = 2_000;

fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    let registry = context.registry;
    let settings = &registry.settings;
    if !registry.broken.contains("registry.toml") {
        let top: Arc<str> = "registry.toml".into();
        line(&top, "name", Some(&settings.name), NAME, out);
        line(&top, "description", settings.description.as_deref(), 1000, out);
    }
    for publisher in registry.publishers.values() {
        line(&publisher.path, "name", Some(&publisher.wire.name), NAME, out);
        line(&publisher.path, "description", publisher.wire.description.as_deref(), 1000, out);
    }
    for collection in registry.collections.values() {
        line(&collection.path, "name", Some(&collection.wire.name), NAME, out);
        line(&collection.path, "description", collection.wire.description.as_deref(), 1000, out);
    }
    for package in registry.packages.values() {
        if let Some(listing) = &package.listing {
            line(&listing.path, "name", Some(&listing.wire.name), NAME, out);
            line(&listing.path, "tagline", listing.wire.tagline.as_deref(), 200, out);
            each(&listing.path, "tags", &listing.wire.tags, out);
            links(listing, out);
        }
        for rating in &package.ratings {
            prose(&rating.path, "title", rating.wire.title.as_deref(), out);
            prose(&rating.path, "text", rating.wire.text.as_deref(), out);
        }
        package.releases.iter().for_each(|release| records(release, out));
    }
    for (_, _, review) in &registry.pending_reviews {
        prose(&review.path, "notes", review.wire.notes.as_deref(), out);
    }
    for waiver in &registry.waivers {
        prose(&waiver.path, "reason", Some(&waiver.wire.reason), out);
    }
}

/// Judges a release and what was said of it later.
fn records(release: &Release, out: &mut Vec<Diagnostic>) {
    line(&release.path, "description", release.description.as_deref(), 1000, out);
    each(&release.path, "keywords", &release.keywords, out);
    each(&release.path, "permissions", &release.permissions, out);
    each(&release.path, "capabilities", &release.capabilities, out);
    for review in &release.reviews {
        prose(&review.path, "notes", review.wire.notes.as_deref(), out);
    }
    for amendment in &release.amendments {
        prose(&amendment.path, "reason", amendment.reason.as_deref(), out);
    }
    if let Some(withdrawal) = &release.withdrawal {
        prose(&withdrawal.path, "reason", withdrawal.wire.reason.as_deref(), out);
    }
}

/// Judges a list of words.
fn each(path: &Arc<str>, key: &str, words: &[String], out: &mut Vec<Diagnostic>) {
    for (at, word) in words.iter().enumerate() {
        let Some(fault) = line_fault(word, WORD) else { continue };
        let message = format!("one of the {key} {fault}");
        out.push(Diagnostic::new(RULE.id, Arc::clone(path), message).value(&[key, &at.to_string()]));
    }
}

fn links(listing: &Listing, out: &mut Vec<Diagnostic>) {
    let Some(links) = &listing.wire.links else { return };
    for (key, link) in [
        ("homepage", &links.homepage),
        ("documentation", &links.documentation),
        ("support", &links.support),
        ("repository", &links.repository),
    ] {
        let Some(fault) = link.as_deref().and_then(|link| line_fault(link, LINK)) else { continue };
        let message = format!("the link `{key}` {fault}");
        out.push(Diagnostic::new(RULE.id, Arc::clone(&listing.path), message).value(&["links", key]));
    }
}

fn line(path: &Arc<str>, key: &str, text: Option<&str>, most: usize, out: &mut Vec<Diagnostic>) {
    tell(path, key, text.and_then(|text| line_fault(text, most)).map(|fault| format!("the {key} {fault}")), out);
}

fn prose(path: &Arc<str>, key: &str, text: Option<&str>, out: &mut Vec<Diagnostic>) {
    tell(path, key, text.and_then(|text| prose_fault(text, PROSE)).map(|fault| format!("the text of `{key}` {fault}")), out);
}

fn tell(path: &Arc<str>, key: &str, message: Option<String>, out: &mut Vec<Diagnostic>) {
    out.extend(message.map(|message| Diagnostic::new(RULE.id, Arc::clone(path), message).value(&[key])));
}
