//! Markdown to HTML that is safe to put into a page.
//!
//! Three walls stand in a row. The writer here emits only what it means to:
//! links and images are decided one by one, raw HTML is parsed and written
//! anew, well nested, by [`raw`]. Then [`sanitize`] holds the result against
//! an allow-list with a real HTML parser. Last, the page's Content-Security-Policy
//! runs no script that is not the site's own. Depth and size are bounded before
//! the HTML parser sees anything, so that no text can make it slow.

mod links;
mod raw;
mod sanitize;
mod writer;

use super::text::{escaped, push_escaped};
use serde::Serialize;

/// Most bytes of a text that is rendered.
pub(super) const MAX_INPUT: usize = 512 * 1024;
/// Most bytes of HTML that it may become.
const MAX_OUTPUT: usize = 4 * 1024 * 1024;
/// Most characters that are escaped: the HTML parser joins the pieces of a text
/// around each, in time that grows with the square of their number.
const MAX_ESCAPES: usize = 60_000;
/// Most containers within containers.
const MAX_DEPTH: usize = 100;

/// Whose text it is, which decides what links and images may be.
#[derive(Clone, Copy)]
pub(super) enum Profile<'a> {
    /// A stranger's: ids are prefixed, headings demoted by one, and images come
    /// from the package alone. The function returns the address of the
    /// published image of that path, if the package has it.
    Readme(&'a dyn Fn(&str) -> Option<String>),
    /// Our own: relative links stand, and the first heading is the title.
    Docs,
}

/// What a text became.
#[derive(Debug, Default)]
pub(super) struct Rendered {
    /// Safe HTML.
    pub(super) html: String,
    /// The first heading of level one, in `Docs`.
    pub(super) title: Option<String>,
    /// Headings of level two and three.
    pub(super) contents: Vec<TocEntry>,
}

/// One line of a table of contents.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct TocEntry {
    /// The id of the heading.
    pub(super) id: String,
    /// Its text.
    pub(super) text: String,
    /// Its level.
    pub(super) level: u8,
}

/// Why a text is shown as plain text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    /// Too many bytes in.
    #[error("it has more than 512 KiB")]
    Input,
    /// Too many bytes out.
    #[error("it becomes more than 4 MiB of HTML")]
    Output,
    /// Too many characters to escape.
    #[error("it has more than 60,000 characters that HTML must escape")]
    Escapes,
    /// Nested too deep.
    #[error("it nests more than 100 levels deep")]
    Depth,
}

/// Renders a text.
///
/// # Errors
/// When it passes a limit; show it with [`plain`] then.
pub(super) fn render(text: &str, profile: Profile<'_>) -> Result<Rendered, Refused> {
    if text.len() > MAX_INPUT {
        return Err(Refused::Input);
    }
    let mut rendered = writer::write(text, profile)?;
    if rendered.html.len() > MAX_OUTPUT {
        return Err(Refused::Output);
    }
    if rendered.html.bytes().filter(|b| *b == b'&').count() > MAX_ESCAPES {
        return Err(Refused::Escapes);
    }
    rendered.html = sanitize::clean(&rendered.html, profile);
    Ok(rendered)
}

/// Returns the text as it stands, cut at the largest size, in a `pre`.
pub(super) fn plain(text: &str) -> String {
    let mut end = text.len().min(MAX_INPUT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut out = String::from("<pre>");
    push_escaped(&mut out, text.get(..end).unwrap_or_default());
    out.push_str("</pre>\n");
    out
}

/// Returns a README as HTML, whatever it holds, and why it is plain text if it is.
pub(super) fn readme(text: &str, image: &dyn Fn(&str) -> Option<String>) -> (String, Option<Refused>) {
    match render(text, Profile::Readme(image)) {
        Ok(rendered) => (rendered.html, None),
        Err(refused) => (plain(text), Some(refused)),
    }
}

/// Returns a page of our own; a page that passes a limit is plain text.
pub(super) fn docs(text: &str) -> Rendered {
    render(text, Profile::Docs).unwrap_or_else(|_| Rendered { html: plain(text), ..Rendered::default() })
}

/// Turns the text of a heading into an id, the way forges do.
fn anchor_of(text: &str) -> String {
    let mut id = String::new();
    for c in text.trim().chars().take(120) {
        match c {
            ' ' | '-' | '\t' | '\n' => id.push('-'),
            '_' => id.push('_'),
            c if c.is_alphanumeric() => id.extend(c.to_lowercase()),
            _ => {}
        }
    }
    if id.is_empty() { "section".into() } else { id }
}

impl Profile<'_> {
    /// What every id begins with, so that it cannot be one of the page's own.
    fn id_prefix(self) -> &'static str {
        match self {
            Profile::Readme(_) => "readme-",
            Profile::Docs => "",
        }
    }

    /// Returns the opening tag of a link.
    fn link(self, url: &str) -> String {
        format!("<a href=\"{}\">", escaped(url))
    }
}

#[cfg(test)]
mod tests;
