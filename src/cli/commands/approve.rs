//! `shelfmark approve` and `shelfmark request-changes`: records what a curator says of a release.

use crate::cli::Exit;
use crate::cli::context::{Context, Failure};
use crate::cli::curator::{Desk, NEXT, ReleaseName, curator, ensure_fit, parse_release};
use crate::cli::plan;
use crate::cli::registry_source::{now, parse_as_of};
use crate::model::{PackageId, ReviewDecision, Timestamp};
use crate::platform::fs;
use crate::scaffold::{NewReview, review};
use crate::schema::Curator;
use crate::validate::{Registry, is_identity};

/// Record a curator's approval of a release
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  shelfmark approve com.hotcrm.finance@1.2.0 --area security --head refs/pull/7/head
  shelfmark approve com.hotcrm.finance@1.2.0 --area security --as jonas-weber --notes \"read all of it\"

The review names the SHA-256 of the release file, which names that of the artifact: it approves exactly
these bytes, and nothing that comes later. It goes into a pull request of its own, before the release.")]
pub(crate) struct Args {
    #[command(flatten)]
    review: ReviewArgs,
}

/// Record that a curator asks for changes to a release
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  shelfmark request-changes com.hotcrm.finance@1.2.0 --area security --head refs/pull/7/head \\
    --notes \"the connector logs its own password\"

Until the same curator approves another release file, the submission shows as changes-requested.")]
pub(crate) struct RequestArgs {
    #[command(flatten)]
    review: ReviewArgs,
}

#[derive(Debug, clap::Args)]
struct ReviewArgs {
    /// The release
    #[arg(value_name = "ID@VERSION", value_parser = parse_release)]
    release: ReleaseName,
    /// What was reviewed: an area of curators.toml
    #[arg(long, value_name = "AREA")]
    area: String,
    /// In whose name: a curator of the area [default: the only one]
    #[arg(long = "as", value_name = "NAME")]
    curator: Option<String>,
    /// The revision that holds the release [default: the registry's folder as it is]
    #[arg(long, value_name = "REV")]
    head: Option<String>,
    /// What to say about it
    #[arg(long, value_name = "TEXT")]
    notes: Option<String>,
    /// The date [default: now]
    #[arg(long, value_name = "TIME", value_parser = parse_as_of)]
    now: Option<Timestamp>,
    #[command(flatten)]
    desk: Desk,
}

/// Runs `approve`.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    record(&args.review, ReviewDecision::Approve, context)
}

/// Runs `request-changes`.
pub(crate) fn run_request(args: &RequestArgs, context: &Context) -> Result<Exit, Failure> {
    if args.review.notes.as_deref().is_none_or(|notes| notes.trim().is_empty()) {
        return Err(Failure::new(Exit::Usage, "say which changes: nobody can act on a bare no")
            .help("add `--notes \"…\"`"));
    }
    record(&args.review, ReviewDecision::RequestChanges, context)
}

fn record(args: &ReviewArgs, decision: ReviewDecision, context: &Context) -> Result<Exit, Failure> {
    ensure_fit("--notes", args.notes.as_deref())?;
    let registry = args.desk.registry()?;
    let ReleaseName { id, version } = &args.release;
    let curator = curator(&registry, args.curator.as_deref(), &args.area, id)?;
    ensure_disinterested(&registry, curator, id)?;
    let subject = args.desk.digest(&args.release, args.head.as_deref())?;
    let files = review(&NewReview {
        id,
        version,
        area: &args.area,
        curator: &curator.name,
        subject,
        decision,
        date: args.now.unwrap_or_else(now),
        notes: args.notes.as_deref(),
    })?;
    let folder = args.desk.folder()?;
    if let [(path, _)] = files.as_slice() {
        // A curator's later word takes the place of an earlier one.
        if !args.desk.dry_run && fs::is_regular(&folder.join(path)) {
            fs::remove_file(&folder.join(path))?;
            context.remark(&format!("the earlier review by {} is replaced", curator.name));
        }
    }
    plan::write(&folder, &files, args.desk.dry_run, context)?;
    context.remark(NEXT);
    Ok(Exit::Ok)
}

/// Nobody reviews a package of a publisher that they belong to.
fn ensure_disinterested(registry: &Registry, curator: &Curator, id: &PackageId) -> Result<(), Failure> {
    let own = registry
        .publishers
        .values()
        .find(|publisher| publisher.owns(id) && is_identity(publisher, &curator.forge, curator.id));
    match own {
        None => Ok(()),
        Some(publisher) => Err(Failure::new(
            Exit::Usage,
            format!(
                "`{}` is an account of `{}`, and nobody reviews an own package",
                curator.name, publisher.id
            ),
        )
        .help("ask another curator of the area")),
    }
}
