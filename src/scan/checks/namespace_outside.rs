//! Check `namespace-outside`.

use super::Check;
use crate::model::{Confidence, Severity};
use crate::scan::permission::is_run;
use crate::scan::{Findings, Hit, Language, Manifest, ScannedFile, Subject};
use regex::Regex;
use serde_json::Value;
use std::sync::LazyLock;

pub(super) static CHECK: Check = Check {
    id: "namespace-outside",
    summary: "The package defines an object in a namespace that is not its own.",
    docs: "\
Objects of one package are told from those of another by their namespace: `finance__invoice`. A package that defines
`crm__account` without owning `crm` replaces what another package defined, for everything that refers to it. The namespaces
`base` and `system` belong to the host.

Names of metadata objects are read from `metadata/<type>/<name>.json` (YAML and TOML too), from the file's name and from the
field `name`, and from calls such as `defineObject({ name: … })` in code. A namespace there that `namespaces` of the manifest does
not list is **high**, and so is `base` or `system` in `namespaces`, or a definition with `overrides` or `replaces` that names
a foreign object.

References are no definitions: a lookup to `crm__account`, a field added to it or a view on it is fine.

```text
high: namespace-outside: `crm__account` is defined in the namespace `crm`, and the package owns `finance` (metadata/object/crm__account.json)
```

Name the object in your own namespace. To change what another package defines, add a field to it or ask its owner.
",
    run,
};

const HELP: &str = "define the object in a namespace of the package, and refer to the other one";
const RESERVED: [&str; 2] = ["base", "system"];

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    let (Some(manifest), Some(file)) = (&subject.manifest, subject.file(Manifest::PATH)) else { return };
    for namespace in
        manifest.namespaces.iter().filter(|name| RESERVED.contains(&name.to_lowercase().as_str()))
    {
        let at = file.str().find(&format!("\"{namespace}\""));
        let message = format!("the namespace `{namespace}` belongs to the host");
        let hit =
            Hit::in_file(file, at, Severity::High, Confidence::Sure, message).pattern(namespace.clone());
        findings.add(hit.help("choose a namespace of the package's own"));
    }
    for file in &subject.files {
        for (name, at) in definitions(file) {
            judge(manifest, file, &name, at, findings);
        }
    }
}

fn judge(manifest: &Manifest, file: &ScannedFile, name: &str, at: Option<usize>, findings: &mut Findings) {
    let Some((namespace, _)) = name.split_once("__").filter(|(namespace, _)| !namespace.is_empty()) else {
        return;
    };
    let namespace = namespace.to_lowercase();
    let is_reserved = RESERVED.contains(&namespace.as_str());
    if manifest.namespaces.contains(&namespace) && !is_reserved {
        return;
    }
    let owned: Vec<String> = manifest.namespaces.iter().map(|name| format!("`{name}`")).collect();
    let owner = match (is_reserved, owned.as_slice()) {
        (true, _) => "it belongs to the host".to_owned(),
        (false, []) => "the package owns none".to_owned(),
        (false, owned) => format!("the package owns {}", owned.join(", ")),
    };
    let message = format!("`{name}` is defined in the namespace `{namespace}`, and {owner}");
    let hit = Hit::in_file(file, at, Severity::High, Confidence::Sure, message);
    findings.add(hit.pattern(name.to_owned()).help(HELP));
}

/// Returns the names that a file defines.
fn definitions(file: &ScannedFile) -> Vec<(String, Option<usize>)> {
    let path = file.path.as_str();
    let is_metadata =
        path.starts_with("metadata/") || path.contains("/metadata/") && !path.contains("examples/");
    let mut names = Vec::new();
    if is_metadata && matches!(file.language, Language::Json | Language::Yaml | Language::Toml) {
        let stem = file.path.file_name().split('.').next().unwrap_or_default();
        names.push((stem.to_owned(), None));
        match file.language {
            Language::Json => names.extend(defined_in_json(file)),
            _ => names.extend(defined_in_lines(file)),
        }
    } else if is_run(file) {
        static CALL: LazyLock<Option<Regex>> = LazyLock::new(|| {
            let types =
                "Object|Flow|Action|View|Page|Agent|Trigger|Connector|Permission|Report|Field|Schedule";
            Regex::new(&format!(
                r#"(?i)\b(?:define|register|create|override|replace)_?(?:Metadata_?)?(?:{types})\(\s*(?:\{{\s*)?(?:\*?["']?name["']?\s*[:=]\s*)?["'`](\w{{1,32}}__\w{{1,96}})["'`]"#
            ))
            .ok()
        });
        for captures in CALL.as_ref().into_iter().flat_map(|call| call.captures_iter(file.str())) {
            names.extend(captures.get(1).map(|name| (name.as_str().to_owned(), Some(name.start()))));
        }
    }
    names
}

fn defined_in_json(file: &ScannedFile) -> Vec<(String, Option<usize>)> {
    let Ok(value) = serde_json::from_str::<Value>(file.str()) else { return Vec::new() };
    let one = std::slice::from_ref(&value);
    // One file may hold a list of objects.
    let objects = value.as_array().map_or(one, Vec::as_slice);
    let mut names = Vec::new();
    for object in objects {
        for key in ["name", "overrides", "override", "replaces"] {
            names.extend(object.get(key).and_then(Value::as_str).map(str::to_owned));
        }
        let parts = [object.get("namespace"), object.get("name")].map(|part| part.and_then(Value::as_str));
        if let [Some(namespace), Some(name)] = parts
            && !name.contains("__")
        {
            names.push(format!("{namespace}__{name}"));
        }
    }
    let at =
        |name: &str| file.str().find(&format!("\"{name}\"")).or_else(|| file.str().find("\"namespace\""));
    names.into_iter().map(|name| (name.clone(), at(&name))).collect()
}

/// Reads `name:` and `name =` at the beginning of a line, and in list items.
fn defined_in_lines(file: &ScannedFile) -> Vec<(String, Option<usize>)> {
    static LINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r#"(?m)^(?:- )?(?:name|overrides|override|replaces)\s*[:=]\s*["']?(\w{1,32}__\w{1,96})["']?\s*(?:#.*)?$"#).ok()
    });
    let found = LINE.as_ref().into_iter().flat_map(|line| line.captures_iter(file.str()));
    found
        .filter_map(|captures| captures.get(1))
        .map(|name| (name.as_str().to_owned(), Some(name.start())))
        .collect()
}
