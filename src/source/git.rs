//! Reads a revision from a git object database.
//!
//! References are resolved here from their files, so that libgit2 never opens
//! a configuration: only the object database is its own.

use super::Error;
use super::snapshot::{Entry, Mode, Snapshot};
use crate::platform::fs;
use std::path::{Path, PathBuf};

/// The argument of `--git`: `REPOSITORY@REVISION[:PATH]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionSpec {
    /// Folder of the repository.
    pub repository: PathBuf,
    /// Branch, tag, full reference, or a commit id of at least seven digits.
    pub revision: String,
    /// Folder of the registry inside the revision; empty for the top.
    pub path: String,
}

impl std::str::FromStr for RevisionSpec {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (repository, rest) = text.rsplit_once('@').ok_or_else(|| Error::Spec(text.to_owned()))?;
        let (revision, path) = rest.split_once(':').unwrap_or((rest, ""));
        if repository.is_empty() || revision.is_empty() {
            return Err(Error::Spec(text.to_owned()));
        }
        Ok(Self {
            repository: repository.into(),
            revision: revision.to_owned(),
            path: path.trim_matches('/').to_owned(),
        })
    }
}

impl Snapshot {
    /// Takes the snapshot of a revision.
    ///
    /// # Errors
    /// When the repository, the revision or the folder does not exist, or an object cannot be read.
    pub fn of_revision(spec: &RevisionSpec) -> Result<Self, Error> {
        let repository = super::Repository::open(&spec.repository)?;
        let commit = repository.commit(&spec.revision)?;
        let tree = repository.tree_of(commit.id)?;
        let tree = if spec.path.is_empty() {
            tree
        } else {
            let no_folder = || Error::NoFolder { revision: spec.revision.clone(), path: spec.path.clone() };
            let entry = tree.get_path(Path::new(&spec.path)).map_err(|_| no_folder())?;
            repository.git().find_tree(entry.id()).map_err(|_| no_folder())?
        };
        let entries = walk(repository.git(), &tree, "")?;
        Ok(Snapshot::from_git(repository.objects(), tree.id().into(), entries))
    }
}

/// Deeper folders are not followed: a crafted repository can nest without end.
pub(super) const MAX_DEPTH: usize = 64;

/// Most files and folders of a revision: a few kilobytes of folders that name
/// each other many times unfold to more than any memory holds.
const MAX_ENTRIES: usize = 4_000_000;

/// Returns every file of a tree, each path after the prefix.
pub(super) fn walk(
    repository: &git2::Repository,
    tree: &git2::Tree<'_>,
    prefix: &str,
) -> Result<Vec<Entry>, Error> {
    let mut walk = Walk { repository, entries: Vec::new(), left: MAX_ENTRIES };
    walk.tree(tree, prefix, 0)?;
    Ok(walk.entries)
}

/// Unfolds a tree.
struct Walk<'a> {
    repository: &'a git2::Repository,
    entries: Vec<Entry>,
    left: usize,
}

impl Walk<'_> {
    fn tree(&mut self, tree: &git2::Tree<'_>, prefix: &str, depth: usize) -> Result<(), Error> {
        for item in tree {
            self.left = self.left.checked_sub(1).ok_or(Error::TooManyEntries(MAX_ENTRIES))?;
            let path = format!("{prefix}{}", String::from_utf8_lossy(item.name_bytes()));
            let is_tree = item.kind() == Some(git2::ObjectType::Tree) && item.filemode() == 0o040_000;
            // Git itself never writes a slash into a name: it would forge another path.
            let is_name = !item.name_bytes().contains(&b'/');
            if is_tree && is_name && depth < MAX_DEPTH {
                self.tree(&self.repository.find_tree(item.id())?, &format!("{path}/"), depth + 1)?;
            } else {
                let is_file = is_name && !is_tree;
                let mode = if is_file { Mode::from_bits(item.filemode_raw()) } else { Mode::Other };
                self.entries.push(Entry { path: path.into(), mode, id: item.id().into() });
            }
        }
        Ok(())
    }
}

/// Opens an object database and nothing else of its repository.
pub(super) fn open_objects(objects: &Path) -> Result<git2::Odb<'static>, Error> {
    // Whoever fetched an object has compared it with its id. Doing so at every read
    // takes half of the time, and nothing that is published rests on git's ids.
    git2::opts::strict_hash_verification(false);
    let odb = git2::Odb::new()?;
    let path = objects.to_str().ok_or_else(|| Error::NoRepository(objects.to_owned()))?;
    odb.add_disk_alternate(path)?;
    Ok(odb)
}

