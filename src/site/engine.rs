//! Templates, and the way from a view to a file.

use super::assets::Assets;
use super::catalog::Catalog;
use super::content::{self, Doc};
use super::text::{breakable, count, day, push_escaped, thousands};
use super::view::shared::Date;
use super::{Error, SiteInput, SiteReport, media};
use crate::model::PackageId;
use crate::publish::{Output, Phase};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context, escape_formatter};
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

macro_rules! templates {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../templates/site/", $name))),)+]
    };
}

const TEMPLATES: &[(&str, &str)] = templates![
    "404.html",
    "base.html",
    "browse-index.html",
    "browse.html",
    "check.html",
    "content.html",
    "docs.html",
    "home.html",
    "integration-providers.html",
    "macros.html",
    "package.html",
    "policy.html",
    "queue.html",
    "publisher.html",
    "publishers.html",
    "rule.html",
    "rules.html",
    "search.html",
    "starter-packs.html",
    "versions.html",
];

/// Everything a view needs: the input, the arranged registry, and the way out.
pub(super) struct Site<'a> {
    pub(super) input: &'a SiteInput<'a>,
    pub(super) catalog: Catalog<'a>,
    pub(super) docs: Vec<Doc>,
    environment: Environment<'static>,
    output: &'a dyn Output,
    pages: AtomicU64,
    bytes: AtomicU64,
    problems: Mutex<BTreeSet<String>>,
}

/// What every page says about itself.
#[derive(Debug, Default, Serialize)]
pub(super) struct Page {
    /// Title without the registry's name.
    pub(super) title: String,
    /// Plain text, at most 160 characters.
    pub(super) description: String,
    /// Address from the site's top; empty for the top page.
    pub(super) path: String,
    /// Address of the JSON twin.
    pub(super) json: Option<String>,
    /// Address of the Markdown twin.
    pub(super) md: Option<String>,
    /// The navigation item that is current.
    pub(super) section: &'static str,
    /// Whether search engines should pass by.
    pub(super) noindex: bool,
}

impl<'a> Site<'a> {
    /// Arranges the registry and compiles the templates.
    pub(super) fn new(input: &'a SiteInput<'a>, output: &'a dyn Output) -> Result<Self, Error> {
        let (icons, problems) = media::icons(input)?;
        let catalog = Catalog::new(input.registry, &icons, input.scans);
        let docs = content::all();
        let environment = environment(input, &catalog, &docs)
            .map_err(|source| Error::Template { page: "base.html".into(), source })?;
        Ok(Self {
            input,
            catalog,
            docs,
            environment,
            output,
            pages: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            problems: Mutex::new(problems),
        })
    }

    /// Returns the listed packages that require one, by id.
    pub(super) fn dependents(&self, id: &PackageId) -> Vec<&'a PackageId> {
        let item = |id: &PackageId| self.catalog.position(id).and_then(|at| self.catalog.item(at));
        let all = self.input.dependents.get(id).iter();
        all.filter(|id| item(id).is_some_and(|item| item.is_listed)).collect()
    }

    /// Renders a page and puts it at `<path>index.html`.
    pub(super) fn page(&self, template: &str, page: Page, body: impl Serialize) -> Result<(), Error> {
        let root = match page.path.matches('/').count() {
            0 => "./".to_owned(),
            depth => "../".repeat(depth),
        };
        let file = format!("{}index.html", page.path);
        self.page_at(template, &file, &root, &page, body)
    }

    /// Renders a page that knows its own file name and root.
    pub(super) fn page_at(
        &self,
        template: &str,
        file: &str,
        root: &str,
        page: &Page,
        body: impl Serialize,
    ) -> Result<(), Error> {
        let refuse = |source| Error::Template { page: file.to_owned(), source };
        let template = self.environment.get_template(template).map_err(refuse)?;
        let body = Value::from(Serde(body));
        let html =
            template.render(context! { root, page => Value::from(Serde(page)), ..body }).map_err(refuse)?;
        self.pages.fetch_add(1, Ordering::Relaxed);
        self.put(file, html.as_bytes())
    }

    /// Puts a file that may change in the next build.
    pub(super) fn put(&self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        self.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        Ok(self.output.put(Phase::Named, path, bytes)?)
    }

    /// Puts a file named by its content.
    pub(super) fn put_hashed(&self, path: &str, bytes: &[u8]) -> Result<(), Error> {
        self.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        Ok(self.output.put(Phase::Hashed, path, bytes)?)
    }

    /// Notes what a reader will miss.
    pub(super) fn problem(&self, text: String) {
        if let Ok(mut problems) = self.problems.lock() {
            problems.insert(text);
        }
    }

    /// Returns what was made.
    pub(super) fn report(self) -> SiteReport {
        SiteReport {
            pages: self.pages.into_inner(),
            bytes: self.bytes.into_inner(),
            problems: self.problems.into_inner().unwrap_or_default().into_iter().collect(),
        }
    }

    /// Returns the path of the site's address: `/` or `/market/`.
    pub(super) fn base_path(&self) -> &str {
        let rest = self.input.base_url.split_once("://").map_or(self.input.base_url, |(_, rest)| rest);
        rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/")
    }
}

#[derive(Serialize)]
struct Build {
    source_tree: String,
    as_of: Date,
    packages: usize,
    releases: usize,
    publishers: usize,
}

fn environment(
    input: &SiteInput<'_>,
    catalog: &Catalog<'_>,
    docs: &[Doc],
) -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    // The one place where text meets a page: escaped, and nothing hidden in it.
    environment.set_formatter(|out, state, value| match value.as_str() {
        Some(text) if !value.is_safe() => {
            let mut escaped = String::with_capacity(text.len() + 16);
            push_escaped(&mut escaped, text);
            out.write_str(&escaped).map_err(minijinja::Error::from)
        }
        _ => escape_formatter(out, state, value),
    });
    environment.add_filter("thousands", |number: u64| thousands(number));
    environment.add_filter("counted", |number: usize, noun: String| count(number, &noun));
    environment.add_filter("breakable", |text: String| Value::from_safe_string(breakable(&text)));
    let settings = &input.registry.settings;
    let build = Build {
        source_tree: input.source_tree.clone(),
        as_of: Date { iso: input.as_of.day(), text: day(input.as_of) },
        packages: catalog.listed.len(),
        releases: catalog.release_count(),
        publishers: catalog.publishers.len(),
    };
    environment.add_global("registry", context! {
        name => settings.name.as_str(), description => settings.description.as_deref(), base_url => input.base_url,
    });
    environment.add_global("assets", Value::from(Serde(Assets::new())));
    environment.add_global("build", Value::from(Serde(build)));
    let names: Vec<Value> =
        docs.iter().map(|doc| context! { name => doc.name, title => doc.title.as_str() }).collect();
    environment.add_global("docs", Value::from(names));
    for (name, source) in TEMPLATES {
        environment.add_template(name, source)?;
    }
    Ok(environment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_compiles() {
        let mut environment = Environment::new();
        for (name, source) in TEMPLATES {
            environment.add_template(name, source).unwrap();
        }
    }
}
