//! `shelfmark decide`: computes the decision of a report again, from its facts.

use crate::cli::Exit;
use crate::cli::context::{Context, Failure, Format};
use crate::diagnostic::render::{TextOptions, escape_json};
use crate::platform::fs;
use crate::review;
use crate::schema::{Facts, ReviewReport};
use std::path::{Path, PathBuf};

/// Compute a decision again from the facts of a report
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  shelfmark review --base main --head HEAD --format json > report.json
  shelfmark decide report.json                 the decision, from the facts alone
  shelfmark decide report.json --explain       every step of it
  shelfmark decide facts.json --format json    the same for a program

The decision is a function of the facts in the report and of nothing else. Edit a fact to see what it
would change. A report of somebody else proves nothing: judge the pull request yourself.

Exit codes: 0 admit, 1 reject, 2 wrong usage, 3 needs review, 4 could not run")]
pub(crate) struct Args {
    /// A report of `shelfmark review --format json`, or its `facts` alone; `-` is standard input
    report: PathBuf,
    /// Print every step
    #[arg(long)]
    explain: bool,
    /// How to print the decision
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// Runs the command.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let facts = read(&args.report)?;
    let decision = review::decide(&facts);
    match args.format {
        Format::Json => {
            let json = serde_json::to_string_pretty(&decision).unwrap_or_default();
            context.print(&format!("{}\n", escape_json(&json)));
        }
        Format::Text => {
            if args.explain {
                let options = TextOptions { color: context.color, width: context.width };
                context.print(&review::render::steps(&decision, options));
            }
            context.print(&format!(
                "{}: {}\n",
                decision.outcome,
                crate::diagnostic::render::neutralize(&decision.summary)
            ));
        }
    }
    Ok(super::review::exit_of(decision.outcome, &facts))
}

fn read(path: &Path) -> Result<Facts, Failure> {
    let bytes = if path == Path::new("-") { fs::read_stdin() } else { fs::read(path) };
    let bytes = bytes.map_err(|error| Failure {
        causes: vec![error.to_string()],
        ..Failure::new(Exit::CouldNotRun, format!("cannot read `{}`", path.display()))
    })?;
    let report = serde_json::from_slice::<ReviewReport>(&bytes).map(|report| report.facts);
    report.or_else(|error| serde_json::from_slice::<Facts>(&bytes).map_err(|_| error)).map_err(|error| {
        Failure {
            causes: vec![error.to_string()],
            ..Failure::new(Exit::CouldNotRun, format!("`{}` is no report of a review", path.display()))
        }
        .help("shelfmark review --base main --head HEAD --format json > report.json")
    })
}
