//! `shelfmark similar`: which packages are like one of a built catalog, and how they differ.
//!
//! It prints what the build wrote to the package's machine-readable page, and computes nothing.

use crate::cli::Exit;
use crate::cli::built_site::{ensure_built, not_found};
use crate::cli::context::{Context, Failure, Format};
use crate::diagnostic::render::{escape_json, neutralize};
use crate::model::PackageId;
use crate::platform::fs;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Show which packages are like one, and how they differ
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Packages are alike by the rare words that they share in name, keywords, tagline and description.
What they differ in is said of each, the most telling first; `this` is the package asked about.

Examples:
  shelfmark similar com.hotcrm.finance
  shelfmark similar com.hotcrm.finance --site ./out
  shelfmark similar com.hotcrm.finance --format json

Exit codes: 0 the package is there, 1 it is not, 4 could not run")]
pub(crate) struct Args {
    /// The package id
    package: String,
    /// Folder of the built site
    #[arg(long, value_name = "DIR", default_value = "site/dist")]
    site: PathBuf,
    /// How to print the result
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// The part of `p/<id>/index.json` that is printed.
#[derive(Debug, Serialize, Deserialize)]
struct Answer {
    id: String,
    name: String,
    similar: Vec<Similar>,
}

/// A package that is alike.
#[derive(Debug, Serialize, Deserialize)]
struct Similar {
    id: String,
    name: String,
    tagline: Option<String>,
    likeness: f64,
    shared: Vec<String>,
    differences: Vec<Difference>,
}

/// One fact that differs.
#[derive(Debug, Serialize, Deserialize)]
struct Difference {
    about: String,
    text: String,
}

/// Runs the command.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let Ok(id) = PackageId::parse(&args.package) else { return Err(not_found(&args.site, &args.package)) };
    ensure_built(&args.site)?;
    let file = args.site.join(format!("p/{id}/index.json"));
    let Ok(text) = fs::read_to_string(&file) else { return Err(not_found(&args.site, id.as_str())) };
    let answer: Answer = serde_json::from_str(&text).map_err(|error| {
        Failure::from(error).help("another version built this site; `shelfmark build` writes it again")
    })?;
    match args.format {
        Format::Json => context.print(&format!("{}\n", escape_json(&serde_json::to_string(&answer)?))),
        Format::Text if answer.similar.is_empty() => {
            context.remark(&format!("nothing in the catalog is like `{id}`"));
        }
        Format::Text => answer.similar.iter().for_each(|similar| context.print(&described(similar, context))),
    }
    Ok(Exit::Ok)
}

/// Returns the lines about one package.
fn described(similar: &Similar, context: &Context) -> String {
    let (bold, dim, end) = if context.color { ("\x1b[1m", "\x1b[2m", "\x1b[0m") } else { ("", "", "") };
    let percent = (similar.likeness * 100.0).round();
    let line = |text: &str| neutralize(text).replace('\n', " ");
    let mut text = format!("{bold}{}{end} {}  {percent} % alike\n", line(&similar.name), line(&similar.id));
    if let Some(tagline) = similar.tagline.as_deref().filter(|tagline| !tagline.is_empty()) {
        text.push_str(&format!("    {}\n", line(tagline)));
    }
    text.push_str(&format!("    {dim}both say {}{end}\n", line(&similar.shared.join(", "))));
    for difference in &similar.differences {
        text.push_str(&format!("    - {}\n", line(&difference.text)));
    }
    text
}
