//! Why an authored file was refused: every problem in it, each at its place.
//!
//! Reading takes the short way through serde. Only a file that serde refuses
//! comes here, where its JSON Schema names all problems at once.

use super::proposal::place_of;
use crate::diagnostic::{Diagnostic, Fix, nearest};
use crate::model::{PackageId, Version};
use crate::schema::Named;
use crate::source::{Part, Place};
use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use toml::de::{DeTable, DeValue};

/// Marks a TOML date-time among the texts of the JSON that a schema sees.
const DATE: char = '\u{1}';

/// One format with its compiled JSON Schema.
struct Format {
    schema: Value,
    validator: Validator,
}

/// Returns every problem of a TOML text that does not fit the format `name`.
pub(super) fn explain(
    path: &Arc<str>,
    text: &str,
    name: &'static str,
    error: &toml::de::Error,
) -> Vec<Diagnostic> {
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return errors.iter().map(|error| syntax(path, text, error)).collect();
    }
    let mut found = Vec::new();
    if let Some(format) = formats().get(name) {
        let instance = to_json(&DeValue::Table(document.into_inner()));
        for problem in format.validator.iter_errors(&instance) {
            describe(path, name, &format.schema, &problem, &mut found);
        }
    }
    if found.is_empty() {
        let mut diagnostic = Diagnostic::new("value-invalid", Arc::clone(path), first_line(error.message()));
        if let Some(span) = error.span() {
            diagnostic = diagnostic.span(span);
        }
        found.push(diagnostic);
    }
    found
}

