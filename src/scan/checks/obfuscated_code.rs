//! Check `obfuscated-code`.

use super::{Check, Findings, Subject};
use crate::model::{Confidence, Severity};
use crate::scan::{Hit, Match, ScannedFile};
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

pub(super) static CHECK: Check = Check {
    id: "obfuscated-code",
    summary: "Code hides what it does.",
    docs: "\
Code that is decoded before it runs cannot be reviewed. Honest packages have no need of it; most malicious ones do it, to pass
a look at the source and searches for words such as `curl`.

* **high**: decoded, decompressed, reversed or character-by-character text is run (`exec(b64decode(…))`, `eval(atob(…))`,
  `base64 -d | sh`, `-EncodedCommand`); a decoded value is kept in a variable that is run later; escapes or joined
  pieces of text spell a dangerous name; built-in functions are fetched by a computed name; the output of an obfuscator;
* **medium**: long texts written as character codes or escapes, a line made almost only of signs, a few
  identifiers as obfuscators write them.

Minified libraries are not obfuscated in this sense, and are not flagged for being minified.

```text
high: obfuscated-code: setup.py:3: decoded text is run as code
```

Ship the source that is meant to run. If a library needs such code, depend on it instead of carrying it.
",
    run,
};

const HELP: &str = "ship the source as it was written";

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for file in &subject.files {
        let found = subject.matches_in(CHECK.id, file);
        let mut decoded: Vec<&Match<'_>> = Vec::new();
        let mut run: BTreeSet<(&str, usize)> = BTreeSet::new();
        for one in &found {
            match one.pattern.id.as_str() {
                "decoded-name" => decoded.push(one),
                "run-name" => run.extend(
                    one.group
                        .split(|c: char| !is_name(c))
                        .filter(|name| !name.is_empty())
                        .map(|name| (name, one.at)),
                ),
                "joined-text" => joined(one, findings),
                "pieces" => pieces(one, findings),
                "escapes" => escapes(one, findings),
                "identifiers" => {}
                "character-codes" => findings.add(character_codes(one, &found)),
                _ if is_elided(one.text) => findings.add(Hit::of(one).severity(Severity::Medium).help(HELP)),
                _ => findings.add(Hit::of(one).help(HELP)),
            }
        }
        for one in decoded {
            let name = one.group;
            if !run
                .range((name, one.at)..)
                .take_while(|(other, _)| *other == name)
                .any(|(_, at)| is_near(name, one.at, *at))
            {
                continue;
            }
            let what = format!("`{name}` is decoded, then run as code");
            let hit = Hit::in_file(file, Some(one.at), Severity::High, Confidence::Likely, what);
            findings.add(hit.pattern("decoded-name").excerpt(one.text).help(HELP));
        }
        spelled_by_numbers(subject, file, findings);
        identifiers(file, &found, findings);
        if file.language.is_code() {
            subject.count_work(file.str().len());
            signs(file, findings);
        }
    }
}

/// Returns whether the code is told about and not there: `eval(atob(…))`.
fn is_elided(text: &str) -> bool {
    text.contains('…') || text.contains("(...)") || text.contains("\"...\"") || text.contains("'...'")
}

