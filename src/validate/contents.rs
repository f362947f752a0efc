//! Reads what is inside an artifact: the texts, settings and metadata that
//! rules, search and site look at, and the digest of a folder that is packed.

use super::archives::shown_path;
use super::file::MAX_SOURCE_BYTES;
use super::registry::{Contents, MetadataObject, Release, SharedText};
use crate::artifact::store::packed_files;
use crate::artifact::{ArchivedFile, PackFile, pack};
use crate::diagnostic::Diagnostic;
use crate::model::{Digest, MetadataType, RelPath};
use crate::source::{Error, Reader, Snapshot};
use std::sync::Arc;

/// Most bytes of a README or changelog that are kept for search and site, and
/// of a JSON file that is parsed: as values it takes fifty times the room.
const MAX_TEXT: usize = 1 << 20;

/// Reads the tree `folder` of a release, which exists.
pub(super) fn read(
    snapshot: &Snapshot,
    reader: &Reader<'_>,
    folder: &str,
    release: &Release,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Contents, Error> {
    let mut contents = Contents::default();
    let mut files: Vec<(RelPath, Arc<[u8]>)> = Vec::new();
    let mut left = MAX_SOURCE_BYTES;
    let mut is_whole = true;
    for (inner, entry) in packed_files(snapshot, folder) {
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
        keep_text(&mut contents, &inner, &bytes, || Arc::clone(&bytes));
        read_one(&mut contents, release, &entry.path, &inner, &bytes, diagnostics);
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

/// Reads the files of a release's archive.
pub(super) fn read_archive(
    release: &Release,
    files: Vec<ArchivedFile>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Contents {
    let mut contents = Contents::default();
    for file in files {
        let path = shown_path(release, file.path.as_str());
        keep_text(&mut contents, &file.path, &file.content, || file.content.as_slice().into());
        read_one(&mut contents, release, &path, &file.path, &file.content, diagnostics);
        contents.files.insert(file.path.to_string(), path);
    }
    contents
}

/// Keeps a file that is shown or compared, up to [`MAX_TEXT`]; `share` gives its bytes.
fn keep_text(contents: &mut Contents, inner: &RelPath, bytes: &[u8], share: impl Fn() -> Arc<[u8]>) {
    let place = match inner.as_str() {
        "README.md" => &mut contents.readme,
        "CHANGELOG.md" => &mut contents.changelog,
        "shelfmark.toml" => &mut contents.manifest,
        _ => return,
    };
    *place = Some(SharedText::of(bytes.get(..MAX_TEXT).map_or_else(share, Arc::from)));
}

fn read_one(
    contents: &mut Contents,
    release: &Release,
    path: &Arc<str>,
    inner: &RelPath,
    bytes: &[u8],
    diagnostics: &mut Vec<Diagnostic>,
) {
    if release.configuration.as_ref() == Some(inner) {
        contents.configuration = json(path, bytes, diagnostics);
    }
    let template = release.details.template.as_ref();
    if template.and_then(|template| template.parameters.as_deref()) == Some(inner.as_str()) {
        let is_small = bytes.len() <= MAX_TEXT;
        contents.parameters = serde_json::from_slice(bytes).ok().filter(|_| is_small);
    }
    if let Some(rest) = inner.as_str().strip_prefix("metadata/") {
        match place(rest) {
            Some((metadata_type, name)) => contents.metadata.push(MetadataObject {
                path: Arc::clone(path),
                metadata_type,
                name: name.to_owned(),
                value: json(path, bytes, diagnostics),
            }),
            None => diagnostics.push(misplaced(path, rest)),
        }
    }
}

fn place(rest: &str) -> Option<(MetadataType, &str)> {
    let (folder, file) = rest.split_once('/')?;
    let name = file.strip_suffix(".json").filter(|name| !name.contains('/'))?;
    Some((folder.parse().ok()?, name))
}

fn misplaced(path: &Arc<str>, rest: &str) -> Diagnostic {
    let folder = rest.split('/').next().unwrap_or_default();
    let diagnostic = Diagnostic::new(
        "metadata-invalid",
        Arc::clone(path),
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

fn json(path: &Arc<str>, bytes: &[u8], diagnostics: &mut Vec<Diagnostic>) -> Option<serde_json::Value> {
    if bytes.len() > MAX_TEXT {
        let message = format!("the file has {} bytes, at most {MAX_TEXT} are allowed here", bytes.len());
        diagnostics.push(Diagnostic::new("file-too-large", Arc::clone(path), message));
        return None;
    }
    match serde_json::from_slice(bytes) {
        Ok(value) => Some(value),
        Err(error) => {
            diagnostics.push(super::authored::json_invalid(path, bytes, &error));
            None
        }
    }
}
