//! From a foreign name to the last label of a package id.
//!
//! The rule, for one name:
//!
//! 1. ASCII letters become lower case.
//! 2. Every run of characters other than `a-z` and `0-9` becomes one hyphen;
//!    hyphens at the ends are dropped. A dot is such a character, so an id is
//!    always the owner prefix and one label. Nothing left becomes `x`.
//! 3. A label of more than 63 bytes is cut to 54, a device name (`con`, `aux` …)
//!    and `html`, `htm`, `php` stay whole; all of them get a hyphen and the first
//!    eight hexadecimal digits of the name's SHA-256.
//!
//! Of several names with one label, the one whose lower-case spelling is the
//! label keeps it (the exact spelling first, then the first in the order of
//! bytes; without such a name the first in the order of bytes). The others get
//! `-2`, `-3` … in the order of bytes, skipping labels that are taken.

use crate::model::{Digest, PackageId};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Most bytes of a label.
const MOST: usize = 63;

/// Returns the label that a name has when no other name wants it.
pub(super) fn label(name: &str) -> String {
    let mut label = String::with_capacity(name.len());
    for character in name.chars().map(|character| character.to_ascii_lowercase()) {
        if character.is_ascii_lowercase() || character.is_ascii_digit() {
            label.push(character);
        } else if !label.ends_with('-') && !label.is_empty() {
            label.push('-');
        }
    }
    label.truncate(label.trim_end_matches('-').len());
    if label.is_empty() {
        label.push('x');
    }
    if label.len() <= MOST && is_allowed(&label) {
        return label;
    }
    let hash: String = Digest::of(name.as_bytes()).hex().chars().take(8).collect();
    with_suffix(&label, &hash)
}

/// Joins a label and a suffix with a hyphen, cutting the label where both do not fit.
fn with_suffix(label: &str, suffix: &str) -> String {
    let room = MOST.saturating_sub(suffix.len() + 1);
    let head: String = label.chars().take(room).collect();
    format!("{}-{suffix}", head.trim_end_matches('-'))
}

/// Asks the one place that knows which labels an id may end in.
fn is_allowed(label: &str) -> bool {
    PackageId::parse(&format!("a.b.{label}")).is_ok()
}

/// Gives every name its own label.
pub(super) fn assign<'a>(names: impl IntoIterator<Item = &'a Arc<str>>) -> HashMap<Arc<str>, String> {
    let mut wanted: BTreeMap<String, BTreeSet<Arc<str>>> = BTreeMap::new();
    for name in names {
        wanted.entry(label(name)).or_default().insert(Arc::clone(name));
    }
    let mut taken: BTreeSet<String> = wanted.keys().cloned().collect();
    let mut assigned = HashMap::new();
    for (label, names) in wanted {
        let Some(keeper) = keeper(&label, &names) else { continue };
        let mut next = 2_u64;
        for name in names.iter().filter(|name| **name != keeper) {
            let mut other = with_suffix(&label, &next.to_string());
            while !taken.insert(other.clone()) {
                next += 1;
                other = with_suffix(&label, &next.to_string());
            }
            assigned.insert(Arc::clone(name), other);
        }
        assigned.insert(keeper, label);
    }
    assigned
}

fn keeper(label: &str, names: &BTreeSet<Arc<str>>) -> Option<Arc<str>> {
    let exact = names.iter().find(|name| &***name == label);
    let in_lower_case = || names.iter().find(|name| name.to_ascii_lowercase() == label);
    exact.or_else(in_lower_case).or_else(|| names.first()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_a_label() {
        for (name, expected) in [
            ("aeson", "aeson"),
            ("GLUT", "glut"),
            ("bazel_skylib", "bazel-skylib"),
            ("boost.numeric_ublas", "boost-numeric-ublas"),
            ("--a -- b!!", "a-b"),
            ("@scope/pkg", "scope-pkg"),
            ("日本", "x"),
            ("", "x"),
        ] {
            assert_eq!(label(name), expected, "{name}");
        }
    }

    #[test]
    fn refused_and_long_labels_get_a_stable_hash() {
        for name in ["con", "AUX", "html", "php", &"a".repeat(64), &"b-".repeat(200)] {
            let made = label(name);
            assert!(is_allowed(&made), "{made}");
            assert_eq!(made, label(name));
            assert_eq!(made.rsplit('-').next().map(str::len), Some(8));
        }
        assert_ne!(label(&"a".repeat(64)), label(&"a".repeat(65)));
        assert!(label("con").starts_with("con-"));
    }

    #[test]
    fn names_of_one_label_are_told_apart() {
        let names: Vec<Arc<str>> =
            ["cabal", "Cabal", "CABAL", "json-rpc", "json_rpc", "JSON.rpc", "a_b", "A.b", "cabal-2"]
                .map(Arc::from)
                .into();
        let labels = assign(&names);
        let get = |name: &str| labels.get(name).map(String::as_str);
        assert_eq!(get("cabal"), Some("cabal"));
        assert_eq!(get("cabal-2"), Some("cabal-2"));
        assert_eq!(get("CABAL"), Some("cabal-3"));
        assert_eq!(get("Cabal"), Some("cabal-4"));
        assert_eq!(get("json-rpc"), Some("json-rpc"));
        assert_eq!(get("JSON.rpc"), Some("json-rpc-2"));
        assert_eq!(get("json_rpc"), Some("json-rpc-3"));
        assert_eq!(get("A.b"), Some("a-b"));
        assert_eq!(get("a_b"), Some("a-b-2"));
        let mut reversed = names.clone();
        reversed.reverse();
        assert_eq!(assign(&reversed), labels);
    }
}
