//! What stands in a git tree, read once: the folder of a hundred thousand packages is asked for
//! by every step of a review, and takes longer to inflate than most steps take.

use super::snapshot::{Entry, Mode};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// What a name of a tree stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) mode: i32,
    pub(super) id: git2::Oid,
}

impl Node {
    pub(super) fn is_folder(&self) -> bool {
        self.mode == 0o040_000
    }

    /// Returns the file at a path.
    pub(super) fn entry(self, path: &str) -> Entry {
        Entry { path: path.into(), mode: Mode::from_bits(self.mode), id: self.id.into() }
    }
}

/// Names of a tree and what they stand for.
pub(super) type Names<'a> = BTreeMap<&'a [u8], Node>;

/// The entries of a tree, in its order.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// All names, one after the other.
    names: Vec<u8>,
    /// Where each name ends, and what it stands for.
    items: Vec<(usize, Node)>,
}

impl Listing {
    pub(super) fn of(tree: &git2::Tree<'_>) -> Self {
        let mut listing = Self { names: Vec::new(), items: Vec::with_capacity(tree.len()) };
        for item in tree {
            listing.push(item.name_bytes(), Node { mode: item.filemode_raw(), id: item.id() });
        }
        listing
    }

    fn push(&mut self, name: &[u8], node: Node) {
        self.names.extend_from_slice(name);
        self.items.push((self.names.len(), node));
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&[u8], Node)> {
        (0..self.items.len()).filter_map(|at| self.nth(at))
    }

    fn nth(&self, at: usize) -> Option<(&[u8], Node)> {
        let (end, node) = *self.items.get(at)?;
        let start = at.checked_sub(1).map_or(0, |before| self.items[before].0);
        Some((&self.names[start..end], node))
    }

    /// Returns what a name stands for, in a tree that is sorted as git sorts it.
    pub(super) fn get(&self, name: &[u8]) -> Option<Node> {
        self.find(name, true).or_else(|| self.find(name, false))
    }

    fn find(&self, name: &[u8], is_folder: bool) -> Option<Node> {
        let (mut from, mut to) = (0, self.items.len());
        while from < to {
            let middle = from.midpoint(to);
            let (other, node) = self.nth(middle)?;
            match order((other, node.is_folder()), (name, is_folder)) {
                Ordering::Less => from = middle + 1,
                Ordering::Greater => to = middle,
                Ordering::Equal => return Some(node),
            }
        }
        None
    }

    /// Returns whether a name stands for a file and for a folder.
    pub(super) fn is_twice(&self, name: &[u8]) -> bool {
        self.find(name, true).is_some() && self.find(name, false).is_some()
    }

    /// Returns whether every name is one that git would write, in its order, and none is there twice.
    pub(super) fn is_plain(&self) -> bool {
        let is_name =
            |at: usize| self.nth(at).is_some_and(|(name, _)| !name.is_empty() && !name.contains(&b'/'));
        let is_after = |at: usize| match (at.checked_sub(1).and_then(|before| self.nth(before)), self.nth(at))
        {
            (Some((before, a)), Some((name, b))) => {
                order((before, a.is_folder()), (name, b.is_folder())).is_lt()
            }
            _ => true,
        };
        (0..self.len()).all(|at| is_name(at) && is_after(at))
    }
}

impl<'a> FromIterator<(&'a [u8], Node)> for Listing {
    fn from_iter<I: IntoIterator<Item = (&'a [u8], Node)>>(items: I) -> Self {
        let mut listing = Self::default();
        items.into_iter().for_each(|(name, node)| listing.push(name, node));
        listing
    }
}

/// Returns the names of each of two sorted trees that the other lacks or has otherwise.
pub(super) fn differing<'a>(one: &'a Listing, other: &'a Listing) -> [Names<'a>; 2] {
    let (mut at, mut beside) = (0, 0);
    let mut found = [Names::new(), Names::new()];
    loop {
        let order = match (one.nth(at), other.nth(beside)) {
            (None, None) => return found,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(left), Some(right)) if left == right => {
                (at, beside) = (at + 1, beside + 1);
                continue;
            }
            (Some((left, a)), Some((right, b))) => order((left, a.is_folder()), (right, b.is_folder())),
        };
        if order.is_le() {
            found[0].extend(one.nth(at));
            at += 1;
        }
        if order.is_ge() {
            found[1].extend(other.nth(beside));
            beside += 1;
        }
    }
}

