//! `shelfmark search`: the built catalog, from the command line.

use crate::cli::Exit;
use crate::cli::context::{Context, Failure, Format};
use crate::diagnostic::render::neutralize;
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
    #[arg(long, value_enum, default_value_t = SortArg::Relevance, value_name = "ORDER")]
    sort: SortArg,
    /// Most results
    #[arg(long, short = 'n', default_value_t = 10, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,
    /// How to print the result
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum SortArg {
    Relevance,
    Newest,
    Updated,
    Rating,
    Installs,
    Dependents,
    Name,
}

impl From<SortArg> for Sort {
    fn from(arg: SortArg) -> Self {
        match arg {
            SortArg::Relevance => Self::Relevance,
            SortArg::Newest => Self::Newest,
            SortArg::Updated => Self::Updated,
            SortArg::Rating => Self::Rating,
            SortArg::Installs => Self::Installs,
            SortArg::Dependents => Self::Dependents,
            SortArg::Name => Self::Name,
        }
    }
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
    let found = index.search(&words, &filters, args.sort.into(), args.limit.into())?;
    match args.format {
        Format::Json => context.print(&format!("{}\n", serde_json::to_string(&found)?)),
        Format::Text => print(&found, &words, context),
    }
    Ok(if found.total == 0 { Exit::Rejected } else { Exit::Ok })
}

fn print(found: &Found, words: &str, context: &Context) {
    if found.total == 0 {
        let what = if words.is_empty() { "the filters".to_owned() } else { format!("`{words}`") };
        context.remark(&format!("nothing matches {what}"));
        return;
    }
    if found.fuzzy {
        context.remark(&format!("nothing matches `{words}` exactly; these names are near"));
    }
    let (bold, dim, end) = if context.color { ("\x1b[1m", "\x1b[2m", "\x1b[0m") } else { ("", "", "") };
    for card in &found.results {
        let tagline = card.tagline.as_deref().unwrap_or_default();
        context.print(&format!(
            "{bold}{}{end} {}  {dim}{}{end}\n    {}\n    {dim}{}{end}\n",
            neutralize(&card.name),
            card.version,
            card.id,
            cut(&neutralize(tagline).replace('\n', " "), context.width.saturating_sub(6)),
            neutralize(&facts(card)),
        ));
    }
    let shown = found.results.len() as u64;
    if found.total > shown {
        context.remark(&format!("{shown} of {} matches; `--limit` shows more", found.total));
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

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let head: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{head}…")
}
