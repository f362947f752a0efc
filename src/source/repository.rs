//! A git repository as an object database: references, commits and trees are
//! read as data, with no checkout, configuration, hook or process.

use super::git::{ancestry, find_git_dir, open_objects, resolve};
use super::listing::Listing;
use super::{Error, ObjectId};
use crate::platform::fs;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// A repository opened for reading.
pub struct Repository {
    git: git2::Repository,
    git_dir: PathBuf,
    common_dir: PathBuf,
    /// Trees that take long to read.
    large: RefCell<HashMap<git2::Oid, Rc<Listing>>>,
}

/// Entries of a tree from which on it is read once.
const LARGE: usize = 256;

/// A commit that was found by a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// The revision as the caller wrote it.
    pub revision: String,
    /// Its id.
    pub id: ObjectId,
}

impl Repository {
    /// Opens the work tree, linked work tree or bare repository at the path.
    ///
    /// # Errors
    /// When there is none.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let (git_dir, common_dir) = find_git_dir(path)?;
        let odb = open_objects(&common_dir.join("objects"))?;
        // Trees and files that a merge makes stay in memory.
        odb.add_new_mempack_backend(1_000)?;
        let git = git2::Repository::from_odb(odb)?;
        Ok(Self { git, git_dir, common_dir, large: RefCell::default() })
    }

    /// Finds the repository around a registry's folder, and the path of the
    /// folder inside it, empty at the top.
    ///
    /// # Errors
    /// When no folder above is a repository.
    pub fn around(registry: &Path) -> Result<(Self, String), Error> {
        let full =
            fs::canonicalize(registry).map_err(|source| Error::Io { path: registry.to_owned(), source })?;
        let is_repository = |folder: &&Path| fs::exists(&folder.join(".git")) || is_bare(folder);
        let top =
            full.ancestors().find(is_repository).ok_or_else(|| Error::NoRepository(registry.to_owned()))?;
        let inside = full.strip_prefix(top).unwrap_or(Path::new(""));
        let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
        Ok((Self::open(top)?, parts.join("/")))
    }

    /// Returns the commit of a revision: a branch, a tag, a full reference, or an
    /// id of at least seven digits, each with `~N` or `^` behind it.
    ///
    /// # Errors
    /// When there is no such commit.
    pub fn commit(&self, revision: &str) -> Result<Commit, Error> {
        let none = || Error::NoRevision(revision.to_owned());
        let (base, steps) = ancestry(revision).ok_or_else(none)?;
        let id = resolve(&self.git_dir, &self.common_dir, &self.git, base)?.ok_or_else(none)?;
        let object = self.git.find_object(id, None).map_err(|_| none())?;
        let mut commit = object.peel_to_commit().map_err(|_| none())?;
        for _ in 0..steps {
            commit = commit.parent(0).map_err(|_| none())?;
        }
        Ok(Commit { revision: revision.to_owned(), id: commit.id().into() })
    }

    /// Returns the best common ancestor of two commits.
    ///
    /// # Errors
    /// When their histories do not meet in what was fetched.
    pub fn merge_base(&self, one: &Commit, other: &Commit) -> Result<ObjectId, Error> {
        let shallow = fs::read_to_string(&self.common_dir.join("shallow"));
        let found = self.git.merge_base(one.id.oid(), other.id.oid()).ok();
        // Where only a part was fetched, libgit2 gives up at the first commit whose parents are not here.
        let found = found.or_else(|| self.fetched_merge_base(one, other, shallow.as_deref().ok()?));
        found.map(ObjectId::from).ok_or_else(|| Error::NoMergeBase {
            base: one.revision.clone(),
            head: other.revision.clone(),
            is_shallow: shallow.is_ok(),
        })
    }

    /// Returns the newest common ancestor in what was fetched; the commits in `shallow` have no parents here.
    fn fetched_merge_base(&self, one: &Commit, other: &Commit, shallow: &str) -> Option<git2::Oid> {
        let roots: BTreeSet<git2::Oid> =
            shallow.lines().filter_map(|line| git2::Oid::from_str(line.trim()).ok()).collect();
        let own = self.ancestors(one.id.oid(), &roots, &BTreeSet::new());
        let met = self.ancestors(other.id.oid(), &roots, &own).into_iter().filter(|id| own.contains(id));
        met.max_by_key(|id| {
            self.git.find_commit(*id).map(|commit| commit.time().seconds()).unwrap_or(i64::MIN)
        })
    }

    /// Returns a commit and its ancestors, as far as they are here; not those of `roots` and of `ends`.
    fn ancestors(
        &self,
        from: git2::Oid,
        roots: &BTreeSet<git2::Oid>,
        ends: &BTreeSet<git2::Oid>,
    ) -> BTreeSet<git2::Oid> {
        let (mut reached, mut waiting) = (BTreeSet::new(), vec![from]);
        while let Some(id) = waiting.pop() {
            if !reached.insert(id) || roots.contains(&id) || ends.contains(&id) {
                continue;
            }
            waiting.extend(self.git.find_commit(id).iter().flat_map(|commit| commit.parent_ids()));
        }
        reached
    }

    /// Returns the time of a commit in seconds since 1970, as its author's machine wrote it.
    ///
    /// # Errors
    /// When the commit cannot be read.
    pub fn time_of(&self, commit: ObjectId) -> Result<i64, Error> {
        Ok(self.git.find_commit(commit.oid())?.time().seconds())
    }

    /// Returns names and commits of local branches and of fetched `refs/pull/*/head`, sorted by name.
    pub fn proposals(&self) -> Vec<(String, ObjectId)> {
        let mut found = std::collections::BTreeMap::new();
        let packed = fs::read_to_string(&self.common_dir.join("packed-refs")).unwrap_or_default();
        for (id, name) in packed.lines().filter_map(|line| line.split_once(' ')) {
            if let (true, Ok(id)) = (is_proposal(name), git2::Oid::from_str(id)) {
                found.insert(name.to_owned(), id.into());
            }
        }
        for folder in ["refs/heads", "refs/pull"] {
            let root = self.common_dir.join(folder);
            for item in walkdir::WalkDir::new(&root).max_depth(8).into_iter().flatten() {
                let Ok(relative) = item.path().strip_prefix(&self.common_dir) else { continue };
                let name = relative.to_string_lossy().replace('\\', "/");
                let text = if item.file_type().is_file() && is_proposal(&name) {
                    fs::read_to_string(item.path()).unwrap_or_default()
                } else {
                    continue;
                };
                if let Ok(id) = git2::Oid::from_str(text.trim()) {
                    found.insert(name, id.into());
                }
            }
        }
        found.into_iter().collect()
    }

    /// Returns the entries of a tree.
    pub(super) fn listing(&self, tree: git2::Oid) -> Result<Rc<Listing>, git2::Error> {
        if let Some(known) = self.large.borrow().get(&tree) {
            return Ok(Rc::clone(known));
        }
        let listing = Rc::new(Listing::of(&self.git.find_tree(tree)?));
        if listing.len() >= LARGE {
            self.large.borrow_mut().insert(tree, Rc::clone(&listing));
        }
        Ok(listing)
    }

    pub(super) fn git(&self) -> &git2::Repository {
        &self.git
    }

    pub(super) fn objects(&self) -> PathBuf {
        self.common_dir.join("objects")
    }

    /// Returns the tree of a commit.
    pub(super) fn tree_of(&self, commit: ObjectId) -> Result<git2::Tree<'_>, Error> {
        Ok(self.git.find_commit(commit.oid())?.tree()?)
    }
}

fn is_bare(folder: &Path) -> bool {
    fs::is_dir(&folder.join("objects")) && fs::is_file(&folder.join("HEAD"))
}

fn is_proposal(name: &str) -> bool {
    name.starts_with("refs/heads/") || (name.starts_with("refs/pull/") && name.ends_with("/head"))
}

impl std::fmt::Debug for Repository {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Repository").field("git_dir", &self.git_dir).finish_non_exhaustive()
    }
}
