//! Check `polyglot-file`.

use super::Check;
use crate::model::{Confidence, Severity};
use crate::scan::container::{end_of, zip_directory};
use crate::scan::magic::{Format, Group, ZIP_DOCUMENTS, contains_in_any_case, extension_of, format_of};
use crate::scan::{Findings, Hit, ScannedFile, Subject};
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

pub(super) static CHECK: Check = Check {
    id: "polyglot-file",
    summary: "A file is something else than its name says, or two things at once.",
    docs: "\
A picture that is also an archive, or a text that is a program, passes whoever looks at the name and is opened by
whoever knows better. Carriers of malware use it because previews show a harmless face.

The first bytes of every file are compared with its extension, and images, PDFs and zip archives with where their
own structure ends:

* **high**: the hidden face is a program, an archive or a script: a `.png` that is HTML with a script, a `.md` that is
  a zip archive, an image with a zip archive or a program behind its end, a zip archive behind foreign bytes, script in an image;
* **medium**: another mismatch across groups, such as a `.txt` that is a PDF or an SVG named `.png`, or more than 1,024
  unexplained bytes behind the end of an image;
* **low**: a few unexplained bytes behind the end, an image of another form than its name says, or a text named like
  an image.

```text
high: polyglot-file: `logo.png` is a PNG image with a zip archive behind its end
```

Name the file for what it is, and save the image again with a program that writes nothing else into it.
",
    run,
};

/// Extensions of text, behind which nothing binary is expected.
const TEXTS: &[&str] = &[
    "md", "mdx", "txt", "rst", "json", "jsonl", "yaml", "yml", "toml", "ini", "cfg", "csv", "tsv", "html",
    "htm", "css", "scss", "svg", "xml", "js", "mjs", "cjs", "ts", "tsx", "jsx", "py", "rb", "go", "rs",
    "java", "kt", "c", "h", "cpp", "cs", "php", "sh", "bash", "ps1", "bat", "sql", "lock", "log", "license",
    "env", "prompt",
];

/// Bytes behind the end that editors leave.
const FEW: usize = 32;
/// More unexplained bytes than a program leaves by mistake.
const MANY: usize = 1_024;

const HELP: &str = "name the file for what it is, and save it again without anything added";

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for file in &subject.files {
        subject.count_work(file.bytes.len());
        if let Some((severity, confidence, message)) = judge(file) {
            findings.add(Hit::in_file(file, None, severity, confidence, message).help(HELP));
        }
    }
}

type Judgement = (Severity, Confidence, String);

fn judge(file: &ScannedFile) -> Option<Judgement> {
    let extension = extension_of(&file.path);
    let format = format_of(&file.bytes);
    mismatch(file, &extension, format).or_else(|| second_face(file, format?))
}

/// Compares the extension with the first bytes.
fn mismatch(file: &ScannedFile, extension: &str, format: Option<&Format>) -> Option<Judgement> {
    let say = |severity, what: &str| Some((severity, Confidence::Sure, format!("`{}` is {what}", file.path)));
    let Some(format) = format else { return text_as_image(file, extension) };
    if format.extensions.contains(&extension) {
        return None;
    }
    let is_zip = format.name == "a zip archive";
    if is_zip && ZIP_DOCUMENTS.contains(&extension) || extension == "svgz" {
        return None;
    }
    let is_image = |group| matches!(group, Group::Image | Group::Media);
    if let Some(claimed) = claimed(extension) {
        return match (claimed, format.group) {
            (_, Group::Executable | Group::Bytecode | Group::Archive) if claimed != format.group => {
                say(Severity::High, format.name)
            }
            (claimed, group) if claimed == group || is_image(claimed) && is_image(group) => {
                say(Severity::Low, format.name)
            }
            _ => say(Severity::Medium, format.name),
        };
    }
    if !TEXTS.contains(&extension) || file.text.is_some() && format.name == "a bzip2 archive" {
        return None;
    }
    match format.group {
        Group::Executable | Group::Bytecode | Group::Archive => say(Severity::High, format.name),
        _ => say(Severity::Medium, format.name),
    }
}

/// Returns what group of forms an extension promises.
fn claimed(extension: &str) -> Option<Group> {
    const PROMISES: &[(Group, &[&str])] = &[
        (
            Group::Image,
            &["png", "jpg", "jpeg", "gif", "webp", "avif", "heic", "bmp", "tif", "tiff", "ico", "apng"],
        ),
        (Group::Document, &["pdf", "doc", "xls", "ppt", "docx", "xlsx", "pptx", "odt", "ods", "odp", "epub"]),
        (
            Group::Media,
            &["woff", "woff2", "ttf", "otf", "mp3", "mp4", "ogg", "flac", "wav", "webm", "mov", "m4a"],
        ),
        (Group::Archive, &["zip", "gz", "tgz", "xz", "bz2", "zst", "7z", "rar", "tar"]),
    ];
    PROMISES.iter().find(|(_, extensions)| extensions.contains(&extension)).map(|(group, _)| *group)
}

