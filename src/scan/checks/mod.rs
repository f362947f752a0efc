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

checks![
    active_content,
    binary_in_package,
    dangerous_call,
    data_exfiltration,
    download_and_run,
    encoded_payload,
    goal_manipulation,
    install_time_execution,
    invisible_text,
    known_vulnerability,
    license_in_file,
    namespace_outside,
    nested_archive,
    not_scannable,
    obfuscated_code,
    permission_excessive,
    permission_undeclared,
    permission_unused,
    polyglot_file,
    prompt_injection,
    resource_exhaustion,
    secret_in_file,
    tool_poisoning,
    trojan_source,
    unauthorized_access,
];

rule_files![
    "active-content",
    "dangerous-call",
    "data-exfiltration",
    "download-and-run",
    "goal-manipulation",
    "install-time-execution",
    "invisible-text",
    "nested-archive",
    "obfuscated-code",
    "prompt-injection",
    "resource-exhaustion",
    "secret-in-file",
    "tool-poisoning",
    "unauthorized-access",
];
