//! Rule `media-missing`.

use super::{Check, Context, Rule};
use crate::diagnostic::{Diagnostic, nearest};
use crate::model::RuleLevel;
use crate::validate::registry::Package;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "media-missing",
    level: RuleLevel::Deny,
    summary: "A listing names an image that is not there.",
    docs: "\
The icon and the screenshots of a listing are files under `media/` in the package's folder. A path to nowhere
leaves a broken picture on the package's page and in every list that shows the icon. Images elsewhere on the
web do not count: they change without a review, and fetching them tells their host who is looking.

```toml
icon = \"media/icon.svg\"

[[screenshot]]
file = \"media/overview.svg\"
alt = \"Open invoices above a chart of the last twelve months\"
```

Add the file, or correct the path: it is relative to the package's folder, begins with `media/`, and capital
letters count. Remove the entry if there is no picture.
",
    check: Check::Package(check),
};

fn check(context: &Context<'_>, package: &Package, out: &mut Vec<Diagnostic>) {
    let Some(listing) = &package.listing else { return };
    // An image that was refused is missing here, but not in the folder.
    if context.registry.broken.contains(package.id.as_str()) {
        return;
    }
    let folder = format!("{}/", package.id.folder());
    let there = || package.media.iter().filter_map(|path| path.strip_prefix(&folder));
    for (keys, file) in listing.images() {
        if there().any(|known| known == file) {
            continue;
        }
        let help = match nearest(file, there()) {
            Some(close) => format!("did you mean `{close}`?"),
            None => format!("add the file under `{folder}media/`, or remove the entry"),
        };
        let message = format!("there is no image `{file}` in the package's folder");
        out.push(Diagnostic::new(RULE.id, Arc::clone(&listing.path), message).value(&keys).help(help));
    }
}
