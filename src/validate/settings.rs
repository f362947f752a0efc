//! `registry.toml` to checked settings.

use super::registry::Settings;
use crate::diagnostic::Diagnostic;
use crate::model::{Invalid, Prefix, Version};
use crate::schema;
use std::collections::{BTreeMap, BTreeSet};

const PATH: &str = "registry.toml";

/// Converts the file, noting every value that is not usable.
pub(super) fn convert(wire: schema::Registry, out: &mut Vec<Diagnostic>) -> Settings {
    let mut refuse = |keys: &[&str], message: String| {
        out.push(Diagnostic::new("value-invalid", PATH, message).value(keys));
    };
    let mut shared_prefixes = Vec::new();
    for (at, text) in wire.shared_prefixes.iter().enumerate() {
        match Prefix::parse(text) {
            Ok(prefix) => shared_prefixes.push(prefix),
            Err(invalid) => refuse(&["shared-prefixes", &at.to_string()], invalid.to_string()),
        }
    }
    let mut platform_versions = Vec::new();
    let platform = wire.platform;
    for (at, text) in platform.iter().flat_map(|platform| &platform.versions).enumerate() {
        match Version::parse(text) {
            Ok(version) if !version.is_prerelease() => platform_versions.push(version),
            Ok(_) => {
                let invalid = Invalid::new("platform version", text, "three numbers are expected");
                refuse(&["platform", "versions", &at.to_string()], invalid.to_string());
            }
            Err(invalid) => refuse(&["platform", "versions", &at.to_string()], invalid.to_string()),
        }
    }
    platform_versions.sort();
    let base_url = wire.base_url.filter(|url| {
        let is_good = is_base_url(url);
        if !is_good {
            let message = format!(
                "`{url}` is not a base address: it must begin with https://, hold plain characters and end in a slash"
            );
            refuse(&["base-url"], message);
        }
        is_good
    });
    for id in wire.categories.keys().filter(|id| !is_word(id)) {
        refuse(
            &["categories", id],
            format!("`{id}` is not a category id: use a-z, 0-9 and single inner hyphens"),
        );
    }
    for name in wire.audiences.keys().filter(|name| !is_word(name)) {
        refuse(
            &["audiences", name],
            format!("`{name}` is not an audience: use a-z, 0-9 and single inner hyphens"),
        );
    }
    Settings {
        audiences: audiences(&wire.audiences, &mut refuse),
        name: wire.name,
        description: wire.description,
        base_url,
        reserved: wire.reserved,
        shared_prefixes,
        categories: wire.categories,
        platform_name: platform.map(|platform| platform.name),
        platform_versions,
        artifact_store: wire.artifacts.map(|artifacts| artifacts.store),
    }
}

/// Gives settings that name no audience the one that always exists.
pub(super) fn default_audiences(settings: &mut Settings) {
    settings.audiences = audiences(&BTreeMap::new(), &mut |_, _| {});
}

/// Closes `sees` transitively: whoever sees X sees what X sees.
fn audiences(
    wire: &BTreeMap<String, schema::Audience>,
    refuse: &mut impl FnMut(&[&str], String),
) -> BTreeMap<String, BTreeSet<String>> {
    let mut closed = BTreeMap::from([("public".to_owned(), BTreeSet::from(["public".to_owned()]))]);
    for (name, audience) in wire {
        for seen in audience.sees.iter().filter(|seen| *seen != "public" && !wire.contains_key(*seen)) {
            refuse(&["audiences", name, "sees"], format!("there is no audience `{seen}`"));
        }
        let mut reached = BTreeSet::from([name.clone()]);
        let mut waiting = vec![name];
        while let Some(current) = waiting.pop() {
            for next in wire.get(current).into_iter().flat_map(|audience| &audience.sees) {
                if reached.insert(next.clone()) {
                    waiting.push(next);
                }
            }
        }
        closed.entry(name.clone()).or_default().extend(reached);
    }
    closed
}

/// Returns whether a site can be served from the address. It stands in headers,
/// in a server's configuration and in XML, so its characters are few.
pub fn is_base_url(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let is_plain =
        |text: &str, marks: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || marks.contains(c));
    rest.and_then(|rest| rest.split_once('/')).is_some_and(|(host, path)| {
        let is_folder = path.is_empty() || path.ends_with('/');
        !host.is_empty() && is_plain(host, "-.:[]") && is_plain(path, "-._~/") && is_folder
    })
}

fn is_word(text: &str) -> bool {
    let is_label =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    text.len() <= 63 && text.split('-').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::is_base_url;

    #[test]
    fn a_base_address_cannot_speak_to_a_server() {
        for url in ["https://packages.example/", "http://[::1]:8080/", "https://a.example/~me/market/"] {
            assert!(is_base_url(url), "{url}");
        }
        for url in [
            "ftp://a.example/",
            "https://a.example",
            "https:///",
            "https://a.example/x",
            "https://a.example/;}\nreturn 200;/",
            "https://a.example/\"/",
            "https://a.example/?x/",
        ] {
            assert!(!is_base_url(url), "{url}");
        }
    }
}
