//! The allow-list that all rendered Markdown must pass.

use super::super::highlight;
use super::Profile;
use crate::diagnostic::render::neutralize;
use ammonia::{Builder, UrlRelative};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

const TAGS: [&str; 51] = [
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
    "var",
];

static README: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = builder("nofollow noopener ugc");
    builder.attribute_filter(|tag, key, value| match (tag, key) {
        (_, "id") => value.starts_with("readme-").then_some(Cow::Borrowed(value)),
        ("img", "src") => is_image(value).then_some(Cow::Borrowed(value)),
        ("a", "href") => is_readme_link(value).then_some(Cow::Borrowed(value)),
        _ => Some(Cow::Borrowed(value)),
    });
    builder
});

static DOCS: LazyLock<Builder<'static>> = LazyLock::new(|| builder("noopener"));

/// Returns the HTML with everything outside the list removed, and hidden characters made visible.
pub(super) fn clean(html: &str, profile: Profile<'_>) -> String {
    let builder = match profile {
        Profile::Readme(_) => &README,
        Profile::Docs => &DOCS,
    };
    neutralize(&builder.clean(html).to_string())
}

/// Images are the package's own, published under its page.
fn is_image(src: &str) -> bool {
    src.strip_prefix("files/").is_some_and(|name| {
        !name.starts_with('.')
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.')
    })
}

fn is_readme_link(href: &str) -> bool {
    href.starts_with("#readme-") || is_image(href) || super::links::absolute(href).is_some()
}

fn builder(link_rel: &'static str) -> Builder<'static> {
    let mut attributes: HashMap<&str, HashSet<&str>> = HashMap::new();
    for (tag, keys) in [
        ("a", &["href"][..]),
        ("abbr", &["title"]),
        ("details", &["open"]),
        ("img", &["src", "alt", "width", "height", "loading"]),
        ("ol", &["start"]),
        ("td", &["colspan", "rowspan"]),
        ("th", &["colspan", "rowspan"]),
    ] {
        attributes.insert(tag, keys.iter().copied().collect());
    }
    let languages: HashSet<&str> = LANGUAGE_CLASSES.iter().map(String::as_str).collect();
    let mut builder = Builder::empty();
    builder
        .tags(TAGS.into_iter().collect())
        .clean_content_tags(["script", "style"].into_iter().collect())
        .tag_attributes(attributes)
        .generic_attributes(["id"].into_iter().collect())
        .allowed_classes(HashMap::from([
            ("code", languages),
            ("span", highlight::CLASSES.into_iter().collect()),
        ]))
        .url_schemes(["http", "https", "mailto"].into_iter().collect())
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some(link_rel))
        .strip_comments(true);
    builder
}

static LANGUAGE_CLASSES: LazyLock<Vec<String>> =
    LazyLock::new(|| highlight::names().map(|name| format!("language-{name}")).collect());