fn syntax(path: &Arc<str>, text: &str, error: &toml::de::Error) -> Diagnostic {
    let mut message = first_line(error.message());
    let word = error.span().and_then(|span| text.get(span)).unwrap_or_default();
    if message == "duplicate key" && !word.is_empty() {
        message = format!("the key `{word}` is given twice");
    } else if message.contains("recurs") {
        message = "values are nested too deep; 80 levels are read".to_owned();
    }
    let diagnostic = Diagnostic::new("toml-invalid", Arc::clone(path), message);
    match error.span() {
        Some(span) => diagnostic.span(span),
        None => diagnostic,
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

fn formats() -> &'static HashMap<&'static str, Format> {
    static FORMATS: OnceLock<HashMap<&'static str, Format>> = OnceLock::new();
    FORMATS.get_or_init(|| {
        crate::schema::ALL
            .iter()
            .filter_map(|named: &Named| {
                let schema = named.schema();
                let dates = options().with_format("date-time", |text: &str| text.starts_with(DATE));
                let validator = dates.should_validate_formats(true).build(&schema).ok()?;
                Some((named.name, Format { schema, validator }))
            })
            .collect()
    })
}

/// Compiles a JSON Schema with linear-time patterns.
pub(super) fn compile(schema: &Value) -> Option<Validator> {
    options().build(schema).ok()
}

fn options() -> jsonschema::ValidationOptions<'static> {
    jsonschema::options().with_pattern_options(jsonschema::PatternOptions::regex())
}

/// Returns the line of a missing key that can have one value alone: the format, and what a release's path says.
fn only_line(path: &str, key: &str) -> Option<String> {
    if key == "format" {
        return Some("format = 1".to_owned());
    }
    let Some(Place::Package { id, part: Part::Release(version), .. }) = place_of(path) else { return None };
    let value = match key {
        "id" => PackageId::parse(&id).ok()?.to_string(),
        "version" => Version::parse(&version).ok()?.to_string(),
        _ => return None,
    };
    Some(format!("{key} = \"{value}\""))
}

/// Turns one schema error into diagnostics.
fn describe(
    path: &Arc<str>,
    name: &str,
    schema: &Value,
    error: &ValidationError<'_>,
    out: &mut Vec<Diagnostic>,
) {
    let keys: Vec<String> = error.instance_path().iter().map(|part| part.to_string()).collect();
    let at = place_name(&keys);
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let known = known_keys(schema, &error.schema_path().to_string());
            for key in unexpected {
                let mut whole = keys.clone();
                whole.push(key.clone());
                let mut diagnostic = Diagnostic::new(
                    "key-unknown",
                    Arc::clone(path),
                    format!("unknown key `{key}`{}", inside(&keys)),
                )
                .key(&whole);
                diagnostic = match nearest(key, known.iter().map(String::as_str)) {
                    Some(close) => {
                        let is_missing = error.instance().get(close).is_none();
                        let fix =
                            (is_missing && is_same_word(key, close)).then(|| Fix::Replace(close.to_owned()));
                        Diagnostic { fix, ..diagnostic.help(format!("did you mean `{close}`?")) }
                    }
                    None if known.is_empty() => diagnostic,
                    None => diagnostic.help(format!("known keys here: {}", known.join(", "))),
                };
                out.push(diagnostic);
            }
        }
        ValidationErrorKind::Required { property } => {
            let key = property.as_str().unwrap_or_default();
            let message = format!("the key `{key}` is missing{}", inside(&keys));
            let diagnostic = Diagnostic::new("key-missing", Arc::clone(path), message);
            let line = if keys.is_empty() { only_line(path, key) } else { None };
            let diagnostic = match line {
                Some(line) => diagnostic.help(format!("add the line `{line}`")).fix(Fix::AddLine(line)),
                None => diagnostic.help(format!("`shelfmark schema {name}` prints every key of this format")),
            };
            out.push(if keys.is_empty() { diagnostic.span(0..0) } else { diagnostic.key(&keys) });
        }
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            let here = error.instance_path().to_string();
            let is_type = |error: &ValidationError<'static>| {
                matches!(error.kind(), ValidationErrorKind::Type { .. })
                    && error.instance_path().to_string() == here
            };
            let words: Option<Vec<&str>> = context
                .iter()
                .map(|branch| words_of(branch, &here))
                .collect::<Option<Vec<_>>>()
                .map(|all| all.concat());
            if let Some(words) = words.filter(|words| !words.is_empty()) {
                out.push(one_of(path, &keys, &at, error.instance(), &words));
                return;
            }
            match context.iter().find(|branch| !branch.is_empty() && !branch.iter().any(is_type)) {
                Some(branch) => {
                    for nested in branch {
                        describe(path, name, schema, nested, out);
                    }
                }
                None => out.push(value_invalid(path, &keys, format!("`{at}` has the wrong type: {error}"))),
            }
        }
        ValidationErrorKind::Enum { options } => {
            let words: Vec<&str> =
                options.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            out.push(one_of(path, &keys, &at, error.instance(), &words));
        }
        ValidationErrorKind::Format { format } if format == "date-time" => {
            let message = format!("`{at}` is text, but a date-time without quotes is expected");
            out.push(value_invalid(path, &keys, message).help("for example 2026-02-17T00:00:00Z"));
        }
        ValidationErrorKind::OneOfMultipleValid { .. } | ValidationErrorKind::Constant { .. } => {
            out.push(value_invalid(path, &keys, format!("`{at}`: {error}")));
        }
        ValidationErrorKind::Type { kind } => {
            let expected = match kind {
                jsonschema::error::TypeKind::Single(one) => one.to_string(),
                jsonschema::error::TypeKind::Multiple(_) => "another type".to_owned(),
            };
            let message = format!(
                "`{at}` is {}, but {} is expected",
                type_name(error.instance()),
                with_article(&expected)
            );
            out.push(value_invalid(path, &keys, message));
        }
        _ => out.push(value_invalid(path, &keys, format!("`{at}`: {error}"))),
    }
}