/// Returns the git folder of a work tree or bare repository, and the folder
/// that its linked work trees share.
pub(super) fn find_git_dir(repository: &Path) -> Result<(PathBuf, PathBuf), Error> {
    let none = || Error::NoRepository(repository.to_owned());
    let inner = repository.join(".git");
    let git_dir = if fs::is_dir(&inner) {
        inner
    } else if fs::is_file(&inner) {
        let text = fs::read_to_string(&inner).map_err(|source| Error::Io { path: inner.clone(), source })?;
        let target = text.strip_prefix("gitdir:").ok_or_else(none)?.trim().to_owned();
        repository.join(target)
    } else {
        repository.to_owned()
    };
    let common = git_dir.join("commondir");
    let common_dir = match fs::read_to_string(&common) {
        Ok(text) => git_dir.join(text.trim()),
        Err(_) => git_dir.clone(),
    };
    if fs::is_dir(&common_dir.join("objects")) { Ok((git_dir, common_dir)) } else { Err(none()) }
}

/// Splits `main~2` or `main^` into the name and the number of first parents to follow.
pub(super) fn ancestry(revision: &str) -> Option<(&str, u32)> {
    let end = revision.find(['~', '^']).unwrap_or(revision.len());
    let (base, mut rest) = revision.split_at(end);
    let mut steps: u32 = 0;
    while let Some(operator) = rest.chars().next() {
        rest = rest.get(1..)?;
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits);
        let count = if number.is_empty() { 1 } else { number.parse().ok()? };
        match operator {
            '~' => steps = steps.checked_add(count).filter(|steps| *steps <= 10_000)?,
            '^' if count == 1 => steps += 1,
            _ => return None,
        }
        rest = after;
    }
    Some((base, steps))
}

/// Resolves a revision: a reference by git's search order, or a commit id.
pub(super) fn resolve(
    git_dir: &Path,
    common_dir: &Path,
    repository: &git2::Repository,
    revision: &str,
) -> Result<Option<git2::Oid>, Error> {
    if revision.split('/').any(|part| part.is_empty() || part.starts_with('.')) {
        return Ok(None);
    }
    for pattern in ["", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"] {
        let name = format!("{pattern}{revision}");
        if let Some(id) = resolve_reference(git_dir, common_dir, &name, 0)? {
            return Ok(Some(id));
        }
    }
    if revision.len() < 7 || !revision.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Ok(None);
    }
    let padded = format!("{revision:0<40}");
    let Ok(prefix) = git2::Oid::from_str(&padded) else { return Ok(None) };
    let odb = repository.odb()?;
    Ok(odb.exists_prefix(prefix, revision.len()).ok())
}

fn resolve_reference(
    git_dir: &Path,
    common_dir: &Path,
    name: &str,
    depth: usize,
) -> Result<Option<git2::Oid>, Error> {
    if depth > 5 {
        return Ok(None);
    }
    for folder in [git_dir, common_dir] {
        let Ok(text) = fs::read_to_string(&folder.join(name)) else { continue };
        let text = text.trim();
        return match text.strip_prefix("ref:") {
            Some(target) => resolve_reference(git_dir, common_dir, target.trim(), depth + 1),
            None => Ok(git2::Oid::from_str(text).ok()),
        };
    }
    let packed = fs::read_to_string(&common_dir.join("packed-refs")).unwrap_or_default();
    Ok(packed
        .lines()
        .filter_map(|line| line.split_once(' '))
        .find(|(_, reference)| *reference == name)
        .and_then(|(id, _)| git2::Oid::from_str(id).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specs_split_from_the_right() {
        let spec: RevisionSpec = "/srv/a@b/repo@main:registry-index/".parse().unwrap();
        assert_eq!(spec.repository, Path::new("/srv/a@b/repo"));
        assert_eq!((spec.revision.as_str(), spec.path.as_str()), ("main", "registry-index"));
        assert!("repo".parse::<RevisionSpec>().is_err());
        assert!("repo@".parse::<RevisionSpec>().is_err());
    }

    #[test]
    fn ancestors_are_counted() {
        assert_eq!(ancestry("main"), Some(("main", 0)));
        assert_eq!(ancestry("main~2^"), Some(("main", 3)));
        assert_eq!(ancestry("v1~"), Some(("v1", 1)));
        for odd in ["main^2", "main~99999999999", "main^{tree}", "main~é"] {
            assert_eq!(ancestry(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_tree_that_unfolds_without_end_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let repository = git2::Repository::init_bare(folder.path()).unwrap();
        let mut tree = repository.treebuilder(None).unwrap().write().unwrap();
        for _ in 0..10 {
            let mut builder = repository.treebuilder(None).unwrap();
            for name in 0..16 {
                builder.insert(format!("d{name}"), tree, 0o040_000).unwrap();
            }
            tree = builder.write().unwrap();
        }
        let tree = repository.find_tree(tree).unwrap();
        let mut walk = Walk { repository: &repository, entries: Vec::new(), left: 1_000 };
        assert!(matches!(walk.tree(&tree, "", 0), Err(Error::TooManyEntries(_))));
    }
}
