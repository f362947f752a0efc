//! `shelfmark review`: judges a pull request, the same on a laptop as in
//! continuous integration.

use crate::artifact::store::Artifacts;
use crate::cli::Exit;
use crate::cli::artifact_source::{Archives, ArtifactSource};
use crate::cli::context::{Context, Failure};
use crate::cli::gate::{GateSource, ensure_readable, network};
use crate::cli::registry_source::{RegistrySource, base_url, now, parse_as_of};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::render::{self, TextOptions};
use crate::model::Timestamp;
use crate::platform::fs;
use crate::review::{self, ReviewInput};
use crate::scan::{self, Knowledge, ReportCache, Scans};
use crate::schema::{Facts, Outcome, ReviewReport};
use crate::source::{ChangeSet, ObjectId, Side, Snapshot};
use crate::validate::{self, Actor, ChangeContext, Circumstances, Proposal, ReadSide};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// Judge a pull request: admit, needs review, or reject, with every reason
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  shelfmark review --base main --head my-branch --actor github:octo#583231
  shelfmark review --base main --head refs/pull/7/head --format markdown
  shelfmark review --base main --head HEAD --explain         every step of the decision
  shelfmark review --base main --head HEAD --format json > report.json
  shelfmark decide report.json --explain                     the same decision, computed again

Both revisions are read as git objects: nothing is checked out, and head is merged into base in memory.
Policy, curators, publishers, reviews and waivers count as they stand on the base. `--actor` says who
proposes the change, as the forge knows the account; without it nothing is admitted, and the report says
for whom it would be.

Exit codes: 0 admit, 1 reject, 2 wrong usage, 3 needs review, 4 could not run, 5 rejected because
a digest or signature is wrong")]
pub(crate) struct Args {
    #[command(flatten)]
    gate: GateSource,
    /// The revision that is merged into
    #[arg(long, value_name = "REV", default_value = "main")]
    base: String,
    /// The revision that is proposed
    #[arg(long, value_name = "REV", default_value = "HEAD")]
    head: String,
    /// Who proposes it, as the forge knows the account
    #[arg(long, value_name = "FORGE:LOGIN#ID")]
    actor: Option<Actor>,
    /// The moment of the verdict [default: the present]
    #[arg(long, value_name = "TIME", value_parser = parse_as_of)]
    now: Option<Timestamp>,
    /// When the pull request was opened: timers run from here [default: no timer is applied]
    #[arg(long, value_name = "TIME", value_parser = parse_as_of)]
    opened: Option<Timestamp>,
    #[command(flatten)]
    artifact_source: ArtifactSource,
    /// Download the artifacts that are not here
    #[arg(long)]
    online: bool,
    /// Print every step of the decision
    #[arg(long)]
    explain: bool,
    /// Apply every safe fix to the files of the registry's folder
    #[arg(long)]
    fix: bool,
    /// How to print the report
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: ReviewFormat,
}

/// How a report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum ReviewFormat {
    /// For people
    #[default]
    Text,
    /// For programs: one document, frozen as version 1
    Json,
    /// SARIF 2.1.0, for code scanning pages
    Sarif,
    /// Workflow commands, shown beside the lines of a pull request
    Github,
    /// For the one comment on a pull request
    Markdown,
}

/// What is judged, and by which circumstances.
pub(crate) struct Options<'a> {
    pub(crate) gate: &'a GateSource,
    pub(crate) base: &'a str,
    pub(crate) head: &'a str,
    pub(crate) actor: Option<Actor>,
    pub(crate) now: Timestamp,
    pub(crate) opened: Option<Timestamp>,
    pub(crate) artifact_source: &'a ArtifactSource,
    pub(crate) online: bool,
}

/// A judged pull request.
pub(crate) struct Judged {
    pub(crate) report: ReviewReport,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The report in the form that was asked for.
    pub(crate) text: String,
    /// The changed files after the merge.
    files: BTreeMap<Arc<str>, ObjectId>,
}

impl Judged {
    /// Returns whether a folder has a changed file as it was judged.
    fn is_in(&self, folder: &Path, path: &str) -> bool {
        let here = fs::read(&folder.join(path)).ok().and_then(|bytes| ObjectId::of_blob(&bytes).ok());
        here.is_some() && here == self.files.get(path).copied()
    }
}

/// Runs the command.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let options = Options {
        gate: &args.gate,
        base: &args.base,
        head: &args.head,
        actor: args.actor.clone(),
        now: args.now.unwrap_or_else(now),
        opened: args.opened,
        artifact_source: &args.artifact_source,
        online: args.online,
    };
    let judged = judge(&options, args.format, context)?;
    context.print(&judged.text);
    if args.explain && args.format == ReviewFormat::Text {
        let style = TextOptions { color: context.color, width: context.width };
        context.print(&format!("\n{}", review::render::steps(&judged.report.decision, style)));
    }
    if args.fix {
        let folder = args.gate.source()?.folder()?;
        context.remark(&format!(
            "fixes go into the files of `{}`, as far as they are those of `{}`",
            folder.display(),
            args.head
        ));
        let (same, other): (Vec<Diagnostic>, Vec<Diagnostic>) =
            judged.diagnostics.iter().cloned().partition(|one| judged.is_in(&folder, &one.location.path));
        for path in other.iter().filter(|one| one.fix.is_some()).map(|one| &one.location.path) {
            context.remark(&format!("`{path}` is not as `{}` has it, and stays as it is", args.head));
        }
        super::check::apply_fixes(&folder, &same, "commit, and run the same command again", context)?;
    }
    Ok(exit_of(judged.report.decision.outcome, &judged.report.facts))
}

