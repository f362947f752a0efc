//! Check `active-content`.

use super::Check;
use crate::model::{Confidence, Severity};
use crate::scan::magic::{extension_of, find};
use crate::scan::{Findings, Hit, Language, Match, ScannedFile, Subject};

pub(super) static CHECK: Check = Check {
    id: "active-content",
    summary: "A picture or document does something when it is opened.",
    docs: "\
Pictures and documents are shown by sites, mail programs and editors that trust them. An SVG may hold a script, a
page may load one from elsewhere, a PDF may act when it is opened, and an XML file may read files of the machine
that parses it.

* **high**: script, event handlers, `javascript:` addresses or foreign HTML with them in an SVG; an external XML entity
  that reads a local file; a PDF that starts programs or holds JavaScript that runs when it is opened;
* **medium**: an SVG that loads pictures, styles or parts from another host, `foreignObject` with HTML in an SVG, other external
  XML entities, JavaScript in a PDF, and in HTML: scripts of another host without `integrity`, forms that send what is typed to
  another host, `javascript:` addresses that do more than nothing, pages that send the visitor elsewhere;
* **low**: `iframe`, `object` and `embed` of another host, and remote styles without `integrity`, in HTML.

HTML may hold its own scripts; the checks of code read them. In packages of the kinds `template`, `ui` and `app`, remote
scripts and forms of HTML count one step less, since pages are what such packages are made of.

```text
high: active-content: an SVG holds a script (assets/logo.svg:4:3)
```

Export pictures without scripts and with everything they need inside them. Name the expected hash of a remote script
with `integrity`, or carry the script in the package.
",
    run,
};

/// Kinds that web pages belong to.
const PAGE_KINDS: &[&str] = &["template", "ui", "app"];

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    let kind = subject.manifest.as_ref().and_then(|manifest| manifest.kind.as_deref());
    let has_pages = kind.is_some_and(|kind| PAGE_KINDS.contains(&kind));
    for file in &subject.files {
        let is_svg = is_svg(file);
        for found in subject.matches_in(CHECK.id, file) {
            let (about, _) = found.pattern.id.split_once('-').unwrap_or_default();
            let applies = match about {
                "svg" => is_svg,
                "html" => file.language == Language::Html && !is_svg,
                _ => true,
            };
            if applies && !is_harmless(&found) {
                let hit = Hit::of(&found);
                let is_lowered = has_pages && about == "html" && found.pattern.severity == Severity::Medium;
                findings.add(if is_lowered { hit.severity(Severity::Low) } else { hit });
            }
        }
        if file.bytes.starts_with(b"%PDF-") {
            look_into_pdf(file, findings);
        }
    }
}

fn is_svg(file: &ScannedFile) -> bool {
    let head = file.str().get(..file.str().len().min(4096)).unwrap_or(file.str());
    extension_of(&file.path) == "svg"
        || (file.language == Language::Xml || file.language == Language::Text) && head.contains("<svg")
}

/// Returns whether a script cannot be replaced behind the reader's back, or a
/// reference stays on the spot.
fn is_harmless(found: &Match<'_>) -> bool {
    let id = found.pattern.id.as_str();
    let is_remote = id == "html-remote-script" || id == "html-remote-style";
    if id == "html-remote-style" && !found.text.to_lowercase().contains("stylesheet") {
        return true;
    }
    let namespaces =
        ["http://www.w3.org/", "https://www.w3.org/", "http://ns.adobe.com/", "http://purl.org/"];
    is_remote && found.text.contains("integrity=")
        || id == "svg-external-reference" && namespaces.iter().any(|space| found.group.starts_with(space))
}

/// Names in a PDF that act, and what they do.
fn look_into_pdf(file: &ScannedFile, findings: &mut Findings) {
    let has = |name: &[u8]| {
        let mut from = 0;
        while let Some(at) = find(&file.bytes[from..], name) {
            let end = from + at + name.len();
            if file.bytes.get(end).is_none_or(|next| !next.is_ascii_alphanumeric()) {
                return true;
            }
            from = end;
        }
        false
    };
    let has_script = has(b"/JavaScript") || has(b"/JS");
    let has_trigger = has(b"/OpenAction") || has(b"/AA");
    let mut say = |severity, what: &str| {
        let message = format!("a PDF {what}");
        let help = "save the PDF again without actions, for example by printing it into a file";
        findings.add(Hit::in_file(file, None, severity, Confidence::Likely, message).help(help));
    };
    if has(b"/Launch") {
        say(Severity::High, "starts a program");
    }
    if has_script && has_trigger {
        say(Severity::High, "runs JavaScript when it is opened");
    } else if has_script {
        say(Severity::Medium, "holds JavaScript");
    }
    if has(b"/EmbeddedFile") || has(b"/EmbeddedFiles") {
        say(Severity::Low, "holds other files");
    }
}
