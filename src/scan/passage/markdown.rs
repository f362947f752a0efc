//! Passages of Markdown, HTML and plain text: paragraphs, list items, headings,
//! table rows, comments.

use super::super::text::without_markers;
use super::Kind;
use super::writer::Writer;

/// Reads a text.
pub(super) fn read(text: &str, kind: Kind, writer: &mut Writer) {
    let mut at = 0;
    let mut in_comment = false;
    for line in text.split_inclusive('\n') {
        read_line(line, at, kind, &mut in_comment, writer);
        at += line.len();
    }
}

fn read_line(line: &str, at: usize, kind: Kind, in_comment: &mut bool, writer: &mut Writer) {
    let mut rest = line;
    loop {
        let from = at + (rest.as_ptr() as usize - line.as_ptr() as usize);
        let mark = if *in_comment { "-->" } else { "<!--" };
        let Some((before, after)) = rest.split_once(mark) else {
            return if *in_comment {
                push(rest, from, writer)
            } else {
                read_visible(rest, from, kind, writer)
            };
        };
        if *in_comment {
            push(before, from, writer);
            writer.end();
        } else {
            if !before.trim().is_empty() {
                read_visible(before, from, kind, writer);
            }
            writer.begin(Kind::Hidden);
        }
        *in_comment = !*in_comment;
        rest = after;
    }
}

fn read_visible(line: &str, at: usize, kind: Kind, writer: &mut Writer) {
    let trimmed = line.trim();
    if trimmed.is_empty() || trimmed.starts_with("```") || trimmed.starts_with("~~~") {
        writer.end();
        return;
    }
    if trimmed.starts_with("[//]:") || trimmed.starts_with("[comment]:") {
        writer.begin(Kind::Hidden);
        push(line, at, writer);
        writer.end();
        return;
    }
    let is_alone = trimmed.starts_with('#') || trimmed.starts_with('|') || trimmed == "---";
    if is_alone || is_item(trimmed) || !writer.is_open() {
        writer.begin(kind);
    }
    push(line, at, writer);
    if is_alone {
        writer.end();
    }
}

/// Returns whether a line begins an item of a list, or a key of front matter.
fn is_item(line: &str) -> bool {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_numbered = rest.len() < line.len() && (rest.starts_with(". ") || rest.starts_with(") "));
    is_numbered || ["- ", "* ", "+ "].iter().any(|mark| line.starts_with(mark))
}

fn push(line: &str, at: usize, writer: &mut Writer) {
    let bare = without_markers(line);
    writer.push(bare, at + (bare.as_ptr() as usize - line.as_ptr() as usize));
}
