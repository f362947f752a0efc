//! Rule `manifest-mismatch`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::{Package, Release};
use std::sync::Arc;
use toml::{Table, Value};

pub(super) static RULE: Rule = Rule {
    id: "manifest-mismatch",
    level: RuleLevel::Deny,
    summary: "The manifest inside an artifact does not agree with the release file.",
    docs: "\
What the registry says about a release and what its artifact says about itself must be the same, or a
person approves one set of permissions and installs another. So `shelfmark.toml` equals the release file
field by field, without `published`, `publisher`, `[artifact]` and `[lineage]`, which are known only
outside. The order of keys and comments do not matter.

```toml
# 1.4.0.toml
permissions = [\"system.object.read\"]

# sources/com.hotcrm.finance/1.4.0/shelfmark.toml
permissions = [\"system.object.read\", \"system.object.delete\"]
```

Make the two agree, then update the digest of the artifact, since the manifest is part of it. The first
field that differs is shown. When the release is published, the artifact is right and stays as it is.
",
    check: Check::Release(check),
};

/// Keys that only the release file has.
const OUTSIDE: [&str; 4] = ["published", "publisher", "artifact", "lineage"];

fn check(_: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    let Some(contents) = &release.contents else { return };
    let (Some(text), Some(path)) = (&contents.manifest, contents.files.get("shelfmark.toml")) else { return };
    let say = |message: String| Diagnostic::new(RULE.id, Arc::clone(path), message);
    let manifest: Table = match toml::from_str(text) {
        Ok(manifest) => manifest,
        Err(error) => {
            let diagnostic = say(format!("the manifest is not valid TOML: {}", error.message().lines().next().unwrap_or_default()));
            out.push(diagnostic.span(error.span().unwrap_or(0..0)));
            return;
        }
    };
    let mut expected: Table =
        contents.release_file.as_deref().and_then(|text| toml::from_str(text).ok()).unwrap_or_default();
    for key in OUTSIDE {
        expected.remove(key);
    }
    let Some(difference) = first_difference(&expected, &manifest) else { return };
    let Difference { keys, released, packed } = difference;
    let name = keys.join(".");
    let diagnostic = match (released, packed) {
        (Some(released), Some(packed)) => {
            let message = format!("`{name}` is {} here, but {} in the release file", shown(&packed), shown(&released));
            say(message).value(&keys).help(format!("make both {}", shown(&released)))
        }
        (Some(released), None) => {
            say(format!("`{name}` is missing here; the release file has {}", shown(&released))).help(format!("add `{name}`"))
        }
        (None, _) if OUTSIDE.contains(&name.as_str()) => {
            say(format!("`{name}` stands only in the release file")).key(&keys).help(format!("remove `{name}` here"))
        }
        (None, _) => {
            let help = format!("remove `{name}` here, or add it to the release file");
            say(format!("`{name}` is not in the release file")).key(&keys).help(help)
        }
    };
    out.push(diagnostic.note(format!("the release file is `{}`", release.path)));
}

/// A key whose values differ; `None` where it is absent.
struct Difference {
    keys: Vec<String>,
    released: Option<Value>,
    packed: Option<Value>,
}

/// Returns the first difference, by key; inside tables that both have.
fn first_difference(released: &Table, packed: &Table) -> Option<Difference> {
    let extra = packed.keys().filter(|key| !released.contains_key(*key));
    released.keys().chain(extra).find_map(|key| match (released.get(key), packed.get(key)) {
        (Some(Value::Table(a)), Some(Value::Table(b))) => first_difference(a, b).map(|mut inner| {
            inner.keys.insert(0, key.clone());
            inner
        }),
        (a, b) if a == b => None,
        (a, b) => Some(Difference { keys: vec![key.clone()], released: a.cloned(), packed: b.cloned() }),
    })
}

/// Writes a value for a message, cut to a readable length.
fn shown(value: &Value) -> String {
    const MOST: usize = 80;
    let text = match value {
        Value::Table(_) => return "a table".to_owned(),
        other => other.to_string().replace('\n', " "),
    };
    let cut: String = text.chars().take(MOST).collect();
    if cut.len() < text.len() { format!("`{cut}…`") } else { format!("`{cut}`") }
}
