//! What a package needs, as its contents show: metadata objects by type and
//! value, and calls in code. The table is data: `permission_use.toml`.

use super::language::{Language, Role};
use super::subject::{Knowledge, Manifest, ScannedFile, Subject};
use crate::model::Severity;
use regex::Regex;
use serde::Deserialize;
use serde_json::Value;
use std::sync::LazyLock;

/// The table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    class: Vec<Class>,
    metadata: Vec<Metadata>,
    tool: Vec<Tool>,
    code: Vec<Code>,
    /// Combinations that are out of proportion.
    pub(super) excessive: Vec<Excessive>,
}

/// What a class of permissions can do.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Class {
    id: String,
    /// A prefix that has this class where the policy says nothing.
    #[serde(default)]
    prefixes: Vec<String>,
    unused: Severity,
    #[serde(default)]
    undeclared: Option<Severity>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Metadata {
    types: Vec<String>,
    #[serde(default)]
    pointer: String,
    #[serde(default)]
    values: Vec<Value>,
    uses: Vec<String>,
    #[serde(default)]
    needs: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tool {
    names: Vec<String>,
    uses: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Code {
    languages: Vec<Language>,
    class: String,
    what: String,
    keywords: Vec<String>,
    regex: String,
    #[serde(skip)]
    compiled: std::sync::OnceLock<Option<Regex>>,
}

/// A row of what is out of proportion.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Excessive {
    /// Kinds it is about; all where empty.
    #[serde(default)]
    pub(super) kinds: Vec<String>,
    /// Kinds it is not about.
    #[serde(default)]
    pub(super) except: Vec<String>,
    /// Classes that are too much; each has to be declared where `together`.
    #[serde(default)]
    pub(super) classes: Vec<String>,
    /// Permissions that are too much as written.
    #[serde(default)]
    pub(super) permissions: Vec<String>,
    /// Whether all classes must come together.
    #[serde(default)]
    pub(super) together: bool,
    /// How bad it is.
    pub(super) severity: Severity,
    /// Why, behind the names of the permissions.
    pub(super) message: String,
}

/// Returns the table; a test keeps it readable.
pub(super) fn table() -> &'static Table {
    static TABLE: LazyLock<Table> = LazyLock::new(|| {
        toml::from_str(include_str!("permission_use.toml")).unwrap_or(Table {
            class: Vec::new(),
            metadata: Vec::new(),
            tool: Vec::new(),
            code: Vec::new(),
            excessive: Vec::new(),
        })
    });
    &TABLE
}

/// Something that needs a permission.
pub(super) struct Need<'a> {
    /// The permission, or its class followed by a full stop where code tells no more.
    pub(super) permission: String,
    /// Whether it is plain that the class must be declared.
    pub(super) is_plain: bool,
    /// Where.
    pub(super) file: &'a ScannedFile,
    /// Offset in its text.
    pub(super) at: Option<usize>,
    /// What needs it, for messages.
    pub(super) what: String,
}

/// Returns the class of a permission: by the policy, else by the table.
pub(super) fn class_of(permission: &str, knowledge: &Knowledge) -> String {
    let by_policy = knowledge.permission_classes.iter();
    let longest = by_policy
        .filter(|(prefix, _)| permission.starts_with(prefix.as_str()))
        .max_by_key(|(prefix, _)| prefix.len())
        .map(|(_, class)| class.clone());
    let by_table = || {
        let is_about = |class: &&Class| class.prefixes.iter().any(|prefix| permission.starts_with(prefix));
        table().class.iter().find(is_about).map(|class| class.id.clone())
    };
    longest.or_else(by_table).unwrap_or_default()
}

/// Returns how bad an unused permission of a class is.
pub(super) fn severity_of_unused(class: &str) -> Severity {
    let row = table().class.iter().find(|row| row.id == class);
    row.map_or(Severity::Low, |row| row.unused)
}

/// Returns how bad it is that metadata needs a class and nothing of it is declared.
pub(super) fn severity_of_undeclared(class: &str) -> Option<Severity> {
    table().class.iter().find(|row| row.id == class)?.undeclared
}

/// Folders whose files no host runs.
const ASIDE: &[&str] = &[
    "test",
    "tests",
    "__tests__",
    "spec",
    "example",
    "examples",
    "docs",
    "doc",
    "fixtures",
    "template",
    "templates",
    "benches",
    "node_modules",
];

/// Returns whether a host runs this file when the package is used.
pub(super) fn is_run(file: &ScannedFile) -> bool {
    let path = file.path.as_str();
    let name = file.path.file_name();
    let is_aside = path.split('/').any(|part| ASIDE.contains(&part.to_ascii_lowercase().as_str()));
    let is_test = name.contains(".test.")
        || name.contains(".spec.")
        || name.contains("_test.")
        || name.starts_with("test_");
    file.role == Role::Code && !is_aside && !is_test
}

/// Returns the type and content of a metadata object.
pub(super) fn metadata_of(file: &ScannedFile) -> Option<(&str, Value)> {
    let (folder, _) = file.path.as_str().strip_prefix("metadata/")?.split_once('/')?;
    if file.language != Language::Json {
        return None;
    }
    Some((folder, serde_json::from_str(file.str()).ok()?))
}

