//! Rule `image-too-large`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::{Diagnostic, shell_word};
use crate::model::RuleLevel;
use crate::source::Side;
use crate::validate::image_size;
use crate::validate::registry::{Listing, Package};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "image-too-large",
    level: RuleLevel::Deny,
    summary: "An image of a listing has more pixels than a page can show.",
    docs: "\
The catalog shows an icon small, in a list beside fifty others, and a screenshot at most as wide as a page.
What is larger is sent to everyone and thrown away by their browser; it also stays in the history of
the repository, where everyone who clones the registry gets it. A small file can hold a huge picture that
takes the memory of whatever opens it, so pixels are counted, not bytes.

```
icon        at most 512 × 512
screenshot  at most 4096 on each edge
```

Scale the image down and keep the name, or draw the icon as SVG, which has no pixels and stays sharp. Only
images that the pull request adds, edits or newly names are looked at.
",
    check: Check::Change(check),
};

/// Most pixels on an edge of an icon.
const ICON: u32 = 512;
/// Most pixels on an edge of a screenshot.
const SCREENSHOT: u32 = 4096;

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for package in context.merged.packages.values() {
        let Some(listing) = &package.listing else { continue };
        for (keys, file) in listing.images() {
            out.extend(too_large(context, package, listing, &keys, file));
        }
    }
}

fn too_large(
    context: &ChangeContext<'_>,
    package: &Package,
    listing: &Listing,
    keys: &[String],
    file: &str,
) -> Option<Diagnostic> {
    let path = format!("{}/{file}", package.id.folder());
    let is_icon = is_icon(keys);
    let known = context.base.packages.get(&package.id).and_then(|package| package.listing.as_ref());
    if context.changes.change(&path).is_none() && known.is_some_and(|known| shows(known, file, is_icon)) {
        return None;
    }
    let (width, height) = image_size::size(&context.bytes(Side::Merged, &path)?)?;
    let (what, most) = if is_icon { ("icon", ICON) } else { ("screenshot", SCREENSHOT) };
    if width.max(height) <= most {
        return None;
    }
    let message =
        format!("the {what} `{file}` has {width}×{height} pixels, at most {most}×{most} are allowed");
    let word = shell_word(&path);
    Some(
        Diagnostic::new(RULE.id, Arc::clone(&listing.path), message)
            .value(keys)
            .label(format!("{width}×{height}"))
            .help(format!("scale it down: magick {word} -resize {most}x{most} {word}")),
    )
}

fn is_icon(keys: &[String]) -> bool {
    keys.len() == 1
}

/// Returns whether a listing shows the file in that role.
fn shows(listing: &Listing, file: &str, as_icon: bool) -> bool {
    listing.images().any(|(keys, known)| known == file && is_icon(&keys) == as_icon)
}
