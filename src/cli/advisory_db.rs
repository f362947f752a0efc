//! `--advisory-db DIR`: a folder of OSV records, such as an export of a public
//! database, read offline.

use super::Exit;
use super::context::Failure;
use crate::platform::fs;
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};

/// Most bytes of one record.
const MAX_RECORD: u64 = 4 << 20;

/// Keys that checks read; a public database has two hundred thousand records,
/// most of each is prose.
const KEPT: [&str; 7] =
    ["id", "aliases", "affected", "severity", "database_specific", "withdrawn", "summary"];

/// Reads every `.json` below the folder, in the order of their paths.
///
/// # Errors
/// When the folder is not there, or a file is no record.
pub(crate) fn load(folder: &Path) -> Result<Vec<Value>, Failure> {
    if !fs::is_dir(folder) {
        let message = format!("there is no folder `{}`", folder.display());
        return Err(Failure::new(Exit::CouldNotRun, message)
            .help("`--advisory-db` takes a folder of OSV records, one JSON file each"));
    }
    let mut paths: Vec<PathBuf> = walkdir::WalkDir::new(folder)
        .into_iter()
        .flatten()
        .filter(|item| item.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    paths.sort();
    paths.iter().map(|path| record(path)).collect()
}

fn record(path: &Path) -> Result<Value, Failure> {
    let refused = |why: String| Failure {
        causes: vec![why],
        ..Failure::new(Exit::CouldNotRun, format!("`{}` is no OSV record", path.display()))
    };
    if fs::size(path).is_none_or(|size| size > MAX_RECORD) {
        return Err(refused(format!("it has more than {MAX_RECORD} bytes")));
    }
    let bytes = fs::read(path).map_err(|error| refused(error.to_string()))?;
    let record: Map<String, Value> =
        serde_json::from_slice(&bytes).map_err(|error| refused(error.to_string()))?;
    if !record.get("id").is_some_and(Value::is_string) {
        return Err(refused("it has no `id`".to_owned()));
    }
    let kept = record.into_iter().filter(|(key, _)| KEPT.contains(&key.as_str()));
    Ok(Value::Object(kept.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_read_and_anything_else_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("npm/X-1.json");
        fs::atomic_write(&path, br#"{"id": "X-1", "details": "long", "affected": []}"#).unwrap();
        let records = load(folder.path()).unwrap_or_default();
        assert_eq!(records, [serde_json::json!({"id": "X-1", "affected": []})]);
        fs::atomic_write(&path, b"{}").unwrap();
        assert!(load(folder.path()).is_err_and(|failure| failure.message.contains("X-1.json")));
        assert!(load(&folder.path().join("gone")).is_err());
    }
}
