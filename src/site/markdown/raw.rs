//! Raw HTML in Markdown, parsed and written anew.
//!
//! Tags outside the table vanish, their text stays; scripts and the like vanish
//! whole. What is written is always well nested and never deeper than
//! [`MAX_OPEN`], because an HTML parser's repairs of bad nesting can make a
//! short text enormous.

use super::super::text::escaped;
use super::links::{self, Target};
use super::{Profile, anchor_of};

/// Most raw tags open at once.
const MAX_OPEN: usize = 16;

/// Tags that may stay open across paragraphs.
const BLOCKS: [&str; 26] = [
    "blockquote",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ol",
    "p",
    "pre",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
];
/// `ul` and the tags inside a line.
const INLINES: [&str; 24] = [
    "a", "abbr", "b", "code", "del", "em", "i", "ins", "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp",
    "small", "span", "strong", "sub", "sup", "u", "ul", "var",
];
/// Tags without content.
const VOID: [&str; 3] = ["br", "hr", "img"];
/// Tags whose content is not text for people.
const DROPPED: [&str; 18] = [
    "script",
    "style",
    "template",
    "textarea",
    "title",
    "xmp",
    "iframe",
    "noembed",
    "noframes",
    "noscript",
    "plaintext",
    "svg",
    "math",
    "object",
    "embed",
    "select",
    "head",
    "applet",
];

/// The raw tags that are open, within the containers that Markdown opened.
#[derive(Default)]
pub(super) struct RawTags {
    open: Vec<&'static str>,
    floors: Vec<usize>,
}

struct Tag {
    name: String,
    is_end: bool,
    attributes: Vec<(String, String)>,
}

impl RawTags {
    /// Notes that Markdown opens a container.
    pub(super) fn enter(&mut self) {
        self.floors.push(self.open.len());
    }

    /// Closes what was opened within the container that ends.
    pub(super) fn leave(&mut self, out: &mut String) {
        let floor = self.floors.pop().unwrap_or(0);
        self.close_down_to(floor, out);
    }

    /// Closes everything.
    pub(super) fn finish(&mut self, out: &mut String) {
        self.close_down_to(0, out);
    }

    /// Closes the tags of a line that an HTML block left open.
    pub(super) fn end_block(&mut self, out: &mut String) {
        let floor = self.floor();
        let first = self.open.iter().skip(floor).position(|name| !BLOCKS.contains(name));
        if let Some(first) = first {
            self.close_down_to(floor + first, out);
        }
    }

    /// Returns whether a raw link is open.
    pub(super) fn is_in_link(&self) -> bool {
        self.open.contains(&"a")
    }

    fn floor(&self) -> usize {
        self.floors.last().copied().unwrap_or(0)
    }

    fn close_down_to(&mut self, floor: usize, out: &mut String) {
        while self.open.len() > floor {
            if let Some(name) = self.open.pop() {
                out.push_str(&format!("</{name}>"));
            }
        }
    }

    /// Writes one piece of raw HTML.
    pub(super) fn write(&mut self, html: &str, profile: Profile<'_>, out: &mut String) {
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            let (text, from) = rest.split_at(at);
            push_text(out, text);
            rest = match special(from) {
                Some(length) => from.get(length..).unwrap_or_default(),
                None => match parse(from) {
                    Some((tag, after)) => self.tag(&tag, after, profile, out),
                    None => {
                        out.push_str("&lt;");
                        from.get(1..).unwrap_or_default()
                    }
                },
            };
        }
        push_text(out, rest);
    }

    /// Writes a tag; returns what is left after it.
    fn tag<'a>(&mut self, tag: &Tag, after: &'a str, profile: Profile<'_>, out: &mut String) -> &'a str {
        if DROPPED.contains(&tag.name.as_str()) {
            return if tag.is_end { after } else { skip_to_end(&tag.name, after) };
        }
        if tag.is_end {
            self.end(&tag.name, profile, out);
        } else if VOID.contains(&tag.name.as_str()) {
            self.void(tag, profile, out);
        } else if let Some(name) = known(&tag.name, profile) {
            self.start(name, tag, profile, out);
        }
        after
    }

    fn end(&mut self, name: &str, profile: Profile<'_>, out: &mut String) {
        let Some(name) = known(name, profile) else { return };
        let floor = self.floor();
        if let Some(at) = self.open.iter().skip(floor).rposition(|open| *open == name) {
            self.close_down_to(floor + at, out);
        }
    }

    fn start(&mut self, name: &'static str, tag: &Tag, profile: Profile<'_>, out: &mut String) {
        if self.open.len() >= MAX_OPEN {
            return;
        }
        if name == "a" {
            let target = tag.get("href").map_or(Target::Nowhere, |url| links::link(url, profile));
            match target {
                Target::Url(url) if !self.is_in_link() => out.push_str(&profile.link(&url)),
                _ => return self.anchor(tag, profile, out),
            }
        } else {
            out.push('<');
            out.push_str(name);
            push_attributes(tag, name, profile, out);
            out.push('>');
        }
        self.open.push(name);
    }

    /// `<a name="x">` is a place, not a link.
    fn anchor(&self, tag: &Tag, profile: Profile<'_>, out: &mut String) {
        if let Some(id) = tag.get("id").or_else(|| tag.get("name")) {
            let id = format!("{}{}", profile.id_prefix(), anchor_of(id));
            out.push_str(&format!("<span id=\"{}\"></span>", escaped(&id)));
        }
    }

    fn void(&self, tag: &Tag, profile: Profile<'_>, out: &mut String) {
        if tag.name != "img" {
            out.push_str(&format!("<{}>", tag.name));
            return;
        }
        let alt = tag.get("alt").unwrap_or_default();
        let size: String =
            ["width", "height"].iter().filter_map(|key| number_attribute(key, tag.get(key)?)).collect();
        push_image(tag.get("src").unwrap_or_default(), alt, &size, profile, self.is_in_link(), out);
    }
}

