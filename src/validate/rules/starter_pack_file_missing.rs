//! Rule `starter-pack-file-missing`.

use super::{Check, Context, Rule};
use crate::diagnostic::{Diagnostic, nearest};
use crate::model::RuleLevel;
use crate::validate::registry::{Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "starter-pack-file-missing",
    level: RuleLevel::Deny,
    summary: "A starter pack names a pipeline or message template that its artifact does not hold.",
    docs: "\
Applying a starter pack creates its pipelines and message templates from files in the artifact. A path
that leads nowhere stops the whole step: everything already done is undone, and the pack cannot be used.
Paths are relative to the top of the artifact, and upper and lower case matter.

```toml
[starter-pack]
pipelines = [\"metadata/pipeline/campaign.json\"]
message-templates = [\"metadata/message-template/welcom.json\"]   # the file is welcome.json
```

Correct the path, or add the file. This rule looks into artifacts that are folders of the registry;
others are looked at when they are scanned.
",
    check: Check::Release(check),
};

fn check(_: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    let (Some(pack), Some(contents)) = (&release.details.starter_pack, &release.contents) else { return };
    let lists = [("pipelines", &pack.pipelines), ("message-templates", &pack.message_templates)];
    for (key, paths) in lists {
        for (at, path) in paths.iter().enumerate().filter(|(_, path)| !contents.files.contains_key(path.as_str())) {
            let help = match nearest(path.as_str(), contents.files.keys().map(String::as_str)) {
                Some(close) => format!("did you mean `{close}`?"),
                None => format!("add the file `{path}` to the artifact, or remove it from `{key}`"),
            };
            out.push(
                Diagnostic::new(RULE.id, Arc::clone(&release.path), format!("the artifact has no file `{path}`"))
                    .value(&["starter-pack", key, &at.to_string()])
                    .label("not in the artifact")
                    .help(help),
            );
        }
    }
}
