//! A picture by itself, as the media of a listing are: what stands against
//! showing it. The checks of artifacts say what is wrong with pictures that some
//! packages have good reason for; a picture that a catalog shows has to be
//! nothing else, so that a little more is refused here.

use super::checks;
use super::magic::{extension_of, format_of};
use super::{Findings, Hit, Knowledge, ScannedFile, Subject};
use crate::model::{Confidence, RelPath, Severity};
use crate::schema::FindingEntry;

/// Checks of artifacts that speak of pictures too.
const CHECKS: [&str; 2] = ["active-content", "polyglot-file"];

/// What findings are called that no check of artifacts has.
const OWN: &str = "picture";

/// Extensions of pictures that browsers show.
const EXTENSIONS: [&str; 7] = ["svg", "png", "jpg", "jpeg", "gif", "webp", "avif"];

/// Elements of SVG that hold what is no drawing.
const FOREIGN: [&str; 7] = ["script", "foreignobject", "iframe", "embed", "object", "handler", "listener"];

/// Attributes of SVG that name something to load or to go to.
const REFERENCES: [&str; 6] = ["href", "src", "from", "to", "by", "values"];

/// Bytes in which a reference such as `&#x10FFFF;` ends, with zeros before its digits.
const LONGEST_REFERENCE: usize = 32;

/// Pictures that an SVG may carry in itself.
const CARRIED: [&str; 5] =
    ["data:image/png", "data:image/jpeg", "data:image/gif", "data:image/webp", "data:image/avif"];

/// Returns whether a file's name says that it is a picture.
pub fn is_picture(path: &RelPath) -> bool {
    EXTENSIONS.contains(&extension_of(path).as_str())
}

/// Returns why a file should not be shown as the picture that its name says it
/// is; nothing where it is one that runs and loads nothing.
pub fn against_showing(path: RelPath, bytes: Vec<u8>) -> Vec<FindingEntry> {
    let knowledge = Knowledge::default();
    let subject = Subject::new(vec![ScannedFile::new(path, bytes)], &knowledge);
    let mut own = Findings::new(OWN);
    for file in &subject.files {
        if let Some((at, message)) = fault(file) {
            own.add(Hit::in_file(file, at, Severity::High, Confidence::Sure, message));
        }
    }
    let mut found = own.finish();
    for check in CHECKS.iter().filter_map(|id| checks::find(id)) {
        let mut findings = Findings::new(check.id);
        (check.run)(&subject, &mut findings);
        // A few bytes behind the end are left by honest programs.
        found.extend(findings.finish().into_iter().filter(|finding| finding.severity >= Severity::Medium));
    }
    found
}

type Fault = (Option<usize>, String);

/// Returns the first thing that no check of artifacts minds.
fn fault(file: &ScannedFile) -> Option<Fault> {
    let extension = extension_of(&file.path);
    if extension == "svg" {
        return match std::str::from_utf8(&file.bytes) {
            Ok(text) => svg_fault(text),
            Err(_) => Some((None, "an SVG is text in UTF-8, and this is not".to_owned())),
        };
    }
    let format = format_of(&file.bytes);
    let is_whole = extension != "webp" || file.bytes.starts_with(b"RIFF");
    if is_whole && format.is_some_and(|format| format.extensions.contains(&extension.as_str())) {
        return None;
    }
    let what = format.map_or("begins like no picture", |format| format.name);
    let verb = if format.is_some() { "is " } else { "" };
    Some((None, format!("the file {verb}{what}, and its name ends in `.{extension}`")))
}

fn svg_fault(text: &str) -> Option<Fault> {
    // In some encodings an escape character switches the alphabet and vanishes: `scr\x1b(Bipt`.
    if let Some(at) = text.find(|c: char| c.is_control() && !c.is_ascii_whitespace()) {
        return Some((Some(at), "an SVG holds a control character".to_owned()));
    }
    let (mut is_root, mut is_styled) = (true, false);
    for tag in Tags(text, 0) {
        let Some((at, inner)) = tag else {
            return Some((None, "an SVG ends within a tag or a comment".to_owned()));
        };
        let said = if inner.starts_with(['?', '!']) { declared(inner) } else { told(inner, is_root) };
        if let Some(message) = said {
            return Some((Some(at), message));
        }
        // From the first style on the text is judged as a whole and once: where a style ends is a question of its own.
        if !is_styled && is_style(inner) {
            is_styled = true;
            if loads(&resolved(text.get(at..).unwrap_or_default())) {
                return Some((Some(at), "an SVG refers to something outside itself in `<style>`".to_owned()));
            }
        }
        is_root &= inner.starts_with(['?', '!']);
    }
    is_root.then(|| (None, "the file has no `<svg` at its root, and its name ends in `.svg`".to_owned()))
}

