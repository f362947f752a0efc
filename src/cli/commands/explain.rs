//! `shelfmark explain`: what a rule means and how to satisfy it.

use crate::cli::Exit;
use crate::cli::context::{Context, Failure, Format};
use crate::diagnostic::nearest;
use crate::validate::rules;

/// Explain a rule, or list them all
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  shelfmark explain                      every rule with its level
  shelfmark explain license-not-spdx     the page of one rule")]
pub(crate) struct Args {
    /// The rule's id, as in error[...]
    rule: Option<String>,
    /// How to print the result
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// Runs the command.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let rules: Vec<_> = match &args.rule {
        Some(id) => vec![rules::find(id).ok_or_else(|| unknown_rule(id))?],
        None => rules::ALL.to_vec(),
    };
    for rule in rules {
        context.print(&match (args.format, &args.rule) {
            (Format::Json, _) => format!(
                "{}\n",
                serde_json::json!({"v": 1, "rule": rule.id, "level": rule.level, "summary": rule.summary, "docs": rule.docs})
            ),
            (Format::Text, None) => format!("{:<7} {:<34} {}\n", rule.level, rule.id, rule.summary),
            (Format::Text, Some(_)) => {
                format!("{} (level `{}` unless policy.toml says otherwise)\n\n{}\n\n{}", rule.id, rule.level, rule.summary, rule.docs)
            }
        });
    }
    Ok(Exit::Ok)
}

/// Says that there is no such rule, and which one was meant.
pub(crate) fn unknown_rule(id: &str) -> Failure {
    let failure = Failure::new(Exit::Usage, format!("there is no rule `{id}`"));
    match nearest(&id.to_lowercase(), rules::ALL.iter().map(|rule| rule.id)) {
        Some(close) => failure.help(format!("did you mean `{close}`?")),
        None => failure.help("`shelfmark explain` lists every rule"),
    }
}
