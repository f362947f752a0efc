//! Words and numbers ready to print, and the escapes of each output format.

use crate::diagnostic::render::neutralize;
use crate::model::{Kind, PricingModel, PublisherLevel, Timestamp};
use std::fmt::Write as _;

/// Appends text escaped for HTML and XML, in element content and in quoted
/// attributes, with control and bidirectional characters made visible.
pub(super) fn push_escaped(out: &mut String, text: &str) {
    let is_plain = |b: u8| (0x20..0x7f).contains(&b) && !matches!(b, b'&' | b'<' | b'>' | b'"' | b'\'');
    if text.bytes().all(is_plain) {
        out.push_str(text);
        return;
    }
    for c in neutralize(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}

/// Returns text escaped by [`push_escaped`].
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    push_escaped(&mut out, text);
    out
}

/// Percent-encodes a `/`-separated path for an address.
pub(super) fn encode_path(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for b in path.bytes() {
        if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~' | b'/' | b'+' | b'@' | b',') {
            out.push(char::from(b));
        } else {
            let _ = write!(out, "%{b:02X}");
        }
    }
    out
}

/// Decodes `%41` and the like; bytes that are not UTF-8 are replaced.
pub(super) fn decode_percent(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.as_bytes().iter().copied();
    while let Some(b) = bytes.next() {
        let value = if b == b'%' { hex(bytes.clone().next(), bytes.clone().nth(1)) } else { None };
        match value {
            Some(value) => {
                out.push(value);
                bytes.nth(1);
            }
            None => out.push(b),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn hex(high: Option<u8>, low: Option<u8>) -> Option<u8> {
    let digit = |b: Option<u8>| char::from(b?).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

/// Returns an address with scheme `https`, else nothing.
pub(super) fn https(url: Option<&str>) -> Option<String> {
    let url = url?.trim();
    let is_clean = url.chars().all(|c| !c.is_whitespace() && !c.is_control());
    let scheme = url.get(..8)?;
    (is_clean && scheme.eq_ignore_ascii_case("https://")).then(|| url.to_owned())
}

/// Returns an address with scheme `https` or `http`, else nothing.
pub(super) fn web(url: Option<&str>) -> Option<String> {
    let url = url?.trim();
    let secure = url.strip_prefix("http://").map(|rest| format!("https://{rest}"));
    https(Some(secure.as_deref().unwrap_or(url))).map(|_| url.to_owned())
}

/// Returns an id as HTML that may break at its dots, and so not inside a word.
pub(super) fn breakable(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for part in text.split_inclusive(['.', '/']) {
        if !out.is_empty() {
            out.push_str("<wbr>");
        }
        push_escaped(&mut out, part);
    }
    out.replace("__", "__<wbr>")
}

/// Cuts text to a number of characters, with an ellipsis where something is lost.
pub(super) fn shorten(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    let head: String = line.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", head.trim_end())
}

/// Returns digits in groups of three: `18,204`.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Returns a number with its noun: `1 release`, `1,204 releases`.
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{} {noun}{}", thousands(number as u64), if number == 1 { "" } else { "s" })
}

/// Returns a size in decimal units: `48 kB`.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", (bytes + 500) / 1_000),
        1_000_000..1_000_000_000 => tenths(bytes / 100_000, "MB"),
        _ => tenths(bytes / 100_000_000, "GB"),
    }
}

fn tenths(number: u64, unit: &str) -> String {
    format!("{}.{} {unit}", number / 10, number % 10)
}

/// Returns a day for people: `17 Feb 2026`.
pub(super) fn day(date: Timestamp) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let iso = date.day();
    let parts: Vec<&str> = iso.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return iso };
    let month = month.parse::<usize>().ok().and_then(|number| MONTHS.get(number.checked_sub(1)?));
    match month {
        Some(month) => format!("{} {month} {year}", day.trim_start_matches('0')),
        None => iso,
    }
}

/// Returns a kebab-case id as a title: `ai-agents` is `AI agents`.
pub(super) fn title_of(id: &str) -> String {
    let words: Vec<String> = id
        .split(['-', '_'])
        .enumerate()
        .map(|(at, word)| match word {
            "ai" | "api" | "crm" | "erp" | "hr" | "iot" | "it" | "ui" => word.to_ascii_uppercase(),
            _ if at == 0 => capitalized(word),
            _ => word.to_owned(),
        })
        .collect();
    words.join(" ")
}

