//! `shelfmark withdraw`: records that a release should not be used any more.

use crate::cli::Exit;
use crate::cli::context::{Context, Failure};
use crate::cli::curator::{Desk, ReleaseName, ensure_fit, parse_release};
use crate::cli::plan;
use crate::cli::registry_source::{now, parse_as_of};
use crate::model::{PackageId, Timestamp, Version, WithdrawalLevel};
use crate::scaffold::{NewWithdrawal, withdrawal};
use crate::validate::{Registry, leaves_nothing, way_out};

/// Withdraw a release: warn, hide, stop or remove, with a reason and a way out
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  shelfmark withdraw com.hotcrm.finance@1.2.0 --reason \"Counts the tax twice. Use 1.2.1.\" --replacement 1.2.1
  shelfmark withdraw com.hotcrm.finance@1.2.0 --level deprecated --reason \"Use 2.x.\" --replacement 2.0.0

Levels: deprecated warns; yanked hides it from new resolutions, lockfiles still find it; quarantined stops
installs while a question is open; removed takes the artifact away and keeps the record.
The release file is never edited: the withdrawal is a file of its own.")]
pub(crate) struct Args {
    /// The release
    #[arg(value_name = "ID@VERSION", value_parser = parse_release)]
    release: ReleaseName,
    /// How far
    #[arg(long, value_name = "LEVEL", default_value = "yanked",
          value_parser = clap::builder::PossibleValuesParser::new(WithdrawalLevel::ALL.iter().map(|level| level.as_str())))]
    level: String,
    /// What is wrong and what to do
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// A version of the package, or another package's id, to use instead
    #[arg(long, value_name = "VERSION|ID")]
    replacement: Option<String>,
    /// Id of an advisory; may be given again
    #[arg(long = "advisory", value_name = "ID")]
    advisories: Vec<String>,
    /// The legal ground: addresses answer 451 instead of 410
    #[arg(long, value_name = "TEXT")]
    legal: Option<String>,
    /// Since when [default: now]
    #[arg(long, value_name = "TIME", value_parser = parse_as_of)]
    now: Option<Timestamp>,
    #[command(flatten)]
    desk: Desk,
}

/// Runs the command.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let registry = args.desk.registry()?;
    let ReleaseName { id, version } = &args.release;
    let Some((package, release)) =
        registry.packages.get(id).and_then(|package| Some((package, package.release(version)?)))
    else {
        return Err(Failure::new(
            Exit::CouldNotRun,
            format!("there is no release `{id}@{version}` in this registry"),
        )
        .help(format!("`shelfmark info {id}` lists its versions, once the registry is built")));
    };
    if args.reason.trim().is_empty() {
        return Err(Failure::new(Exit::Usage, "the reason is empty: it is all that users are told"));
    }
    ensure_fit("--reason", Some(&args.reason))?;
    if let Some(replacement) = &args.replacement {
        ensure_replacement(&registry, &args.release, replacement)?;
    }
    let level: WithdrawalLevel = args.level.parse()?;
    let files = withdrawal(&NewWithdrawal {
        id,
        version,
        level,
        reason: &args.reason,
        replacement: args.replacement.as_deref(),
        advisories: &args.advisories,
        legal: args.legal.as_deref(),
        date: args.now.unwrap_or_else(now),
    })?;
    plan::write(&args.desk.folder()?, &files, args.desk.dry_run, context)?;
    let is_replaced = args.replacement.is_some();
    let is_newly_yanked = level.is_yanked() && !release.is_yanked();
    if is_newly_yanked && leaves_nothing(package, version, is_replaced) {
        context.remark(&format!(
            "warning: `{id}@{version}` is the newest version, and the rule `newest-yanked` will deny this alone: {}",
            way_out(package, version, is_replaced)
        ));
    }
    context.remark("next: commit it and open a pull request; `shelfmark review` shows who must still decide");
    Ok(Exit::Ok)
}

/// A replacement is another version of the package that is not yanked, or another package.
fn ensure_replacement(registry: &Registry, release: &ReleaseName, replacement: &str) -> Result<(), Failure> {
    let refuse = |message: String| {
        Err(Failure::new(Exit::Usage, message)
            .help("give a version of the package that people can use, or another package's id"))
    };
    if let Ok(version) = Version::parse(replacement) {
        let known = registry.packages.get(&release.id).and_then(|package| package.release(&version));
        return match known {
            _ if version == release.version => {
                refuse(format!("`{replacement}` is the version that is withdrawn"))
            }
            None => refuse(format!("`{}` has no version `{replacement}`", release.id)),
            Some(other) if other.is_yanked() => refuse(format!("`{replacement}` is withdrawn too")),
            Some(_) => Ok(()),
        };
    }
    match PackageId::parse(replacement) {
        Ok(id) if registry.packages.contains_key(&id) => Ok(()),
        Ok(id) => refuse(format!("there is no package `{id}` in this registry")),
        Err(_) => refuse(format!("`{replacement}` is neither a version nor a package id")),
    }
}
