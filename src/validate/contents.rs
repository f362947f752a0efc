//! Reads what is inside a `tree` artifact: the texts, settings and metadata
//! that rules, search and site look at, and the digest of the packed archive.

use super::file::MAX_SOURCE_BYTES;
use super::registry::{Contents, MetadataObject};
use crate::artifact::{PackFile, pack};
use crate::diagnostic::Diagnostic;
use crate::model::{Digest, MetadataType, RelPath};
use crate::source::{Entry, Error, Mode, Reader, Snapshot};
use std::sync::Arc;

/// Most bytes of a README or changelog that are kept for search and site, and
/// of a JSON file that is parsed: as values it takes fifty times the room.
const MAX_TEXT: usize = 1 << 20;

/// Reads the tree `folder`, which exists.
pub(super) fn read(
    snapshot: &Snapshot,
    reader: &Reader<'_>,
    folder: &str,
    configuration: Option<&RelPath>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Contents, Error> {
    let mut contents = Contents::default();
    let mut files: Vec<(RelPath, Arc<[u8]>)> = Vec::new();
    let mut left = MAX_SOURCE_BYTES;
    let mut is_whole = true;
    for entry in snapshot.under(folder) {
        // An executable file is refused elsewhere; what it says still counts.
        if !matches!(entry.mode, Mode::Regular | Mode::Executable) {
            continue;
        }
        let Ok(inner) = RelPath::parse(&entry.path[folder.len() + 1..]) else { continue };
        let size = reader.size(entry)?;
        let Some(rest) = left.checked_sub(size) else {
            let message = format!(
                "with the {size} bytes of this file the source has more than the {MAX_SOURCE_BYTES} that are allowed"
            );
            diagnostics.push(Diagnostic::new("file-too-large", Arc::clone(&entry.path), message));
            is_whole = false;
            continue;
        };
        left = rest;
        let bytes = reader.read(entry)?;
        read_one(&mut contents, entry, &inner, &bytes, configuration, diagnostics);
        contents.files.insert(inner.to_string(), Arc::clone(&entry.path));
        files.push((inner, bytes));
    }
    if !is_whole {
        return Ok(contents);
    }
    let list = files.iter().map(|(path, content)| PackFile { path: path.clone(), content }).collect();
    match pack(list) {
        Ok(archive) => contents.packed = Some((Digest::of(&archive), archive.len() as u64)),
        Err(error) => diagnostics.push(Diagnostic::new("artifact-unpackable", folder, error.to_string())),
    }
    Ok(contents)
}

fn read_one(
    contents: &mut Contents,
    entry: &Entry,
    inner: &RelPath,
    bytes: &[u8],
    configuration: Option<&RelPath>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let text = || -> Arc<str> {
        let end = bytes.len().min(MAX_TEXT);
        String::from_utf8_lossy(&bytes[..end]).into()
    };
    match inner.as_str() {
        "README.md" => contents.readme = Some(text()),
        "CHANGELOG.md" => contents.changelog = Some(text()),
        "shelfmark.toml" => contents.manifest = Some(text()),
        _ => {}
    }
    if configuration == Some(inner) {
        contents.configuration = json(entry, bytes, diagnostics);
    }
    if let Some(rest) = inner.as_str().strip_prefix("metadata/") {
        match place(rest) {
            Some((metadata_type, name)) => contents.metadata.push(MetadataObject {
                path: Arc::clone(&entry.path),
                metadata_type,
                name: name.to_owned(),
                value: json(entry, bytes, diagnostics),
            }),
            None => diagnostics.push(misplaced(entry, rest)),
        }
    }
}

fn place(rest: &str) -> Option<(MetadataType, &str)> {
    let (folder, file) = rest.split_once('/')?;
    let name = file.strip_suffix(".json").filter(|name| !name.contains('/'))?;
    Some((folder.parse().ok()?, name))
}

fn misplaced(entry: &Entry, rest: &str) -> Diagnostic {
    let folder = rest.split('/').next().unwrap_or_default();
    let diagnostic = Diagnostic::new(
        "metadata-invalid",
        Arc::clone(&entry.path),
        "a metadata object is not at `metadata/<type>/<name>.json`",
    );
    match crate::diagnostic::nearest(folder, MetadataType::ALL.iter().map(|kind| kind.as_str())) {
        Some(close) if close != folder => {
            diagnostic.help(format!("did you mean the folder `metadata/{close}/`?"))
        }
        _ => diagnostic
            .note(format!("there are {} types, from `object` to `api-route`", MetadataType::ALL.len())),
    }
}

fn json(entry: &Entry, bytes: &[u8], diagnostics: &mut Vec<Diagnostic>) -> Option<serde_json::Value> {
    if bytes.len() > MAX_TEXT {
        let message = format!("the file has {} bytes, at most {MAX_TEXT} are allowed here", bytes.len());
        diagnostics.push(Diagnostic::new("file-too-large", Arc::clone(&entry.path), message));
        return None;
    }
    match serde_json::from_slice(bytes) {
        Ok(value) => Some(value),
        Err(error) => {
            diagnostics.push(super::authored::json_invalid(&entry.path, bytes, &error));
            None
        }
    }
}
