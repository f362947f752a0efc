//! The command line: the only place with a terminal, a clock, an environment
//! and exit codes. One file a verb under `commands/`.

mod advisory_db;
mod artifact_source;
mod built_site;
mod commands;
mod context;
mod curator;
mod exit;
mod gate;
mod package_check;
mod plan;
mod progress;
mod registry_source;
mod scan_target;
mod server;

pub use exit::Exit;

use clap::{CommandFactory, Parser, Subcommand};
use context::{Context, Failure};

/// A curated package marketplace from a git repository, with no server.
#[derive(Debug, Parser)]
#[command(
    name = "shelfmark",
    version,
    propagate_version = true,
    max_term_width = 100,
    after_help = "\
Examples:
  shelfmark build                         compile ./registry-index into site/dist
  shelfmark serve                         look at it on http://127.0.0.1:8080
  shelfmark check                         list everything that is wrong
  shelfmark scan ./my-package             look for what could do harm
  shelfmark search invoice --kind plugin  search the built catalog

Exit codes: 0 ok, 1 rejected, 2 wrong usage, 3 needs review, 4 could not run, 5 verification failed"
)]
struct Cli {
    /// When to use colours
    #[arg(long, value_enum, default_value_t = context::ColorChoice::Auto, global = true, value_name = "WHEN")]
    color: context::ColorChoice,
    /// Print nothing but results and errors
    #[arg(long, short, global = true)]
    quiet: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(commands::init::Args),
    New(commands::new::Args),
    Pack(commands::pack::Args),
    Check(commands::check::Args),
    Scan(commands::scan::Args),
    Review(commands::review::Args),
    Decide(commands::decide::Args),
    CheckName(commands::check_name::Args),
    Submit(commands::submit::Args),
    Queue(commands::queue::Args),
    Approve(commands::approve::Args),
    RequestChanges(commands::approve::RequestArgs),
    Waive(commands::waive::Args),
    Withdraw(commands::withdraw::Args),
    Build(commands::build::Args),
    Serve(commands::serve::Args),
    Search(commands::search::Args),
    Info(commands::info::Args),
    Similar(commands::similar::Args),
    Explain(commands::explain::Args),
    Schema(commands::schema::Args),
    Import(commands::import::Args),
    Completions(commands::completions::Args),
}

/// Runs the command of this process.
pub fn main() -> std::process::ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // clap prints help to stdout and mistakes to stderr; a closed pipe is no mistake of ours.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage.into() } else { Exit::Ok.into() };
        }
    };
    let context = Context::of_process(cli.color, cli.quiet);
    match run(cli.command, &context).and_then(|exit| context.finish().map(|()| exit)) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            context.print_failure(&failure);
            failure.exit.into()
        }
    }
}

fn run(command: Command, context: &Context) -> Result<Exit, Failure> {
    match command {
        Command::Init(args) => commands::init::run(&args, context),
        Command::New(args) => commands::new::run(&args, context),
        Command::Pack(args) => commands::pack::run(&args, context),
        Command::Check(args) => commands::check::run(&args, context),
        Command::Scan(args) => commands::scan::run(&args, context),
        Command::Review(args) => commands::review::run(&args, context),
        Command::Decide(args) => commands::decide::run(&args, context),
        Command::CheckName(args) => commands::check_name::run(&args, context),
        Command::Submit(args) => commands::submit::run(&args, context),
        Command::Queue(args) => commands::queue::run(&args, context),
        Command::Approve(args) => commands::approve::run(&args, context),
        Command::RequestChanges(args) => commands::approve::run_request(&args, context),
        Command::Waive(args) => commands::waive::run(&args, context),
        Command::Withdraw(args) => commands::withdraw::run(&args, context),
        Command::Build(args) => commands::build::run(&args, context),
        Command::Serve(args) => commands::serve::run(&args, context),
        Command::Search(args) => commands::search::run(&args, context),
        Command::Info(args) => commands::info::run(&args, context),
        Command::Similar(args) => commands::similar::run(&args, context),
        Command::Explain(args) => commands::explain::run(&args, context),
        Command::Schema(args) => commands::schema::run(&args, context),
        Command::Import(args) => commands::import::run(&args, context),
        Command::Completions(args) => commands::completions::run(&args, &mut Cli::command(), context),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_of_the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