/// Returns whether a name that is run can be the one decoded before: short names
/// are used again and again.
fn is_near(name: &str, decoded: usize, run: usize) -> bool {
    let reach = if name.len() < 3 { 400 } else { 20_000 };
    run > decoded && run - decoded <= reach
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

/// What nobody writes in pieces or as escapes without a reason to hide it.
const DANGEROUS: &[&str] = &[
    "child_process",
    "childprocess",
    "subprocess",
    "execsync",
    "spawnsync",
    "os.system",
    "__import__",
    "__builtins__",
    "powershell",
    "invoke-expression",
    "iex",
    "downloadstring",
    "frombase64string",
    "/bin/sh",
    "/bin/bash",
    "curl ",
    "wget ",
    "eval",
    "exec",
    "popen",
    "system",
    "require",
    "http://",
    "https://",
    "nc -e",
    "/dev/tcp",
    "marshal",
    "unhexlify",
    "b64decode",
    "atob",
    "document.cookie",
    "localstorage",
    "id_rsa",
    ".ssh",
    "process.env",
    "xmlhttprequest",
    "fromcharcode",
    "constructor",
    "net.webclient",
    "wscript.shell",
    "import os",
];

/// Judges pieces of text that are put together: `'ev' + 'al'`.
fn joined(one: &Match<'_>, findings: &mut Findings) {
    let whole: String =
        one.text.chars().filter(|c| !matches!(c, '\'' | '"' | '`' | '+' | ' ' | '\t')).collect();
    let whole = whole.to_lowercase();
    let pieces = one.text.split('+').map(|piece| piece.trim().trim_matches(['\'', '"', '`']).to_lowercase());
    // A piece that says it already hides nothing.
    let open: Vec<String> = pieces.collect();
    let hidden = DANGEROUS.iter().map(|word| word.trim()).find(|word| {
        let is_it = if word.len() <= 6 { whole == **word } else { whole.contains(word) };
        is_it && !word.contains("://") && open.iter().all(|piece| !piece.contains(word))
    });
    if let Some(word) = hidden {
        let what = format!("pieces of text are joined to `{word}`");
        let hit = Hit::in_file(one.file, Some(one.at), Severity::High, Confidence::Likely, what);
        findings.add(hit.pattern("joined-text").excerpt(one.text).help(HELP));
    }
}

/// Judges a list of pieces that is joined, or a text that is turned round.
fn pieces(one: &Match<'_>, findings: &mut Findings) {
    let is_turned = !one.text.contains("join");
    let texts: Vec<&str> =
        one.text.split(['"', '\'', '`']).skip(1).step_by(2).filter(|text| !text.is_empty()).collect();
    let whole: String = match is_turned {
        true => texts.first().map(|text| text.chars().rev().collect()).unwrap_or_default(),
        false => texts.concat(),
    };
    let whole = whole.to_lowercase();
    let is_it = |word: &&&str| {
        let is_open = texts.iter().any(|text| text.to_lowercase().contains(word.trim()));
        !is_open && if word.len() <= 6 { whole == **word } else { whole.contains(**word) }
    };
    if let Some(word) = DANGEROUS.iter().find(is_it) {
        let what = format!("pieces of text are joined to `{}`", word.trim());
        let hit = Hit::in_file(one.file, Some(one.at), Severity::High, Confidence::Likely, what);
        findings.add(hit.pattern("pieces").excerpt(one.text).help(HELP));
    }
}

/// Judges a run of escapes that spell printable text: `\x65\x76\x61\x6c`.
fn escapes(one: &Match<'_>, findings: &mut Findings) {
    let bytes: Vec<u8> = one
        .text
        .split('\\')
        .filter_map(|piece| {
            let digits = piece.trim_start_matches(['x', 'u', '{', '0']).trim_end_matches('}');
            let digits = if digits.is_empty() { "0" } else { digits };
            u32::from_str_radix(digits, 16).ok().and_then(|code| u8::try_from(code).ok())
        })
        .collect();
    let plain: String = bytes
        .iter()
        .filter(|byte| byte.is_ascii_graphic() || **byte == b' ')
        .map(|byte| char::from(*byte))
        .collect();
    let letters = plain.bytes().filter(u8::is_ascii_alphanumeric).count();
    if plain.len() * 10 < bytes.len() * 9 || letters * 2 < bytes.len() {
        return;
    }
    let lower = plain.to_lowercase();
    let word = DANGEROUS.iter().find(|word| lower.contains(word.trim()));
    let (severity, what) = match word {
        Some(word) => (Severity::High, format!("escapes spell `{}`", word.trim())),
        None if plain.len() >= 16 => (Severity::Medium, "plain text is written as escapes".to_owned()),
        None => return,
    };
    let hit = Hit::in_file(one.file, Some(one.at), severity, Confidence::Likely, what);
    findings.add(hit.pattern("escapes").excerpt(one.text).help(HELP));
}

/// Judges text written as character codes: graver where the file runs texts.
fn character_codes<'a>(one: &Match<'a>, all: &[Match<'a>]) -> Hit<'a> {
    let codes = one.text.split(|c: char| !c.is_ascii_alphanumeric()).filter_map(|piece| {
        match piece.strip_prefix("0x") {
            Some(hex) => u8::from_str_radix(hex, 16).ok(),
            None => piece.parse::<u8>().ok(),
        }
    });
    let plain: String = codes.map(char::from).collect::<String>().to_lowercase();
    let is_run = all.iter().any(|other| other.pattern.id == "run-name");
    let spelled = DANGEROUS.iter().any(|word| plain.contains(word.trim()));
    let severity = if is_run || spelled { Severity::High } else { Severity::Medium };
    Hit::of(one).severity(severity).help(HELP)
}

/// A list of small numbers.
static NUMBERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[\[(]\s*(?:(?:0x[0-9a-fA-F]{2}|[1-9]\d{1,2})\s*,\s*){3,400}(?:0x[0-9a-fA-F]{2}|[1-9]\d{1,2})\s*,?\s*[\])]").ok()
});
/// Most lists of numbers of one file that are read.
const MOST_LISTS: usize = 100;

