//! What a link or an image may point at.

use super::super::text::decode_percent;
use super::{Profile, anchor_of};

/// Where a link leads.
#[derive(Debug, PartialEq)]
pub(super) enum Target {
    /// An address to print.
    Url(String),
    /// Nowhere a reader can go: its text stands alone.
    Nowhere,
}

/// Decides a link.
pub(super) fn link(url: &str, profile: Profile<'_>) -> Target {
    let url = url.trim();
    if let Some(anchor) = url.strip_prefix('#') {
        let id = anchor_of(&decode_percent(anchor));
        return Target::Url(format!("#{}{id}", profile.id_prefix()));
    }
    if let Some(url) = absolute(url) {
        return Target::Url(url);
    }
    match profile {
        Profile::Readme(image) => {
            inside(url).and_then(|path| image(&path)).map_or(Target::Nowhere, Target::Url)
        }
        Profile::Docs if has_scheme(url) => Target::Nowhere,
        Profile::Docs => Target::Url(docs_page(url)),
    }
}

/// Returns an address with one of the schemes that cannot run anything.
pub(super) fn absolute(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once(':')?;
    let scheme = scheme.to_ascii_lowercase();
    let is_known = match scheme.as_str() {
        "http" | "https" => rest.starts_with("//") && rest.len() > 2,
        "mailto" => !rest.is_empty(),
        _ => false,
    };
    let is_clean = url.chars().all(|c| !c.is_whitespace() && !c.is_control());
    (is_known && is_clean).then(|| format!("{scheme}:{rest}"))
}

/// Returns the path of a file in the package that a relative address names.
pub(super) fn inside(url: &str) -> Option<String> {
    if has_scheme(url) || url.starts_with('/') || url.contains('\\') {
        return None;
    }
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let mut parts = Vec::new();
    for part in decode_percent(path).split('/') {
        match part {
            "" | "." => {}
            ".." => return None,
            part => parts.push(part.to_owned()),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

fn has_scheme(url: &str) -> bool {
    url.split(['/', '?', '#']).next().unwrap_or_default().contains(':') || url.starts_with("//")
}

/// `check.md#fix` is the page beside this one.
fn docs_page(url: &str) -> String {
    let (path, anchor) =
        url.split_once('#').map_or((url, String::new()), |(path, anchor)| (path, format!("#{anchor}")));
    match path.trim_start_matches("./").strip_suffix(".md") {
        Some(name) if !name.contains('/') => format!("../{name}/{anchor}"),
        _ => url.to_owned(),
    }
}
