//! Check `encoded-payload`.

use super::{Check, Findings, Subject};
use crate::model::{Confidence, Severity};
use crate::scan::encoding::{Run, base32, base64, base85, hexadecimal, inflate, runs, text_of};
use crate::scan::instructions::{Tone, tone};
use crate::scan::randomness::is_hex;
use crate::scan::{Hit, Role, ScannedFile};
use regex::{Regex, RegexSet};
use std::sync::LazyLock;

pub(super) static CHECK: Check = Check {
    id: "encoded-payload",
    summary: "Encoded text in a file holds a program, a script or commands.",
    docs: "\
A program or a command that is written as Base64 or hexadecimal digits passes every review that looks at words. Long runs
of Base64, Base32, Base85 and hexadecimal digits are decoded, decompressed where they are gzip or zlib, and what
comes out is judged:

* **high**: an executable (ELF, PE, Mach-O), a script or shell commands, instructions for a model, a `data:` address with a
  page that runs scripts, outside code;
* **medium**: an archive, such an address in code, a text in a prompt that the model is told to decode, an SVG image with a script;
* **low**: a `data:` address with a page or a script that does nothing known to be dangerous.

Images, fonts, sounds, certificates, digests of lockfiles, source maps and WebAssembly are fine. At most 1 MiB of each file is decoded.

```text
high: encoded-payload: setup.py:7: encoded text decodes to a script: `import os;os.system(…`
```

Put the program or the text into the package as a file of its own, so that it can be read.
",
    run,
};

/// Most bytes that are decoded for one file.
const MOST_DECODED: usize = 1 << 20;

/// Most bytes that one run may decompress to.
const MOST_INFLATED: usize = 256 << 10;

/// Most characters of a decoded text in a message.
const MOST_SHOWN: usize = 60;

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for file in subject.files.iter().filter(|file| file.text.is_some()) {
        let text = file.str();
        subject.count_work(text.len());
        let mut budget = MOST_DECODED;
        let reverses = ["[::-1]", "reverse", "| rev"].iter().any(|word| text.contains(word));
        for run in runs(text) {
            if run.text.len() > budget {
                break;
            }
            budget -= run.text.len();
            subject.count_work(run.text.len());
            if let Some(found) = judge(file, &run, reverses, &mut budget) {
                findings.add(found.hit(file, run.at));
            }
        }
        quoted(subject, file, &mut budget, findings);
        data_urls(file, text, findings);
    }
}

/// What a run decodes to.
struct Found {
    severity: Severity,
    id: &'static str,
    what: String,
}

impl Found {
    fn new(severity: Severity, id: &'static str, what: impl Into<String>) -> Option<Self> {
        Some(Self { severity, id, what: what.into() })
    }

    fn hit<'a>(self, file: &'a ScannedFile, at: usize) -> Hit<'a> {
        let message = format!("encoded text decodes to {}", self.what);
        let end = file.str()[at..].char_indices().nth(80).map_or(file.str().len(), |(end, _)| at + end);
        Hit::in_file(file, Some(at), self.severity, Confidence::Likely, message)
            .pattern(self.id)
            .excerpt(&file.str()[at..end])
            .help("put it into the package as a file of its own, so that it can be read")
    }
}

fn judge(file: &ScannedFile, run: &Run, reverses: bool, budget: &mut usize) -> Option<Found> {
    let bare = run.text.trim_start_matches("0x");
    if is_hex(bare) {
        let found = hexadecimal(bare).and_then(|bytes| content(file, run, &bytes, budget));
        if found.is_some() || bare.bytes().all(|byte| byte.is_ascii_digit()) {
            return found;
        }
    }
    let reversed = || run.text.chars().rev().collect::<String>();
    let is_upper = run.text.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'7' | b'='));
    base64(&run.text)
        .and_then(|bytes| content(file, run, &bytes, budget))
        .or_else(|| {
            is_upper.then(|| base32(&run.text)).flatten().and_then(|bytes| content(file, run, &bytes, budget))
        })
        .or_else(|| {
            reverses
                .then(|| base64(&reversed()))
                .flatten()
                .and_then(|bytes| content(file, run, &bytes, budget))
        })
}

/// Judges decoded bytes.
fn content(file: &ScannedFile, run: &Run, bytes: &[u8], budget: &mut usize) -> Option<Found> {
    if let Some(kind) = executable(bytes) {
        return Found::new(Severity::High, "executable", kind);
    }
    if let Some(inner) = inflate(bytes, MOST_INFLATED.min(*budget)) {
        *budget -= inner.len().min(*budget);
        if let Some(kind) = executable(&inner) {
            return Found::new(Severity::High, "executable", format!("{kind}, compressed"));
        }
        let known = text_of(&inner).and_then(|text| words(file, run, &text));
        let is_gzip = bytes.starts_with(&[0x1f, 0x8b]) && bytes.len() >= 64 && !inner.starts_with(b"\0asm");
        return known.or_else(|| {
            is_gzip.then_some(()).and_then(|()| Found::new(Severity::Medium, "archive", "a gzip archive"))
        });
    }
    let archives: [(&[u8], &str); 5] = [
        (b"PK\x03\x04", "a ZIP archive"),
        (b"\xfd7zXZ\0", "an xz archive"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"BZh91AY", "a bzip2 archive"),
        (b"Rar!\x1a\x07", "a RAR archive"),
    ];
    if let Some((_, kind)) =
        archives.iter().find(|(magic, _)| bytes.starts_with(magic)).filter(|_| bytes.len() >= 48)
    {
        return Found::new(Severity::Medium, "archive", *kind);
    }
    let text = text_of(bytes)?;
    // Encoded twice: once more is looked at, no deeper.
    let again = (text.len() >= 20 && !text.contains(' ')).then(|| base64(text.trim())).flatten();
    let inner = again.and_then(|bytes| text_of(&bytes)).and_then(|text| words(file, run, &text));
    words(file, run, &text).or(inner)
}

