//! Pictures: which files of a package may be published, and under which name.

use super::engine::Site;
use super::text::encode_path;
use super::{Error, SiteInput};
use crate::artifact::ArchivedFile;
use crate::model::{Digest, PackageId};
use crate::source::{Reader, Snapshot};
use crate::validate::registry::{Package, Release};
use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Most pictures of one README.
const MOST_IMAGES: usize = 64;
/// Most bytes of one picture.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// Returns the extension under which a picture is published, if it is one.
fn extension(path: &str) -> Option<&'static str> {
    let (_, extension) = path.rsplit_once('.')?;
    match extension.to_ascii_lowercase().as_str() {
        "svg" => Some("svg"),
        "png" => Some("png"),
        "jpg" | "jpeg" => Some("jpg"),
        "gif" => Some("gif"),
        "webp" => Some("webp"),
        "avif" => Some("avif"),
        _ => None,
    }
}

/// Returns whether the bytes are a picture of that type that runs nothing,
/// even when it is opened by itself on a host that sends no headers.
fn is_inert(extension: &str, bytes: &[u8]) -> bool {
    let at = |from: usize, mark: &[u8]| bytes.get(from..from + mark.len()) == Some(mark);
    match extension {
        "png" => at(0, b"\x89PNG\r\n\x1a\n"),
        "jpg" => at(0, b"\xff\xd8\xff"),
        "gif" => at(0, b"GIF8"),
        "webp" => at(0, b"RIFF") && at(8, b"WEBP"),
        "avif" => at(4, b"ftyp"),
        "svg" => std::str::from_utf8(bytes).is_ok_and(is_inert_svg),
        _ => false,
    }
}

fn is_inert_svg(text: &str) -> bool {
    const SUSPECT: [&str; 9] = [
        "script",
        "foreignobject",
        "<!entity",
        "<!doctype",
        "xml-stylesheet",
        "&#",
        "xhtml",
        "data:text",
        "<iframe",
    ];
    // An escape character switches the alphabet in some encodings and vanishes: `scr\x1b(Bipt`.
    if text.contains(|c: char| c.is_control() && !c.is_ascii_whitespace()) {
        return false;
    }
    let text = text.to_ascii_lowercase();
    let has_handler = text.match_indices("on").any(|(at, _)| {
        let before = text.get(..at).and_then(|head| head.chars().next_back());
        let is_start = before.is_some_and(|c| c.is_whitespace() || matches!(c, '"' | '\'' | '/' | ':'));
        let is_assigned = || {
            let tail = text.get(at..).unwrap_or_default();
            tail.trim_start_matches(|c: char| c.is_ascii_alphabetic()).trim_start().starts_with('=')
        };
        is_start && is_assigned()
    });
    text.contains("<svg") && !has_handler && !SUSPECT.iter().any(|word| text.contains(word))
}

/// Returns the icons that may be shown, as addresses, and what is wrong with others.
pub(super) fn icons(input: &SiteInput<'_>) -> Result<(BTreeMap<PackageId, String>, BTreeSet<String>), Error> {
    let reader = input.snapshot.reader()?;
    let mut icons = BTreeMap::new();
    let mut problems = BTreeSet::new();
    for package in input.registry.visible("public") {
        let Some(file) = package.listing.as_ref().and_then(|listing| listing.wire.icon.as_deref()) else {
            continue;
        };
        match read(input.snapshot, &reader, package, file)? {
            Picture::Fit { path, .. } => drop(icons.insert(package.id.clone(), encode_path(&path))),
            Picture::Unfit(problem) => drop(problems.insert(problem)),
            Picture::Missing => {}
        }
    }
    Ok((icons, problems))
}

/// A file of `media/`, judged.
enum Picture {
    Fit { path: String, bytes: Arc<[u8]> },
    Unfit(String),
    Missing,
}

fn read(snapshot: &Snapshot, reader: &Reader<'_>, package: &Package, file: &str) -> Result<Picture, Error> {
    let source = format!("{}/{file}", package.id.folder());
    let name = file.strip_prefix("media/").filter(|_| package.media.contains(source.as_str()));
    let Some((name, entry)) = name.zip(snapshot.entry(&source)) else { return Ok(Picture::Missing) };
    let bytes = reader.read(entry)?;
    let is_fit = extension(name).is_some_and(|kind| bytes.len() <= MOST_BYTES && is_inert(kind, &bytes));
    Ok(match is_fit {
        true => Picture::Fit { path: format!("media/{}/{name}", package.id), bytes },
        false => Picture::Unfit(unfit(&source)),
    })
}

