//! Rule `artifact-digest-mismatch`.

use super::{Check, Context, Rule};
use crate::diagnostic::{Diagnostic, shell_word};
use crate::model::RuleLevel;
use crate::validate::registry::{Artifact, ArtifactLocation, Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "artifact-digest-mismatch",
    level: RuleLevel::Forbid,
    summary: "The digest or size of a release is not that of its artifact.",
    docs: "\
The digest in the release file is what every client checks before it unpacks anything. For a folder of
the registry it is the SHA-256 of the archive that `shelfmark pack` makes, which is the same on every
machine; for an archive it is that of its bytes. When the two differ, the folder was changed after packing,
the archive was replaced, or the digest was copied from somewhere else; either way nobody could install the
release, and an archive that changes after it was judged is how an attack begins.

```toml
[artifact]
tree = \"sources/com.hotcrm.finance/1.4.0\"
sha256 = \"0000…\"   # a placeholder that stayed
size = 0
```

Put in the two lines that the message gives. If the release is already published, do not touch its
digest: restore the folder or the archive as it was, and publish the change as a new version. Line endings count, so
check that git did not rewrite them.
",
    check: Check::Release(check),
};

/// Says how the release file comes to the lines that belong into it.
fn help(release: &Release, artifact: &Artifact, lines: &str) -> String {
    let command = match &artifact.location {
        ArtifactLocation::Tree(tree) => {
            format!(", or let `shelfmark pack {} --record {}` write them", shell_word(tree.as_str()), shell_word(&release.path))
        }
        _ => String::new(),
    };
    format!("if the release is new, put these two lines under `[artifact]` in its file{command}:\n{lines}")
}

fn check(_: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    let (Some(artifact), Some(contents)) = (&release.artifact, &release.contents) else { return };
    let Some((digest, size)) = &contents.packed else { return };
    let (message, key) = if artifact.sha256 != *digest {
        (format!("the packed folder has the digest `{digest}`, but the release says `{}`", artifact.sha256), "sha256")
    } else if artifact.size != *size {
        (format!("the packed folder has {size} bytes, but the release says {}", artifact.size), "size")
    } else {
        return;
    };
    out.push(
        Diagnostic::new(RULE.id, Arc::clone(&release.path), message)
            .value(&["artifact", key])
            .label("not that of the folder")
            .note("a published release never changes: if it is published, put the folder back as it was, and publish the change as a new version")
            .help(help(release, artifact, &format!("sha256 = \"{digest}\"\nsize = {size}"))),
    );
}