/// What is said of bytes that are not those that were promised.
const UNVERIFIED: [&str; 2] = ["artifact-digest-mismatch", "signature-invalid"];

/// Returns the exit code of an outcome from these facts.
pub(crate) fn exit_of(outcome: Outcome, facts: &Facts) -> Exit {
    let is_unverified = || facts.problems.iter().any(|problem| UNVERIFIED.contains(&problem.rule.as_str()));
    match outcome {
        Outcome::Admit => Exit::Ok,
        Outcome::NeedsReview => Exit::NeedsReview,
        Outcome::Reject if is_unverified() => Exit::VerificationFailed,
        Outcome::Reject => Exit::Rejected,
    }
}

/// Judges without printing anything.
pub(crate) fn examine_all(options: &Options<'_>, context: &Context) -> Result<ReviewReport, Failure> {
    judge(options, ReviewFormat::Json, context).map(|judged| judged.report)
}

/// Reads both sides and judges.
pub(crate) fn judge(
    options: &Options<'_>,
    format: ReviewFormat,
    context: &Context,
) -> Result<Judged, Failure> {
    judge_changes(options.gate.changes(options.base, options.head)?, options, format, context)
}

/// Judges what would change, wherever that was read.
pub(crate) fn judge_changes(
    changes: ChangeSet,
    options: &Options<'_>,
    format: ReviewFormat,
    context: &Context,
) -> Result<Judged, Failure> {
    let source = options.gate.source()?;
    let state = options.artifact_source.state_folder(&source)?;
    let mut proposal = options.gate.read(changes, &state)?;
    ensure_readable(&proposal)?;
    let circumstances =
        Circumstances { actor: options.actor.clone(), now: options.now, opened: options.opened };
    let bench = Bench { options, source: &source, context };
    bench.read_archives(&mut proposal, &circumstances)?;
    bench.judge(&mut proposal, &circumstances, format)
}

/// Where artifacts come from while a pull request is judged.
struct Bench<'a> {
    options: &'a Options<'a>,
    source: &'a RegistrySource,
    context: &'a Context,
}

impl Bench<'_> {
    fn judge(
        &self,
        proposal: &mut Proposal,
        circumstances: &Circumstances,
        format: ReviewFormat,
    ) -> Result<Judged, Failure> {
        let diagnostics = validate::judge_change(proposal, circumstances);
        let proposal = &*proposal;
        let change = ChangeContext::new(proposal, circumstances);
        let sides = [&proposal.base, &proposal.merged];
        let settings = &proposal.base.registry.settings;
        let [base, merged] = sides.map(|side| self.artifacts(&side.snapshot, settings));
        let artifacts = [base?, merged?];
        let knowledge = Knowledge::of(&proposal.base.registry, Vec::new());
        let cache = artifacts[0].state().map(|state| ReportCache::new(state, &knowledge));
        let scans = Scans::new(knowledge, cache);
        let snapshots = sides.map(|side| &side.snapshot);
        let examined = review::examine(&change, snapshots, [&artifacts[0], &artifacts[1]], &scans)?;
        let archives = Archives::new(&artifacts[1], &proposal.merged.snapshot, &proposal.merged.registry);
        let source = |path: &str| change.text(Side::Merged, path).or_else(|| archives.text(path));
        let base = |path: &str| change.text(Side::Base, path);
        let site = base_url(None, &proposal.base.registry);
        let rendering = render::Context { source: &source, base: &base, base_url: site };
        let report = review::review(&ReviewInput {
            context: &change,
            diagnostics: &diagnostics,
            examined: &examined,
            rendering: &rendering,
        });
        let style = TextOptions { color: self.context.color, width: self.context.width };
        let text = match format {
            ReviewFormat::Text => {
                let waivers = scan::waivers(&proposal.base.registry);
                review::render::text(&report, &diagnostics, &waivers, &rendering, style)
            }
            ReviewFormat::Json => review::render::json(&report),
            ReviewFormat::Sarif => review::render::sarif(&report, &diagnostics, &rendering),
            ReviewFormat::Github => review::render::github(&report),
            ReviewFormat::Markdown => review::render::markdown(&report),
        };
        let files = &proposal.changes.changes;
        let files =
            files.iter().filter_map(|change| Some((Arc::clone(&change.path), change.head.as_ref()?.id)));
        let files = files.collect();
        Ok(Judged { report, diagnostics, text, files })
    }

    /// Looks into the archives of the new releases and of those they are compared with.
    fn read_archives(&self, proposal: &mut Proposal, circumstances: &Circumstances) -> Result<(), Failure> {
        let change = ChangeContext::new(proposal, circumstances);
        let names: BTreeSet<String> = change
            .new_releases()
            .flat_map(|new| {
                let normal = validate::normal_before(new.package, &new.release.version);
                [Some(new.release), new.before, normal]
            })
            .flatten()
            .map(validate::registry::Release::name)
            .collect();
        let is_wanted = |release: &validate::registry::Release| names.contains(&release.name());
        // The store is the base's: a pull request cannot name another.
        let settings = std::mem::take(&mut proposal.base.registry.settings);
        for side in [&mut proposal.base, &mut proposal.merged] {
            let ReadSide { snapshot, registry, found } = side;
            let artifacts = self.artifacts(snapshot, &settings)?;
            validate::read_some(registry, snapshot, &artifacts, &is_wanted, &|| (), found)?;
        }
        proposal.base.registry.settings = settings;
        Ok(())
    }

    fn artifacts<'s>(
        &self,
        snapshot: &'s Snapshot,
        settings: &validate::registry::Settings,
    ) -> Result<Artifacts<'s>, Failure> {
        let network = network(self.options.online);
        self.options.artifact_source.open(self.source, snapshot, settings, network, self.context)
    }
}
