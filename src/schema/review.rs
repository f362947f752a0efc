//! The report of `shelfmark review --format json`: what a pull request changes,
//! what was found, the facts the decision rests on, and the decision. Keys are
//! snake_case and always present. Version 1 is frozen: later versions of the
//! program may add keys, and change or remove none.

use super::{Counts, Differential, ScanReport};
use crate::model::{ReviewDecision, RuleLevel, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What `shelfmark review` says of a pull request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewReport {
    /// The format's version: 1.
    pub v: u32,
    /// Name of the registry, as the base has it.
    pub registry: String,
    /// Folder of the registry in its repository, empty at the top.
    pub folder: String,
    /// What is merged into.
    pub base: RevisionEntry,
    /// What is merged.
    pub head: RevisionEntry,
    /// Id of their best common ancestor.
    pub merge_base: String,
    /// What follows from the facts, and why.
    pub decision: DecisionEntry,
    /// Everything the decision is computed from: `shelfmark decide` computes it again.
    pub facts: Facts,
    /// The releases it would add, by id and version.
    pub releases: Vec<ReleaseReport>,
    /// The files it would change.
    pub changes: ChangesEntry,
    /// What the rules say, by file and place.
    pub diagnostics: Vec<DiagnosticEntry>,
}

/// One revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RevisionEntry {
    /// As the caller named it.
    pub revision: String,
    /// The commit id.
    pub commit: String,
}

/// Files of a change set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangesEntry {
    /// Files that are new.
    pub added: u64,
    /// Files with other contents.
    pub modified: u64,
    /// Files that go.
    pub removed: u64,
    /// The files by path, at most 500.
    pub files: Vec<ChangedFile>,
}

/// One changed file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangedFile {
    /// Path from the registry's folder; of a file outside, from the top of the repository.
    pub path: String,
    /// `added`, `modified` or `removed`.
    pub change: String,
}

/// One thing a rule says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DiagnosticEntry {
    /// The rule's id.
    pub rule: String,
    /// What it leads to.
    pub level: RuleLevel,
    /// The sentence.
    pub message: String,
    /// Path from the registry's folder.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
    /// Column in characters, from 1.
    pub column: u64,
    /// Why it matters.
    pub notes: Vec<String>,
    /// The exact edit or command.
    pub help: Option<String>,
    /// Address of the rule's page.
    pub why: String,
    /// Whether `--fix` corrects it.
    pub fixable: bool,
}

/// What is known of one new release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReleaseReport {
    /// `id@version`.
    pub release: String,
    /// The kind.
    pub kind: String,
    /// The publisher's id.
    pub publisher: String,
    /// The version it is compared with; null for a first release.
    pub before: Option<String>,
    /// Permissions it asks for that the version before did not, each with its class in the policy, or null.
    pub permissions_added: BTreeMap<String, Option<String>>,
    /// Permissions it no longer asks for.
    pub permissions_removed: Vec<String>,
    /// What the scan found; null where the artifact cannot be had.
    pub scan: Option<ScanReport>,
    /// What changed inside the artifact; null without a scan.
    pub differential: Option<Differential>,
}

/// Everything a decision is computed from. A decision is a function of this and of nothing else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Facts {
    /// The format's version: 1.
    pub v: u32,
    /// The commit that is proposed.
    pub head: String,
    /// The moment of the decision.
    #[schemars(with = "String")]
    pub now: Timestamp,
    /// When the pull request was opened, if that is known.
    #[schemars(with = "Option<String>")]
    pub opened: Option<Timestamp>,
    /// Who proposes it; null where nobody knows.
    pub actor: Option<ActorFact>,
    /// What the rules say, of level review and above.
    pub problems: Vec<ProblemFact>,
    /// The releases it would add.
    pub releases: Vec<ReleaseFact>,
    /// Files that need a curator as actor, each with the area.
    pub authority: Vec<AuthorityFact>,
    /// Accounts of the publishers of the packages it touches, as `@login`.
    #[serde(default)]
    pub owners: Vec<String>,
    /// Curators on the base, in the order of `curators.toml`.
    pub curators: Vec<CuratorFact>,
    /// Minutes that an owner's bump stays open before it is admitted.
    pub owner_bump_minutes: u64,
    /// Hours that a new package stays open before it is admitted.
    pub new_package_hours: u64,
}

/// The author of a pull request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ActorFact {
    /// `forge:login#id`.
    pub account: String,
    /// Name in `curators.toml` of the base, for a curator.
    pub curator: Option<String>,
}

/// One thing that a rule says, as far as the decision needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProblemFact {
    /// The rule's id.
    pub rule: String,
    /// What it leads to under the base's policy.
    pub level: RuleLevel,
    /// Who decides about it: an area of `curators.toml`.
    pub area: String,
    /// The file.
    pub file: String,
    /// The package it is about, if it is about one.
    pub package: Option<String>,
    /// The new release it is about, if it is about one.
    pub release: Option<String>,
    /// Who granted the waiver that lifts it; null without one. A level of `forbid` cannot be lifted.
    pub waived_by: Option<String>,
    /// Names of curators who are accounts of the package's publisher, and so decide nothing about it.
    #[serde(default)]
    pub conflicted: Vec<String>,
}

