//! `shelfmark new`: a new package in a registry.

use crate::cli::Exit;
use crate::cli::context::{Context, Failure};
use crate::cli::plan;
use crate::cli::registry_source::{RegistrySource, now, parse_as_of};
use crate::model::{Kind, PackageId, Timestamp};
use crate::scaffold::{NewPackage, new_package};
use crate::validate;

/// Make a new package in a registry
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  shelfmark new plugin com.example.invoices
  shelfmark new agent com.example.reviewer --name \"Reviewer\" --registry ../my-registry
  shelfmark new starter-pack com.example.bakery --dry-run")]
pub(crate) struct Args {
    /// What the package is
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(Kind::ALL.iter().map(|kind| kind.as_str())))]
    kind: String,
    /// Its id, under a prefix of a publisher of the registry
    #[arg(value_parser = |text: &str| PackageId::parse(text).map_err(|invalid| invalid.to_string()))]
    id: PackageId,
    /// Its display name [default: made of the last label]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Date of the release [default: now]
    #[arg(long, value_name = "TIME", value_parser = parse_as_of)]
    now: Option<Timestamp>,
    /// List the files without writing them
    #[arg(long)]
    dry_run: bool,
    /// Folder of the registry [default: registry-index, or this folder if it holds registry.toml]
    #[arg(long, value_name = "DIR")]
    registry: Option<std::path::PathBuf>,
}

/// Runs the command.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let source = RegistrySource { registry: args.registry.clone(), git: None };
    let folder = source.folder()?;
    let (registry, _) = validate::load(&source.snapshot()?)?;
    let files = new_package(
        &registry,
        &NewPackage {
            id: args.id.clone(),
            kind: args.kind.parse()?,
            name: args.name.clone(),
            published: args.now.unwrap_or_else(now),
        },
    )?;
    plan::write(&folder, &files, args.dry_run, context)?;
    if !args.dry_run {
        context.remark(&format!(
            "next: edit the files under sources/, then `shelfmark pack {} --record {}` and `shelfmark check`",
            folder.join(format!("sources/{}/0.1.0", args.id)).display(),
            folder.join(format!("{}/0.1.0.toml", args.id.folder())).display(),
        ));
    }
    Ok(Exit::Ok)
}
