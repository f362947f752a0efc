//! `shelfmark init`: a new registry that builds.

use crate::cli::Exit;
use crate::cli::context::{Context, Failure};
use crate::cli::plan;
use crate::cli::registry_source::{now, parse_as_of, parse_base_url, parse_prefix};
use crate::model::{Prefix, Timestamp};
use crate::scaffold::{NewRegistry, init};
use std::path::PathBuf;

/// Make a new registry that builds
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  shelfmark init my-registry
  shelfmark init my-registry --name \"Example packages\" --publisher com.example --base-url https://packages.example/")]
pub(crate) struct Args {
    /// Folder to write; nothing in it is replaced, a README.md and .gitignore are kept
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Name of the registry [default: the name of the folder]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Prefix of the first publisher
    #[arg(long, value_name = "PREFIX", value_parser = parse_prefix, default_value = "com.example")]
    publisher: Prefix,
    /// Name of the first publisher [default: the last label of its prefix]
    #[arg(long, value_name = "NAME")]
    publisher_name: Option<String>,
    /// Where the site will be served from
    #[arg(long, value_name = "URL", value_parser = parse_base_url, default_value = crate::build::DEFAULT_BASE_URL)]
    base_url: String,
    /// Date of the first release [default: now]
    #[arg(long, value_name = "TIME", value_parser = parse_as_of)]
    now: Option<Timestamp>,
    /// List the files without writing them
    #[arg(long)]
    dry_run: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let folder = std::path::absolute(&args.folder).unwrap_or_else(|_| args.folder.clone());
    let folder_name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    let last_label = args.publisher.as_str().rsplit('.').next().unwrap_or_default().to_owned();
    let files = init(&NewRegistry {
        name: args.name.clone().or(folder_name).unwrap_or_else(|| "registry".into()),
        base_url: args.base_url.clone(),
        publisher: args.publisher.clone(),
        publisher_name: args.publisher_name.clone().unwrap_or(last_label),
        published: args.now.unwrap_or_else(now),
    })?;
    plan::write(&args.folder, &files, args.dry_run, context)?;
    if !args.dry_run {
        context.remark(&format!("next: cd {} && shelfmark build && shelfmark serve", args.folder.display()));
    }
    Ok(Exit::Ok)
}