fn unfit(source: &str) -> String {
    format!("`{source}` is not shown: it is not a picture of at most 4 MiB that runs nothing")
}

/// Publishes a file of `media/` that the listing names; returns its address.
pub(super) fn publish(
    site: &Site<'_>,
    reader: &Reader<'_>,
    package: &Package,
    file: &str,
) -> Result<Option<String>, Error> {
    match read(site.input.snapshot, reader, package, file)? {
        Picture::Fit { path, bytes } => {
            site.put(&path, &bytes)?;
            Ok(Some(encode_path(&path)))
        }
        Picture::Unfit(problem) => {
            site.problem(problem);
            Ok(None)
        }
        Picture::Missing => Ok(None),
    }
}

/// The pictures that one README shows, published as they are asked for.
pub(super) struct ReadmeImages<'a> {
    site: &'a Site<'a>,
    reader: &'a Reader<'a>,
    release: &'a Release,
    files: &'a BTreeMap<String, Arc<str>>,
    /// The files of an archive that is no folder of the registry, once they are needed.
    archived: OnceCell<Vec<ArchivedFile>>,
    known: RefCell<BTreeMap<String, Option<String>>>,
    error: RefCell<Option<Error>>,
}

impl<'a> ReadmeImages<'a> {
    /// Serves pictures out of the files of an artifact.
    pub(super) fn new(
        site: &'a Site<'a>,
        reader: &'a Reader<'a>,
        release: &'a Release,
        files: &'a BTreeMap<String, Arc<str>>,
    ) -> Self {
        let archived = OnceCell::new();
        Self { site, reader, release, files, archived, known: RefCell::default(), error: RefCell::default() }
    }

    /// Returns the address, relative to the package's page, of the picture at the path.
    pub(super) fn get(&self, path: &str) -> Option<String> {
        if let Some(found) = self.known.borrow().get(path) {
            return found.clone();
        }
        if self.known.borrow().len() >= MOST_IMAGES {
            return None;
        }
        let found = self.publish(path).unwrap_or_else(|error| {
            self.error.replace(Some(error));
            None
        });
        self.known.borrow_mut().insert(path.to_owned(), found.clone());
        found
    }

    fn publish(&self, path: &str) -> Result<Option<String>, Error> {
        let Some((kind, source)) = extension(path).zip(self.files.get(path)) else { return Ok(None) };
        let bytes: Cow<'_, [u8]> = match self.site.input.snapshot.entry(source) {
            Some(entry) => self.reader.read(entry)?.to_vec().into(),
            None => match self.archived(path) {
                Some(bytes) => bytes.into(),
                None => return Ok(None),
            },
        };
        if bytes.len() > MOST_BYTES || !is_inert(kind, &bytes) {
            self.site.problem(unfit(source));
            return Ok(None);
        }
        let digest: String = Digest::of(&bytes).hex().chars().take(16).collect();
        let name = format!("files/{digest}.{kind}");
        self.site.put_hashed(&format!("p/{}/{name}", self.release.id), &bytes)?;
        Ok(Some(name))
    }

    /// Returns a file of an archive.
    fn archived(&self, path: &str) -> Option<&[u8]> {
        let artifacts = self.site.input.artifacts;
        let read = || artifacts.files(self.reader, self.release).unwrap_or_default();
        let files = self.archived.get_or_init(read);
        Some(&files.iter().find(|file| file.path.as_str() == path)?.content)
    }

    /// Returns the first error met.
    pub(super) fn finish(self) -> Result<(), Error> {
        self.error.into_inner().map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_that_could_run_something_are_refused() {
        let svg =
            |inner: &str| is_inert_svg(&format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inner}</svg>"));
        assert!(svg("<path d=\"M0 0\"/><text>Versions on loan</text>"));
        for bad in [
            "<script>alert(1)</script>",
            "<x:SCRIPT/>",
            "<path onload=\"x\"/>",
            "<path\nonclick = 'x'/>",
            "<a href=\"javascript:x\"/>",
            "<a href=\"java&#115;cript:x\"/>",
            "<foreignObject/>",
            "<scr\u{1b}(Bipt>alert(1)</scr\u{1b}(Bipt>",
        ] {
            assert!(!svg(bad), "{bad}");
        }
        assert!(!is_inert("png", b"<svg/>"));
        assert!(is_inert("png", b"\x89PNG\r\n\x1a\n...."));
        assert_eq!(extension("a/b.JPEG"), Some("jpg"));
        assert_eq!(extension("a/b.html"), None);
    }
}
