//! The Merkle tree over the index files: a client checks one package, present
//! or absent, by reading one small node a level.
//!
//! The key of a package is the SHA-256 of its id, read six bits at a time from
//! the top. Ids that share a path form a *bucket* when there are at most 64 of
//! them, else a *branch* of up to 64 slots. Node files are text:
//!
//! ```text
//! shelfmark-branch-1             shelfmark-bucket-1
//! 0a b <digest>                  com.hotcrm.crm <digest of its index file>
//! 3f u <digest>                  com.hotcrm.finance <digest>
//! ```
//!
//! Digests inside are the unpadded base64url of the SHA-256 of the named file.
//! The first line separates the two kinds and tells nodes from index files, so
//! that no content can be read as two things.

use crate::model::{Digest, PackageId};
use std::collections::{BTreeMap, BTreeSet};

/// Most ids in a bucket.
const BUCKET: usize = 64;
const BRANCH_HEAD: &str = "shelfmark-branch-1\n";
const BUCKET_HEAD: &str = "shelfmark-bucket-1\n";
/// Six bits a level: 42 levels use up 252 of 256 bits.
const MAX_DEPTH: usize = 42;

/// A built tree: every node file by its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// Digest of the root node.
    pub root: Digest,
    /// Node files.
    pub nodes: BTreeMap<Digest, Vec<u8>>,
}

/// What a tree says about an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup {
    /// The package exists and this is the digest of its index file.
    Present(Digest),
    /// The package does not exist.
    Absent,
}

/// Why a path through the tree cannot be trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// A node is needed and was not given.
    #[error("the node {0} is missing")]
    Missing(Digest),
    /// The bytes given for a node have another digest.
    #[error("the node {expected} has the digest {got}")]
    Digest {
        /// What its parent says.
        expected: Digest,
        /// What it has.
        got: Digest,
    },
    /// The node is no canonical node file.
    #[error("the node {0} is malformed")]
    Malformed(Digest),
}

/// Builds the tree over `leaves`: id to digest of its index file.
pub fn build(leaves: &BTreeMap<PackageId, Digest>) -> Tree {
    let keyed: BTreeMap<Digest, (&PackageId, Digest)> =
        leaves.iter().map(|(id, leaf)| (key(id), (id, *leaf))).collect();
    let keyed: Vec<_> = keyed.into_iter().collect();
    let mut nodes = BTreeMap::new();
    let root = build_node(&keyed, 0, &mut nodes);
    Tree { root, nodes }
}

/// Returns the key of an id: where it is in the tree.
pub fn key(id: &PackageId) -> Digest {
    Digest::of(id.as_str().as_bytes())
}

/// Returns the first slot of an id: its top six bits, which also name its search segment.
pub fn first_slot(id: &PackageId) -> u8 {
    slot(&key(id), 0)
}

/// Returns six bits of the key, at a depth.
fn slot(key: &Digest, depth: usize) -> u8 {
    let bit = depth * 6;
    let bytes = key.as_bytes();
    let high = u16::from(bytes.get(bit / 8).copied().unwrap_or(0)) << 8;
    let low = u16::from(bytes.get(bit / 8 + 1).copied().unwrap_or(0));
    let shifted = (high | low) >> (10 - bit % 8);
    u8::try_from(shifted & 0x3f).unwrap_or(0)
}

type Keyed<'a> = (Digest, (&'a PackageId, Digest));

