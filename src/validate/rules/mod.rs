//! The rules: one file each, holding the rule's id, level, documentation and
//! check. Adding a rule is a file and a row of [`ALL`].
//!
//! Rules raised while files are read and parsed have no check of their own
//! ([`Check::Loading`]).

use super::registry::{Package, Registry, Release};
use crate::diagnostic::Diagnostic;
use crate::model::{RuleLevel, Timestamp};

/// One named validation.
pub struct Rule {
    /// The id, kebab-case, named for the defect.
    pub id: &'static str,
    /// What a violation leads to where `policy.toml` says nothing.
    pub level: RuleLevel,
    /// One sentence: what is wrong when this rule fires.
    pub summary: &'static str,
    /// The page for people, Markdown: why it matters, an example, how to fix it.
    pub docs: &'static str,
    /// How it is found.
    pub check: Check,
}

/// How a rule looks for violations.
#[derive(Clone, Copy)]
pub enum Check {
    /// Raised by `validate::load` while reading.
    Loading,
    /// Looks at the registry as a whole.
    Registry(fn(&Context<'_>, &mut Vec<Diagnostic>)),
    /// Looks at one package at a time, in parallel.
    Package(fn(&Context<'_>, &Package, &mut Vec<Diagnostic>)),
    /// Looks at one release at a time, in parallel.
    Release(fn(&Context<'_>, &Package, &Release, &mut Vec<Diagnostic>)),
}

/// What a rule may look at.
pub struct Context<'a> {
    /// The registry as loaded; files that did not parse are missing from it.
    pub registry: &'a Registry,
    /// The moment by which anything dated is judged.
    pub as_of: Timestamp,
}

/// Returns the rule of that id.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}

macro_rules! rules {
    ($($name:ident),+ $(,)?) => {
        $(mod $name;)+
        /// Every rule, by id.
        pub static ALL: &[&Rule] = &[$(&$name::RULE,)+];
    };
}

rules![
    agent_collaborator_unknown,
    alt_text_missing,
    amendment_gap,
    amendment_unknown_dependency,
    amendment_widens,
    artifact_address_refused,
    artifact_ambiguous,
    artifact_digest_mismatch,
    artifact_leftover,
    artifact_missing,
    artifact_tree_misplaced,
    artifact_tree_missing,
    artifact_unavailable,
    artifact_unpackable,
    audience_leak,
    audience_unknown,
    category_missing,
    category_unknown,
    collection_package_unknown,
    configuration_missing,
    dependency_cycle,
    dependency_self,
    dependency_unknown,
    dependency_withdrawn,
    description_missing,
    evidence_contested,
    file_not_regular,
    file_too_large,
    format_unsupported,
    id_invalid,
    id_path_mismatch,
    id_reserved,
    json_invalid,
    key_missing,
    key_unknown,
    kind_changed,
    kind_table_missing,
    kind_table_unexpected,
    license_deprecated,
    license_missing,
    license_not_allowed,
    license_not_spdx,
    link_invalid,
    listing_missing,
    listing_orphaned,
    manifest_mismatch,
    manifest_missing,
    media_missing,
    media_type,
    metadata_invalid,
    metadata_namespace_missing,
    name_fold_collision,
    namespace_collision,
    namespace_invalid,
    namespace_reserved,
    namespace_taken,
    path_case_collision,
    path_forbidden,
    path_unexpected,
    platform_missing,
    platform_unsatisfiable,
    policy_level_forbidden,
    policy_rule_unknown,
    prefix_not_owned,
    prefix_overlap,
    prefix_shared,
    published_missing,
    publisher_path_mismatch,
    publisher_unknown,
    rating_version_unknown,
    readme_missing,
    reference_dangling,
    registry_missing,
    replacement_missing,
    replacement_unknown,
    requirement_invalid,
    requirement_unsatisfiable,
    review_subject_mismatch,
    solution_member_unknown,
    source_orphaned,
    starter_pack_file_missing,
    starter_pack_module_unknown,
    template_base_unknown,
    text_unfit,
    toml_invalid,
    value_invalid,
    version_invalid,
    version_path_mismatch,
    version_unknown,
    waiver_expired,
    withdrawal_reason_missing,
    withdrawal_replacement_unknown,
];
