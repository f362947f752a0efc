//! Reads a registry from a directory, such as a work tree with edits in it.

use super::snapshot::{Entry, Mode, Snapshot};
use super::tree::TreeBuilder;
use super::{Error, ObjectId};
use crate::platform::fs::{self, SITE_MARKER};
use rayon::prelude::*;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Contents up to this many bytes stay in memory between the stages.
const KEPT_BYTES: usize = 1 << 20;

/// Folders of tools at the top of a registry that are no part of it.
const SKIPPED: [&str; 2] = [".git", ".shelfmark"];

impl Snapshot {
    /// Takes the snapshot of a directory. `.git`, `.shelfmark`, folders that `build`
    /// wrote and what the registry's own top `.gitignore` names are left out, except
    /// in the folders of the layout, where nothing is hidden.
    ///
    /// # Errors
    /// When the directory does not exist or a file cannot be read.
    pub fn of_directory(root: &Path) -> Result<Self, Error> {
        if !fs::is_dir(root) {
            return Err(Error::NoDirectory(root.to_owned()));
        }
        let ignored = ignore_rules(root);
        let mut found: Vec<(PathBuf, String, Mode)> = Vec::new();
        let walker = walkdir::WalkDir::new(root).follow_links(false).max_depth(64).into_iter();
        let walker = walker.filter_entry(|item| {
            let Ok(relative) = item.path().strip_prefix(root) else { return false };
            let is_tool =
                item.depth() == 1 && item.file_name().to_str().is_some_and(|name| SKIPPED.contains(&name));
            let is_ignored = item.depth() > 0
                && !is_in_layout(relative)
                && ignored.matched(relative, item.file_type().is_dir()).is_ignore();
            !is_tool && !is_ignored && !is_built_site(item, relative)
        });
        for item in walker {
            let item = item.map_err(|error| walk_error(root, error))?;
            if item.file_type().is_dir() {
                continue;
            }
            let relative = item.path().strip_prefix(root).unwrap_or(item.path());
            let path: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
            let mode = if item.file_type().is_symlink() {
                Mode::Symlink
            } else if item.file_type().is_file() {
                let is_executable = fs::is_executable(item.path());
                if is_executable { Mode::Executable } else { Mode::Regular }
            } else {
                Mode::Other
            };
            found.push((item.path().to_owned(), path.join("/"), mode));
        }
        let read: Vec<ReadEntry> = found
            .into_par_iter()
            .map(|(file, path, mode)| read_entry(&file, path, mode))
            .collect::<Result<_, _>>()?;

        let mut tree = TreeBuilder::default();
        let mut kept = HashMap::with_capacity(read.len());
        let mut entries = Vec::with_capacity(read.len());
        for (entry, content) in read {
            tree.insert(&entry.path, entry.mode.bits(), entry.id);
            if let Some(content) = content {
                kept.insert(entry.id, content);
            }
            entries.push(entry);
        }
        Ok(Snapshot::from_files(root.to_owned(), tree.finish()?, entries, kept))
    }
}

/// A file, with its content where it is small enough to keep.
type ReadEntry = (Entry, Option<Arc<[u8]>>);

fn read_entry(file: &Path, path: String, mode: Mode) -> Result<ReadEntry, Error> {
    let io = |source| Error::Io { path: file.to_owned(), source };
    let is_file = matches!(mode, Mode::Regular | Mode::Executable);
    if is_file && fs::size(file).is_some_and(|size| size > KEPT_BYTES as u64) {
        return Ok((Entry { path: path.into(), mode, id: ObjectId::of_file(file)? }, None));
    }
    let content: Vec<u8> = match mode {
        Mode::Symlink => fs::read_link(file).map_err(io)?.to_string_lossy().into_owned().into_bytes(),
        Mode::Regular | Mode::Executable => fs::read(file).map_err(io)?,
        Mode::Submodule | Mode::Other => Vec::new(),
    };
    let id = ObjectId::of_blob(&content)?;
    let kept = (content.len() <= KEPT_BYTES).then(|| content.into());
    Ok((Entry { path: path.into(), mode, id }, kept))
}

