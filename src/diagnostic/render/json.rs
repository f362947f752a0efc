//! Diagnostics for machines: one JSON object a line, frozen as version 1.

use super::{Context, escape_json};
use crate::diagnostic::{Diagnostic, locate};
use crate::model::RuleLevel;
use serde::Serialize;

/// One diagnostic of version 1 of the format.
#[derive(Debug, Serialize)]
pub struct JsonDiagnostic<'a> {
    /// The format's version: 1.
    pub v: u32,
    /// The rule's id.
    pub rule: &'a str,
    /// What it leads to.
    pub level: RuleLevel,
    /// The sentence.
    pub message: &'a str,
    /// Path from the registry's folder.
    pub file: &'a str,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Why it matters.
    pub notes: &'a [String],
    /// The exact edit or command.
    pub help: Option<&'a str>,
    /// Address of the rule's page.
    pub why: String,
}

/// Renders one diagnostic as one line, with a final newline.
pub fn json_line(diagnostic: &Diagnostic, context: &Context<'_>) -> String {
    let text = (context.source)(&diagnostic.location.path).unwrap_or_default();
    let position = locate(&diagnostic.location, &text);
    let value = JsonDiagnostic {
        v: 1,
        rule: diagnostic.rule,
        level: diagnostic.level,
        message: &diagnostic.message,
        file: &diagnostic.location.path,
        line: position.line,
        column: position.column,
        notes: &diagnostic.notes,
        help: diagnostic.help.as_deref(),
        why: context.why(diagnostic),
    };
    let mut line = escape_json(&serde_json::to_string(&value).unwrap_or_default());
    line.push('\n');
    line
}
