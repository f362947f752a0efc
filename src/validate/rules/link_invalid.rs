//! Rule `link-invalid`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::{Package, Publisher, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "link-invalid",
    level: RuleLevel::Deny,
    summary: "A link is not an https, http or mailto address.",
    docs: "\
Links of a listing, a publisher and a provider are shown on web pages and followed with a click. An address
of another scheme, such as `javascript:` or `file:`, would run or open something on the reader's machine; one
without a scheme would lead to a page of the registry. A name before an `@` in a web address is refused as
well, since it makes a foreign host look like a known one.

```toml
[links]
homepage = \"hotcrm.com/finance\"                # write https://hotcrm.com/finance
support = \"help@hotcrm.com\"                    # write mailto:help@hotcrm.com
```

Write the whole address as a browser shows it. Prefer https; http is for hosts that have nothing else.
",
    check: Check::Registry(check),
};

fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for publisher in context.registry.publishers.values() {
        check_publisher(publisher, out);
    }
    for package in context.registry.packages.values() {
        check_listing(package, out);
        for release in &package.releases {
            check_release(release, out);
        }
    }
}

fn check_publisher(publisher: &Publisher, out: &mut Vec<Diagnostic>) {
    check_link(&publisher.path, &["website"], publisher.wire.website.as_deref(), out);
}

fn check_listing(package: &Package, out: &mut Vec<Diagnostic>) {
    let Some(listing) = &package.listing else { return };
    let Some(links) = &listing.wire.links else { return };
    let all = [
        ("homepage", &links.homepage),
        ("documentation", &links.documentation),
        ("support", &links.support),
        ("repository", &links.repository),
    ];
    for (key, link) in all {
        check_link(&listing.path, &["links", key], link.as_deref(), out);
    }
}

fn check_release(release: &Release, out: &mut Vec<Diagnostic>) {
    let source = release.lineage.as_ref().and_then(|lineage| lineage.source.as_deref());
    check_link(&release.path, &["lineage", "source"], source, out);
    let docs = release.details.integration_provider.as_ref().and_then(|provider| provider.docs.as_deref());
    check_link(&release.path, &["integration-provider", "docs"], docs, out);
}

fn check_link(path: &Arc<str>, keys: &[&str], link: Option<&str>, out: &mut Vec<Diagnostic>) {
    let Some(link) = link.filter(|link| !is_link(link)) else { return };
    let is_plain = !link.contains(char::is_whitespace) && !link.contains(':') && link.contains('.');
    let help = match link.split_once('@') {
        Some((name, host)) if is_plain && !name.is_empty() && !host.contains('/') => {
            format!("write `mailto:{link}`")
        }
        None if is_plain && !link.starts_with(['.', '/']) => format!("write `https://{link}`"),
        _ => "write a whole address that begins with https://, http:// or mailto:".to_owned(),
    };
    let message = format!("`{link}` is not a web or mail address");
    out.push(Diagnostic::new(RULE.id, Arc::clone(path), message).value(keys).help(help));
}

fn is_link(link: &str) -> bool {
    if link.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
        return false;
    }
    if let Some(address) = link.strip_prefix("mailto:") {
        return address.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    }
    let rest = link.strip_prefix("https://").or_else(|| link.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
    host.is_some_and(|host| !host.is_empty() && !host.contains('@'))
}
