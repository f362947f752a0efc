//! Rule `artifact-leftover`.

use super::{Check, Context, Rule};
use crate::artifact::leftover;
use crate::diagnostic::Diagnostic;
use crate::model::{RelPath, RuleLevel};
use crate::validate::registry::{Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "artifact-leftover",
    level: RuleLevel::Warn,
    summary: "An artifact holds a file that nobody means to publish.",
    docs: "\
Editors, desktops, package managers and earlier runs of `shelfmark pack` leave files behind. \
Packed once, they are published for ever: a release never changes. A `.env` may hold a secret, and a \
`node_modules` folder makes everybody download what nobody asked for.

```
sources/com.example.mail/1.0.0/.env              a file of secrets
sources/com.example.mail/1.0.0/mail-0.9.0.tgz    output of a tool
```

Remove the file from the package folder and pack it again. A file that only looks like one of these \
should be renamed, so that readers are not left in doubt.
",
    check: Check::Release(check),
};

fn check(_: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    let Some(contents) = &release.contents else { return };
    for (inner, path) in &contents.files {
        let Some(what) = RelPath::parse(inner).ok().as_ref().and_then(leftover) else { continue };
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(path), format!("`{inner}` of `{}` looks like {what}", release.name()))
                .help(match path.contains(".tgz!/") {
                    true => format!("remove `{inner}` from the package folder and pack it again"),
                    false => format!("git rm {path}, then pack the folder again"),
                }),
        );
    }
}