fn executable(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x7f, b'E', b'L', b'F', 1 | 2, 1 | 2, ..] => Some("an ELF executable"),
        [b'M', b'Z', ..] if is_windows(bytes) => Some("a Windows executable"),
        [0xcf | 0xce, 0xfa, 0xed, 0xfe, ..] if bytes.len() >= 16 => Some("a Mach-O executable"),
        [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, _, ..] if bytes.len() >= 64 => {
            Some("a Java class or Mach-O executable")
        }
        _ => None,
    }
}

fn is_windows(bytes: &[u8]) -> bool {
    let stub = b"This program cannot";
    bytes.windows(stub.len()).take(512).any(|window| window == stub)
        || (bytes.len() >= 48 && bytes[2] == 0x90 && bytes[3] == 0)
}

/// Compiles an expression of this file; a test keeps them sound.
fn expression(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

/// What commands and scripts look like.
const SCRIPTS: &[&str] = &[
    r"^#!\s*/(?:usr/)?bin/",
    r"(?m)(?:^|;)\s*(?:import|from)\s+(?:os|sys|subprocess|socket|base64|urllib|requests|ctypes|shutil|platform|http|pty|threading)\b",
    r"\b(?:os\.system|os\.popen|subprocess\.\w+|__import__|exec|eval|execSync|spawnSync|popen|shell_exec|passthru|system)\s*\(",
    r#"\brequire\(\s*["'](?:node:)?(?:child_process|fs|net|http|https|os|dns|vm)["']"#,
    r"(?i)\b(?:curl|wget|fetch|iwr|irm|invoke-webrequest|invoke-restmethod)\b[^\n]{0,200}(?:https?://|\d{1,3}(?:\.\d{1,3}){3}|\$)",
    r"(?i)\|\s*(?:sudo\s+)?(?:/bin/)?(?:ba|z|da)?sh\b|\|\s*python3?\b|\|\s*iex\b",
    r"(?i)\b(?:iex|invoke-expression|invoke-mimikatz|downloadstring|downloadfile|new-object\s+net\.|-nop\b|-windowstyle\s+hidden|start-process)",
    r"/dev/(?:tcp|udp)/|\bnc(?:at)?\s+(?:-\w+\s+)*[\w.]+\s+\d{2,5}|\bmkfifo\b|\b(?:ba)?sh\s+-[ic]\b|/bin/(?:ba|z)?sh\b",
    r"\brm\s+-rf?\s+[~/$]|\bchmod\s+\+?[0-7x]+\s|\bcrontab\b|\.ssh/|/etc/(?:passwd|shadow)|\bid_rsa\b|\.aws/credentials",
    r"(?:document\.cookie|XMLHttpRequest|\.innerHTML\s*=|new\s+WebSocket\(|sendBeacon\(|fetch\(\s*[\x22'`]http)",
    r"<script\b|<\?php|javascript:",
];

/// Judges a decoded text by its words.
fn words(file: &ScannedFile, run: &Run, text: &str) -> Option<Found> {
    static SET: LazyLock<Option<RegexSet>> = LazyLock::new(|| RegexSet::new(SCRIPTS).ok());
    let scripts = SET.as_ref()?;
    let shown: String = text.chars().take(MOST_SHOWN).collect();
    // Binary data that happens to be valid text has no words at all.
    let is_readable =
        text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == ' ').count() * 2 >= text.chars().count();
    if !is_readable {
        return None;
    }
    let is_image = text.trim_start().starts_with("<svg") || text.trim_start().starts_with("<?xml");
    if text.starts_with("{\"version\":3") && is_source_map(file, run) {
        return None;
    }
    if scripts.is_match(text) {
        let severity = if is_image { Severity::Medium } else { Severity::High };
        return Found::new(severity, "script", format!("a script: `{shown}`"));
    }
    if tone(text) != Tone::Plain && !is_image {
        return Found::new(Severity::High, "instructions", format!("instructions: `{shown}`"));
    }
    let is_prose = text.split_whitespace().filter(|word| word.len() > 1).count() >= 4 && text.len() >= 24;
    if file.role == Role::Prompt && is_prose && !is_image && tells_to(file, run, DECODE) {
        let severity = if tells_to(file, run, FOLLOW) { Severity::High } else { Severity::Medium };
        return Found::new(severity, "prose-to-decode", format!("a text for the model: `{shown}`"));
    }
    None
}