/// Finds lists of numbers that spell what nobody writes as numbers, in code that makes text of numbers.
fn spelled_by_numbers(subject: &Subject<'_>, file: &ScannedFile, findings: &mut Findings) {
    let text = file.str();
    let makes_text = ["fromCharCode", "fromCodePoint", "TextDecoder", "chr(", "bytes(", "bytearray("];
    if !file.language.is_code() || !makes_text.iter().any(|call| text.contains(call)) {
        return;
    }
    subject.count_work(text.len());
    let Some(numbers) = NUMBERS.as_ref() else { return };
    for list in numbers.find_iter(text).take(MOST_LISTS) {
        let codes =
            list.as_str().split(|c: char| !c.is_ascii_alphanumeric()).filter(|piece| !piece.is_empty());
        let plain: Option<String> = codes
            .map(|piece| match piece.strip_prefix("0x") {
                Some(hex) => u8::from_str_radix(hex, 16).ok(),
                None => piece.parse::<u8>().ok(),
            })
            .map(|code| code.filter(u8::is_ascii).map(char::from))
            .collect();
        let plain = plain.unwrap_or_default().to_lowercase();
        let is_it = |word: &&&str| if word.len() <= 6 { plain == **word } else { plain.contains(**word) };
        if let Some(word) = DANGEROUS.iter().find(is_it) {
            let what = format!("a list of numbers spells `{}`", word.trim());
            let hit = Hit::in_file(file, Some(list.start()), Severity::High, Confidence::Likely, what);
            findings.add(hit.pattern("character-codes").excerpt(list.as_str()).help(HELP));
        }
    }
}

/// Counts identifiers as obfuscators write them: `_0x3fa2`.
fn identifiers<'a>(file: &'a ScannedFile, found: &[Match<'a>], findings: &mut Findings) {
    let names: Vec<&Match<'a>> = found.iter().filter(|one| one.pattern.id == "identifiers").collect();
    let distinct: BTreeSet<&str> = names.iter().map(|one| one.text).collect();
    let Some(first) = names.first() else { return };
    let severity = match (names.len(), distinct.len()) {
        (12.., 4..) => Severity::High,
        (4.., _) => Severity::Medium,
        _ => return,
    };
    let what = "identifiers are renamed as obfuscators do";
    let hit = Hit::in_file(file, Some(first.at), severity, Confidence::Likely, what);
    findings.add(hit.pattern("identifiers").excerpt(first.text).help(HELP));
}

/// Least length of a line whose signs are counted.
const LONG: usize = 300;

/// Looks for lines made almost only of signs, such as JavaScript written with six characters.
fn signs(file: &ScannedFile, findings: &mut Findings) {
    let mut at = 0;
    for line in file.str().split_inclusive('\n') {
        let bare = line.trim();
        if bare.len() >= LONG {
            let code = bare.bytes().filter(|byte| !byte.is_ascii_whitespace()).count().max(1);
            let few = bare.bytes().filter(|byte| b"[]()!+".contains(byte)).count();
            let is_sign = |byte: &u8| byte.is_ascii_punctuation() && !b",.-=_*#/\"'|~".contains(byte);
            let many = bare.bytes().filter(is_sign).count();
            let severity = match () {
                () if few * 100 >= code * 92 && bare.contains("[]") && bare.contains("+!") => {
                    Some(Severity::High)
                }
                () if many * 10 >= code * 7 => Some(Severity::Medium),
                () => None,
            };
            if let Some(severity) = severity {
                let what = "a long line is made almost only of signs";
                let hit = Hit::in_file(file, Some(at), severity, Confidence::Likely, what);
                findings.add(hit.pattern("signs").excerpt(bare).help(HELP));
            }
        }
        at += line.len();
    }
}
