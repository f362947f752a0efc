//! Metadata objects of an artifact against their JSON Schemas, and the names
//! of other objects in them.
//!
//! The schemas and the table of references beside this file are data: a new
//! type is a schema, a row here and rows of `references.toml`.

mod references;

pub(super) use references::{Reference, named_by};

use super::explain;
use super::registry::MetadataObject;
use crate::diagnostic::{Anchor, Diagnostic};
use crate::model::MetadataType;
use jsonschema::Validator;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Returns the JSON Schema of a type, as text.
pub(super) fn schema_of(metadata_type: MetadataType) -> &'static str {
    match metadata_type {
        MetadataType::Object => include_str!("object.schema.json"),
        MetadataType::Field => include_str!("field.schema.json"),
        MetadataType::View => include_str!("view.schema.json"),
        MetadataType::Page => include_str!("page.schema.json"),
        MetadataType::Form => include_str!("form.schema.json"),
        MetadataType::Dashboard => include_str!("dashboard.schema.json"),
        MetadataType::Report => include_str!("report.schema.json"),
        MetadataType::Chart => include_str!("chart.schema.json"),
        MetadataType::Widget => include_str!("widget.schema.json"),
        MetadataType::Workflow => include_str!("workflow.schema.json"),
        MetadataType::Flow => include_str!("flow.schema.json"),
        MetadataType::StateMachine => include_str!("state-machine.schema.json"),
        MetadataType::Schedule => include_str!("schedule.schema.json"),
        MetadataType::Permission => include_str!("permission.schema.json"),
        MetadataType::SharingRule => include_str!("sharing-rule.schema.json"),
        MetadataType::SecurityPolicy => include_str!("security-policy.schema.json"),
        MetadataType::Connector => include_str!("connector.schema.json"),
        MetadataType::Notification => include_str!("notification.schema.json"),
        MetadataType::Agent => include_str!("agent.schema.json"),
        MetadataType::McpServer => include_str!("mcp-server.schema.json"),
        MetadataType::SeedData => include_str!("seed-data.schema.json"),
        MetadataType::Action => include_str!("action.schema.json"),
        MetadataType::Capability => include_str!("capability.schema.json"),
        MetadataType::App => include_str!("app.schema.json"),
        MetadataType::Studio => include_str!("studio.schema.json"),
        MetadataType::Territory => include_str!("territory.schema.json"),
        MetadataType::Translation => include_str!("translation.schema.json"),
        MetadataType::Trigger => include_str!("trigger.schema.json"),
        MetadataType::ValidationRule => include_str!("validation-rule.schema.json"),
        MetadataType::MessageTemplate => include_str!("message-template.schema.json"),
        MetadataType::Pipeline => include_str!("pipeline.schema.json"),
        MetadataType::Theme => include_str!("theme.schema.json"),
        MetadataType::Datasource => include_str!("datasource.schema.json"),
        MetadataType::ApiRoute => include_str!("api-route.schema.json"),
    }
}

fn validators() -> &'static BTreeMap<MetadataType, Validator> {
    static VALIDATORS: OnceLock<BTreeMap<MetadataType, Validator>> = OnceLock::new();
    VALIDATORS.get_or_init(|| {
        let compiled = MetadataType::ALL.iter().filter_map(|metadata_type| {
            let schema: Value = serde_json::from_str(schema_of(*metadata_type)).ok()?;
            Some((*metadata_type, explain::compile(&schema)?))
        });
        compiled.collect()
    })
}

/// Returns everything that keeps an object from fitting the schema of its type.
pub(super) fn problems(rule: &'static str, object: &MetadataObject) -> Vec<Diagnostic> {
    let Some(value) = &object.value else { return Vec::new() };
    let Some(validator) = validators().get(&object.metadata_type) else { return Vec::new() };
    let mut found = explain::problems(rule, &object.path, validator, value);
    for diagnostic in &mut found {
        // What is missing from the object as a whole is shown at its first brace.
        if diagnostic.location.anchor == Anchor::Value(Vec::new()) {
            diagnostic.location.anchor = Anchor::Span(0..1);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_a_schema_that_compiles() {
        for metadata_type in MetadataType::ALL {
            assert!(validators().contains_key(metadata_type), "{metadata_type}");
        }
    }

    #[test]
    fn every_problem_of_an_object_is_told() {
        let object = MetadataObject {
            path: "sources/com.a.b/1.0.0/metadata/object/invoice.json".into(),
            metadata_type: MetadataType::Object,
            name: "invoice".to_owned(),
            value: Some(serde_json::json!({ "name": "invoice", "fields": {} })),
        };
        assert!(problems("metadata-invalid", &object).len() >= 2);
    }
}
