//! The checks: one file each, holding the check's id, documentation and code;
//! its patterns, where it has any, are in `rules/<id>.toml`. Adding a check is a
//! file and a row of the table below.

use super::finding::Findings;
use super::subject::Subject;

/// One named analysis of contents.
pub struct Check {
    /// The id, kebab-case, named for the defect; the file's name.
    pub id: &'static str,
    /// One sentence: what is wrong when it fires.
    pub summary: &'static str,
    /// The page for people, Markdown: why it matters, how it is judged, what to do.
    pub docs: &'static str,
    /// Looks at an artifact.
    pub run: fn(&Subject<'_>, &mut Findings),
}

/// Returns the check of that id.
pub fn find(id: &str) -> Option<&'static Check> {
    ALL.iter().copied().find(|check| check.id == id)
}

macro_rules! checks {
    ($($name:ident),+ $(,)?) => {
        $(mod $name;)+
        /// Every check, by id.
        pub static ALL: &[&Check] = &[$(&$name::CHECK,)+];
        /// The code of every check: part of the rule set's version.
        pub(super) const SOURCES: &[&str] = &[$(include_str!(concat!(stringify!($name), ".rs")),)+];
    };
}

macro_rules! rule_files {
    ($($id:literal),* $(,)?) => {
        /// Check and text of each rule file.
        pub(super) const RULE_FILES: &[(&str, &str)] =
            &[$(($id, include_str!(concat!("../../../rules/", $id, ".toml"))),)*];
    };
}

checks![data_exfiltration, goal_manipulation, not_scannable, prompt_injection, tool_poisoning];

rule_files!["data-exfiltration", "goal-manipulation", "prompt-injection", "tool-poisoning"];
