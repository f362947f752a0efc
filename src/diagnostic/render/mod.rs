//! Diagnostics for people and machines, one file a form.

mod json;
pub(crate) mod layout;
mod sarif;
mod text;

pub use json::{JsonDiagnostic, json_line};
pub use sarif::{SarifLevel, SarifProblem, SarifRule, sarif, sarif_log, sarif_problems};
pub use text::{TextOptions, summary, text};

use super::Diagnostic;

/// Everything a renderer needs besides the diagnostic.
pub struct Context<'a> {
    /// Returns the text of a file of the registry.
    pub source: &'a dyn Fn(&str) -> Option<String>,
    /// Returns the text of a file as the base of a pull request has it.
    pub base: &'a dyn Fn(&str) -> Option<String>,
    /// Address of the site, ending in a slash, for the `why:` line.
    pub base_url: &'a str,
}

impl<'a> Context<'a> {
    /// Renders where there is no pull request.
    pub fn new(source: &'a dyn Fn(&str) -> Option<String>, base_url: &'a str) -> Self {
        Self { source, base: &|_| None, base_url }
    }

    /// Returns the address of the rule's page, or the command that prints it where the site has no address yet.
    pub fn why(&self, diagnostic: &Diagnostic) -> String {
        let page = self.page(&format!("rules/{}/", diagnostic.rule));
        page.unwrap_or_else(|| format!("`shelfmark explain {}`", diagnostic.rule))
    }

    /// The address of a page of the site, once the site has one.
    fn page(&self, path: &str) -> Option<String> {
        (!self.base_url.starts_with("http://localhost")).then(|| format!("{}{path}", self.base_url))
    }
}

/// Writes characters of JSON text that a terminal or an eye could be misled by
/// as `\u` escapes, so that it means the same and shows as nothing else.
pub fn escape_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        let is_plain = c.is_ascii() || neutralize(c.encode_utf8(&mut [0; 4])).starts_with(c);
        if is_plain {
            out.push(c);
        } else {
            let mut units = [0; 2];
            out.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    out
}

/// Replaces control, bidirectional and invisible characters, and those that
/// XML refuses, so that a package cannot write to somebody's terminal or log,
/// speak to a machine behind a reader's back, or break a feed. Line ends stay.
pub fn neutralize(text: &str) -> String {
    let mut chars = text.chars().peekable();
    let mut out = String::with_capacity(text.len());
    while let Some(c) = chars.next() {
        let is_fine = match c {
            '\n' | '\t' => true,
            '\r' => chars.peek() == Some(&'\n'),
            '\u{61c}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => false,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => false,
            '\u{e0000}'..='\u{e0fff}' => false,
            c => !c.is_control(),
        };
        out.push(if is_fine { c } else { '\u{fffd}' });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{escape_json, neutralize};

    #[test]
    fn json_keeps_its_meaning_and_hides_nothing() {
        let value = serde_json::json!({"a": "é\u{9b}31m\u{202e}\u{e0041}日"});
        let text = escape_json(&value.to_string());
        assert_eq!(text, "{\"a\":\"é\\u009b31m\\u202e\\udb40\\udc41日\"}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }

    #[test]
    fn what_hides_is_replaced_and_line_ends_stay() {
        assert_eq!(neutralize("a\r\nb\tc\n\rd"), "a\r\nb\tc\n\u{fffd}d");
        for c in ['\u{1b}', '\u{9b}', '\u{202e}', '\u{61c}', '\u{2028}', '\u{ffff}', '\u{e0041}'] {
            assert_eq!(neutralize(&format!("a{c}b")), "a\u{fffd}b");
        }
    }
}
