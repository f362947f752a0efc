//! Presets for hosts: `_headers` for hosts that read that file, `nginx.conf`
//! for one's own server.

use super::Error;
use super::engine::Site;
use crate::validate::gone_artifacts;
use std::fmt::Write as _;

/// The policy that every page carries in a `meta` element.
#[cfg(test)]
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; manifest-src 'self'";
/// The same as a header, with what a `meta` element cannot say.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; manifest-src 'self'; frame-ancestors 'none'";
/// The policy of pictures that strangers drew: they run and load nothing.
pub const PICTURE_SECURITY_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
const REFERRER: &str = "strict-origin-when-cross-origin";
const FOREVER: &str = "public, max-age=31536000, immutable";
const SHORT: &str = "public, max-age=60, stale-while-revalidate=600";

/// Folders whose files are named by their content, and which hosts are told to keep.
const HASHED: [&str; 3] = ["assets", "index/tree", "artifacts"];

/// The same, read by the search alone: a question reads a dozen, and a long header in each is as
/// much as what it came for.
const SEARCHED: [&str; 3] = ["search/words", "search/near", "search/data"];

/// Read as those, and replaced in place.
const REPLACED: [&str; 2] = ["^~ {base}search/cards/", "= {base}search/head.bin"];

/// Writes the presets.
pub(super) fn write(site: &Site<'_>) -> Result<(), Error> {
    site.put("_headers", headers(site.base_path()).as_bytes())?;
    site.put("nginx.conf", nginx(site).as_bytes())
}

/// Every matching block applies: two policies both hold, so pictures get the
/// stricter of each part. `Cache-Control` is set only where blocks do not
/// overlap; other files keep the host's short default.
fn headers(base: &str) -> String {
    let mut out = format!(
        "{base}*\n  Content-Security-Policy: {CONTENT_SECURITY_POLICY}\n  X-Content-Type-Options: nosniff\n  Referrer-Policy: {REFERRER}\n"
    );
    for folder in HASHED.iter().chain(&SEARCHED) {
        let _ = write!(out, "{base}{folder}/*\n  Cache-Control: {FOREVER}\n");
    }
    let _ = write!(
        out,
        "{base}p/:id/files/*\n  Content-Security-Policy: {PICTURE_SECURITY_POLICY}\n  Cache-Control: {FOREVER}\n"
    );
    let _ = write!(out, "{base}media/*\n  Content-Security-Policy: {PICTURE_SECURITY_POLICY}\n");
    out
}

fn nginx(site: &Site<'_>) -> String {
    let base = site.base_path();
    let block = |csp: &str, cache: &str| {
        format!(
            "    add_header Content-Security-Policy \"{csp}\" always;\n    add_header X-Content-Type-Options nosniff always;\n    \
             add_header Referrer-Policy {REFERRER} always;\n    add_header Cache-Control \"{cache}\";\n"
        )
    };
    let page = CONTENT_SECURITY_POLICY;
    let mut out = String::from("# Include in a server block whose root holds this folder at its address.\n");
    let _ = write!(out, "error_page 404 {base}404.html;\n\n");
    let _ = write!(
        out,
        "location {base} {{\n    index index.html;\n    try_files $uri $uri/ =404;\n{}}}\n",
        block(page, SHORT)
    );
    for folder in HASHED {
        let _ = write!(out, "location ^~ {base}{folder}/ {{\n{}}}\n", block(page, FOREVER));
    }
    let kept = SEARCHED.iter().map(|folder| (format!("^~ {base}{folder}/"), FOREVER));
    let replaced = REPLACED.iter().map(|place| (place.replace("{base}", base), SHORT));
    for (place, cache) in kept.chain(replaced) {
        let _ = write!(
            out,
            "location {place} {{\n    add_header X-Content-Type-Options nosniff always;\n    \
             add_header Cache-Control \"{cache}\";\n}}\n"
        );
    }
    // Pages and named files of the search stand beside files named by their content.
    let _ = write!(
        out,
        "location ~ ^{}search/([0-9a-f]+|tantivy/[0-9a-f]+\\.[a-z]+)$ {{\n{}}}\n",
        base.replace('.', "\\."),
        block(page, FOREVER)
    );
    let _ = write!(out, "location ^~ {base}media/ {{\n{}}}\n", block(PICTURE_SECURITY_POLICY, SHORT));
    let _ = write!(
        out,
        "location ~ ^{}p/[^/]+/files/ {{\n{}}}\n",
        base.replace('.', "\\."),
        block(PICTURE_SECURITY_POLICY, FOREVER)
    );
    let gone = gone_artifacts(site.catalog.items.iter().map(|item| item.package));
    if !gone.is_empty() {
        out.push_str("\n# Removed: the address is known, and what was there is gone.\n");
        for (digest, gone) in gone {
            let _ = writeln!(out, "location = {base}artifacts/{digest}.tgz {{ return {}; }}", gone.status);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_says_what_the_page_says() {
        let base = include_str!("../../templates/site/base.html");
        assert!(base.contains(&format!("content=\"{CSP}\"")));
        assert_eq!(CONTENT_SECURITY_POLICY, format!("{CSP}; frame-ancestors 'none'"));
    }

    #[test]
    fn pictures_are_in_a_sandbox() {
        let text = headers("/market/");
        assert!(text.contains("/market/media/*\n  Content-Security-Policy: default-src 'none'"));
        assert_eq!(text.matches("immutable").count(), 7);
    }
}
