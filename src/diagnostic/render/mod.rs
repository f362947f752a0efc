//! Diagnostics for people and machines, one file a form.

mod json;
mod text;

pub use json::{JsonDiagnostic, json_line};
pub use text::{TextOptions, summary, text};

use super::Diagnostic;

/// Everything a renderer needs besides the diagnostic.
pub struct Context<'a> {
    /// Returns the text of a file of the registry.
    pub source: &'a dyn Fn(&str) -> Option<String>,
    /// Address of the site, ending in a slash, for the `why:` line.
    pub base_url: &'a str,
}

impl Context<'_> {
    fn why(&self, diagnostic: &Diagnostic) -> String {
        format!("{}rules/{}/", self.base_url, diagnostic.rule)
    }
}

/// Replaces control and bidirectional characters, so that a package cannot
/// write to somebody's terminal or log.
pub fn neutralize(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            c if c.is_control() => '\u{fffd}',
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => {
                '\u{fffd}'
            }
            c => c,
        })
        .collect()
}
