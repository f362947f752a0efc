//! `feed.xml`, `sitemap.xml`, `robots.txt` and `llms.txt`.

use super::Error;
use super::catalog::Item;
use super::engine::Site;
use super::text::{count, encode_path, escaped, shorten};
use super::view::Address;
use super::view::shared::shown_version;
use crate::diagnostic::render::neutralize;
use crate::model::Timestamp;
use crate::validate::registry::Release;
use std::fmt::Write as _;

/// Most entries of the feed.
const MOST_ENTRIES: usize = 50;
/// Most addresses of one sitemap, by its specification.
const MOST_ADDRESSES: usize = 50_000;

/// Writes all of them.
pub(super) fn write(site: &Site<'_>, mut addresses: Vec<Address>) -> Result<(), Error> {
    addresses.sort_by(|a, b| a.path.cmp(&b.path));
    site.put("feed.xml", feed(site).as_bytes())?;
    write_sitemap(site, &addresses)?;
    site.put("robots.txt", robots(site).as_bytes())?;
    site.put("llms.txt", llms(site).as_bytes())
}

/// The latest releases as Atom: an entry's id is the address of its anchor,
/// which no other release will ever have.
fn feed(site: &Site<'_>) -> String {
    let entries = latest(site);
    let base = site.input.base_url;
    let name = &site.input.registry.settings.name;
    let updated = entries.iter().map(|(date, ..)| *date).max().unwrap_or(site.input.as_of);
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n",
    );
    let _ = write!(
        out,
        "<id>{0}feed.xml</id>\n<title>{1}: new releases</title>\n<updated>{updated}</updated>\n<generator>{2}</generator>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{0}feed.xml\"/>\n<link rel=\"alternate\" type=\"text/html\" href=\"{0}\"/>\n",
        escaped(base),
        escaped(name),
        escaped(site.input.generator),
    );
    for (updated, published, item, release) in entries {
        let id = format!("{base}p/{}/versions/#v{}", item.package.id, release.version);
        let summary = release.description.as_deref().map(|text| shorten(text, 1000)).unwrap_or_default();
        let _ = write!(
            out,
            "<entry>\n<id>{0}</id>\n<title>{1} {2}</title>\n<updated>{updated}</updated>\n<published>{published}</published>\n\
             <link rel=\"alternate\" type=\"text/html\" href=\"{0}\"/>\n<author><name>{3}</name></author>\n\
             <category term=\"{4}\"/>\n<summary>{5}</summary>\n</entry>\n",
            escaped(&id),
            escaped(item.package.display_name()),
            escaped(&shown_version(release)),
            escaped(&item.publisher.name),
            release.kind,
            escaped(&summary),
        );
    }
    out.push_str("</feed>\n");
    out
}

/// The latest releases of listed packages that are not yanked: when last
/// changed, when published, and what they are.
fn latest<'s>(site: &'s Site<'_>) -> Vec<(Timestamp, Timestamp, &'s Item<'s>, &'s Release)> {
    let mut dated: Vec<(Timestamp, &Item<'_>, &Release)> = Vec::new();
    for item in site.catalog.listed.iter().filter_map(|at| site.catalog.item(*at)) {
        let usable = item.package.releases.iter().filter(|release| !release.is_yanked());
        dated.extend(usable.filter_map(|release| Some((release.published?, item, release))));
    }
    dated.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| (&a.2.id, &a.2.version).cmp(&(&b.2.id, &b.2.version))));
    dated.truncate(MOST_ENTRIES);
    dated
        .into_iter()
        .map(|(published, item, release)| {
            let amended = release.amendments.iter().map(|amendment| amendment.date);
            let withdrawn = release.withdrawal.iter().map(|withdrawal| withdrawal.date);
            (amended.chain(withdrawn).chain([published]).max().unwrap_or(published), published, item, release)
        })
        .collect()
}

fn write_sitemap(site: &Site<'_>, addresses: &[Address]) -> Result<(), Error> {
    const OPEN: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
    const NAMESPACE: &str = "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"";
    let base = escaped(site.input.base_url);
    let shard = |addresses: &[Address]| {
        let mut out = format!("{OPEN}<urlset {NAMESPACE}>\n");
        for address in addresses {
            let _ = write!(out, "<url><loc>{base}{}</loc>", escaped(&encode_path(&address.path)));
            if let Some(changed) = address.changed {
                let _ = write!(out, "<lastmod>{changed}</lastmod>");
            }
            out.push_str("</url>\n");
        }
        out.push_str("</urlset>\n");
        out
    };
    if addresses.len() <= MOST_ADDRESSES {
        return site.put("sitemap.xml", shard(addresses).as_bytes());
    }
    let mut index = format!("{OPEN}<sitemapindex {NAMESPACE}>\n");
    for (at, part) in addresses.chunks(MOST_ADDRESSES).enumerate() {
        let path = format!("sitemap-{}.xml", at + 1);
        site.put(&path, shard(part).as_bytes())?;
        let changed = part.iter().filter_map(|address| address.changed).max();
        let changed = changed.map(|date| format!("<lastmod>{date}</lastmod>")).unwrap_or_default();
        let _ = writeln!(index, "<sitemap><loc>{base}{path}</loc>{changed}</sitemap>");
    }
    index.push_str("</sitemapindex>\n");
    site.put("sitemap.xml", index.as_bytes())
}

fn robots(site: &Site<'_>) -> String {
    format!("User-agent: *\nAllow: /\n\nSitemap: {}sitemap.xml\n", site.input.base_url)
}

/// The map of the site for language models, by the convention of that name.
fn llms(site: &Site<'_>) -> String {
    let settings = &site.input.registry.settings;
    let base = site.input.base_url;
    let mut out = format!("# {}\n\n", settings.name);
    if let Some(description) = &settings.description {
        let _ = write!(out, "> {}\n\n", shorten(description, 1000));
    }
    let _ = write!(
        out,
        "A catalog of {} with {}, as of {}. Every package page has a Markdown and a JSON twin.\n\n\
         ## Catalog\n\n\
         - [All packages]({base}api/v1/packages.json): id, name, newest version, kind, category and tagline of each\n\
         - [One package as Markdown]({base}p/<id>/index.md): facts, releases and README; replace `<id>`\n\
         - [One package as JSON]({base}p/<id>/index.json): the same with stable keys\n\
         - [New releases]({base}feed.xml): Atom\n\
         - [Registry index]({base}index/config.json): what clients resolve and verify against\n\n\
         ## Rules\n\n\
         - [Policy]({base}policy/): what the registry asks of a package\n\
         - [Rules]({base}rules/): every rule, why it is there and how to satisfy it\n",
        count(site.catalog.listed.len(), "package"),
        count(site.catalog.release_count(), "release"),
        site.input.as_of.day(),
    );
    if !site.docs.is_empty() {
        out.push_str("\n## Documentation\n\n");
        for doc in &site.docs {
            let _ = writeln!(out, "- [{}]({base}docs/{}/)", doc.title, doc.name);
        }
    }
    neutralize(&out)
}
