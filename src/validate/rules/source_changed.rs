//! Rule `source-changed`.

use super::change_mixed::listed;
use super::release_changed::next_version;
use super::release_removed::restore;
use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{PackageId, RuleLevel, Version};
use crate::source::{Place, Side};
use crate::validate::registry::Release;
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule {
    id: "source-changed",
    level: RuleLevel::Forbid,
    summary: "A file of the source of a published release is added, changed or removed.",
    docs: "\
A folder under `sources/` is the artifact of a release: it is packed by whoever builds the registry, and the
release file holds the digest of the result. One letter more in a README gives another archive, and then
nobody can build the registry any more, or, where the bytes were kept, what people read here is not what they
install.

```text
packages/com/hotcrm/com.hotcrm.finance/1.3.2.toml       published
sources/com.hotcrm.finance/1.3.2/README.md              a typing error corrected afterwards
```

Put the folder back as it was, copy it to the folder of the next version, make the change there, and add a
release file for it: `shelfmark pack <folder> --record <release file>` writes its digest.

The folder of a release that the base has withdrawn at level `removed` may be deleted, whole: nobody builds it any
more, and what had to be removed should not stay in the registry. Its release file and its withdrawal stay. What
was once committed stays in the history of the repository all the same.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    let mut folders: BTreeMap<(String, String), Vec<&str>> = BTreeMap::new();
    for (change, place) in context.places() {
        if let Place::Source { id, version, .. } = place {
            folders.entry((id, version)).or_default().push(&change.path);
        }
    }
    for ((id, version), paths) in &folders {
        let Some(first) = paths.first().copied().filter(|_| is_published(context, id, version)) else {
            continue;
        };
        let is_withdrawn = is_removed(context, id, version);
        if is_withdrawn && !context.merged.source_folders.contains(&format!("sources/{id}/{version}")) {
            continue;
        }
        let next = next_version(context, id, version);
        let message =
            format!("the source of the published release `{id}@{version}` is changed by this pull request");
        let back = restore(context, &format!("sources/{id}/{version}"));
        let help = if is_withdrawn {
            format!("the release is removed, so the folder may go, whole: `git rm -r sources/{id}/{version}`; or put it back with `{back}`")
        } else {
            format!(
                "put it back with `{back}`, and make the change in `sources/{id}/{next}` with a release file `{next}.toml`"
            )
        };
        out.push(
            Diagnostic::new(RULE.id, first, message)
                .note(format!("added, changed or removed: {}", listed(paths)))
                .note("the folder is the release's artifact, and would no longer have the published digest")
                .help(help),
        );
    }
}

/// Returns whether the base has withdrawn the release at level `removed`.
fn is_removed(context: &ChangeContext<'_>, id: &str, version: &str) -> bool {
    let release = Version::parse(version).ok().and_then(|version| context.base.packages.get(id)?.release(&version));
    release.is_some_and(Release::is_removed)
}

/// Returns whether the base has a release file of that version.
pub(super) fn is_published(context: &ChangeContext<'_>, id: &str, version: &str) -> bool {
    // The file itself decides: a release that does not parse was published all the same.
    PackageId::parse(id)
        .is_ok_and(|id| context.has(Side::Base, &format!("{}/{version}.toml", id.folder())))
}
