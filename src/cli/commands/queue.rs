//! `shelfmark queue`: the open submissions, the oldest first, each with where it
//! stands and who is awaited.

use super::review::{Options, examine_all};
use crate::cli::Exit;
use crate::cli::artifact_source::ArtifactSource;
use crate::cli::context::{Context, Failure, Format};
use crate::cli::gate::{GateSource, ensure_readable, network};
use crate::cli::registry_source::{now, parse_as_of};
use crate::diagnostic::nearest;
use crate::diagnostic::render::{escape_json, neutralize};
use crate::model::Timestamp;
use crate::review::area;
use crate::review::decision::ACTOR;
use crate::schema::{NeedEntry, Outcome, ReviewReport, SubmissionState};
use crate::site::{QueueEntry, QueueNeed};
use crate::source::{Error, Repository};
use crate::validate::{ReadSide, Registry};
use std::collections::BTreeSet;

/// List the open submissions, the oldest first: state, score, and who is awaited
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  git fetch origin '+refs/pull/*/head:refs/pull/*/head'
  shelfmark queue                              local branches and fetched pull requests against main
  shelfmark queue --area security              only what security is asked about
  shelfmark queue --format json

A branch that adds nothing to the base is left out. Who proposes a branch is not known here, so that a
submission shows as pending where nothing else is missing.

Exit codes: 0 listed, 2 wrong usage, such as an area that nobody decides in, 4 could not run")]
pub(crate) struct Args {
    #[command(flatten)]
    gate: GateSource,
    /// The revision that submissions are merged into
    #[arg(long, value_name = "REV", default_value = "main")]
    base: String,
    /// Only submissions that wait for this area, such as security or code
    #[arg(long, value_name = "AREA")]
    area: Option<String>,
    /// The moment ages are counted from [default: the present]
    #[arg(long, value_name = "TIME", value_parser = parse_as_of)]
    now: Option<Timestamp>,
    #[command(flatten)]
    artifact_source: ArtifactSource,
    /// How to print the list
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// One open submission.
pub(crate) struct Submission {
    /// The reference.
    pub(crate) name: String,
    /// When its head was committed, as its author says.
    pub(crate) since: Timestamp,
    /// What a review says of it; words where it could not be judged.
    pub(crate) report: Result<ReviewReport, String>,
}

/// Runs the command.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let moment = args.now.unwrap_or_else(now);
    if let Some(area) = &args.area {
        ensure_area(&base_of(&args.gate, &args.artifact_source, &args.base, context)?, area)?;
    }
    let mut open = submissions(&args.gate, &args.artifact_source, &args.base, moment, context)?;
    if let Some(area) = &args.area {
        open.retain(|one| {
            one.report
                .as_ref()
                .is_ok_and(|report| report.decision.needs.iter().any(|need| need.area == *area))
        });
    }
    match args.format {
        Format::Text => open.iter().for_each(|one| context.print(&row(one, moment))),
        Format::Json => open.iter().for_each(|one| context.print(&json(one))),
    }
    if args.format == Format::Text {
        context.remark(&format!("{} open", super::check::plural(open.len() as u64, "submission")));
    }
    Ok(Exit::Ok)
}

/// Reads the base, which has to be a registry: otherwise nothing can be judged by
/// it, and that is no matter of any one submission.
fn base_of(
    gate: &GateSource,
    artifact_source: &ArtifactSource,
    base: &str,
    context: &Context,
) -> Result<Registry, Failure> {
    let source = gate.source()?;
    let changes = gate.changes(base, base)?;
    let proposal = gate.read(changes, &artifact_source.state_folder(&source)?)?;
    ensure_readable(&proposal)?;
    let ReadSide { snapshot, registry, .. } = proposal.base;
    artifact_source.open(&source, &snapshot, &registry.settings, network(false), context)?;
    Ok(registry)
}

