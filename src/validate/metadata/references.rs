//! The table of references: which properties of a metadata object name another one.

use crate::model::MetadataType;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A row of the table.
struct Rule {
    steps: Vec<String>,
    target: MetadataType,
}

/// One property that names an object.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::validate) struct Reference<'a> {
    /// The keys that lead to it.
    pub(in crate::validate) keys: Vec<String>,
    /// The type of the object it names.
    pub(in crate::validate) target: MetadataType,
    /// The name as written.
    pub(in crate::validate) name: &'a str,
}

#[derive(serde::Deserialize)]
struct File {
    reference: Vec<Row>,
}

#[derive(serde::Deserialize)]
struct Row {
    #[serde(rename = "type")]
    metadata_type: MetadataType,
    pointer: String,
    target: MetadataType,
}

fn table() -> &'static BTreeMap<MetadataType, Vec<Rule>> {
    static TABLE: OnceLock<BTreeMap<MetadataType, Vec<Rule>>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let rows = toml::from_str(include_str!("references.toml"))
            .map_or_else(|_| Vec::new(), |file: File| file.reference);
        let mut table: BTreeMap<MetadataType, Vec<Rule>> = BTreeMap::new();
        for row in rows {
            let steps = row.pointer.split('/').skip(1).map(ToOwned::to_owned).collect();
            table.entry(row.metadata_type).or_default().push(Rule { steps, target: row.target });
        }
        table
    })
}

/// Returns every object that an object of this type names, in the order of the table.
pub(in crate::validate) fn named_by(metadata_type: MetadataType, value: &Value) -> Vec<Reference<'_>> {
    let mut found = Vec::new();
    for rule in table().get(&metadata_type).into_iter().flatten() {
        collect(value, &rule.steps, rule.target, &mut Vec::new(), &mut found);
    }
    found
}

/// Follows the steps; the table bounds the depth.
fn collect<'a>(
    value: &'a Value,
    steps: &[String],
    target: MetadataType,
    keys: &mut Vec<String>,
    found: &mut Vec<Reference<'a>>,
) {
    let Some((step, rest)) = steps.split_first() else {
        found.extend(value.as_str().map(|name| Reference { keys: keys.clone(), target, name }));
        return;
    };
    let mut follow = |key: String, next: &'a Value| {
        keys.push(key);
        collect(next, rest, target, keys, found);
        keys.pop();
    };
    match value {
        Value::Array(items) if step == "*" => {
            for (at, item) in items.iter().enumerate() {
                follow(at.to_string(), item);
            }
        }
        Value::Object(fields) if step == "*" => {
            for (key, item) in fields {
                follow(key.clone(), item);
            }
        }
        Value::Object(fields) => {
            if let Some(item) = fields.get(step) {
                follow(step.clone(), item);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_parses() {
        assert!(table().len() > 20);
    }

    #[test]
    fn stars_match_arrays_and_maps() {
        let view = serde_json::json!({ "object": "invoice", "actions": ["send", "crm__close", 3] });
        let found: Vec<(String, &str)> = named_by(MetadataType::View, &view)
            .into_iter()
            .map(|reference| (reference.keys.join("."), reference.name))
            .collect();
        assert_eq!(
            found,
            [
                ("object".to_owned(), "invoice"),
                ("actions.0".to_owned(), "send"),
                ("actions.1".to_owned(), "crm__close")
            ]
        );
        let object = serde_json::json!({ "fields": { "owner": { "reference_to": "crm__account" } } });
        let found = named_by(MetadataType::Object, &object);
        assert_eq!(
            found.first().map(|reference| reference.keys.join(".")).as_deref(),
            Some("fields.owner.reference_to")
        );
    }
}