/// Reads a file that was too large to keep, and makes sure it is still the same.
pub(super) fn read_again(root: &Path, entry: &Entry) -> Result<Arc<[u8]>, Error> {
    let path = root.join(&*entry.path);
    let content = fs::read(&path).map_err(|source| Error::Io { path, source })?;
    if ObjectId::of_blob(&content)? != entry.id {
        return Err(Error::Changed(entry.path.to_string()));
    }
    Ok(content.into())
}

/// Returns whether a folder was written by `build`, which is often done inside
/// the registry. In a folder of the registry itself the mark hides nothing:
/// anyone could make a package vanish with it.
fn is_built_site(item: &walkdir::DirEntry, relative: &Path) -> bool {
    item.depth() > 0
        && !is_in_layout(relative)
        && item.file_type().is_dir()
        && fs::exists(&item.path().join(SITE_MARKER))
}

/// Returns whether the path is in a folder of the registry itself, where
/// nothing is hidden: git would show it.
fn is_in_layout(relative: &Path) -> bool {
    let top = relative.iter().next().and_then(|name| name.to_str()).unwrap_or_default();
    super::layout::FOLDERS.contains(&top)
}

/// Returns the size of a file that was too large to keep.
pub(super) fn size(root: &Path, entry: &Entry) -> Option<u64> {
    fs::size(&root.join(&*entry.path))
}

fn ignore_rules(root: &Path) -> ignore::gitignore::Gitignore {
    let mut builder = ignore::gitignore::GitignoreBuilder::new("");
    let file = Some(root.join(".gitignore")).filter(|file| fs::is_regular(file));
    let text = file.and_then(|file| fs::read_to_string(&file).ok()).unwrap_or_default();
    for line in text.lines() {
        // A line that git cannot read either ignores nothing.
        let _ = builder.add_line(None, line);
    }
    builder.build().unwrap_or_else(|_| ignore::gitignore::Gitignore::empty())
}

fn walk_error(root: &Path, error: walkdir::Error) -> Error {
    let path = error.path().unwrap_or(root).to_owned();
    let source = error.into_io_error().unwrap_or_else(|| std::io::Error::other("a loop of folders"));
    Error::Io { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(root: &Path, path: &str, text: &[u8]) {
        fs::atomic_write(&root.join(path), text).unwrap();
    }

    #[test]
    fn a_built_site_is_left_out_and_no_mark_hides_a_package() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["out/index.html", "packages/com/a/com.a.b/1.0.0.toml"] {
            write(folder.path(), path, b"x");
        }
        for path in ["out", "packages/com", "packages"] {
            write(folder.path(), &format!("{path}/{SITE_MARKER}"), b"");
        }
        let snapshot = Snapshot::of_directory(folder.path()).unwrap();
        assert!(snapshot.entry("packages/com/a/com.a.b/1.0.0.toml").is_some());
        assert!(snapshot.under("out").is_empty());
    }

    #[test]
    fn a_large_file_is_never_held_and_has_its_id() {
        let folder = tempfile::tempdir().unwrap();
        let large = vec![7_u8; KEPT_BYTES + 1];
        write(folder.path(), "large.bin", &large);
        let snapshot = Snapshot::of_directory(folder.path()).unwrap();
        let entry = snapshot.entry("large.bin").unwrap();
        assert_eq!(entry.id, ObjectId::of_blob(&large).unwrap());
        let reader = snapshot.reader().unwrap();
        assert_eq!(reader.size(entry).unwrap(), large.len() as u64);
        assert_eq!(*reader.read(entry).unwrap(), *large);
        write(folder.path(), "large.bin", b"other");
        assert!(matches!(reader.read(entry), Err(Error::Changed(_))));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_for_the_ignore_file_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/dev/zero", folder.path().join(".gitignore")).unwrap();
        write(folder.path(), "a", b"x");
        assert_eq!(Snapshot::of_directory(folder.path()).unwrap().entries().len(), 2);
    }
}