/// Refuses an area that nothing can wait for.
fn ensure_area(registry: &Registry, area: &str) -> Result<(), Failure> {
    let known = area::known(registry);
    if known.contains(area) {
        return Ok(());
    }
    let all = known.iter().map(|area| format!("`{}`", neutralize(area))).collect::<Vec<_>>().join(", ");
    let help = match nearest(area, known.iter().map(String::as_str)) {
        Some(close) => format!("did you mean `{close}`? the areas are {all}"),
        None => format!("the areas are {all}"),
    };
    Err(Failure::new(Exit::Usage, format!("`{area}` is no area of this registry")).help(help))
}

/// Judges every local branch and fetched pull request that adds something to the base.
pub(crate) fn submissions(
    gate: &GateSource,
    artifact_source: &ArtifactSource,
    base: &str,
    moment: Timestamp,
    context: &Context,
) -> Result<Vec<Submission>, Failure> {
    base_of(gate, artifact_source, base, context)?;
    let (repository, _) = gate.repository()?;
    let into = repository.commit(base)?;
    // Nothing is judged by a moment before it was proposed.
    let times = repository.proposals().into_iter().filter_map(|(_, id)| repository.time_of(id).ok());
    let newest = times.max().and_then(Timestamp::from_unix_seconds);
    let moment = newest.map_or(moment, |newest| newest.max(moment));
    let mut open = Vec::new();
    let proposals = repository.proposals();
    let pulled: BTreeSet<_> =
        proposals.iter().filter(|(name, _)| name.starts_with("refs/pull/")).map(|(_, id)| *id).collect();
    for (name, id) in proposals {
        // A pull request may have been fetched as a branch, too.
        let is_told = name.starts_with("refs/heads/") && pulled.contains(&id);
        if is_told || id == into.id || is_merged(&repository, &name, &into)? {
            continue;
        }
        let seconds = repository.time_of(id).unwrap_or(0);
        let since = Timestamp::from_unix_seconds(seconds).unwrap_or(Timestamp::EPOCH);
        let options = Options {
            gate,
            base,
            head: &name,
            actor: None,
            now: moment,
            opened: Some(since),
            artifact_source,
            online: false,
        };
        let report = examine_all(&options, context).map_err(|failure| failure.message);
        if !report.as_ref().is_ok_and(|report| report.changes.files.is_empty()) {
            open.push(Submission { name, since, report });
        }
    }
    open.sort_by(|a, b| (a.since, &a.name).cmp(&(b.since, &b.name)));
    Ok(open)
}