/// Returns everything in the package that needs a permission.
pub(super) fn needs<'a>(subject: &'a Subject<'_>) -> Vec<Need<'a>> {
    let mut needs = Vec::new();
    for file in &subject.files {
        if let Some((kind, value)) = metadata_of(file) {
            add_metadata(file, kind, &value, &mut needs);
        }
        if is_run(file) {
            subject.count_work(file.str().len());
            add_code(file, &mut needs);
        }
        if file.path.as_str() == Manifest::PATH {
            add_tools(file, subject.manifest.as_ref(), &mut needs);
        }
    }
    needs
}

fn add_metadata<'a>(file: &'a ScannedFile, kind: &str, value: &Value, out: &mut Vec<Need<'a>>) {
    for row in table().metadata.iter().filter(|row| row.types.iter().any(|one| one == kind)) {
        let mut found = Vec::new();
        let path: Vec<&str> = row.pointer.split('/').filter(|part| !part.is_empty()).collect();
        select(value, &path, &mut found);
        for one in found {
            if row.values.is_empty() && !one.is_null() || row.values.contains(one) {
                let what = match one {
                    Value::String(text) => format!("`{text}`"),
                    _ => format!("the {kind} `{}`", file.path.file_name().trim_end_matches(".json")),
                };
                for permission in &row.uses {
                    let permission = match one {
                        Value::String(address) if permission == "network.<host>" => {
                            format!("network.{}", host_of(address).unwrap_or_default())
                        }
                        _ => permission.clone(),
                    };
                    let (is_plain, what) = (row.needs && permission != "network.", what.clone());
                    out.push(Need { permission, is_plain, file, at: None, what });
                }
            }
        }
    }
}

/// Finds the values at a path in which `*` stands for every item.
fn select<'v>(value: &'v Value, path: &[&str], out: &mut Vec<&'v Value>) {
    match path.split_first() {
        None => out.push(value),
        Some((&"*", rest)) => match value {
            Value::Array(items) => items.iter().for_each(|item| select(item, rest, out)),
            Value::Object(items) => items.values().for_each(|item| select(item, rest, out)),
            _ => {}
        },
        Some((key, rest)) => {
            if let Some(inner) = value.get(key) {
                select(inner, rest, out);
            }
        }
    }
}

/// Returns the host of an address; `None` where it is not fixed.
pub(super) fn host_of(address: &str) -> Option<String> {
    let rest = address.split_once("://")?.1;
    let host = rest.split(['/', '?', '#']).next()?.rsplit('@').next()?;
    let host = host.split(':').next()?.to_ascii_lowercase();
    let is_fixed =
        !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
    is_fixed.then_some(host)
}

fn add_code<'a>(file: &'a ScannedFile, out: &mut Vec<Need<'a>>) {
    let text = file.str();
    for row in table().code.iter().filter(|row| row.languages.contains(&file.language)) {
        if !row.keywords.iter().any(|keyword| text.contains(keyword.as_str())) {
            continue;
        }
        let Some(regex) = row.compiled.get_or_init(|| Regex::new(&row.regex).ok()) else { continue };
        if let Some(found) = regex.find(text) {
            let (permission, what) = (format!("{}.", row.class), row.what.clone());
            out.push(Need { permission, is_plain: true, file, at: Some(found.start()), what });
        }
    }
}

/// Adds what the tools of an agent need. A tool of a name that is not in the
/// table may need anything of the kind that its verb says.
fn add_tools<'a>(file: &'a ScannedFile, manifest: Option<&Manifest>, out: &mut Vec<Need<'a>>) {
    let agent = manifest.and_then(|manifest| manifest.table.get("agent"));
    let tools = agent.and_then(|agent| agent.get("tools")).and_then(toml::Value::as_array);
    for tool in tools.into_iter().flatten().filter_map(toml::Value::as_str) {
        let verb = tool.rsplit(['.', ':', '/']).next().unwrap_or(tool);
        let verb = verb.split(['-', '_']).next().unwrap_or(verb);
        let fits = |name: &String| name == tool || name.strip_prefix("*.").is_some_and(|name| name == verb);
        let row = table().tool.iter().find(|row| row.names.iter().any(fits));
        for permission in row.into_iter().flat_map(|row| &row.uses) {
            let what = format!("the tool `{tool}`");
            out.push(Need { permission: permission.clone(), is_plain: false, file, at: None, what });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sound() {
        let table: Table = toml::from_str(include_str!("permission_use.toml")).unwrap();
        for row in &table.code {
            assert!(Regex::new(&row.regex).is_ok(), "{}", row.regex);
            assert!(table.class.iter().any(|class| class.id == row.class), "{}", row.class);
        }
        for class in table.excessive.iter().flat_map(|row| &row.classes) {
            assert!(class == "*" || table.class.iter().any(|row| row.id == *class), "{class}");
        }
    }

    #[test]
    fn the_longest_prefix_decides_the_class() {
        let classes = [("system.object.", "read"), ("system.object.delete", "destructive")];
        let permission_classes = classes.map(|(prefix, class)| (prefix.to_owned(), class.to_owned())).into();
        let knowledge = Knowledge { permission_classes, ..Knowledge::default() };
        assert_eq!(class_of("system.object.delete", &knowledge), "destructive");
        assert_eq!(class_of("system.object.read", &knowledge), "read");
        assert_eq!(class_of("network.example.com", &knowledge), "network");
    }

    #[test]
    fn a_host_is_told_only_where_it_is_fixed() {
        assert_eq!(host_of("https://a.example:8443/x").as_deref(), Some("a.example"));
        assert_eq!(host_of("https://{{ settings.host }}/x"), None);
        assert_eq!(host_of("/path"), None);
    }
}
