//! Names of entries: what they may look like, and when two of them are one.

use super::error::{ArchiveError, Shown};
use super::limits::Limits;
use crate::model::RelPath;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization as _;

/// Name of the manifest, at the top of an archive.
pub(super) const MANIFEST: &str = "shelfmark.toml";

/// Reads the path of an entry.
pub(super) fn parse(bytes: &[u8], limits: &Limits) -> Result<RelPath, ArchiveError> {
    let name = || Shown::of(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| ArchiveError::NameNotUtf8 { name: name() })?;
    if text.len() > limits.path_bytes {
        let (length, limit) = (text.len(), limits.path_bytes);
        return Err(ArchiveError::NameTooLong { name: name(), length, limit });
    }
    if text.starts_with('/') {
        return Err(ArchiveError::NameAbsolute { name: name() });
    }
    let depth = text.split('/').count();
    if depth > limits.depth {
        return Err(ArchiveError::NameTooDeep { name: name(), depth, limit: limits.depth });
    }
    let before = std::iter::once('/').chain(text.chars());
    text.chars().zip(before).try_for_each(|(c, before)| check_character(c, before, name))?;
    if !unicode_normalization::is_nfc(text) {
        return Err(ArchiveError::NameNotNfc { name: name() });
    }
    for component in text.split('/') {
        check_component(component, component, name)?;
        // The name as systems see it for which case and form do not count: `．ｇｉｔ`, `COM¹`.
        check_component(&fold(component), component, name)?;
    }
    RelPath::parse(text).map_err(|invalid| ArchiveError::NameRefused { name: name(), reason: invalid.reason })
}

fn check_character(c: char, before: char, name: impl Fn() -> Shown) -> Result<(), ArchiveError> {
    let character = || c.escape_unicode().to_string();
    if c.is_control() {
        return Err(ArchiveError::NameControl { name: name(), character: character() });
    }
    if is_invisible(c) {
        return Err(ArchiveError::NameInvisible { name: name(), character: character() });
    }
    // Many scripts write parts of letters as marks; a mark alone sits on a slash or a dot.
    let is_mark = unicode_normalization::char::is_combining_mark;
    let is_letter = |c: char| c.is_alphanumeric() || is_mark(c);
    if (c.is_alphanumeric() && !is_mark(c))
        || (is_mark(c) && is_letter(before))
        || "/._@+-~=,()[]{} ".contains(c)
    {
        return Ok(());
    }
    let character = if c.is_ascii() { c.to_string() } else { character() };
    Err(ArchiveError::NameCharacter { name: name(), character })
}

/// Characters that show nothing, or turn what is around them. Some are letters to Unicode.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Checks a component in one of its readings; messages show it as written.
fn check_component(read: &str, written: &str, name: impl Fn() -> Shown) -> Result<(), ArchiveError> {
    let component = || Shown::of(written.as_bytes());
    if matches!(read, "" | "." | "..") {
        return Err(ArchiveError::NameClimbs { name: name(), component: component() });
    }
    if let Some(character @ ('-' | '~')) = read.chars().next() {
        return Err(ArchiveError::NameLeading { name: name(), character });
    }
    if read.starts_with(' ') || read.ends_with([' ', '.']) {
        return Err(ArchiveError::NameTrailing { name: name() });
    }
    if RelPath::is_git_like(read) {
        return Err(ArchiveError::NameGit { name: name(), component: component() });
    }
    if RelPath::is_device_name(read) {
        return Err(ArchiveError::NameDevice { name: name(), component: component() });
    }
    if is_short_name(read) {
        return Err(ArchiveError::NameShort { name: name(), component: component() });
    }
    Ok(())
}

/// `SHELFM~1.TOM`: six characters at most, a tilde and digits.
fn is_short_name(component: &str) -> bool {
    let (stem, extension) = component.split_once('.').unwrap_or((component, ""));
    let Some((head, number)) = stem.rsplit_once('~') else { return false };
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number && head.chars().count() <= 6 && number.len() <= 6 && extension.chars().count() <= 3
}

/// Returns what stays of a name where neither case nor form counts: compatible
/// forms, case (`ß` is `ss`, the Kelvin sign is `k`) and the dots of `i` are lost.
pub(super) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // Down first: the capital sharp s has a small letter, and only that is `SS` in capitals.
    let small = text.nfkc().flat_map(char::to_lowercase);
    let plain = small.flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    plain.nfkc().collect::<String>().replace("i\u{307}", "i")
}

/// The paths met so far, as a tree of folded components, so that deep paths
/// cost no more than their bytes.
#[derive(Debug)]
pub(super) struct Paths<'a> {
    nodes: HashMap<(usize, Box<str>), Node>,
    folders: usize,
    limits: &'a Limits,
}

