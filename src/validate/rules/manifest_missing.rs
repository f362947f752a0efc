//! Rule `manifest-missing`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::{ArtifactLocation, Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "manifest-missing",
    level: RuleLevel::Warn,
    summary: "An artifact has no `shelfmark.toml`.",
    docs: "\
The manifest is the release file as it travels inside the artifact. Someone who has only the archive, on
a machine without a network or years later, can read from it what the package is, what it requires and
which permissions it asks for. The client compares it with the index before it installs anything: the
signature covers the archive, so the manifest is the part that the publisher signed.

```
sources/com.hotcrm.finance/1.4.0/
├── README.md
└── shelfmark.toml     # missing
```

Copy the release file there without `published`, `publisher`, `[artifact]` and `[lineage]`, then update
the digest of the artifact. `shelfmark pack` writes the manifest for you.
",
    check: Check::Release(check),
};

fn check(_: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    let (Some(artifact), Some(contents)) = (&release.artifact, &release.contents) else { return };
    if contents.manifest.is_some() {
        return;
    }
    let (file, key) = match &artifact.location {
        ArtifactLocation::Tree(tree) => (format!("{tree}/shelfmark.toml"), "tree"),
        ArtifactLocation::Path(_) => ("shelfmark.toml".to_owned(), "path"),
        ArtifactLocation::Url(_) => ("shelfmark.toml".to_owned(), "url"),
    };
    out.push(
        Diagnostic::new(RULE.id, Arc::clone(&release.path), format!("the artifact has no manifest `{file}`"))
            .value(&["artifact", key])
            .help(format!(
                "copy this file to `{file}` without `published`, `publisher`, `[artifact]` and `[lineage]`"
            )),
    );
}