fn build_node(keyed: &[Keyed<'_>], depth: usize, nodes: &mut BTreeMap<Digest, Vec<u8>>) -> Digest {
    let text = if is_bucket(keyed.len(), depth) {
        bucket_text(keyed)
    } else {
        let mut text = BRANCH_HEAD.to_owned();
        for group in keyed.chunk_by(|a, b| slot(&a.0, depth) == slot(&b.0, depth)) {
            let number = group.first().map_or(0, |first| slot(&first.0, depth));
            let kind = if is_bucket(group.len(), depth + 1) { 'u' } else { 'b' };
            let digest = build_node(group, depth + 1, nodes);
            text.push_str(&format!("{number:02x} {kind} {}\n", digest.base64url()));
        }
        text
    };
    let bytes = text.into_bytes();
    let digest = Digest::of(&bytes);
    nodes.insert(digest, bytes);
    digest
}

fn is_bucket(count: usize, depth: usize) -> bool {
    count <= BUCKET || depth >= MAX_DEPTH
}

fn bucket_text(keyed: &[Keyed<'_>]) -> String {
    let sorted: BTreeMap<&PackageId, Digest> = keyed.iter().map(|(_, entry)| *entry).collect();
    let mut text = BUCKET_HEAD.to_owned();
    for (id, leaf) in sorted {
        text.push_str(&format!("{id} {}\n", leaf.base64url()));
    }
    text
}

/// Follows the path of an id from a trusted root digest through untrusted
/// nodes, checking each, and returns what the tree says.
///
/// # Errors
/// When a node is missing, has another digest, or is not in canonical form.
pub fn lookup<'a>(
    root: Digest,
    id: &PackageId,
    mut fetch: impl FnMut(Digest) -> Option<std::borrow::Cow<'a, [u8]>>,
) -> Result<Lookup, PathError> {
    let key = key(id);
    let mut digest = root;
    for depth in 0..=MAX_DEPTH {
        let bytes = fetch(digest).ok_or(PathError::Missing(digest))?;
        let got = Digest::of(&bytes);
        if got != digest {
            return Err(PathError::Digest { expected: digest, got });
        }
        let malformed = || PathError::Malformed(digest);
        let text = std::str::from_utf8(&bytes).map_err(|_| malformed())?;
        match parse_node(text, depth == 0).ok_or_else(malformed)? {
            Node::Bucket(entries) => {
                return Ok(entries.get(id).map_or(Lookup::Absent, |leaf| Lookup::Present(*leaf)));
            }
            Node::Branch(slots) => match slots.get(&slot(&key, depth)) {
                Some(next) => digest = *next,
                None => return Ok(Lookup::Absent),
            },
        }
    }
    Err(PathError::Malformed(digest))
}

enum Node {
    Branch(BTreeMap<u8, Digest>),
    Bucket(BTreeMap<PackageId, Digest>),
}

/// Parses a node in canonical form: ascending, nothing twice, nothing else.
fn parse_node(text: &str, is_root: bool) -> Option<Node> {
    if let Some(rest) = text.strip_prefix(BRANCH_HEAD) {
        let mut slots = BTreeMap::new();
        let mut last = None;
        for line in lines(rest)? {
            let mut parts = line.split(' ');
            let (number, kind, digest) = (parts.next()?, parts.next()?, parts.next()?);
            let value = u8::from_str_radix(number, 16).ok().filter(|value| *value < 64)?;
            let is_canonical =
                format!("{value:02x}") == number && matches!(kind, "b" | "u") && last < Some(value);
            if !is_canonical || parts.next().is_some() {
                return None;
            }
            last = Some(value);
            slots.insert(value, Digest::parse_base64url(digest).ok()?);
        }
        return (!slots.is_empty()).then_some(Node::Branch(slots));
    }
    let rest = text.strip_prefix(BUCKET_HEAD)?;
    let mut entries: BTreeMap<PackageId, Digest> = BTreeMap::new();
    for line in lines(rest)? {
        let (id, digest) = line.split_once(' ')?;
        let id = PackageId::parse(id).ok()?;
        if entries.last_key_value().is_some_and(|(last, _)| *last >= id) {
            return None;
        }
        entries.insert(id, Digest::parse_base64url(digest).ok()?);
    }
    (is_root || !entries.is_empty()).then_some(Node::Bucket(entries))
}

/// Splits lines that all end in a newline.
fn lines(text: &str) -> Option<impl Iterator<Item = &str>> {
    (text.is_empty() || text.ends_with('\n')).then(|| text.split_terminator('\n'))
}

/// Returns the digests of the nodes on the path of an id, for tests and tools.
pub fn path_of(tree: &Tree, id: &PackageId) -> BTreeSet<Digest> {
    let mut seen = BTreeSet::new();
    // A tree that was just built has every node it names.
    let _ = lookup(tree.root, id, |digest| {
        seen.insert(digest);
        tree.nodes.get(&digest).map(|bytes| bytes.as_slice().into())
    });
    seen
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn leaves(count: usize) -> BTreeMap<PackageId, Digest> {
        (0..count)
            .map(|n| {
                (
                    PackageId::parse(&format!("com.example.p{n}")).unwrap(),
                    Digest::of(format!("leaf {n}").as_bytes()),
                )
            })
            .collect()
    }

    fn get(tree: &Tree, id: &PackageId) -> Result<Lookup, PathError> {
        lookup(tree.root, id, |digest| tree.nodes.get(&digest).map(|bytes| bytes.as_slice().into()))
    }

    #[test]
    fn golden_vectors() {
        let roots: Vec<(usize, usize, String)> = [0, 1, 64, 65, 5_000]
            .into_iter()
            .map(|count| {
                let tree = build(&leaves(count));
                (count, tree.nodes.len(), tree.root.base64url())
            })
            .collect();
        insta::assert_debug_snapshot!(roots);
        assert_eq!(build(&leaves(0)).nodes.values().next().unwrap(), BUCKET_HEAD.as_bytes());
    }

    #[test]
    fn slots_are_the_key_six_bits_at_a_time() {
        let key = key(&PackageId::parse("com.example.p0").unwrap());
        let bits: String = key.as_bytes().iter().map(|byte| format!("{byte:08b}")).collect();
        for depth in 0..MAX_DEPTH {
            let expected = u8::from_str_radix(&bits[depth * 6..depth * 6 + 6], 2).unwrap();
            assert_eq!(slot(&key, depth), expected, "depth {depth}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn every_present_and_absent_path_verifies(count in 0_usize..700) {
            let leaves = leaves(count);
            let tree = build(&leaves);
            for (id, leaf) in &leaves {
                prop_assert_eq!(get(&tree, id), Ok(Lookup::Present(*leaf)));
            }
            for n in count..count + 80 {
                let id = PackageId::parse(&format!("com.example.p{n}")).unwrap();
                prop_assert_eq!(get(&tree, &id), Ok(Lookup::Absent));
            }
        }

        #[test]
        fn a_changed_leaf_changes_only_its_path(count in 1_usize..700, pick in any::<prop::sample::Index>()) {
            let before = leaves(count);
            let id = before.keys().nth(pick.index(count)).unwrap().clone();
            let mut after = before.clone();
            after.insert(id.clone(), Digest::of(b"changed"));
            let (old, new) = (build(&before), build(&after));
            let removed: BTreeSet<Digest> = old.nodes.keys().filter(|d| !new.nodes.contains_key(d)).copied().collect();
            prop_assert_eq!(removed, path_of(&old, &id));
            prop_assert_ne!(old.root, new.root);
        }

        #[test]
        fn any_flipped_byte_is_noticed(count in 1_usize..300, pick in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), bit in 0_u8..8) {
            let leaves = leaves(count);
            let tree = build(&leaves);
            let id = leaves.keys().nth(pick.index(count)).unwrap();
            for damaged in path_of(&tree, id) {
                let mut nodes = tree.nodes.clone();
                let bytes = nodes.get_mut(&damaged).unwrap();
                let at = at.index(bytes.len());
                bytes[at] ^= 1 << bit;
                let found = lookup(tree.root, id, |digest| nodes.get(&digest).map(|bytes| bytes.as_slice().into()));
                prop_assert!(matches!(found, Err(PathError::Digest { .. })), "{found:?}");
            }
        }

        #[test]
        fn hostile_nodes_are_refused_without_panic(text in "\\PC*", head in 0_usize..3) {
            let head = ["", BRANCH_HEAD, BUCKET_HEAD][head];
            let bytes = format!("{head}{text}").into_bytes();
            let id = PackageId::parse("com.example.p1").unwrap();
            let found = lookup(Digest::of(&bytes), &id, |_| Some(bytes.as_slice().into()));
            prop_assert!(!matches!(found, Ok(Lookup::Present(_))));
        }
    }

    #[test]
    fn only_the_canonical_form_is_a_node() {
        let leaf = Digest::of(b"x").base64url();
        let good = format!("{BUCKET_HEAD}com.a.a {leaf}\ncom.a.b {leaf}\n");
        assert!(parse_node(&good, false).is_some());
        for bad in [
            format!("{BUCKET_HEAD}com.a.b {leaf}\ncom.a.a {leaf}\n"),
            format!("{BUCKET_HEAD}com.a.a {leaf}\ncom.a.a {leaf}\n"),
            format!("{BUCKET_HEAD}com.a.a {leaf}"),
            format!("{BUCKET_HEAD}com.a.a {leaf} \n"),
            BUCKET_HEAD.to_owned(),
            BRANCH_HEAD.to_owned(),
            format!("{BRANCH_HEAD}40 u {leaf}\n"),
            format!("{BRANCH_HEAD}3F u {leaf}\n"),
            format!("{BRANCH_HEAD}01 x {leaf}\n"),
            format!("{BRANCH_HEAD}02 u {leaf}\n01 u {leaf}\n"),
        ] {
            assert!(parse_node(&bad, false).is_none(), "{bad}");
        }
    }
}