#[derive(Debug)]
struct Node {
    number: usize,
    /// The component as written, where folding changes it.
    written: Option<Box<str>>,
    kind: NodeKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NodeKind {
    File,
    Folder,
    /// A folder that other paths lie in and no entry names.
    Implied,
}

impl<'a> Paths<'a> {
    /// Returns an empty tree.
    pub(super) fn new(limits: &'a Limits) -> Self {
        Self { nodes: HashMap::new(), folders: 0, limits }
    }

    /// Takes the path of a file or folder, unless it gets into the way of another.
    pub(super) fn insert(&mut self, path: &RelPath, is_folder: bool) -> Result<(), ArchiveError> {
        if !path.as_str().contains('/') && path != MANIFEST && fold(path.as_str()) == MANIFEST {
            return Err(ArchiveError::ManifestCasing { name: Shown::of(path.as_str().as_bytes()) });
        }
        let last = path.components().count();
        let (mut parent, mut end) = (0, 0);
        for (index, component) in path.components().enumerate() {
            end += component.len() + usize::from(index > 0);
            let here = path.as_str().get(..end).unwrap_or_default();
            let kind = match (index + 1 == last, is_folder) {
                (false, _) => NodeKind::Implied,
                (true, true) => NodeKind::Folder,
                (true, false) => NodeKind::File,
            };
            parent = self.step(parent, component, here, kind)?;
        }
        Ok(())
    }

    fn step(
        &mut self,
        parent: usize,
        component: &str,
        path: &str,
        kind: NodeKind,
    ) -> Result<usize, ArchiveError> {
        let name = || Shown::of(path.as_bytes());
        let folded = fold(component);
        let written = (folded != component).then(|| component.into());
        let number = self.nodes.len() + 1;
        match self.nodes.entry((parent, folded.into())) {
            std::collections::hash_map::Entry::Vacant(vacant) => {
                if kind != NodeKind::File {
                    self.folders += 1;
                    if self.folders > self.limits.folders {
                        return Err(ArchiveError::TooManyFolders {
                            name: name(),
                            limit: self.limits.folders,
                        });
                    }
                }
                vacant.insert(Node { number, written, kind });
                Ok(number)
            }
            std::collections::hash_map::Entry::Occupied(mut known) => {
                let earlier = known.get().written.as_deref().unwrap_or(&known.key().1);
                if earlier != component {
                    let head = path.strip_suffix(component).unwrap_or_default();
                    let first = Shown::of(format!("{head}{earlier}").as_bytes());
                    return Err(ArchiveError::Twins { first, second: name() });
                }
                match (known.get().kind, kind) {
                    (NodeKind::File, NodeKind::File) | (NodeKind::Folder, NodeKind::Folder) => {
                        return Err(ArchiveError::Duplicate { name: name() });
                    }
                    (NodeKind::File, _) | (_, NodeKind::File) => {
                        return Err(ArchiveError::FileAndFolder { name: name() });
                    }
                    (NodeKind::Implied, NodeKind::Folder) => known.get_mut().kind = kind,
                    (_, NodeKind::Implied) => {}
                }
                Ok(known.get().number)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_knows_no_case_and_no_form() {
        for c in ('\0'..=char::MAX).filter(|c| c.is_alphanumeric()) {
            let text = c.to_string();
            let folded = fold(&text);
            assert_eq!(fold(&folded), folded, "{c:?}");
            assert_eq!(fold(&text.to_uppercase()), folded, "{c:?}");
            assert_eq!(fold(&text.to_lowercase()), folded, "{c:?}");
            assert_eq!(fold(&text.nfkd().collect::<String>()), folded, "{c:?}");
        }
    }

    #[test]
    fn everything_the_type_of_paths_refuses_is_refused_by_a_name_of_its_own() {
        for text in
            ["", "/a", "a//b", "..", "a/./b", "a\\b", ".GIT", "git~1", "aux.c", "a.", "a ", "x\u{200b}"]
        {
            let error = parse(text.as_bytes(), &Limits::default()).unwrap_err();
            assert!(!matches!(error, ArchiveError::NameRefused { .. }), "{error}");
        }
    }

    #[test]
    fn short_names_of_windows_are_told_from_tildes() {
        for (name, is_short) in [
            ("SHELFM~1.TOM", true),
            ("PROGRA~12", true),
            ("~1", true),
            ("README.md~", false),
            ("a~b.md", false),
            ("toolong~1.md", false),
            ("a~1.toml", false),
            ("x~1y", false),
        ] {
            assert_eq!(is_short_name(name), is_short, "{name}");
        }
    }
}