/// Git sorts folders as if their names ended in a slash.
fn order((one, is_folder): (&[u8], bool), (other, is_other_folder): (&[u8], bool)) -> Ordering {
    let shared = one.len().min(other.len());
    let next = |name: &[u8], is_folder: bool| match name.get(shared) {
        Some(byte) => Some(*byte),
        None if is_folder => Some(b'/'),
        None => None,
    };
    one[..shared].cmp(&other[..shared]).then_with(|| {
        let ends = (next(one, is_folder), next(other, is_other_folder));
        ends.0.cmp(&ends.1).then_with(|| one.len().cmp(&other.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FILE: i32 = 0o100_644;
    const FOLDER: i32 = 0o040_000;

    fn node(mode: i32, content: u8) -> Node {
        Node { mode, id: git2::Oid::hash_object(git2::ObjectType::Blob, &[content]).unwrap() }
    }

    /// A tree of one side: files and folders with one of three contents, each name once.
    fn tree() -> impl Strategy<Value = BTreeMap<String, (bool, u8)>> {
        prop::collection::btree_map("[a-c.0-]{1,3}", (any::<bool>(), 0..3_u8), 0..12)
    }

    /// Makes the tree in git's own order, which libgit2 gives it.
    fn listing(names: &BTreeMap<String, (bool, u8)>) -> Listing {
        let folder = tempfile::tempdir().unwrap();
        let git = git2::Repository::init_bare(folder.path()).unwrap();
        let mut builder = git.treebuilder(None).unwrap();
        for (name, (is_folder, content)) in names {
            if *is_folder {
                let mut inner = git.treebuilder(None).unwrap();
                inner.insert("f", git.blob(&[*content]).unwrap(), FILE).unwrap();
                builder.insert(name, inner.write().unwrap(), FOLDER).unwrap();
            } else {
                builder.insert(name, git.blob(&[*content]).unwrap(), FILE).unwrap();
            }
        }
        Listing::of(&git.find_tree(builder.write().unwrap()).unwrap())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_differs_is_what_maps_would_say(one in tree(), other in tree()) {
            prop_assume!(one.keys().chain(other.keys()).all(|name| name != "." && name != ".."));
            let (left, right) = (listing(&one), listing(&other));
            prop_assert!(left.is_plain() && right.is_plain());
            let [a, b]: [Names<'_>; 2] = [left.iter().collect(), right.iter().collect()];
            let differs = |name: &[u8]| a.get(name) != b.get(name);
            let expected = [&a, &b].map(|side| side.iter().filter(|(name, _)| differs(name)).map(|(name, node)| (*name, *node)).collect::<Names<'_>>());
            prop_assert_eq!(differing(&left, &right), expected);
            for name in one.keys().chain(other.keys()) {
                prop_assert_eq!(left.get(name.as_bytes()), a.get(name.as_bytes()).copied());
                prop_assert!(!left.is_twice(name.as_bytes()));
            }
        }
    }

    #[test]
    fn a_name_that_is_there_twice_is_seen() {
        let items: [(&[u8], Node); 3] =
            [(b"a", node(FILE, 0)), (b"a-b", node(FILE, 0)), (b"a", node(FOLDER, 1))];
        let tree: Listing = items.into_iter().collect();
        assert!(tree.is_plain() && tree.is_twice(b"a") && !tree.is_twice(b"a-b"));
        let unsorted: Listing = items.into_iter().rev().collect();
        assert!(!unsorted.is_plain());
        let forged: Listing = [(b"a/b".as_slice(), node(FILE, 0))].into_iter().collect();
        assert!(!forged.is_plain());
    }
}