impl Tag {
    fn get(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

/// Writes an image of the package, or a link to a remote one with its text.
pub(super) fn push_image(
    url: &str,
    alt: &str,
    size: &str,
    profile: Profile<'_>,
    is_in_link: bool,
    out: &mut String,
) {
    let words = if alt.trim().is_empty() { "image" } else { alt };
    if let Profile::Readme(image) = profile
        && let Some(src) = links::inside(url).and_then(|path| image(&path))
    {
        out.push_str(&format!(
            "<img src=\"{}\" alt=\"{}\"{size} loading=\"lazy\">",
            escaped(&src),
            escaped(alt)
        ));
        return;
    }
    match links::absolute(url) {
        Some(url) if !is_in_link => out.push_str(&format!("{}{}</a>", profile.link(&url), escaped(words))),
        _ => out.push_str(&escaped(words)),
    }
}

/// Headings sink by one in a README, as those of Markdown do.
fn known(name: &str, profile: Profile<'_>) -> Option<&'static str> {
    let name = match (profile, name) {
        (Profile::Readme(_), "h1") => "h2",
        (Profile::Readme(_), "h2") => "h3",
        (Profile::Readme(_), "h3") => "h4",
        (Profile::Readme(_), "h4") => "h5",
        (Profile::Readme(_), "h5") => "h6",
        (Profile::Docs, "h1") => "h2",
        (_, name) => name,
    };
    BLOCKS.iter().chain(&INLINES).copied().find(|known| *known == name)
}

fn push_attributes(tag: &Tag, name: &str, profile: Profile<'_>, out: &mut String) {
    if let Some(id) = tag.get("id") {
        out.push_str(&format!(" id=\"{}{}\"", profile.id_prefix(), escaped(&anchor_of(id))));
    }
    let numbers: &[&str] = match name {
        "td" | "th" => &["colspan", "rowspan"],
        "ol" => &["start"],
        _ => &[],
    };
    for key in numbers {
        if let Some(attribute) = tag.get(key).and_then(|value| number_attribute(key, value)) {
            out.push_str(&attribute);
        }
    }
    if name == "details" && tag.get("open").is_some() {
        out.push_str(" open");
    }
    if let Some(title) = tag.get("title").filter(|_| name == "abbr") {
        out.push_str(&format!(" title=\"{}\"", escaped(title)));
    }
}

fn number_attribute(key: &str, value: &str) -> Option<String> {
    let is_number = !value.is_empty() && value.len() <= 4 && value.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| format!(" {key}=\"{value}\""))
}

/// Text keeps its entities: the sanitiser's parser reads them.
fn push_text(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
}

/// Returns the length of a comment, declaration or instruction.
fn special(from: &str) -> Option<usize> {
    let close = if from.starts_with("<!--") {
        "-->"
    } else if from.starts_with("<!") || from.starts_with("<?") {
        ">"
    } else {
        return None;
    };
    Some(from.find(close).map_or(from.len(), |at| at + close.len()))
}

/// Skips to the end of an element whose content vanishes.
fn skip_to_end<'a>(name: &str, after: &'a str) -> &'a str {
    for (at, _) in after.match_indices("</") {
        let tail = after.get(at + 2..).unwrap_or_default();
        if tail.get(..name.len()).is_some_and(|word| word.eq_ignore_ascii_case(name)) {
            return tail.split_once('>').map_or("", |(_, rest)| rest);
        }
    }
    ""
}

/// Parses a tag at `<`; returns it and what follows.
fn parse(from: &str) -> Option<(Tag, &str)> {
    let inner = from.strip_prefix('<')?;
    let (is_end, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
    if !inner.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let length = inner.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).unwrap_or(inner.len());
    let (name, mut rest) = inner.split_at(length);
    let mut tag = Tag { name: name.to_ascii_lowercase(), is_end, attributes: Vec::new() };
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return Some((tag, after));
        }
        if rest.is_empty() {
            // A tag that never ends: nothing after it is text.
            return Some((Tag { name: String::new(), ..tag }, ""));
        }
        let (attribute, after) = parse_attribute(rest);
        if tag.attributes.len() < 16 {
            tag.attributes.push(attribute);
        }
        rest = after;
    }
}

fn parse_attribute(rest: &str) -> ((String, String), &str) {
    let first = rest.chars().next().map_or(0, char::len_utf8);
    let length = rest
        .get(first..)
        .and_then(|tail| tail.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/')))
        .map_or(rest.len(), |at| at + first);
    let (name, after) = rest.split_at(length);
    let name = name.to_ascii_lowercase();
    let Some(value) = after.trim_start().strip_prefix('=') else { return ((name, String::new()), after) };
    let value = value.trim_start();
    let (value, after) = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let inner = value.get(1..).unwrap_or_default();
            inner.split_once(quote).unwrap_or((inner, ""))
        }
        _ => value.split_at(value.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(value.len())),
    };
    ((name, decoded(value)), after)
}

/// Decodes the entities that addresses and short texts use.
fn decoded(value: &str) -> String {
    value
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}
