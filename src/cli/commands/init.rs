//! `shelfmark init`.

use crate::cli::Exit;
use crate::cli::context::{Context, Failure};

/// init
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// Runs the command.
pub(crate) fn run(_: &Args, _: &Context) -> Result<Exit, Failure> {
    Ok(Exit::Ok)
}
