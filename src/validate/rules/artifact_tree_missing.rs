//! Rule `artifact-tree-missing`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::file::source_folder;
use crate::validate::registry::{ArtifactLocation, Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "artifact-tree-missing",
    level: RuleLevel::Deny,
    summary: "The folder that a release names as its artifact holds no file.",
    docs: "\
With `tree`, the artifact is a folder of the registry itself, packed by whoever builds it. If the folder
is not there, nothing can be packed: the release would be listed and never be installable. The usual
causes are a folder that was not added to the commit, and a version that was raised in the release file
and not in the name of the folder.

```toml
[artifact]
tree = \"sources/com.hotcrm.finance/1.4.0\"   # only 1.3.0 was committed
```

Add the folder with `git add sources/com.hotcrm.finance/1.4.0`, and see that no `.gitignore` hides its
files. Empty folders do not exist in git. A release that is withdrawn at level `removed` needs its folder no more.
",
    check: Check::Release(check),
};

fn check(_: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    // What is removed is not packed any more, and its folder may be deleted.
    let is_wanted = release.contents.is_none() && !release.is_removed();
    let Some(artifact) = release.artifact.as_ref().filter(|_| is_wanted) else { return };
    let ArtifactLocation::Tree(tree) = &artifact.location else { return };
    if *tree != source_folder(release).as_str() {
        return;
    }
    out.push(
        Diagnostic::new(RULE.id, Arc::clone(&release.path), format!("the folder `{tree}` holds no file"))
            .value(&["artifact", "tree"])
            .label("no such folder")
            .help(format!("git add {tree}")),
    );
}
