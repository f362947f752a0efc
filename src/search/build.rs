//! Writes the index: deterministic segments named by their content.

use super::Error;
use super::document::document;
use super::fields::{self, Fields};
use super::listed::{Listed, listed};
use super::native::Native;
use super::projection::project;
use crate::index::merkle;
use crate::model::Digest;
use crate::publish::{Output, Phase};
use crate::scan::Scans;
use crate::schema::{SearchFile, SearchHead};
use crate::validate::registry::Package;
use crate::validate::{Dependents, ValidRegistry};
use rayon::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use tantivy::directory::RamDirectory;
use tantivy::{Directory, Index};

/// Up to so many packages, the index is one segment.
const ONE_SEGMENT: usize = 2_000;

/// Memory that a segment writer reserves up front.
const WRITER_BYTES: usize = 15_000_000;

/// What was written.
#[derive(Debug, Clone)]
pub struct SearchReport {
    /// SHA-256 of `search/head.json`.
    pub head: Digest,
    /// Number of packages in the index.
    pub documents: u64,
    /// Bytes of the index.
    pub bytes: u64,
}

/// One finished segment.
struct Segment {
    index: Index,
    /// Its entry for `meta.json`, renamed.
    meta: Value,
    /// The rest of `meta.json`: schema and settings, equal for all segments.
    frame: Value,
    files: Vec<SearchFile>,
}

/// Builds the index of the packages, which are sorted by id.
///
/// # Errors
/// When tantivy refuses or a file cannot be written.
pub fn build(
    registry: &ValidRegistry,
    packages: &[&Package],
    dependents: &Dependents,
    scans: &Scans,
    output: &dyn Output,
) -> Result<SearchReport, Error> {
    let listed = listed(registry, packages, dependents, scans);
    let segments: Vec<Segment> =
        groups(&listed).par_iter().map(|group| segment(group, output)).collect::<Result<_, Error>>()?;

    let native = Native::of(segments.iter().map(|segment| &segment.index))?;
    let projection = project(&native, &listed, output)?;
    let meta = meta_json(&segments);
    let meta_file = describe("meta.json", &meta);
    output.put(Phase::Hashed, &format!("search/{}", meta_file.sha256), &meta)?;
    output.put(Phase::Named, "search/tantivy/meta.json", &meta)?;
    let mut files: Vec<SearchFile> =
        segments.into_iter().flat_map(|segment| segment.files).chain([meta_file]).collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    let bytes = files.iter().map(|file| file.size).sum();
    let projection_file = describe("head.bin", &projection.head);
    output.put(Phase::Hashed, &format!("search/{}", projection_file.sha256), &projection.head)?;
    output.put(Phase::Named, "search/head.bin", &projection.head)?;
    let head =
        SearchHead { v: 1, documents: listed.len() as u64, projection: projection_file, tantivy: files };
    let mut head_bytes = serde_json::to_vec(&head).unwrap_or_default();
    head_bytes.push(b'\n');
    let digest = Digest::of(&head_bytes);
    output.put(Phase::Hashed, &format!("search/{digest}"), &head_bytes)?;
    output.put(Phase::Named, "search/head.json", &head_bytes)?;
    Ok(SearchReport { head: digest, documents: listed.len() as u64, bytes })
}

/// Divides the packages among the segments.
fn groups<'a, 'b>(listed: &'b [Listed<'a>]) -> Vec<Vec<&'b Listed<'a>>> {
    if listed.len() <= ONE_SEGMENT {
        return vec![listed.iter().collect()];
    }
    let mut by_slot: BTreeMap<u8, Vec<&Listed<'a>>> = BTreeMap::new();
    for one in listed {
        by_slot.entry(merkle::first_slot(&one.package.id)).or_default().push(one);
    }
    by_slot.into_values().collect()
}

/// Builds one segment in memory, names it by its content and writes its files.
fn segment(packages: &[&Listed<'_>], output: &dyn Output) -> Result<Segment, Error> {
    let schema = fields::schema();
    let handles = Fields::of(&schema)?;
    let directory = RamDirectory::create();
    let mut writer = Index::builder()
        .schema(schema)
        .tokenizers(fields::tokenizers())
        .single_segment_index_writer(directory.clone(), WRITER_BYTES)?;
    for package in packages {
        writer.add_document(document(&handles, package))?;
    }
    let mut index = writer.finalize()?;
    index.set_tokenizers(fields::tokenizers());

    let mut contents: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for path in index.load_metas()?.list_segment_files() {
        if directory.exists(&path).map_err(tantivy::TantivyError::from)? {
            let bytes = directory.open_read(&path).map_err(tantivy::TantivyError::from)?;
            let bytes = bytes.read_bytes().map_err(tantivy::TantivyError::from)?;
            let extension = path.extension().and_then(|text| text.to_str()).unwrap_or_default();
            contents.insert(extension.to_owned(), bytes.to_vec());
        }
    }
    let name = content_name(&contents);
    let mut files = Vec::new();
    for (extension, bytes) in &contents {
        let file = describe(&format!("{name}.{extension}"), bytes);
        output.put(Phase::Hashed, &format!("search/tantivy/{}", file.name), bytes)?;
        files.push(file);
    }
    let raw = directory.atomic_read(Path::new("meta.json")).map_err(tantivy::TantivyError::from)?;
    let mut frame: Value = serde_json::from_slice(&raw).map_err(|error| Error::Meta(error.to_string()))?;
    let mut meta = frame
        .get_mut("segments")
        .and_then(|segments| segments.get_mut(0))
        .map(Value::take)
        .ok_or_else(|| Error::Meta("no segment".into()))?;
    let id = format!("{}-{}-{}-{}-{}", &name[..8], &name[8..12], &name[12..16], &name[16..20], &name[20..]);
    *meta.get_mut("segment_id").ok_or_else(|| Error::Meta("no segment_id".into()))? = id.into();
    Ok(Segment { index, meta, frame, files })
}

/// Returns 32 hexadecimal digits that depend on the content alone.
fn content_name(contents: &BTreeMap<String, Vec<u8>>) -> String {
    let list: String =
        contents.iter().map(|(extension, bytes)| format!("{extension} {}\n", Digest::of(bytes))).collect();
    Digest::of(list.as_bytes()).hex().chars().take(32).collect()
}

fn describe(name: &str, bytes: &[u8]) -> SearchFile {
    SearchFile { name: name.to_owned(), sha256: Digest::of(bytes), size: bytes.len() as u64 }
}

/// Joins the segments under one `meta.json`.
fn meta_json(segments: &[Segment]) -> Vec<u8> {
    let mut meta = segments.first().map_or(Value::Null, |segment| segment.frame.clone());
    if let Some(list) = meta.get_mut("segments") {
        *list = segments.iter().map(|segment| segment.meta.clone()).collect();
    }
    let mut bytes = serde_json::to_vec_pretty(&meta).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}
