//! Rule `configuration-missing`.

use super::{Check, Context, Rule};
use crate::diagnostic::{Diagnostic, nearest};
use crate::model::RuleLevel;
use crate::validate::registry::{Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "configuration-missing",
    level: RuleLevel::Deny,
    summary: "A release names a settings schema, migrations or parameters that its artifact does not hold.",
    docs: "\
`configuration` leads to the JSON Schema that the host draws the settings form from, `migrations` to the
steps of an upgrade, `parameters` of a template to the questions it asks. A path that leads nowhere shows
only on a customer's screen: no settings, or an upgrade that stops with the old data half changed.

```toml
configuration = \"configuration.schema.json\"
migrations = \"migrations\"

[template]
parameters = \"parameter.schema.json\"   # the file is parameters.schema.json
```

Correct the path, add the file, or remove the key when there is nothing to configure. `migrations` may be
a file or a folder with files in it.
",
    check: Check::Release(check),
};

fn check(_: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    let Some(contents) = &release.contents else { return };
    let parameters = release.details.template.as_ref().and_then(|template| template.parameters.as_deref());
    let named: [(&[&str], Option<&str>, bool); 3] = [
        (&["configuration"], release.configuration.as_ref().map(AsRef::as_ref), false),
        (&["migrations"], release.migrations.as_ref().map(AsRef::as_ref), true),
        (&["template", "parameters"], parameters, false),
    ];
    for (keys, path, may_be_folder) in named {
        let Some(path) = path else { continue };
        let is_folder = || {
            let inside = format!("{path}/");
            contents.files.range(inside.clone()..).next().is_some_and(|(file, _)| file.starts_with(&inside))
        };
        if contents.files.contains_key(path) || (may_be_folder && is_folder()) {
            continue;
        }
        let what = if may_be_folder { "file or folder" } else { "file" };
        let help = match nearest(path, contents.files.keys().map(String::as_str)) {
            Some(close) => format!("did you mean `{close}`?"),
            None => format!("add `{path}` to the artifact, or remove the key"),
        };
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&release.path), format!("the artifact has no {what} `{path}`"))
                .value(keys)
                .label("not in the artifact")
                .help(help),
        );
    }
}
