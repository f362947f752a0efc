//! Parses the texts that people write: TOML of a known format, and JSON.

use super::explain;
use crate::diagnostic::Diagnostic;
use crate::schema;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use toml::de::DeTable;

/// Parses an authored file of the format `name`.
pub fn parse_toml<T: DeserializeOwned>(
    path: &Arc<str>,
    name: &'static str,
    bytes: &[u8],
    out: &mut Vec<Diagnostic>,
) -> Option<T> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let message = format!("the file is not UTF-8 from byte {}", error.valid_up_to());
            out.push(Diagnostic::new("toml-invalid", Arc::clone(path), message));
            return None;
        }
    };
    let parsed = DeTable::parse(text).and_then(|document| {
        let format = format_of(document.get_ref());
        if format.is_none_or(|format| format == i64::from(schema::FORMAT)) {
            T::deserialize(toml::Deserializer::from(document)).map(Ok)
        } else {
            Ok(Err(format.unwrap_or_default()))
        }
    });
    match parsed {
        Ok(Ok(value)) => Some(value),
        Ok(Err(format)) => {
            let message =
                format!("format {format} is not supported; this build reads format {}", schema::FORMAT);
            out.push(
                Diagnostic::new("format-unsupported", Arc::clone(path), message)
                    .value(&["format"])
                    .help("use a newer shelfmark, or write `format = 1`"),
            );
            None
        }
        Err(error) => {
            out.extend(explain::explain(path, text, name, &error));
            None
        }
    }
}

/// Returns the `format` of a file, if it says one.
fn format_of(table: &DeTable<'_>) -> Option<i64> {
    let number = table.get("format")?.get_ref().as_integer()?;
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

/// Makes the diagnostic for text that is not JSON.
pub(super) fn json_invalid(path: &Arc<str>, bytes: &[u8], error: &serde_json::Error) -> Diagnostic {
    let start = bytes
        .split_inclusive(|byte| *byte == b'\n')
        .take(error.line().saturating_sub(1))
        .map(<[u8]>::len)
        .sum::<usize>()
        + error.column().saturating_sub(1);
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or(&text);
    Diagnostic::new("json-invalid", Arc::clone(path), format!("not valid JSON: {reason}"))
        .span(start..start + 1)
}
