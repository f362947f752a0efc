//! `shelfmark schema`: the JSON Schema of a format.

use crate::cli::Exit;
use crate::cli::context::{Context, Failure};
use crate::diagnostic::nearest;
use crate::schema::{ALL, Named};

/// Print the JSON Schema of a format, or list the formats
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  shelfmark schema                        the formats
  shelfmark schema release > release.schema.json")]
pub(crate) struct Args {
    /// The format
    name: Option<String>,
}

/// Runs the command.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let Some(name) = &args.name else {
        for named in ALL {
            context.print(&format!("{:<18} {}\n", named.name, named.about));
        }
        return Ok(Exit::Ok);
    };
    let Some(named) = Named::find(name) else {
        let failure = Failure::new(Exit::Usage, format!("there is no format `{name}`"));
        return Err(match nearest(name, ALL.iter().map(|named| named.name)) {
            Some(close) => failure.help(format!("did you mean `{close}`?")),
            None => failure.help("`shelfmark schema` lists the formats"),
        });
    };
    context.print(&named.text());
    Ok(Exit::Ok)
}
