//! `shelfmark explain`: what a rule or a check means and how to satisfy it.

use crate::cli::Exit;
use crate::cli::context::{Context, Failure, Format};
use crate::diagnostic::nearest;
use crate::scan::checks::{self, Check};
use crate::validate::rules::{self, Rule};

/// Explain a rule or a check of the scan, or list them all
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  shelfmark explain                      every rule with its level, then every check
  shelfmark explain license-not-spdx     the page of one rule
  shelfmark explain secret-in-file       the page of one check")]
pub(crate) struct Args {
    /// The id, as in error[...] or in a list of findings
    rule: Option<String>,
    /// How to print the result
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// Runs the command.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    match &args.rule {
        Some(id) => {
            let rule = rules::find(id).map(|rule| explain_rule(rule, args.format, true));
            let check = || checks::find(id).map(|check| explain_check(check, args.format, true));
            context.print(&rule.or_else(check).ok_or_else(|| unknown(id))?);
        }
        None => {
            rules::ALL.iter().for_each(|rule| context.print(&explain_rule(rule, args.format, false)));
            checks::ALL.iter().for_each(|check| context.print(&explain_check(check, args.format, false)));
        }
    }
    Ok(Exit::Ok)
}

fn explain_rule(rule: &Rule, format: Format, is_whole: bool) -> String {
    match format {
        Format::Json => {
            let value = serde_json::json!({"v": 1, "rule": rule.id, "level": rule.level, "summary": rule.summary, "docs": rule.docs});
            format!("{value}\n")
        }
        Format::Text if is_whole => format!(
            "{} (level `{}` unless policy.toml says otherwise)\n\n{}\n\n{}",
            rule.id, rule.level, rule.summary, rule.docs
        ),
        Format::Text => format!("{:<7} {:<34} {}\n", rule.level, rule.id, rule.summary),
    }
}

fn explain_check(check: &Check, format: Format, is_whole: bool) -> String {
    match format {
        Format::Json => {
            let value =
                serde_json::json!({"v": 1, "check": check.id, "summary": check.summary, "docs": check.docs});
            format!("{value}\n")
        }
        Format::Text if is_whole => {
            format!("{} (a check of the scan)\n\n{}\n\n{}", check.id, check.summary, check.docs)
        }
        Format::Text => format!("{:<7} {:<34} {}\n", "scan", check.id, check.summary),
    }
}

/// Says that there is no such rule or check, and which one was meant.
fn unknown(id: &str) -> Failure {
    let ids = rules::ALL.iter().map(|rule| rule.id).chain(checks::ALL.iter().map(|check| check.id));
    let failure = Failure::new(Exit::Usage, format!("there is no rule or check `{id}`"));
    match nearest(&id.to_lowercase(), ids) {
        Some(close) => failure.help(format!("did you mean `{close}`?")),
        None => failure.help("`shelfmark explain` lists all"),
    }
}

/// Says that there is no such rule, and which one was meant.
pub(crate) fn unknown_rule(id: &str) -> Failure {
    let failure = Failure::new(Exit::Usage, format!("there is no rule `{id}`"));
    match nearest(&id.to_lowercase(), rules::ALL.iter().map(|rule| rule.id)) {
        Some(close) => failure.help(format!("did you mean `{close}`?")),
        None => failure.help("`shelfmark explain` lists every rule"),
    }
}
