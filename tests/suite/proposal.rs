//! Pull requests made in memory: a repository with a base on `main` and a
//! proposal on `proposal`, from whole registries as files.

use shelfmark::source::{ChangeSet, Repository};
use shelfmark::validate::{Outline, Proposal};
use shelfmark_support::registry_text::Files;
use std::path::Path;

/// Seconds of every commit: names of commits stand in reports.
const TIME: i64 = 1_772_323_200;

/// Commits the files on a branch, on top of `parent` if there is one.
pub(crate) fn commit(
    repository: &git2::Repository,
    branch: &str,
    files: &Files,
    parent: Option<git2::Oid>,
) -> git2::Oid {
    let mut index = git2::Index::new().unwrap();
    repository.set_index(&mut index).unwrap();
    for (path, (mode, bytes)) in files {
        let (mode, id) = match mode {
            0o160_000 => (*mode, git2::Oid::from_str(&"1".repeat(40)).unwrap()),
            _ => (*mode, repository.blob(bytes).unwrap()),
        };
        let time = git2::IndexTime::new(0, 0);
        let entry = git2::IndexEntry {
            ctime: time,
            mtime: time,
            dev: 0,
            ino: 0,
            mode,
            uid: 0,
            gid: 0,
            file_size: 0,
            id,
            flags: 0,
            flags_extended: 0,
            path: path.clone().into_bytes(),
        };
        index.add(&entry).unwrap();
    }
    let tree = repository.find_tree(index.write_tree_to(repository).unwrap()).unwrap();
    let person = git2::Signature::new("T", "t@example.org", &git2::Time::new(TIME, 0)).unwrap();
    let parent = parent.map(|id| repository.find_commit(id).unwrap());
    let parents: Vec<&git2::Commit<'_>> = parent.iter().collect();
    let id = repository.commit(None, &person, &person, "x", &tree, &parents).unwrap();
    repository.reference(&format!("refs/heads/{branch}"), id, true, "x").unwrap();
    id
}

/// Makes a repository with the base on `main` and the head on `proposal`.
pub(crate) fn repository(folder: &Path, base: &Files, head: &Files) -> git2::Repository {
    let repository = git2::Repository::init(folder).unwrap();
    repository.set_head("refs/heads/main").unwrap();
    let parent = commit(&repository, "main", base, None);
    commit(&repository, "proposal", head, Some(parent));
    repository
}

/// Reads the proposal of such a repository.
pub(crate) fn read(folder: &Path) -> Proposal {
    let repository = Repository::open(folder).unwrap();
    let changes = ChangeSet::between(repository, "", "main", "proposal").unwrap();
    let (outline, _) = Outline::of_base(&changes, None).unwrap();
    Proposal::read(changes, outline).unwrap()
}