/// Returns the text with its first character in upper case.
pub(super) fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Returns the name of a forge as it writes it.
pub(super) fn forge_name(forge: &str) -> String {
    match forge {
        "github" => "GitHub".into(),
        "gitlab" => "GitLab".into(),
        other => capitalized(other),
    }
}

/// Returns the name of a kind in the singular and in the plural.
pub(super) fn kind_names(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::App => ("App", "Apps"),
        Kind::Plugin => ("Plugin", "Plugins"),
        Kind::Driver => ("Driver", "Drivers"),
        Kind::Server => ("Server", "Servers"),
        Kind::Ui => ("Interface", "Interfaces"),
        Kind::Theme => ("Theme", "Themes"),
        Kind::Agent => ("Agent", "Agents"),
        Kind::Module => ("Module", "Modules"),
        Kind::Template => ("Template", "Templates"),
        Kind::StarterPack => ("Starter pack", "Starter packs"),
        Kind::IntegrationProvider => ("Integration provider", "Integration providers"),
        Kind::Solution => ("Solution", "Solutions"),
    }
}

/// Returns the name of a publisher level and what it means.
pub(super) fn level_names(level: PublisherLevel) -> (&'static str, &'static str) {
    match level {
        PublisherLevel::Unverified => ("Unverified", "Digests and a pinned key only."),
        PublisherLevel::Pending => ("Pending", "It has been asked to prove that it owns its prefix."),
        PublisherLevel::Verified => ("Verified", "The registry has confirmed who it is."),
        PublisherLevel::Trusted => (
            "Trusted",
            "It signs without long-lived keys, proves where its builds come from, and has a clean record.",
        ),
        PublisherLevel::Partner => ("Partner", "Two people of the registry vouch for it."),
    }
}

/// Returns the name of a pricing model.
pub(super) fn pricing_name(model: PricingModel) -> &'static str {
    match model {
        PricingModel::Free => "Free",
        PricingModel::Freemium => "Freemium",
        PricingModel::Paid => "Paid",
        PricingModel::Subscription => "Subscription",
        PricingModel::UsageBased => "Usage-based",
        PricingModel::ContactSales => "Price on request",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_comes_out_inert() {
        assert_eq!(
            escaped("a</script>\u{202e}\u{1b}\"'&"),
            "a&lt;/script&gt;\u{fffd}\u{fffd}&quot;&#39;&amp;"
        );
        assert_eq!(https(Some("javascript:alert(1)")), None);
        assert_eq!(https(Some("https://a b")), None);
        assert_eq!(web(Some("http://a.example/")), Some("http://a.example/".into()));
        assert_eq!(web(Some("javascript:alert(1)")), None);
        assert_eq!(breakable("a.b<__c"), "a.<wbr>b&lt;__<wbr>c");
        assert_eq!(https(Some("HTTPS://a.example/")), Some("HTTPS://a.example/".into()));
    }

    #[test]
    fn numbers_and_days_are_ready_to_print() {
        assert_eq!(thousands(1), "1");
        assert_eq!(thousands(18_204), "18,204");
        assert_eq!(thousands(141_641_000), "141,641,000");
        assert_eq!(size(999), "999 B");
        assert_eq!(size(48_213), "48 kB");
        assert_eq!(size(1_250_000), "1.2 MB");
        assert_eq!(day(Timestamp::parse("2026-02-07T00:00:00Z").unwrap()), "7 Feb 2026");
        assert_eq!(title_of("ai-agents"), "AI agents");
        assert_eq!(shorten("one  two\nthree", 8), "one two…");
    }

    #[test]
    fn paths_are_encoded_and_decoded() {
        assert_eq!(encode_path("a b/é.png"), "a%20b/%C3%A9.png");
        assert_eq!(decode_percent("a%20b/%C3%A9.png"), "a b/é.png");
        assert_eq!(decode_percent("100%"), "100%");
        assert_eq!(decode_percent("%zz%é"), "%zz%é");
    }
}
