//! The listing of an imported package.

use super::catalog::Deprecation;
use super::convert::{Converter, keywords};
use super::report::Reason;
use super::text;
use crate::model::Status;
use crate::schema;

/// Most characters of a tagline and of a display name.
const MOST_TAGLINE: usize = 200;
const MOST_NAME: usize = 100;

impl Converter<'_> {
    /// Makes the listing, from the newest release.
    pub(super) fn listing(&mut self) -> schema::Listing {
        let newest = self.newest;
        let title = newest.title.as_deref().map(text::one_line).filter(|title| !title.is_empty());
        let name = title.unwrap_or_else(|| text::one_line(&self.package.name));
        let (name, is_cut) = text::cut(&name, MOST_NAME);
        if is_cut {
            self.case(Reason::NameCut, newest, String::new());
        }
        let name = if name.is_empty() { self.id.clone() } else { name.into_owned() };
        let tagline = newest
            .description
            .as_deref()
            .map(text::one_line)
            .filter(|line| !line.is_empty())
            .map(|line| text::cut(text::first_sentence(&line), MOST_TAGLINE).0.into_owned());
        if let Some(text) = newest.deprecated.as_ref().and_then(|deprecation| deprecation.text.as_deref()) {
            self.case(Reason::DeprecationText, newest, text.to_owned());
        }
        let (homepage, repository) =
            (self.link(newest.homepage.as_deref()), self.link(newest.repository.as_deref()));
        let links = schema::Links { homepage, repository, ..schema::Links::default() };
        schema::Listing {
            format: schema::FORMAT,
            name,
            tagline,
            category: newest
                .category
                .as_ref()
                .and_then(|category| self.context.categories.get(category))
                .cloned(),
            tags: keywords(newest).0,
            status: newest.deprecated.as_ref().map(|_| Status::Deprecated),
            replacement: newest.deprecated.as_ref().and_then(|deprecation| self.replacement(deprecation)),
            audience: None,
            icon: None,
            screenshots: Vec::new(),
            links: (links.homepage.is_some() || links.repository.is_some()).then_some(links),
            pricing: None,
        }
    }

    fn link(&mut self, url: Option<&str>) -> Option<String> {
        let url = url?.trim();
        let lower = url.to_ascii_lowercase();
        let is_web = lower.starts_with("https://") || lower.starts_with("http://");
        if is_web && !url.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Some(url.to_owned());
        }
        self.case(Reason::LinkLeftOut, self.newest, url.to_owned());
        None
    }

    /// Finds a package of the catalog that a deprecation names: in a field of
    /// its own, between backticks, or after words such as `in favour of`.
    pub(super) fn replacement(&self, deprecation: &Deprecation) -> Option<String> {
        let text = deprecation.text.as_deref().unwrap_or_default();
        let quoted = text.split('`').skip(1).step_by(2);
        let lower = text.to_ascii_lowercase();
        let after = [
            "in favour of ",
            "in favor of ",
            "replaced by ",
            "renamed to ",
            "moved to ",
            "moved into ",
            "use ",
        ]
        .iter()
        .filter_map(|words| text.get(lower.find(words)? + words.len()..)?.split([' ', ',', ';']).next());
        let named = deprecation.replacement.as_deref().into_iter().chain(quoted).chain(after);
        named
            .map(|word| word.trim_end_matches(['.', ',', '!']))
            .filter(|word| *word != &*self.package.name)
            .find(|word| self.context.catalog.find(word).is_some_and(|package| !package.releases.is_empty()))
            .and_then(|word| self.context.id(word))
    }
}