/// Judges `<?…>` and `<!…>`.
fn declared(inner: &str) -> Option<String> {
    let inner = inner.to_ascii_lowercase();
    if inner.starts_with("?xml-stylesheet") {
        return Some("an SVG names a style sheet".to_owned());
    }
    (inner.starts_with("!doctype") && inner.contains('[') || inner.starts_with("!entity"))
        .then(|| "an SVG declares entities".to_owned())
}

/// Judges one tag.
fn told(inner: &str, is_root: bool) -> Option<String> {
    let name_end = inner.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(inner.len());
    let (name, rest) = inner.split_at(name_end);
    let element = local(name);
    if is_root && element != "svg" {
        return Some(format!("the root is `<{}`, not `<svg`", name.chars().take(40).collect::<String>()));
    }
    if FOREIGN.contains(&element.as_str()) {
        return Some(format!("an SVG holds `<{element}>`, which is no drawing"));
    }
    attributes(rest).into_iter().find_map(|(name, value)| {
        let attribute = local(name);
        if attribute
            .strip_prefix("on")
            .is_some_and(|event| event.starts_with(|c: char| c.is_ascii_alphabetic()))
        {
            return Some(format!("an SVG holds the event attribute `{attribute}`"));
        }
        let is_reference = REFERENCES.contains(&attribute.as_str());
        let value = resolved(value);
        (is_reference && value.split(';').any(is_elsewhere) || loads(&value))
            .then(|| format!("an SVG refers to something outside itself in `{attribute}`"))
    })
}

/// Whether a tag begins a `<style>`.
fn is_style(inner: &str) -> bool {
    local(inner.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default()) == "style"
}

/// Returns a text as a browser reads it: with the characters that XML references and the escapes of CSS stand for.
fn resolved(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let end = rest.bytes().take(LONGEST_REFERENCE).position(|byte| byte == b';');
        let reference = end.and_then(|end| Some((referred(rest.get(..end)?)?, rest.get(end + 1..)?)));
        match reference {
            Some((character, after)) => {
                plain.push(character);
                rest = after;
            }
            None => plain.push('&'),
        }
    }
    plain.push_str(rest);
    unescaped(&plain)
}

/// Returns the character of `&name;` or `&#number;`.
fn referred(name: &str) -> Option<char> {
    let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let digits = name.strip_prefix('#')?;
            match digits.strip_prefix(['x', 'X']) {
                Some(digits) => number(digits, 16),
                None => number(digits, 10),
            }
        }
    }
}

/// Replaces `\72 ` by `r`: up to six hexadecimal digits and one space, or the character itself.
fn unescaped(style: &str) -> String {
    let mut plain = String::with_capacity(style.len());
    let mut rest = style;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let digits = after.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
        let (digits, after) = after.split_at(digits);
        if digits.is_empty() {
            rest = after;
            continue;
        }
        let character = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
        plain.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
        rest = after.strip_prefix(|c: char| c.is_ascii_whitespace()).unwrap_or(after);
    }
    plain.push_str(rest);
    plain
}

/// Whether an address leads out of the picture.
fn is_elsewhere(value: &str) -> bool {
    let value = value.trim().to_ascii_lowercase();
    let is_inside =
        value.is_empty() || value.starts_with('#') || CARRIED.iter().any(|kind| value.starts_with(kind));
    // `from` of an animation is a number or a colour most often.
    let is_address = value.contains([':', '/', '&']) || value.contains(".svg");
    !is_inside && is_address
}

/// Whether a style loads something.
fn loads(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    let mut urls = value.split("url(").skip(1);
    // These take an address as a plain text as well.
    let takes_texts = ["@import", "image-set(", "src("].iter().any(|word| value.contains(word));
    takes_texts || urls.any(|rest| is_elsewhere(rest.trim_start().trim_start_matches(['"', '\''])))
}