/// Returns whether a run is what a comment names as the map of the source.
fn is_source_map(file: &ScannedFile, run: &Run) -> bool {
    let mut from = run.at.saturating_sub(100);
    while !file.str().is_char_boundary(from) {
        from -= 1;
    }
    file.str()[from..run.at].contains("sourceMappingURL=data:application/json")
}

/// Words that tell to decode something.
const DECODE: &[&str] =
    &["decode", "base64", "base-64", "b64", "encoded", "atob", "hex", "decrypt", "characters", "unscramble"];

/// Words that tell to do what something says.
const FOLLOW: &[&str] = &[
    "follow",
    "carry out",
    "carry it out",
    "execute",
    "obey",
    "act on",
    "perform",
    "do what",
    "comply",
    "treat it as",
    "apply it",
];

/// Returns whether the text near a run has one of these words.
fn tells_to(file: &ScannedFile, run: &Run, words: &[&str]) -> bool {
    let text = file.str();
    let floor = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let near = [
        &text[floor(run.at.saturating_sub(400))..run.at],
        &text[run.end..floor((run.end + 400).min(text.len()))],
    ];
    near.iter().any(|part| {
        let lower = part.to_lowercase();
        words.iter().any(|word| lower.contains(word))
    })
}

/// Decodes quoted Base85 where the file decodes Base85.
fn quoted(subject: &Subject<'_>, file: &ScannedFile, budget: &mut usize, findings: &mut Findings) {
    let text = file.str();
    if !text.contains("b85decode") && !text.contains("a85decode") {
        return;
    }
    let mut at = 0;
    for piece in text.split(['"', '\'']) {
        if piece.len() >= 30 && piece.len() <= *budget && !piece.contains(['\n', ' ']) {
            *budget -= piece.len();
            subject.count_work(piece.len());
            let run = Run { at, end: at + piece.len(), text: String::new() };
            let mut decoded = base85(piece).into_iter().flatten();
            if let Some(found) = decoded.find_map(|bytes| content(file, &run, &bytes, budget)) {
                findings.add(found.hit(file, at));
            }
        }
        at += piece.len() + 1;
    }
}

/// Judges `data:` addresses that hold pages and scripts.
fn data_urls(file: &ScannedFile, text: &str, findings: &mut Findings) {
    static URL: LazyLock<Option<Regex>> = LazyLock::new(|| {
        expression(
            r#"(?i)data:(?:text/html|application/xhtml\+xml|text/javascript|application/javascript|application/x-javascript|text/x-shellscript|application/x-sh|application/x-msdownload|application/x-executable)(?:;[\w=-]+){0,3},([^\s"']{12}[^\s"']{0,2000})"#,
        )
    });
    static ACTIVE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        expression(
            r"(?i)(?:<|%3c)script|onerror|onload|javascript:|document\.|fetch\(|eval\(|atob\(|location",
        )
    });
    let (Some(url), Some(active)) = (URL.as_ref(), ACTIVE.as_ref()) else { return };
    if !text.contains("data:") {
        return;
    }
    for found in url.captures_iter(text).take(100) {
        let (Some(whole), Some(body)) = (found.get(0), found.get(1)) else { continue };
        let head = whole.as_str()[..whole.len() - body.len()].to_ascii_lowercase();
        let decoded = if head.contains("base64") {
            base64(body.as_str()).and_then(|bytes| text_of(&bytes))
        } else {
            None
        };
        let content = decoded.as_deref().unwrap_or(body.as_str());
        let is_page = head.contains("html");
        let severity = match is_page && active.is_match(content) {
            true if file.role == Role::Code => Severity::Medium,
            true => Severity::High,
            false => Severity::Low,
        };
        let what = "a `data:` address holds a page or a script";
        let hit = Hit::in_file(file, Some(whole.start()), severity, Confidence::Likely, what);
        findings.add(hit.pattern("data-address").excerpt(whole.as_str()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_expressions_compile() {
        assert!(RegexSet::new(SCRIPTS).is_ok());
        for text in [
            r"data:text/html,%3Cscript%3Ealert(document.domain)%3C/script%3E",
            "data:text/html,<script>alert(1)</script>",
        ] {
            let file = ScannedFile::new(crate::model::RelPath::parse("a.md").unwrap(), text.into());
            let mut findings = Findings::new(CHECK.id);
            data_urls(&file, file.str(), &mut findings);
            assert_eq!(findings.finish()[0].severity, Severity::High);
        }
    }

    #[test]
    fn much_encoded_text_is_decoded_to_a_limit() {
        let text = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo ".repeat(200_000);
        let file = ScannedFile::new(crate::model::RelPath::parse("a.txt").unwrap(), text.into());
        let knowledge = crate::scan::Knowledge::default();
        let subject = Subject::new(vec![file], &knowledge);
        let mut findings = Findings::new(CHECK.id);
        run(&subject, &mut findings);
        assert!(findings.finish().is_empty());
        assert!(subject.work() < 20 << 20);
    }
}
