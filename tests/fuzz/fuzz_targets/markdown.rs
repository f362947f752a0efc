//! A stranger's README: its HTML has no tag, attribute or address that could do
//! anything. The output is scanned as the tags it consists of, not as text: a
//! README may well speak about `<script>`.
#![no_main]

use libfuzzer_sys::fuzz_target;

const TAGS_NEVER: &[&str] = &[
    "script", "style", "iframe", "object", "embed", "form", "input", "button", "base", "link", "meta", "svg",
    "math", "template", "noscript", "video", "audio", "source", "textarea", "select", "title", "body",
    "html",
];
const ATTRIBUTES_OF_ADDRESSES: &[&str] = &[
    "href",
    "src",
    "cite",
    "srcset",
    "action",
    "formaction",
    "data",
    "poster",
    "background",
    "ping",
    "xlink:href",
];

fuzz_target!(|text: &str| {
    let html = shelfmark::site::readme_html(text);
    let mut rest = html.as_str();
    while let Some(start) = rest.find('<') {
        rest = check_tag(&rest[start + 1..], &html);
    }
});

/// Checks the tag that the text begins with and returns what follows it.
fn check_tag<'a>(text: &'a str, html: &str) -> &'a str {
    let name_end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '/').expect("a tag ends");
    let name = text[..name_end].trim_start_matches('/');
    assert!(!name.is_empty(), "not a tag: {html:?}");
    assert!(!TAGS_NEVER.contains(&name.to_ascii_lowercase().as_str()), "<{name}> in {html:?}");
    let mut rest = &text[name_end..];
    loop {
        rest = rest.trim_start_matches(' ');
        if let Some(after) = rest.strip_prefix('>') {
            return after;
        }
        let (attribute, after) = rest.split_once("=\"").expect("attributes have quoted values");
        let (value, after) = after.split_once('"').expect("a value ends");
        check_attribute(attribute, value, html);
        rest = after;
    }
}

fn check_attribute(name: &str, value: &str, html: &str) {
    assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{name} in {html:?}");
    assert!(!name.starts_with("on") && name != "style" && name != "srcdoc", "{name} in {html:?}");
    if !ATTRIBUTES_OF_ADDRESSES.contains(&name) {
        return;
    }
    // As browsers read an address: without tabs and line breaks, in any case, after leading controls.
    let address: String = value.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let address = address.trim_start_matches(|c: char| c <= ' ').to_ascii_lowercase();
    let scheme = address.split(['/', '?', '#']).next().and_then(|head| head.split_once(':'));
    if let Some((scheme, _)) = scheme {
        assert!(matches!(scheme, "http" | "https" | "mailto"), "{scheme}: in {html:?}");
    }
}