/// Returns the words that a branch allows at the place itself, if that is all it asks for.
fn words_of<'a>(branch: &'a [ValidationError<'static>], here: &str) -> Option<Vec<&'a str>> {
    let mut words = Vec::new();
    for error in branch {
        match error.kind() {
            _ if error.instance_path().to_string() != here => return None,
            ValidationErrorKind::Constant { expected_value } => words.push(expected_value.as_str()?),
            ValidationErrorKind::Enum { options } => {
                words.extend(options.as_array()?.iter().filter_map(Value::as_str))
            }
            ValidationErrorKind::Type { .. } => {}
            _ => return None,
        }
    }
    Some(words)
}

/// Whether two words are one, spelled with other separators, in another case, or
/// with one letter wrong: close enough to write one for the other.
fn is_same_word(given: &str, known: &str) -> bool {
    let fold = |word: &str| word.replace(['-', '_', ' '], "").to_lowercase();
    let (given, known) = (fold(given), fold(known));
    given == known || (known.chars().count() > 4 && strsim::osa_distance(&given, &known) == 1)
}

fn one_of(path: &Arc<str>, keys: &[String], at: &str, value: &Value, words: &[&str]) -> Diagnostic {
    let given = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
    let diagnostic = value_invalid(path, keys, format!("`{given}` is not a value of `{at}`"));
    match nearest(&given, words.iter().copied()) {
        Some(close) => {
            let fix = is_same_word(&given, close).then(|| Fix::Replace(format!("\"{close}\"")));
            Diagnostic { fix, ..diagnostic.help(format!("did you mean `{close}`?")) }
        }
        None => diagnostic.help(format!("one of: {}", words.join(", "))),
    }
}

fn value_invalid(path: &Arc<str>, keys: &[String], message: String) -> Diagnostic {
    Diagnostic::new("value-invalid", Arc::clone(path), message).value(keys)
}

fn place_name(keys: &[String]) -> String {
    if keys.is_empty() { "the file".to_owned() } else { keys.join(".") }
}

fn inside(keys: &[String]) -> String {
    if keys.is_empty() { String::new() } else { format!(" in `{}`", keys.join(".")) }
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "an array",
        Value::Object(_) => "a table",
    }
}

fn with_article(json_type: &str) -> String {
    match json_type {
        "object" => "a table".to_owned(),
        "string" => "text".to_owned(),
        "array" | "integer" => format!("an {json_type}"),
        other => format!("a {other}"),
    }
}

/// Returns the keys that the object schema around `additionalProperties` knows.
fn known_keys(schema: &Value, schema_path: &str) -> Vec<String> {
    let parent = schema_path.rsplit_once('/').map_or("", |(parent, _)| parent);
    schema
        .pointer(parent)
        .and_then(|object| object.get("properties"))
        .and_then(Value::as_object)
        .map(|properties| properties.keys().cloned().collect())
        .unwrap_or_default()
}

/// Converts parsed TOML to the JSON that the schema describes.
fn to_json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).map_or(Value::Null, Value::from)
        }
        DeValue::Float(number) => number.as_str().parse::<f64>().map_or(Value::Null, Value::from),
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Datetime(moment) => Value::String(format!("{DATE}{moment}")),
        DeValue::Array(items) => items.iter().map(|item| to_json(item.get_ref())).collect(),
        DeValue::Table(table) => Value::Object(
            table.iter().map(|(key, item)| (key.get_ref().to_string(), to_json(item.get_ref()))).collect(),
        ),
    }
}

/// Returns the problems of a JSON value against a JSON Schema, for metadata objects.
pub(super) fn problems(
    rule: &'static str,
    path: &Arc<str>,
    validator: &Validator,
    instance: &Value,
) -> Vec<Diagnostic> {
    validator
        .iter_errors(instance)
        .map(|error| {
            let mut keys: Vec<String> = error.instance_path().iter().map(|part| part.to_string()).collect();
            let at = place_name(&keys);
            if let ValidationErrorKind::AdditionalProperties { unexpected } = error.kind() {
                keys.extend(unexpected.first().cloned());
                let message =
                    format!("unknown key `{}`{}", unexpected.join("`, `"), inside(&keys[..keys.len() - 1]));
                return Diagnostic::new(rule, Arc::clone(path), message).value(&keys);
            }
            if let ValidationErrorKind::Required { property } = error.kind() {
                let key = property.as_str().unwrap_or_default();
                let message = format!("the key `{key}` is missing{}", inside(&keys));
                return Diagnostic::new(rule, Arc::clone(path), message).value(&keys);
            }
            Diagnostic::new(rule, Arc::clone(path), format!("`{at}`: {error}")).value(&keys)
        })
        .collect()
}
