//! `shelfmark search`: the built catalog, from the command line.

use crate::cli::Exit;
use crate::cli::context::{Context, Failure, Format};
use crate::diagnostic::nearest;
use crate::diagnostic::render::{escape_json, neutralize};
use crate::model::{Kind, PricingModel, PublisherLevel};
use crate::search::{Card, Filters, Found, SearchIndex, Sort};
use std::path::PathBuf;

/// Search the built catalog
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  shelfmark search invoice
  shelfmark search \"real estate\" --kind plugin --pricing subscription
  shelfmark search --category sales --sort newest --limit 5
  shelfmark search crm --format json

Exit codes: 0 something was found, 1 nothing was, 4 could not run")]
pub(crate) struct Args {
    /// Words to look for; none lists everything that the filters admit
    words: Vec<String>,
    /// Folder of the built site
    #[arg(long, value_name = "DIR", default_value = "site/dist")]
    site: PathBuf,
    /// Only this kind
    #[arg(long, value_name = "KIND", value_parser = clap::builder::PossibleValuesParser::new(Kind::ALL.iter().map(|kind| kind.as_str())))]
    kind: Option<String>,
    /// Only this category
    #[arg(long, value_name = "ID")]
    category: Option<String>,
    /// Only this licence, an SPDX id
    #[arg(long, value_name = "SPDX")]
    license: Option<String>,
    /// Only this pricing model
    #[arg(long, value_name = "MODEL", value_parser = clap::builder::PossibleValuesParser::new(PricingModel::ALL.iter().map(|model| model.as_str())))]
    pricing: Option<String>,
    /// Only publishers of this level
    #[arg(long, value_name = "LEVEL", value_parser = clap::builder::PossibleValuesParser::new(PublisherLevel::ALL.iter().map(|level| level.as_str())))]
    level: Option<String>,
    /// Order of the results
    #[arg(long, value_enum, default_value_t, value_name = "ORDER")]
    sort: Sort,
    /// Most results
    #[arg(long, short = 'n', default_value_t = 10, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,
    /// How to print the result
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// Runs the command.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let index = SearchIndex::open(&args.site).map_err(|error| {
        Failure::from(error).help("`shelfmark build` writes it; `--site DIR` names another built site")
    })?;
    let filters = Filters {
        kind: args.kind.clone(),
        category: args.category.clone(),
        license: args.license.clone(),
        pricing: args.pricing.clone(),
        level: args.level.clone(),
    };
    let words = args.words.join(" ");
    let found = index.search(&words, &filters, args.sort, args.limit.into())?;
    match args.format {
        Format::Json => context.print(&format!("{}\n", escape_json(&serde_json::to_string(&found)?))),
        Format::Text if found.total == 0 => explain_nothing(args, &index, &words, context),
        Format::Text => print(&found, &words, context),
    }
    Ok(if found.total == 0 { Exit::Rejected } else { Exit::Ok })
}

fn print(found: &Found, words: &str, context: &Context) {
    if found.fuzzy {
        context.remark(&format!("nothing matches `{words}` as written; these are near"));
    }
    let (bold, dim, end) = if context.color { ("\x1b[1m", "\x1b[2m", "\x1b[0m") } else { ("", "", "") };
    for card in &found.results {
        let tagline = card.tagline.as_deref().unwrap_or_default();
        context.print(&format!(
            "{bold}{}{end} {}  {dim}{}{end}\n{}    {dim}{}{end}\n",
            neutralize(&card.name),
            neutralize(card.source_version.as_ref().unwrap_or(&card.version)),
            card.id,
            indented(tagline, context.width),
            neutralize(&facts(card)),
        ));
    }
    let shown = found.results.len() as u64;
    if found.total > shown {
        context.remark(&format!("{shown} of {} matches; `--limit` shows more", found.total));
    }
}

/// Says what was asked for, and which value of a filter no package has.
fn explain_nothing(args: &Args, index: &SearchIndex, words: &str, context: &Context) {
    let filters = [
        ("kind", &args.kind),
        ("category", &args.category),
        ("license", &args.license),
        ("pricing", &args.pricing),
        ("level", &args.level),
    ];
    let given: Vec<String> =
        filters.iter().filter_map(|(name, value)| Some(format!("--{name} {}", value.as_ref()?))).collect();
    let what = [vec![format!("`{words}`")], given].concat();
    let what: Vec<&str> = what.iter().map(String::as_str).filter(|part| *part != "``").collect();
    context.remark(&format!("nothing matches {}", neutralize(&cut(&what.join(" "), 200))));
    let everything = index.search("", &Filters::default(), Sort::Relevance, 1);
    for (name, value) in filters {
        let (Some(value), Ok(all)) = (value, &everything) else { continue };
        let Some(known) = all.facets.get(name) else { continue };
        if known.keys().any(|word| word.eq_ignore_ascii_case(value)) {
            continue;
        }
        let words: Vec<&str> = known.keys().map(String::as_str).collect();
        match nearest(value, words.iter().copied()) {
            Some(close) => {
                context.remark(&format!("help: no package has the {name} `{value}`; did you mean `{close}`?"))
            }
            None => {
                let list = cut(&words.join(", "), 300);
                context.remark(&format!("help: no package has the {name} `{value}`; there are: {list}"));
            }
        }
    }
}

fn facts(card: &Card) -> String {
    let mut facts = vec![card.kind.clone(), format!("{} ({})", card.publisher, card.level)];
    facts.extend(card.category.clone());
    facts.extend(card.license.clone());
    facts.extend(card.pricing.clone());
    if let Some((mean, count)) = card.rating {
        facts.push(format!("{mean} of 5 stars from {count}"));
    }
    if card.status != "active" {
        facts.push(card.status.clone());
    }
    facts.join(" · ")
}

/// Returns the line under a name, if there is anything to say.
fn indented(tagline: &str, width: usize) -> String {
    let line = cut(&neutralize(tagline).replace('\n', " "), width.saturating_sub(6));
    if line.is_empty() { line } else { format!("    {line}\n") }
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let head: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{head}…")
}
