//! Passages of JSON, YAML and TOML: values, and long names as words.

use super::Kind;
use super::writer::Writer;

/// Keys whose values a model is given.
const TOLD: &[&str] = &[
    "description",
    "title",
    "summary",
    "instructions",
    "default",
    "const",
    "enum",
    "examples",
    "example",
    "hint",
    "message",
    "prompt",
    "text",
    "content",
    "system",
    "note",
    "notes",
    "usage",
    "help",
    "returns",
];
/// Fewest words of a name that says something.
const FEWEST_WORDS: usize = 2;
/// Longest name.
const LONGEST_NAME: usize = 120;

/// Reads JSON by its strings, so that comments and mistakes in it hide nothing.
pub(super) fn read_json(text: &str, kind: Kind, offers_tools: bool, writer: &mut Writer) {
    let bytes = text.as_bytes();
    let mut key = "";
    let mut at = 0;
    while let Some(start) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b'"')) {
        let from = at + start + 1;
        let end = end_of_string(bytes, from);
        let value = &text[from..end];
        at = end + 1;
        let is_key = text.get(at..).is_some_and(|rest| rest.trim_start().starts_with(':'));
        if is_key {
            key = value;
            if offers_tools && is_telling_name(value) {
                writer.begin(Kind::Name);
                push_name(value, from, writer);
            }
            continue;
        }
        let lower = key.to_ascii_lowercase();
        // A file named for tools may hold a single one, without a schema.
        let is_description = kind == Kind::Prompt && lower == "description";
        let is_told = is_description || (offers_tools && TOLD.contains(&lower.as_str()));
        writer.begin(if is_told { Kind::Tool } else { kind });
        push_escaped(value, from, writer);
        if key == "required" || key == "name" {
            push_name(value, from, writer);
        }
    }
}

fn end_of_string(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at.min(bytes.len())
}

/// Reads YAML and TOML: a key begins a passage, what follows belongs to it.
pub(super) fn read_lines(text: &str, kind: Kind, offers_tools: bool, writer: &mut Writer) {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start_matches([' ', '\t', '-', '#', '>', '|']);
        let from = at + (line.len() - bare.len());
        let name = bare.split_once([':', '=']).map(|(name, _)| name.trim());
        let name = name.filter(|name| {
            !name.is_empty()
                && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '"'))
        });
        if line.trim().is_empty() {
            // A blank line within a block of text parts paragraphs, not values.
        } else if let Some(name) = name {
            let told = TOLD.contains(&name.to_ascii_lowercase().as_str());
            if offers_tools && is_telling_name(name) {
                writer.begin(Kind::Name);
                push_name(name, from, writer);
            }
            writer.begin(if told && offers_tools { Kind::Tool } else { kind });
        } else if line.trim_start().starts_with(['-', '#']) || !writer.is_open() {
            writer.begin(kind);
        }
        push_escaped(bare, from, writer);
        at += line.len();
    }
}

/// Returns whether a name is made of so many words that it says something.
pub(super) fn is_telling_name(name: &str) -> bool {
    (8..=LONGEST_NAME).contains(&name.len())
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
        && words(name).split(' ').filter(|word| !word.is_empty()).count() >= FEWEST_WORDS
}

/// Appends a name as words.
pub(super) fn push_name(name: &str, at: usize, writer: &mut Writer) {
    writer.push(&words(name), at);
}

fn words(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 8);
    let mut was_lower = false;
    for c in name.chars() {
        if matches!(c, '_' | '-') {
            out.push(' ');
        } else {
            if c.is_uppercase() && was_lower {
                out.push(' ');
            }
            out.push(c);
        }
        was_lower = c.is_lowercase();
    }
    out
}

/// Appends a text with its escapes read.
pub(super) fn push_escaped(piece: &str, at: usize, writer: &mut Writer) {
    if !piece.contains('\\') {
        writer.push(piece, at);
        return;
    }
    let mut out = String::with_capacity(piece.len());
    let mut rest = piece;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let Some(kind) = after.chars().next() else { break };
        rest = &after[kind.len_utf8()..];
        let code = match kind {
            'u' => hex(rest, 4),
            'x' => hex(rest, 2),
            _ => None,
        };
        match (kind, code) {
            ('n' | 'r' | 't', _) => out.push(' '),
            (_, Some((c, length))) => {
                out.push(c);
                rest = &rest[length..];
            }
            (other, None) => out.push(other),
        }
    }
    out.push_str(rest);
    writer.push(&out, at);
}

fn hex(text: &str, digits: usize) -> Option<(char, usize)> {
    if let Some((code, _)) = text.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
        let c = u32::from_str_radix(code, 16).ok().and_then(char::from_u32)?;
        return Some((c, code.len() + 2));
    }
    let code = u32::from_str_radix(text.get(..digits)?, 16).ok()?;
    let pair = || -> Option<(char, usize)> {
        let low = u32::from_str_radix(text.get(digits + 2..2 * digits + 2)?, 16).ok()?;
        let code = 0x10000 + ((code.checked_sub(0xd800)?) << 10) + low.checked_sub(0xdc00)?;
        Some((char::from_u32(code)?, 2 * digits + 2))
    };
    char::from_u32(code).map(|c| (c, digits)).or_else(pair)
}
