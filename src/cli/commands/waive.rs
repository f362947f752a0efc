//! `shelfmark waive`: records an exception, named and expiring.

use crate::cli::Exit;
use crate::cli::context::{Context, Failure};
use crate::cli::curator::{Desk, NEXT, curator, ensure_fit};
use crate::cli::plan;
use crate::cli::registry_source::{now, parse_as_of};
use crate::model::{PackageId, Requirement, RuleLevel, Timestamp};
use crate::review::area;
use crate::scaffold::{NewWaiver, waiver};
use crate::scan::checks;
use crate::scan::verdict::{NEVER_WAIVED, SCORE};
use crate::source::Place;
use crate::validate::rules;

/// Record an exception from a rule, a check or the score, with a reason and an end
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  shelfmark waive secret-in-file com.hotcrm.finance --versions \"=1.4.0\" --until 2027-01-01T00:00:00Z \\
    --reason \"a sample key of the vendor's documentation\"
  shelfmark waive score com.hotcrm.finance --until 2026-12-31T00:00:00Z --reason \"legacy driver, replaced in 2.0\"

A waiver lifts the bar and never changes the score. A rule of level forbid, and the check `not-scannable`,
cannot be waived.")]
pub(crate) struct Args {
    /// The rule or check to lift, or `score`
    rule: String,
    /// The package
    #[arg(value_parser = |text: &str| PackageId::parse(text).map_err(|invalid| invalid.to_string()))]
    package: PackageId,
    /// The versions, as a requirement [default: all]
    #[arg(long, value_name = "REQUIREMENT")]
    versions: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// First moment it no longer holds
    #[arg(long, value_name = "TIME", value_parser = parse_as_of)]
    until: Timestamp,
    /// In whose name: a curator of security for checks, of policy for rules [default: the only one]
    #[arg(long = "as", value_name = "NAME")]
    curator: Option<String>,
    /// First moment it holds [default: now]
    #[arg(long, value_name = "TIME", value_parser = parse_as_of)]
    from: Option<Timestamp>,
    #[command(flatten)]
    desk: Desk,
}

/// Runs the command.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    ensure_waivable(&args.rule)?;
    ensure_fit("--reason", Some(&args.reason))?;
    if let Some(versions) = &args.versions {
        Requirement::parse(versions).map_err(|invalid| Failure::new(Exit::Usage, invalid.to_string()))?;
    }
    let from = args.from.unwrap_or_else(now);
    if args.until <= from {
        return Err(Failure::new(Exit::Usage, format!("it would end at {} and begin at {from}", args.until)));
    }
    let registry = args.desk.registry()?;
    if !registry.packages.contains_key(&args.package) {
        context.remark(&format!("there is no release of `{}` here yet", args.package));
    }
    let place = Place::Waiver(String::new());
    let (area, _) =
        area::of_place(&place, Some((&args.rule, args.package.as_str()))).unwrap_or((area::POLICY, None));
    let curator = curator(&registry, args.curator.as_deref(), area, &args.package)?;
    let files = waiver(&NewWaiver {
        rule: &args.rule,
        id: &args.package,
        versions: args.versions.as_deref(),
        reason: &args.reason,
        by: &curator.name,
        from,
        until: args.until,
    })?;
    plan::write(&args.desk.folder()?, &files, args.desk.dry_run, context)?;
    if rules::find(&args.rule).is_none() {
        context.remark(&format!(
            "see what it lifts: shelfmark scan {}@VERSION --as-of {from} (without `--as-of` the newest date of the registry counts, and it may not hold yet)",
            args.package
        ));
    }
    context.remark(NEXT);
    Ok(Exit::Ok)
}

fn ensure_waivable(id: &str) -> Result<(), Failure> {
    let refuse = |message: String| {
        Err(Failure::new(Exit::Usage, message).help("`shelfmark explain` lists rules and checks"))
    };
    if id == NEVER_WAIVED {
        return refuse(format!("`{id}` cannot be waived: what was not scanned is never admitted"));
    }
    match rules::find(id) {
        Some(rule) if rule.level == RuleLevel::Forbid => {
            refuse(format!("`{id}` is of level forbid and cannot be waived"))
        }
        Some(rule) if !rule.is_waivable() => Err(Failure::new(
            Exit::Usage,
            format!("`{id}` is asked of the whole registry at every build, so that no waiver for one package lifts it"),
        )
        .help(format!("policy.toml can lower it for all: `{id} = \"warn\"` under [levels]"))),
        None if id != SCORE && checks::find(id).is_none() => {
            refuse(format!("there is no rule or check `{id}`"))
        }
        _ => Ok(()),
    }
}