/// Judges a text under the name of an image, font or document.
fn text_as_image(file: &ScannedFile, extension: &str) -> Option<Judgement> {
    claimed(extension)?;
    let is_text = std::str::from_utf8(&file.bytes).is_ok() && !file.bytes.contains(&0);
    let head = &file.bytes[..file.bytes.len().min(64 << 10)];
    // Pointers of Git LFS stand where the file will be.
    if !is_text || head.trim_ascii().is_empty() || head.starts_with(b"version https://git-lfs") {
        return None;
    }
    let has = |needle: &[u8]| contains_in_any_case(head, needle);
    let (severity, what) = if has_script(head) || head.starts_with(b"#!") {
        (Severity::High, "a text with a script")
    } else if has(b"<svg") || has(b"<html") || has(b"<!doctype") {
        (Severity::Medium, "a text with markup")
    } else {
        (Severity::Low, "a text")
    };
    Some((severity, Confidence::Sure, format!("`{}` is {what}", file.path)))
}

/// Texts that stand in no image by chance.
const SCRIPTS: &[&[u8]] =
    &[b"<script", b"<?php", b"<%@ page", b"<iframe", b"javascript:", b"onerror=", b"#!/bin/", b"#!/usr/bin/"];

fn has_script(bytes: &[u8]) -> bool {
    static FINDER: LazyLock<Option<AhoCorasick>> =
        LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(SCRIPTS).ok());
    FINDER.as_ref().is_some_and(|finder| finder.is_match(bytes))
}

/// Looks for what else a file is, besides what its name says.
fn second_face(file: &ScannedFile, format: &Format) -> Option<Judgement> {
    let bytes = &file.bytes;
    let say = |severity, confidence, what: &str| {
        Some((severity, confidence, format!("`{}` is {} {what}", file.path, format.name)))
    };
    let (sure, likely) = (Confidence::Sure, Confidence::Likely);
    if format.group == Group::Archive {
        return zip_faces(file, format);
    }
    if !matches!(format.group, Group::Image | Group::Media) && format.name != "a PDF document" {
        return None;
    }
    if zip_directory(bytes).is_some_and(|directory| !directory.names.is_empty()) {
        return say(Severity::High, sure, "with a zip archive behind its end");
    }
    let is_image = format.group == Group::Image;
    // The size of this picture would be 10,799 points: a comment begins instead.
    if format.name == "a GIF image" && matches!(bytes.get(6..8), Some(b"/*" | b"=1" | b"= ")) {
        return say(Severity::High, sure, "that begins a script too");
    }
    if is_image && has_script(bytes) {
        return say(Severity::High, likely, "with a script in it");
    }
    let behind = bytes.get(end_of(bytes)?..)?;
    let behind = behind.trim_ascii_start();
    let behind = &behind[behind.iter().position(|byte| *byte != 0).unwrap_or(behind.len())..];
    match format_of(behind).map(|second| (second.group, second.name)) {
        Some((Group::Executable | Group::Bytecode | Group::Archive, second)) => {
            say(Severity::High, sure, &format!("with {second} behind its end"))
        }
        // Cameras keep a second picture behind the first.
        Some((Group::Image | Group::Media, _)) => None,
        _ if has_script(behind) => say(Severity::High, sure, "with a script behind its end"),
        _ if behind.len() > MANY => {
            say(Severity::Medium, likely, &format!("with {} unexplained bytes behind its end", behind.len()))
        }
        _ if behind.len() > FEW => {
            say(Severity::Low, likely, &format!("with {} unexplained bytes behind its end", behind.len()))
        }
        _ => None,
    }
}

/// Judges what stands before and behind a zip archive.
fn zip_faces(file: &ScannedFile, format: &Format) -> Option<Judgement> {
    let directory = zip_directory(&file.bytes).filter(|_| format.name == "a zip archive")?;
    let behind = file.bytes.get(directory.end..).unwrap_or_default().trim_ascii();
    let say = |severity, what: &str| {
        Some((severity, Confidence::Likely, format!("`{}` is {} {what}", file.path, format.name)))
    };
    let is_second = format_of(behind).is_some() || has_script(behind);
    match behind.len() {
        _ if is_second => say(Severity::High, "with something else behind its end"),
        length if length > FEW => {
            say(Severity::Medium, &format!("with {length} unexplained bytes behind its end"))
        }
        _ if directory.prefix > FEW => say(Severity::High, "whose directory hides a second archive in front"),
        _ => None,
    }
}