/// Returns a name without its prefix, in lower case.
fn local(name: &str) -> String {
    name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase()
}

/// Splits what stands behind the name of a tag.
fn attributes(mut rest: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '/')).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if name.is_empty() && after.is_empty() {
            return found;
        }
        let Some(value) = after.trim_start().strip_prefix('=').map(str::trim_start) else {
            found.push((name, ""));
            rest = after;
            continue;
        };
        let (value, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            _ => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        found.push((name, value));
        rest = after;
    }
}

/// The tags of a text from a place on, each with where it begins and without its
/// brackets; comments and CDATA are left out, and what is never closed is told
/// by `None`, after which nothing comes.
struct Tags<'a>(&'a str, usize);

impl<'a> Iterator for Tags<'a> {
    type Item = Option<(usize, &'a str)>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let at = self.1 + self.0.get(self.1..)?.find('<')?;
            let rest = &self.0[at + 1..];
            let skipped =
                [("!--", "-->"), ("![CDATA[", "]]>")].into_iter().find(|(open, _)| rest.starts_with(open));
            let Some((open, close)) = skipped else {
                let end = end_of_tag(rest);
                self.1 = end.map_or(self.0.len(), |end| at + 1 + end + 1);
                return Some(end.map(|end| (at, &rest[..end])));
            };
            let Some(end) = rest[open.len()..].find(close) else {
                self.1 = self.0.len();
                return Some(None);
            };
            self.1 = at + 1 + open.len() + end + close.len();
        }
    }
}

