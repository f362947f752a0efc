//! Writing to a git repository: a commit on a branch of its own, without touching
//! the work tree or its index, and `git push` as a child process.

use std::io;
use std::path::Path;
use std::process::Command;

/// What could not be done.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// libgit2 refused.
    #[error("git refused: {0}")]
    Git(#[from] git2::Error),
    /// The branch is there.
    #[error("the branch `{0}` is already there")]
    BranchExists(String),
    /// Nobody said who commits.
    #[error("the repository knows no author")]
    NoAuthor,
    /// `git push` could not be started.
    #[error("`git push` could not be started")]
    Start(#[source] io::Error),
    /// `git push` failed.
    #[error("`git push` failed with {0}")]
    Push(String),
}

/// A commit to make.
#[derive(Debug)]
pub struct NewCommit<'a> {
    /// Id of the commit it stands on, in hexadecimal.
    pub parent: &'a str,
    /// The branch it is put on.
    pub branch: &'a str,
    /// Files to add: path from the top of the repository, and content.
    pub files: &'a [(String, Vec<u8>)],
    /// The message.
    pub message: &'a str,
    /// Seconds since 1970.
    pub time: i64,
    /// Whether a branch that is there is moved.
    pub may_replace: bool,
}

/// Makes the commit and points the branch at it. Author and committer are those
/// of the repository's configuration.
///
/// # Errors
/// When the branch is there, nobody is configured, or git refuses.
pub fn commit(repository: &Path, new: &NewCommit<'_>) -> Result<String, GitError> {
    let git = git2::Repository::discover(repository)?;
    let reference = format!("refs/heads/{}", new.branch);
    if !new.may_replace && git.find_reference(&reference).is_ok() {
        return Err(GitError::BranchExists(new.branch.to_owned()));
    }
    let parent = git.find_commit(git2::Oid::from_str(new.parent)?)?;
    let mut index = git2::Index::new()?;
    index.read_tree(&parent.tree()?)?;
    for (path, content) in new.files {
        index.add(&entry(path, git.blob(content)?))?;
    }
    let tree = git.find_tree(index.write_tree_to(&git)?)?;
    let known = git.signature().map_err(|_| GitError::NoAuthor)?;
    let (name, email) = (known.name().unwrap_or_default(), known.email().unwrap_or_default());
    let person = git2::Signature::new(name, email, &git2::Time::new(new.time, 0))?;
    let id = git.commit(None, &person, &person, new.message, &tree, &[&parent])?;
    git.reference(&reference, id, new.may_replace, "shelfmark submit")?;
    Ok(id.to_string())
}

fn entry(path: &str, id: git2::Oid) -> git2::IndexEntry {
    git2::IndexEntry {
        ctime: git2::IndexTime::new(0, 0),
        mtime: git2::IndexTime::new(0, 0),
        dev: 0,
        ino: 0,
        mode: 0o100_644,
        uid: 0,
        gid: 0,
        file_size: 0,
        id,
        flags: 0,
        flags_extended: 0,
        path: path.as_bytes().to_vec(),
    }
}

/// Returns whether git takes a name for a branch, and a command line for no option.
pub fn is_branch_name(name: &str) -> bool {
    !name.starts_with('-') && git2::Reference::is_valid_name(&format!("refs/heads/{name}"))
}

/// Returns whether a branch is what `HEAD` of the repository names.
///
/// # Errors
/// When there is no repository.
pub fn is_checked_out(repository: &Path, branch: &str) -> Result<bool, GitError> {
    let git = git2::Repository::discover(repository)?;
    let head = git.find_reference("HEAD")?;
    Ok(head.symbolic_target().ok().flatten() == Some(format!("refs/heads/{branch}").as_str()))
}

/// Runs `git push REMOTE refs/heads/BRANCH:refs/heads/BRANCH`, with its own questions
/// and messages; a branch that is replaced here is replaced there, unless somebody
/// else has pushed to it meanwhile.
///
/// # Errors
/// When git is not there or refuses.
pub fn push(repository: &Path, remote: &str, branch: &str, may_replace: bool) -> Result<(), GitError> {
    let reference = format!("refs/heads/{branch}");
    let is_configured =
        git2::Repository::discover(repository).is_ok_and(|own| own.find_remote(remote).is_ok());
    let status = Command::new("git")
        .arg("-C")
        .arg(repository)
        .arg("push")
        // An address has no branch here that remembers what it had.
        .args(may_replace.then_some(if is_configured { "--force-with-lease" } else { "--force" }))
        .args(["--", remote, &format!("{reference}:{reference}")])
        .status()
        .map_err(GitError::Start)?;
    if status.success() { Ok(()) } else { Err(GitError::Push(status.to_string())) }
}
