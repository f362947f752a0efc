//! Sentences of reports on a page: what stands between backticks is code, and links to the page of its rule or check.

use super::super::text;
use crate::scan::checks;
use crate::validate::rules;
use minijinja::Value;
use serde::Serialize;

/// A piece of a sentence.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Piece {
    text: String,
    is_code: bool,
    /// The page that explains it, from the root of the site.
    href: Option<String>,
}

/// Takes a sentence apart at its backticks; a last one without another stays one.
pub(super) fn pieces(sentence: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut parts = sentence.split('`').peekable();
    let mut is_code = false;
    while let Some(part) = parts.next() {
        let is_open = is_code && parts.peek().is_none();
        let text = if is_open { format!("`{part}") } else { part.to_owned() };
        let is_code_here = is_code && !is_open;
        if !text.is_empty() || is_code_here {
            let href = if is_code_here { href_of(part) } else { None };
            pieces.push(Piece { text, is_code: is_code_here, href });
        }
        is_code = !is_code;
    }
    pieces
}

/// Writes a sentence as HTML, with what stands between backticks as code.
pub(super) fn coded(sentence: &str) -> Value {
    let mut html = String::with_capacity(sentence.len() + 32);
    for piece in pieces(sentence) {
        let (open, close) = if piece.is_code { ("<code>", "</code>") } else { ("", "") };
        html.push_str(open);
        text::push_escaped(&mut html, &piece.text);
        html.push_str(close);
    }
    Value::from_safe_string(html)
}

/// Returns the page of a check or rule, from the root of the site.
pub(super) fn href_of(id: &str) -> Option<String> {
    let is_known = checks::find(id).is_some() || rules::find(id).is_some();
    is_known.then(|| format!("rules/{id}/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_keeps_its_code_and_nothing_else_of_it_is_markup() {
        for (sentence, html) in [
            ("nothing uses `a.b`", "nothing uses <code>a.b</code>"),
            ("`<b>` and `c", "<code>&lt;b&gt;</code> and `c"),
            ("``", "<code></code>"),
            ("plain", "plain"),
        ] {
            assert_eq!(coded(sentence).as_str(), Some(html));
        }
    }

    #[test]
    fn rules_and_checks_have_pages_and_other_words_have_none() {
        let href = |sentence: &str| pieces(sentence).into_iter().find_map(|piece| piece.href);
        assert_eq!(
            href("`signature-invalid` is of level forbid").as_deref(),
            Some("rules/signature-invalid/")
        );
        assert_eq!(href("`secret-in-file`").as_deref(), Some("rules/secret-in-file/"));
        assert_eq!(href("signature-invalid, `nonsense` and `signature-invalid"), None);
    }
}