/// Returns where the `>` of a tag stands; one within quotes is none.
fn end_of_tag(rest: &str) -> Option<usize> {
    let mut quote = None;
    rest.bytes().position(|byte| {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None, b'>') => return true,
            _ => {}
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(name: &str, bytes: &[u8]) -> Vec<String> {
        let found = against_showing(RelPath::parse(name).unwrap(), bytes.to_vec());
        found.into_iter().map(|finding| format!("{}: {}", finding.check, finding.message)).collect()
    }

    #[test]
    fn a_picture_that_is_one_is_shown() {
        for (name, bytes) in [
            ("a.png", &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..]),
            ("a.jpg", b"\xff\xd8\xff\xe0"),
            ("a.JPEG", b"\xff\xd8\xff\xe0"),
            ("a.gif", b"GIF89a\x01\0\x01\0"),
            ("a.webp", b"RIFF\0\0\0\0WEBPVP8 "),
            ("a.avif", b"\0\0\0\x1cftypavif"),
            (
                "a.svg",
                b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox='0 0 8 8'><rect width=\"8\"/></svg>",
            ),
        ] {
            assert_eq!(said(name, bytes), Vec::<String>::new(), "{name}");
        }
        let drawn = "\u{feff}<?xml version=\"1.0\"?>\n<!-- drawn by <hand>, with no script -->\n\
            <!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\n\
            <svg:svg xmlns:svg=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">\
            <svg:style>.a { fill: url(#b); }</svg:style><svg:text>turn it on = off, 3 &gt; 2</svg:text>\
            <svg:desc>a description</svg:desc><svg:use xlink:href=\"#b\" fill=\"url('#b')\"/>\
            <svg:image href=\"data:image/png;base64,iVBORw0KGgo=\"/><svg:animate from=\"0 1\" to=\"8\"/></svg:svg>";
        assert_eq!(said("drawn.svg", drawn.as_bytes()), Vec::<String>::new());
    }

    #[test]
    fn what_loads_is_found_however_it_is_written() {
        let svg = |inside: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inside}</svg>");
        for inside in [
            "<rect style=\"mask-image:&#117;rl(https://evil.example/x)\"/>",
            "<rect style=\"mask-image:&#x75;rl(https://evil.example/x)\"/>",
            "<rect style='a:\"/*\";mask-image:url(https://evil.example/x);b:\"*/\"'/>",
            "<style><![CDATA[/*</*/ @import 'https://evil.example/x.css';]]></style>",
            "<rect style=\"mask-image:&#x0000000075;rl(https://evil.example/x)\"/>",
            "<style>rect{mask-image:u\\72l(https://evil.example/x)}</style>",
            "<style>rect{mask-image:\\000075 rl(https://evil.example/x)}</style>",
            "<style>@\\69mport \"https://evil.example/x.css\";</style>",
            "<s:style><![CDATA[@import 'https://evil.example/x.css';]]></s:style>",
            "<style>@font-face{font-family:a;src:&#117;rl(//evil.example/f)}</style>",
            "<rect style=\"mask-image:image-set(&quot;https://evil.example/x&quot; 1x)\"/>",
            "<image href=\"#a\"><set attributeName=\"href\" to=\"https://evil.example/x.png\"/></image>",
            "<image href=\"#a\"><animate attributeName=\"href\" values=\"#a;https://evil.example/x.png\"/></image>",
        ] {
            let told = said("a.svg", svg(inside).as_bytes());
            assert!(told.iter().any(|one| one.contains("outside itself")), "{inside}: {told:?}");
        }
        for inside in [
            "<style>.a{fill:url(#b)} .c{content:\"\\2014\"}</style><rect fill=\"url(#b)\"/>",
            "<animate attributeName=\"x\" values=\"0;1;2\" to=\"8\" by=\"#fff\"/><text>a &amp; b</text>",
        ] {
            assert_eq!(said("a.svg", svg(inside).as_bytes()), Vec::<String>::new(), "{inside}");
        }
    }

    #[test]
    fn a_file_is_what_its_name_says() {
        for (name, bytes, words) in [
            ("a.png", &b"\xff\xd8\xff\xe0"[..], "is a JPEG image, and its name ends in `.png`"),
            ("a.webp", b"NOPE\0\0\0\0WEBPVP8 ", "its name ends in `.webp`"),
            ("a.png", b"just words", "begins like no picture"),
            ("a.png", b"", "begins like no picture"),
            ("a.svg", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "UTF-8"),
            ("a.svg", b"", "no `<svg` at its root"),
            ("a.svg", b"<html><svg></svg></html>", "the root is `<html`"),
            ("a.svg", b"just words", "no `<svg` at its root"),
            ("a.svg", b"<svg><rect width=\"8\"", "ends within a tag"),
            ("a.svg", b"<svg><!-- </svg>", "ends within a tag"),
        ] {
            assert!(
                said(name, bytes).iter().any(|one| one.contains(words)),
                "{name}: {:?}",
                said(name, bytes)
            );
        }
    }

    #[test]
    fn an_svg_that_does_or_loads_something_is_not_shown() {
        for (body, words) in [
            ("<script>x</script>", "<script>"),
            ("<svg:script>x</svg:script>", "<script>"),
            ("<rect onclick='x'/>", "`onclick`"),
            ("<rect/onfocusin=x>", "`onfocusin`"),
            ("<rect\nONsomethingNew = \"x\"/>", "`onsomethingnew`"),
            ("<foreignObject requiredExtensions='x'/>", "<foreignobject>"),
            ("<a href='javascript:x'/>", "outside itself in `href`"),
            ("<a xlink:href=\"&#106;avascript:x\"/>", "outside itself in `href`"),
            ("<a href='https://evil.example/'/>", "outside itself"),
            ("<image href='//evil.example/x.png'/>", "outside itself"),
            ("<image href='other.svg'/>", "outside itself"),
            ("<use href='data:image/svg+xml;base64,PHN2Zz4='/>", "outside itself"),
            ("<rect style=\"fill: url( 'https://evil.example/x')\"/>", "outside itself in `style`"),
            ("<style>@import 'https://evil.example/x.css';</style>", ""),
            ("<style>.a { fill: url(https://evil.example/x) }</style>", ""),
            ("<!-- > --><script/>", "<script>"),
            ("<rect title=\"a > b\" onload='x'/>", "`onload`"),
            ("<text>\u{1b}(B</text>", "control character"),
        ] {
            let text = format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{body}</svg>");
            let found = said("a.svg", text.as_bytes());
            assert!(found.iter().any(|one| one.contains(words)), "{body}: {found:?}");
        }
        for head in ["<?xml-stylesheet href='x.css'?>", "<!DOCTYPE svg [<!ENTITY a 'x'>]>"] {
            assert!(!said("a.svg", format!("{head}<svg></svg>").as_bytes()).is_empty(), "{head}");
        }
    }
}