/// A curator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CuratorFact {
    /// The name used in review files.
    pub name: String,
    /// `forge#id`.
    pub account: String,
    /// What they decide.
    pub areas: Vec<String>,
    /// Where; `*` is everywhere.
    pub prefixes: Vec<String>,
}

/// A file that only a curator may propose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuthorityFact {
    /// The file.
    pub file: String,
    /// The area.
    pub area: String,
    /// The package it is about, if it is about one.
    pub package: Option<String>,
}

/// A new release, as far as the decision needs it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReleaseFact {
    /// `id@version`.
    pub release: String,
    /// The package id.
    pub package: String,
    /// The publisher's id.
    pub publisher: String,
    /// SHA-256 of the release file, which reviews bind to.
    pub subject: String,
    /// Whether the base has no release of the package.
    pub is_new_package: bool,
    /// Whether the actor is one of the publisher's accounts.
    pub is_by_owner: bool,
    /// Accounts of the publisher, as `@login`.
    pub owners: Vec<String>,
    /// What it may do that the version before might not, in words.
    pub widens: Vec<String>,
    /// Areas that a first release of its kind, and one that widens, is reviewed in.
    pub areas: Vec<String>,
    /// Whether it has an artifact.
    pub has_artifact: bool,
    /// What the scan found; null where the artifact could not be had.
    pub scan: Option<ScanFact>,
    /// Reviews on the base by curators of the area who are no accounts of the publisher: approvals of exactly
    /// this release file, and objections to the version.
    pub reviews: Vec<ReviewFact>,
    /// Names of curators who are accounts of the publisher, and so may not review it.
    pub conflicted: Vec<String>,
}

/// A scan, as far as the decision needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ScanFact {
    /// Findings by severity.
    pub counts: Counts,
    /// Critical findings by check.
    pub criticals: BTreeMap<String, u32>,
    /// Points to publish.
    pub threshold: u8,
    /// Score of the version before; null without one.
    pub score_before: Option<u8>,
    /// Ids of waivers in force on the base, each with who granted it.
    pub waivers: BTreeMap<String, String>,
}

/// A recorded review that counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReviewFact {
    /// What was reviewed.
    pub area: String,
    /// By whom.
    pub curator: String,
    /// What was said.
    pub decision: ReviewDecision,
    /// When.
    #[schemars(with = "String")]
    pub date: Timestamp,
    /// What the reviewer wants to say.
    pub notes: Option<String>,
}

crate::model::term!(
    /// What becomes of a pull request, ascending in strictness.
    Outcome {
        /// It may be merged with nobody looking at it again.
        Admit = "admit",
        /// A named person decides, or time has to pass.
        NeedsReview = "needs-review",
        /// It cannot be merged as it is.
        Reject = "reject",
    }
);

crate::model::term!(
    /// Where a submission stands.
    SubmissionState {
        /// Nothing is missing but time, or who proposes it.
        Pending = "pending",
        /// The artifact has not been looked into.
        Scanning = "scanning",
        /// Curators are asked.
        InReview = "in-review",
        /// A curator asked for changes.
        ChangesRequested = "changes-requested",
        /// It may be merged.
        Approved = "approved",
        /// It cannot be merged as it is.
        Rejected = "rejected",
    }
);

/// What follows from the facts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DecisionEntry {
    /// What becomes of the pull request.
    pub outcome: Outcome,
    /// Where it stands.
    pub state: SubmissionState,
    /// One sentence.
    pub summary: String,
    /// Who or what is awaited.
    pub needs: Vec<NeedEntry>,
    /// The arithmetic, in the order it was done: the outcome is the strictest of its effects.
    pub steps: Vec<StepEntry>,
}

/// Who or what is awaited.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NeedEntry {
    /// The area that decides; `owner` for the publisher's word, `artifact`, `actor` or `time` for what no curator gives.
    pub area: String,
    /// What it is about: `id@version`, or a file.
    pub about: String,
    /// Who may decide.
    pub who: Vec<String>,
    /// Why they are asked.
    pub why: Vec<String>,
    /// Since when it is awaited, if that is known.
    #[schemars(with = "Option<String>")]
    pub since: Option<Timestamp>,
    /// When it ends by itself.
    #[schemars(with = "Option<String>")]
    pub until: Option<Timestamp>,
    /// Whether changes were asked for.
    pub changes_requested: bool,
    /// The command that gives it.
    pub command: Option<String>,
}

/// One step of the arithmetic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StepEntry {
    /// What it is about.
    pub about: String,
    /// What is the case.
    pub fact: String,
    /// What that leads to.
    pub effect: Outcome,
}
