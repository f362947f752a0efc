//! `shelfmark completions`: completions of the command line for a shell.

use crate::cli::Exit;
use crate::cli::context::{Context, Failure};

/// Print completions for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  shelfmark completions bash > ~/.local/share/bash-completion/completions/shelfmark
  shelfmark completions zsh > ~/.zfunc/_shelfmark
  shelfmark completions fish > ~/.config/fish/completions/shelfmark.fish")]
pub(crate) struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

/// Runs the command.
pub(crate) fn run(args: &Args, command: &mut clap::Command, context: &Context) -> Result<Exit, Failure> {
    let mut bytes = Vec::new();
    clap_complete::generate(args.shell, command, "shelfmark", &mut bytes);
    context.print(&String::from_utf8_lossy(&bytes));
    Ok(Exit::Ok)
}
