//! Rule `metadata-invalid`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::metadata;
use crate::validate::registry::{MetadataObject, Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "metadata-invalid",
    level: RuleLevel::Deny,
    summary: "A metadata object does not fit the schema of its type.",
    docs: "\
Every file `metadata/<type>/<name>.json` in an artifact is an object that the host creates when the
package is installed. An object that does not fit the schema of its type fails there, in the middle of an
installation, where nobody can repair it. So the schema is applied here, and every problem is listed at once.

```json
{ \"name\": \"invoices\", \"label\": \"Invoice\", \"feilds\": {} }
```

In `metadata/object/invoice.json` this has three faults: the name is not that of the file, `feilds` is
unknown, and `fields` is missing. Correct the file at the places shown. Objects are found by file name,
so rename the file when the name inside is the right one. Files in a folder that is no metadata type are
refused too.
",
    check: Check::Release(check),
};

fn check(_: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    for object in release.contents.iter().flat_map(|contents| &contents.metadata) {
        out.extend(metadata::problems(RULE.id, object));
        out.extend(misnamed(object));
    }
}

fn misnamed(object: &MetadataObject) -> Option<Diagnostic> {
    let name = object.value.as_ref()?.get("name")?.as_str()?;
    let file = &object.name;
    if name == file {
        return None;
    }
    let message = format!("the object is named `{name}`, but its file is `{file}.json`");
    Some(
        Diagnostic::new(RULE.id, Arc::clone(&object.path), message)
            .value(&["name"])
            .help(format!("write `\"name\": \"{file}\"`, or rename the file to `{name}.json`")),
    )
}
