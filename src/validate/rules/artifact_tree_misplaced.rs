//! Rule `artifact-tree-misplaced`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::file::source_folder;
use crate::validate::registry::{ArtifactLocation, Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "artifact-tree-misplaced",
    level: RuleLevel::Forbid,
    summary: "The artifact folder of a release is not the one kept for its id and version.",
    docs: "\
Sources stand at `sources/<id>/<version>`, one folder for each release. Two releases that share a folder
could not both keep their digests when it changes, and a folder of another package would let one
publisher change what another has published. With one place for each release, a pull request that changes
a folder shows by its path which release it touches.

```toml
id = \"com.hotcrm.finance\"
version = \"1.4.0\"

[artifact]
tree = \"sources/com.hotcrm.finance/latest\"
```

Move the folder to the place in the message, and write that path. Contents that two versions share are
simply there twice; git stores them once.
",
    check: Check::Release(check),
};

fn check(_: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    let Some(artifact) = &release.artifact else { return };
    let ArtifactLocation::Tree(tree) = &artifact.location else { return };
    let expected = source_folder(release);
    if *tree == expected.as_str() {
        return;
    }
    out.push(
        Diagnostic::new(RULE.id, Arc::clone(&release.path), format!("the tree is `{tree}`, but `{expected}` is expected"))
            .value(&["artifact", "tree"])
            .label("the folder of another release")
            .help(format!("move the folder there and write `tree = \"{expected}\"`")),
    );
}
