//! Rule `media-unsafe`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{RelPath, RuleLevel};
use crate::scan::{against_showing, is_picture};
use crate::source::{Part, Place, Side};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "media-unsafe",
    level: RuleLevel::Deny,
    summary: "A picture of a listing is not what its name says, or does something when it is opened.",
    docs: "\
A name is all that most programs look at. A file called `icon.png` may be a page with a script or an archive, and
an SVG, which is a document like a page, may run a script, load a picture that counts its viewers, or hold HTML.
The site that Shelfmark builds leaves such files out and serves the others under a policy in which nothing runs;
mirrors, mail and the next program may not.

```text
media/icon.png     begins with the bytes of a JPEG
media/icon.svg     <svg onload=\"…\">, <script>, <foreignObject>, href=\"https://elsewhere.example/\"
```

A picture begins with the bytes of its type: PNG, JPEG, WebP, GIF, AVIF. An SVG is text in UTF-8 with `<svg` at its
root. It holds no script, no attribute that begins with `on`, no foreign element, no entity, and refers to nothing
but its own parts and pictures that it carries as `data:image/png` and the like. Beyond that the checks
`active-content` and `polyglot-file` are asked, which look at the pictures inside an artifact: `shelfmark scan
media/icon.svg` shows what they find. Only files that the pull request adds or edits are looked at.

Export the picture again from the program that drew it, as *plain* or *optimised* SVG, or give the file the ending
of what it is. A registry that trusts its publishers may lower the level in `policy.toml`.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for (change, place) in context.places().filter(|(change, _)| !change.is_removed()) {
        let Place::Package { part: Part::Media, .. } = place else { continue };
        let Some(path) = RelPath::parse(&change.path).ok().filter(is_picture) else { continue };
        let Some(bytes) = context.bytes(Side::Merged, &change.path) else { continue };
        let found = against_showing(path, bytes.to_vec());
        let Some((first, others)) = found.split_first() else { continue };
        let line = first.places.iter().find_map(|place| place.line);
        let at = line.map_or(String::new(), |line| format!(" (line {line})"));
        let mut diagnostic = Diagnostic::new(RULE.id, Arc::clone(&change.path), format!("{}{at}", first.message));
        for other in others {
            diagnostic = diagnostic.note(format!("{}: {}", other.check, other.message));
        }
        out.push(diagnostic.help(
            "export it again as a plain picture that needs nothing else, and name it for what it is: .svg, .png, .jpg, .webp or .avif",
        ));
    }
}
