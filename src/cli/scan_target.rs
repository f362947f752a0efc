//! What `shelfmark scan` was pointed at: an archive, a package folder, a folder
//! or file that is no package, or a release of the registry.

use super::Exit;
use super::context::Failure;
use crate::artifact::{PackFile, pack};
use crate::diagnostic::nearest;
use crate::model::{Digest, PackageId, RelPath, Version};
use crate::platform::fs;
use crate::scan::{Knowledge, Manifest, ScannedFile, Subject, scan, scan_archive, unreadable};
use crate::schema::ScanReport;
use crate::source::{Mode, Snapshot};
use crate::validate::Registry;
use crate::validate::registry::{Package, Release};
use std::path::{Path, PathBuf};

/// Most bytes of a file that is no archive, and of all files of a folder.
const MAX_BYTES: u64 = 64 << 20;

/// What to scan.
#[derive(Debug, Clone)]
pub(crate) enum Target {
    /// A file or a folder.
    Path(PathBuf),
    /// A release of the registry.
    Release(PackageId, Version),
}

impl Target {
    /// Understands what a person wrote: a path that is there, else `id` or `id@version`.
    pub(crate) fn parse(text: &str, registry: Option<&Registry>) -> Result<Self, Failure> {
        let path = Path::new(text);
        if fs::exists(path) {
            return Ok(Self::Path(path.to_owned()));
        }
        let (id, version) = text.split_once('@').map_or((text, None), |(id, version)| (id, Some(version)));
        let nothing = || {
            Failure::new(Exit::CouldNotRun, format!("there is no file or folder `{text}`"))
                .help("`shelfmark scan` takes a .tgz, a folder, or a release of the registry as id@version")
        };
        let (Ok(id), Some(registry)) = (PackageId::parse(id), registry) else { return Err(nothing()) };
        let package = registry.packages.get(&id).ok_or_else(|| {
            match nearest(id.as_str(), registry.packages.keys().map(PackageId::as_str)) {
                Some(close) => nothing().help(format!("did you mean the package `{close}`?")),
                None => nothing(),
            }
        })?;
        let release = release(package, version)?;
        Ok(Self::Release(id, release.version.clone()))
    }
}

/// Returns the release of that version, else the newest.
fn release<'a>(package: &'a Package, version: Option<&str>) -> Result<&'a Release, Failure> {
    let Some(text) = version else { return Ok(package.newest()) };
    let found = Version::parse(text).ok().and_then(|version| package.release(&version));
    found.ok_or_else(|| {
        let known: Vec<String> = package.releases.iter().map(|release| release.version.to_string()).collect();
        Failure::new(Exit::CouldNotRun, format!("`{}` has no release `{text}`", package.id))
            .help(format!("it has {}", known.join(", ")))
    })
}

/// Scans a file or folder.
pub(crate) fn scan_path(path: &Path, knowledge: &Knowledge) -> Result<ScanReport, Failure> {
    if fs::is_dir(path) {
        return scan_folder(path, knowledge);
    }
    if fs::size(path).is_some_and(|size| size > 2 * MAX_BYTES) {
        return Ok(unreadable(
            &format!("the file has more than {} bytes", 2 * MAX_BYTES),
            knowledge,
            Digest::of(b""),
            0,
        ));
    }
    let could_not = |error: std::io::Error| Failure {
        causes: vec![error.to_string()],
        ..Failure::new(Exit::CouldNotRun, format!("cannot read `{}`", path.display()))
    };
    let bytes = fs::read(path).map_err(could_not)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let is_archive = bytes.starts_with(&[0x1f, 0x8b]) || name.ends_with(".tgz") || name.ends_with(".tar.gz");
    if is_archive {
        return Ok(scan_archive(&bytes, knowledge));
    }
    let inner =
        RelPath::parse(&name).map_err(|invalid| Failure { exit: Exit::Usage, ..Failure::from(invalid) })?;
    let (sha256, size) = (Digest::of(&bytes), bytes.len() as u64);
    Ok(scan(&Subject::new(vec![ScannedFile::new(inner, bytes)], knowledge), sha256, size))
}

/// Scans a folder: a package as its archive would be, anything else as it lies there.
fn scan_folder(folder: &Path, knowledge: &Knowledge) -> Result<ScanReport, Failure> {
    let snapshot = Snapshot::of_directory(folder)?;
    let reader = snapshot.reader()?;
    let mut files: Vec<(RelPath, Vec<u8>)> = Vec::new();
    let mut left = MAX_BYTES;
    for entry in snapshot.entries() {
        let refused = |why: String| Ok(unreadable(&why, knowledge, Digest::of(b""), 0));
        if !matches!(entry.mode, Mode::Regular | Mode::Executable) {
            return refused(format!(
                "`{}` is {}; an artifact holds regular files only",
                entry.path,
                entry.mode.describe()
            ));
        }
        let path = match RelPath::parse(&entry.path) {
            Ok(path) => path,
            Err(invalid) => return refused(invalid.to_string()),
        };
        let Some(rest) = left.checked_sub(reader.size(entry)?) else {
            return refused(format!("the folder has more than {MAX_BYTES} bytes"));
        };
        left = rest;
        files.push((path, reader.read(entry)?.to_vec()));
    }
    if files.iter().any(|(path, _)| path.as_str() == Manifest::PATH) {
        let list = files.iter().map(|(path, content)| PackFile { path: path.clone(), content }).collect();
        return Ok(match pack(list) {
            Ok(archive) => scan_archive(&archive, knowledge),
            Err(error) => unreadable(&error.to_string(), knowledge, Digest::of(b""), 0),
        });
    }
    let listed: Vec<String> =
        files.iter().map(|(path, bytes)| format!("{} {path}\n", Digest::of(bytes))).collect();
    let size = files.iter().map(|(_, bytes)| bytes.len() as u64).sum();
    let files = files.into_iter().map(|(path, bytes)| ScannedFile::new(path, bytes)).collect();
    Ok(scan(&Subject::new(files, knowledge), Digest::of(listed.concat().as_bytes()), size))
}
