//! Permissions in classes, the most sensitive first.

use super::super::text::capitalized;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Permissions of one class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Class {
    class: String,
    description: Option<&'static str>,
    names: Vec<String>,
}

/// Well-known classes from the most sensitive to the least, and what they mean.
/// Classes that a policy makes up come after them, by name.
const KNOWN: [(&str, &str); 12] = [
    ("secret", "Reads stored secrets."),
    ("administration", "Changes how the host itself is set up."),
    ("process", "Starts programs."),
    ("destructive", "Deletes records."),
    ("personal", "Sees who people are and what they did."),
    ("execute", "Starts flows, schedules and agents."),
    ("network", "Talks to other machines."),
    ("file", "Reads and writes files."),
    ("message", "Sends messages to people."),
    ("write", "Creates and changes records."),
    ("data", "Creates, changes and reads records."),
    ("read", "Reads records."),
];

/// Returns what a class means, if it is well known.
pub(super) fn meaning(class: &str) -> Option<&'static str> {
    KNOWN.iter().find(|(known, _)| known.eq_ignore_ascii_case(class)).map(|(_, meaning)| *meaning)
}

/// Groups permissions; the longest prefix in the policy decides the class.
pub(super) fn classes(policy: &BTreeMap<String, String>, permissions: &[String]) -> Vec<Class> {
    let mut groups: BTreeMap<(usize, &str), Vec<String>> = BTreeMap::new();
    for permission in permissions.iter().collect::<BTreeSet<_>>() {
        let class = class_of(policy, permission).unwrap_or("other");
        let rank = KNOWN.iter().position(|(known, _)| known.eq_ignore_ascii_case(class));
        let rank = rank.unwrap_or(KNOWN.len() + usize::from(class == "other"));
        groups.entry((rank, class)).or_default().push(permission.clone());
    }
    groups
        .into_iter()
        .map(|((_, class), names)| Class { class: capitalized(class), description: meaning(class), names })
        .collect()
}

fn class_of<'a>(policy: &'a BTreeMap<String, String>, permission: &str) -> Option<&'a str> {
    policy
        .iter()
        .filter(|(prefix, _)| permission.starts_with(prefix.as_str()))
        .max_by_key(|(prefix, _)| prefix.len())
        .map(|(_, class)| class.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_prefix_decides_and_the_gravest_stands_first() {
        let policy = [("a.", "read"), ("a.kill", "destructive"), ("b.", "own")];
        let policy = policy.map(|(prefix, class)| (prefix.to_owned(), class.to_owned())).into();
        let permissions = ["z", "b.x", "a.see", "a.kill", "a.see"].map(str::to_owned);
        let classes: Vec<String> = classes(&policy, &permissions)
            .into_iter()
            .map(|class| format!("{}={}", class.class, class.names.join("+")))
            .collect();
        assert_eq!(classes, ["Destructive=a.kill", "Read=a.see", "Own=b.x", "Other=z"]);
    }
}
