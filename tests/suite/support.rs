//! Shared by the stories: the built binary, scratch folders, git repositories.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The folder of the project.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The demo registry.
pub(crate) fn demo() -> PathBuf {
    root().join("registry-index")
}

/// The binary, with an empty home and nothing of the caller's environment that could matter.
pub(crate) fn shelfmark() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_shelfmark"));
    command.env_remove("NO_COLOR").env("HOME", "/nonexistent").env("COLUMNS", "100");
    command
}

/// Runs the binary and returns what it said.
pub(crate) fn run(args: &[&str], folder: &Path) -> Output {
    shelfmark().args(args).current_dir(folder).output().unwrap()
}

/// Runs the binary, which must succeed, and returns its standard output.
pub(crate) fn ok(args: &[&str], folder: &Path) -> String {
    let output = run(args, folder);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "shelfmark {}: {}\n{stderr}", args.join(" "), output.status);
    String::from_utf8(output.stdout).unwrap()
}

/// Every file under a folder, by relative path.
pub(crate) fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .flatten()
        .filter(|item| item.file_type().is_file())
        .map(|item| {
            let path = item.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            (path, std::fs::read(item.path()).unwrap())
        })
        .collect()
}

/// Asserts that two trees are equal, naming the first difference.
pub(crate) fn assert_same(a: &BTreeMap<String, Vec<u8>>, b: &BTreeMap<String, Vec<u8>>) {
    let only = |x: &BTreeMap<String, Vec<u8>>, y: &BTreeMap<String, Vec<u8>>| {
        x.keys().filter(|path| !y.contains_key(*path)).take(5).cloned().collect::<Vec<_>>()
    };
    assert_eq!((only(a, b), only(b, a)), (vec![], vec![]), "files of only one side");
    for (path, bytes) in a {
        assert!(b[path] == *bytes, "`{path}` differs");
    }
}

/// Copies a folder.
pub(crate) fn copy(from: &Path, to: &Path) {
    for (path, bytes) in tree(from) {
        let target = to.join(path);
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::write(target, bytes).unwrap();
    }
}

/// A git repository made of raw objects, so that it can hold what `git add` refuses.
pub(crate) struct RawRepository {
    repository: git2::Repository,
}

/// One entry of a raw tree.
pub(crate) enum Raw<'a> {
    /// A file with a mode.
    File(i32, &'a [u8]),
    /// A folder.
    Folder(Vec<(&'a [u8], Raw<'a>)>),
    /// A submodule.
    Submodule,
}

impl RawRepository {
    /// Makes an empty repository.
    pub(crate) fn new(folder: &Path) -> Self {
        Self { repository: git2::Repository::init(folder).unwrap() }
    }

    /// Commits a tree on `main`.
    pub(crate) fn commit(&self, entries: &[(&[u8], Raw<'_>)]) -> git2::Oid {
        let tree = self.write(entries);
        let tree = self.repository.find_tree(tree).unwrap();
        let person = git2::Signature::new("T", "t@example.org", &git2::Time::new(0, 0)).unwrap();
        let parent = self.repository.refname_to_id("refs/heads/main").ok();
        let parent = parent.map(|id| self.repository.find_commit(id).unwrap());
        let parents: Vec<&git2::Commit<'_>> = parent.iter().collect();
        self.repository.commit(Some("refs/heads/main"), &person, &person, "x", &tree, &parents).unwrap()
    }

    /// Commits the files of a folder on `main`.
    pub(crate) fn commit_folder(&self, folder: &Path, below: &str) -> git2::Oid {
        let mut index = git2::Index::new().unwrap();
        self.repository.set_index(&mut index).unwrap();
        for (path, bytes) in tree(folder) {
            let entry = git2::IndexEntry {
                ctime: git2::IndexTime::new(0, 0),
                mtime: git2::IndexTime::new(0, 0),
                dev: 0,
                ino: 0,
                mode: 0o100_644,
                uid: 0,
                gid: 0,
                file_size: 0,
                id: git2::Oid::ZERO_SHA1,
                flags: 0,
                flags_extended: 0,
                path: format!("{below}{path}").into_bytes(),
            };
            index.add_frombuffer(&entry, &bytes).unwrap();
        }
        let tree = index.write_tree_to(&self.repository).unwrap();
        let tree = self.repository.find_tree(tree).unwrap();
        let person = git2::Signature::new("T", "t@example.org", &git2::Time::new(0, 0)).unwrap();
        self.repository.commit(Some("refs/heads/main"), &person, &person, "x", &tree, &[]).unwrap()
    }

    fn write(&self, entries: &[(&[u8], Raw<'_>)]) -> git2::Oid {
        let mut list: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
        for (name, raw) in entries {
            let (mode, id) = match raw {
                Raw::File(mode, bytes) => (*mode, self.repository.blob(bytes).unwrap()),
                Raw::Folder(children) => (0o040_000, self.write(children)),
                Raw::Submodule => (0o160_000, git2::Oid::from_str(&"1".repeat(40)).unwrap()),
            };
            let mut line = format!("{mode:o} ").into_bytes();
            line.extend_from_slice(name);
            line.push(0);
            line.extend_from_slice(id.as_bytes());
            let mut key = name.to_vec();
            if mode == 0o040_000 {
                key.push(b'/');
            }
            list.push((key, line));
        }
        list.sort();
        let bytes: Vec<u8> = list.into_iter().flat_map(|(_, line)| line).collect();
        self.repository.odb().unwrap().write(git2::ObjectType::Tree, &bytes).unwrap()
    }
}
