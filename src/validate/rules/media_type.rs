//! Rule `media-type`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::Package;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "media-type",
    level: RuleLevel::Deny,
    summary: "An image of a listing is of a type that not every browser shows.",
    docs: "\
The catalog is read in many browsers and by programs that make previews. Five types of image work in all of
them: SVG for drawings and icons, PNG for screenshots, JPEG for photographs, WebP and AVIF where the size
matters. The type is taken from the file's name, which also decides the type that the web server announces.

```toml
icon = \"media/icon.bmp\"          # use .svg, .png, .webp, .jpg or .avif
```

Convert the image: renaming alone helps only when the ending was wrong to begin with. An icon is best as SVG,
which stays sharp at every size and small in git. Endings are lower case, and JPEG files end in `.jpg`. That a file
is what its name says, `media-unsafe` looks after.
",
    check: Check::Package(check),
};

/// Endings of images that every browser shows.
const ENDINGS: [&str; 5] = [".svg", ".png", ".webp", ".jpg", ".avif"];

fn check(_: &Context<'_>, package: &Package, out: &mut Vec<Diagnostic>) {
    let Some(listing) = &package.listing else { return };
    for (keys, file) in
        listing.images().filter(|(_, file)| !ENDINGS.iter().any(|ending| file.ends_with(ending)))
    {
        let message = format!("`{file}` is not of a type that every browser shows");
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&listing.path), message)
                .value(&keys)
                .help(format!("convert it to one of {}", ENDINGS.join(", "))),
        );
    }
}