/// Whether the base has all commits of a branch.
fn is_merged(repository: &Repository, name: &str, into: &crate::source::Commit) -> Result<bool, Failure> {
    let head = repository.commit(name)?;
    match repository.merge_base(into, &head) {
        Ok(common) => Ok(common == head.id),
        Err(Error::NoMergeBase { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Returns the name that people use for a reference.
pub(crate) fn short(name: &str) -> &str {
    name.strip_prefix("refs/heads/").or_else(|| name.strip_prefix("refs/")).unwrap_or(name)
}

/// Returns how long ago, in the largest unit that fits.
pub(crate) fn age(since: Timestamp, moment: Timestamp) -> String {
    let minutes = (moment.unix_seconds() - since.unix_seconds()).max(0) / 60;
    match minutes {
        0..=119 => format!("{minutes} min"),
        120..=2_879 => format!("{} h", minutes / 60),
        _ => format!("{} d", minutes / 1_440),
    }
}

/// Most people who are named for an area.
const NAMED: usize = 3;

/// Returns what is awaited, without what only the forge knows. Nothing is, where a submission is rejected.
fn awaited_needs(report: &ReviewReport) -> impl Iterator<Item = &NeedEntry> {
    let is_open = report.decision.outcome != Outcome::Reject;
    report.decision.needs.iter().filter(move |need| is_open && need.area != ACTOR)
}

/// Returns the areas that are awaited and who may decide.
fn awaited(report: &ReviewReport) -> Vec<String> {
    let mut words: Vec<String> = awaited_needs(report).map(area_and_people).collect();
    words.sort();
    words.dedup();
    words
}

/// Returns why a submission is rejected: one sentence for each reason.
fn reasons(report: &ReviewReport) -> Vec<String> {
    let rejecting = report.decision.steps.iter().filter(|step| step.effect == Outcome::Reject);
    let mut reasons: Vec<String> = rejecting.map(|step| step.fact.clone()).collect();
    reasons.dedup();
    reasons
}

/// Returns the area, and who of it may decide.
fn area_and_people(need: &NeedEntry) -> String {
    let mut who: Vec<String> = need.who.iter().take(NAMED).cloned().collect();
    if need.who.len() > NAMED {
        who.push(format!("{} more", need.who.len() - NAMED));
    }
    if who.is_empty() { need.area.clone() } else { format!("{} ({})", need.area, who.join(", ")) }
}

/// Returns the lowest score of the releases.
pub(crate) fn score(report: &ReviewReport) -> Option<u8> {
    report.releases.iter().filter_map(|release| release.scan.as_ref()).map(|scan| scan.score).min()
}

/// Returns what a submission brings, in words.
pub(crate) fn brings(report: &ReviewReport) -> String {
    match report.releases.as_slice() {
        [] => super::check::plural(
            report.changes.added + report.changes.modified + report.changes.removed,
            "file",
        ),
        [one] => one.release.clone(),
        [one, rest @ ..] => format!("{} and {} more", one.release, rest.len()),
    }
}

/// Returns what the page shows of a submission.
pub(crate) fn entry(one: &Submission) -> QueueEntry {
    let (name, since) = (short(&one.name).to_owned(), one.since.day());
    match &one.report {
        Err(reason) => QueueEntry {
            name,
            since,
            state: SubmissionState::Pending,
            score: None,
            brings: "not judged".to_owned(),
            summary: reason.clone(),
            reasons: Vec::new(),
            needs: Vec::new(),
        },
        Ok(report) => QueueEntry {
            name,
            since,
            state: report.decision.state,
            score: score(report),
            brings: brings(report),
            summary: report.decision.summary.clone(),
            reasons: reasons(report),
            needs: awaited_needs(report)
                .map(|need| QueueNeed {
                    area: need.area.clone(),
                    who: need.who.clone(),
                    why: need.why.clone(),
                })
                .collect(),
        },
    }
}

fn row(one: &Submission, moment: Timestamp) -> String {
    let age = age(one.since, moment);
    let name = neutralize(short(&one.name));
    let line = match &one.report {
        Err(reason) => format!("{age:>6}  {:<17} {name}: {}", "not judged", neutralize(reason)),
        Ok(report) => {
            let score = score(report).map_or("–".to_owned(), |score| score.to_string());
            let (awaited, reasons) = (awaited(report), reasons(report));
            let awaited = if !reasons.is_empty() {
                let more = reasons.len().saturating_sub(NAMED);
                let more = if more > 0 { format!("; and {more} more") } else { String::new() };
                let named: Vec<_> = reasons.into_iter().take(NAMED).collect();
                format!("  {}{more}", neutralize(&named.join("; ")))
            } else if awaited.is_empty() {
                String::new()
            } else {
                format!("  waits for {}", neutralize(&awaited.join("; ")))
            };
            let state: SubmissionState = report.decision.state;
            format!(
                "{age:>6}  {:<17} {score:>3}  {name}: {}{awaited}",
                state.as_str(),
                neutralize(&brings(report))
            )
        }
    };
    format!("{}\n", line.replace('\n', " "))
}

fn json(one: &Submission) -> String {
    let value = match &one.report {
        Err(reason) => {
            serde_json::json!({"v": 1, "reference": one.name, "since": one.since, "error": reason})
        }
        Ok(report) => serde_json::json!({
            "v": 1,
            "reference": one.name,
            "since": one.since,
            "commit": report.head.commit,
            "state": report.decision.state,
            "outcome": report.decision.outcome,
            "summary": report.decision.summary,
            "releases": report.releases.iter().map(|release| &release.release).collect::<Vec<_>>(),
            "score": score(report),
            "needs": report.decision.needs,
        }),
    };
    format!("{}\n", escape_json(&value.to_string()))
}
