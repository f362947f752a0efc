//! The documentation, carried in the binary: Markdown files of `site/content`
//! in reading order.

use super::Error;
use super::engine::{Page, Site};
use super::markdown::{TocEntry, docs};
use super::text::{shorten, title_of};
use super::view::Address;
use minijinja::Value;
use serde::Serialize;

macro_rules! documents {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../site/content/", $name, ".md"))),)*]
    };
}

const DOCUMENTS: &[(&str, &str)] = documents![
    "registry",
    "publishing",
    "review",
    "scan",
    "search",
    "index-format",
    "search-format",
    "hosting",
    "import",
    "benchmarks",
    "glossary",
];

/// One page of documentation.
pub(super) struct Doc {
    /// The file's name without `.md`.
    pub(super) name: &'static str,
    /// Its first heading.
    pub(super) title: String,
    /// The first sentences, as plain text.
    description: String,
    html: String,
    contents: Vec<TocEntry>,
}

#[derive(Serialize)]
struct View<'a> {
    name: &'a str,
    title: &'a str,
    html: Value,
    toc: &'a [TocEntry],
}

/// Renders every document.
pub(super) fn all() -> Vec<Doc> {
    DOCUMENTS.iter().map(|(name, text)| doc(name, text)).collect()
}

fn doc(name: &'static str, text: &str) -> Doc {
    let rendered = docs(text);
    let is_prose = |block: &&str| {
        block.starts_with(|c: char| c.is_alphanumeric() || c == '`') && !block.starts_with("```")
    };
    let first = text.split("\n\n").map(str::trim).find(is_prose).unwrap_or_default();
    Doc {
        name,
        title: rendered.title.unwrap_or_else(|| title_of(name)),
        description: opening(&first.replace(['*', '`', '_'], "")),
        html: rendered.html,
        contents: rendered.contents,
    }
}

/// Returns the sentences that fit a description, those without a link.
fn opening(paragraph: &str) -> String {
    let line = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut told = String::new();
    for sentence in line.split_inclusive(". ") {
        if !told.is_empty() && (sentence.contains('[') || told.len() + sentence.len() > 160) {
            break;
        }
        told.push_str(sentence);
    }
    shorten(&told, 160)
}

/// Writes the pages.
pub(super) fn write(site: &Site<'_>) -> Result<Vec<Address>, Error> {
    let mut addresses = vec![write_index(site)?];
    for doc in &site.docs {
        let page = Page {
            title: doc.title.clone(),
            description: doc.description.clone(),
            path: format!("docs/{}/", doc.name),
            section: "docs",
            ..Page::default()
        };
        addresses.push(Address::new(&page.path));
        let html = Value::from_safe_string(doc.html.clone());
        let view = View { name: doc.name, title: &doc.title, html, toc: &doc.contents };
        site.page(
            "content.html",
            page,
            minijinja::context! { doc => Value::from(minijinja::value::Serde(view)) },
        )?;
    }
    Ok(addresses)
}

/// Writes the list of documents in reading order.
fn write_index(site: &Site<'_>) -> Result<Address, Error> {
    let documents: Vec<Value> = site
        .docs
        .iter()
        .map(|doc| {
            minijinja::context! { name => doc.name, title => doc.title.as_str(), description => doc.description.as_str() }
        })
        .collect();
    let page = Page {
        title: "Documentation".into(),
        description: "How this registry works, for those who run it, publish to it, or read it.".into(),
        path: "docs/".into(),
        section: "docs",
        ..Page::default()
    };
    let address = Address::new(&page.path);
    site.page("docs.html", page, minijinja::context! { documents })?;
    Ok(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_document_is_carried_and_has_a_title() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("site/content");
        for entry in walkdir::WalkDir::new(folder).min_depth(1) {
            let file = entry.unwrap().file_name().to_string_lossy().into_owned();
            let Some(name) = file.strip_suffix(".md") else { continue };
            assert!(
                DOCUMENTS.iter().any(|(known, _)| *known == name),
                "add `{name}` to `DOCUMENTS` in src/site/content.rs"
            );
        }
        for (name, text) in DOCUMENTS {
            assert!(docs(text).title.is_some(), "{name}.md has no heading of level one");
        }
    }
}
