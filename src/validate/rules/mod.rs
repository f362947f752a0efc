//! The rules: one file each, holding the rule's id, level, documentation and
//! check. Adding a rule is a file and a row of [`ALL`].
//!
//! Rules raised while files are read and parsed have no check of their own
//! ([`Check::Loading`]).

pub(super) use super::change::ChangeContext;
use super::registry::{Package, Registry, Release};
use crate::diagnostic::Diagnostic;
use crate::model::{RuleLevel, Timestamp};
use std::collections::BTreeSet;
use std::sync::Arc;

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

impl Rule {
    /// Returns whether `--fix` can mend what it says, where only one reading is left.
    pub fn has_fix(&self) -> bool {
        MENDED.contains(&self.id)
    }

    /// Returns whether a waiver for one package lifts it: rules that are asked
    /// once, at the gate. What is asked of the whole registry at every build
    /// would be told again, and again when the waiver ends.
    pub fn is_waivable(&self) -> bool {
        let is_about_a_package = !ABOUT_NO_PACKAGE.contains(&self.id);
        matches!(self.check, Check::Change(_)) && self.level != RuleLevel::Forbid && is_about_a_package
    }
}

/// Rules about changes that no waiver for a package can name.
const ABOUT_NO_PACKAGE: [&str; 5] =
    ["change-mixed", "change-outside-registry", "level-raised", "prefix-covers-package", "publishers-mixed"];

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
    /// Looks at a pull request: asked by `shelfmark review` alone.
    Change(fn(&ChangeContext<'_>, &mut Vec<Diagnostic>)),
}

/// What a rule may look at.
pub struct Context<'a> {
    /// The registry as loaded; files that did not parse are missing from it.
    pub registry: &'a Registry,
    /// Paths of the releases that a change would add; none where a registry is judged as it is.
    pub new: &'a BTreeSet<Arc<str>>,
    /// The moment by which anything dated is judged.
    pub as_of: Timestamp,
}

/// Rules of which some diagnostics have a safe fix.
const MENDED: [&str; 6] = [
    "file-not-regular",
    "key-missing",
    "key-unknown",
    "license-not-spdx",
    "published-out-of-range",
    "value-invalid",
];

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
    actor_not_owner,
    agent_collaborator_unknown,
    alt_text_missing,
    amendment_gap,
    amendment_unknown_dependency,
    amendment_widens,
    archived_package_released,
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
    audience_widened,
    authority_not_alone,
    authority_not_curator,
    bump_too_small,
    category_missing,
    category_unknown,
    change_mixed,
    change_outside_registry,
    change_too_large,
    changelog_entry_missing,
    closure_withdrawn,
    collection_package_unknown,
    configuration_missing,
    dependencies_unsolvable,
    dependency_cycle,
    dependency_self,
    dependency_unbounded,
    dependency_unknown,
    dependency_withdrawn,
    dependents_broken,
    description_missing,
    evidence_contested,
    evidence_unchecked,
    evidence_weaker,
    example_missing,
    file_not_regular,
    file_too_large,
    format_unsupported,
    id_invalid,
    id_path_mismatch,
    id_reserved,
    image_too_large,
    json_invalid,
    key_missing,
    key_unknown,
    kind_changed,
    kind_table_missing,
    kind_table_unexpected,
    level_raised,
    license_deprecated,
    license_file_missing,
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
    media_unsafe,
    merge_conflict,
    metadata_invalid,
    metadata_namespace_missing,
    migration_notes_missing,
    name_fold_collision,
    name_look_alike,
    namespace_collision,
    namespace_dropped,
    namespace_invalid,
    namespace_reserved,
    namespace_taken,
    near_duplicate,
    newest_yanked,
    path_case_collision,
    path_forbidden,
    path_unexpected,
    permission_added,
    placeholder_left,
    platform_missing,
    platform_unsatisfiable,
    policy_level_forbidden,
    policy_orphaned,
    policy_rule_unknown,
    predecessor_unavailable,
    prefix_covers_package,
    prefix_not_owned,
    prefix_overlap,
    prefix_shared,
    prerelease_unusual,
    publish_not_allowed,
    published_missing,
    published_out_of_range,
    publisher_path_mismatch,
    publisher_unknown,
    publishers_mixed,
    rating_not_own,
    rating_own_package,
    rating_package_unknown,
    rating_version_unknown,
    readme_missing,
    record_changed,
    reference_dangling,
    registry_missing,
    release_changed,
    release_removed,
    replacement_missing,
    replacement_unknown,
    replacement_withdrawn,
    requirement_invalid,
    requirement_unsatisfiable,
    resolution_undecided,
    review_of_another,
    review_own_package,
    review_subject_mismatch,
    signature_invalid,
    signature_missing,
    solution_member_unknown,
    source_changed,
    source_orphaned,
    starter_pack_file_missing,
    starter_pack_module_unknown,
    suspension_lifted,
    template_base_unknown,
    text_unfit,
    toml_invalid,
    tree_malformed,
    value_invalid,
    version_backwards,
    version_first_unusual,
    version_invalid,
    version_path_mismatch,
    version_reused,
    version_skipped,
    version_unknown,
    waiver_expired,
    withdrawal_lifted,
    withdrawal_reason_missing,
    withdrawal_reason_vague,
    withdrawal_replacement_unknown,
];
