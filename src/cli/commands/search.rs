//! `shelfmark search`: the built catalog, from the command line.

use crate::cli::Exit;
use crate::cli::context::{Context, Failure, Format};
use crate::diagnostic::nearest;
use crate::diagnostic::render::{escape_json, neutralize};
use crate::model::{Kind, PricingModel, PublisherLevel};
use crate::platform::site::SiteClient;
use crate::search::{Card, Error, Fetch, FetchError, Filters, Found, SearchIndex, SearchSite, Sort};
use std::path::PathBuf;

/// Search a catalog: one that was built here, or one that is served
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The best name comes first, then packages that have all the words. A question may hold
kind:plugin, publisher:hotcrm, license:MIT, -word and, in a catalog built here, \"quoted phrases\".

Examples:
  shelfmark search invoice
  shelfmark search real estate --kind plugin --kind app --pricing subscription
  shelfmark search 'crm publisher:hotcrm -legacy -\"real estate\"'
  shelfmark search -- -legacy                                after `--` a word may begin with a minus
  shelfmark search --category sales --sort newest --limit 5
  shelfmark search crm --url https://market.example/ --format json

Exit codes: 0 something was found, 1 nothing was, 4 could not run")]
pub(crate) struct Args {
    /// Words to look for; none lists everything that the filters admit
    words: Vec<String>,
    /// Folder of the built site
    #[arg(long, value_name = "DIR", default_value = "site/dist")]
    site: PathBuf,
    /// Address of a served site, searched with a few small requests as a browser does
    #[arg(long, value_name = "SITE", conflicts_with = "site")]
    url: Option<String>,
    /// Only this kind; may be given more than once, as the other filters
    #[arg(long, value_name = "KIND", value_parser = clap::builder::PossibleValuesParser::new(Kind::ALL.iter().map(|kind| kind.as_str())))]
    kind: Vec<String>,
    /// Only this category
    #[arg(long, value_name = "ID")]
    category: Vec<String>,
    /// Only this licence, an SPDX id
    #[arg(long, value_name = "SPDX")]
    license: Vec<String>,
    /// Only this pricing model
    #[arg(long, value_name = "MODEL", value_parser = clap::builder::PossibleValuesParser::new(PricingModel::ALL.iter().map(|model| model.as_str())))]
    pricing: Vec<String>,
    /// Only publishers of this level
    #[arg(long, value_name = "LEVEL", value_parser = clap::builder::PossibleValuesParser::new(PublisherLevel::ALL.iter().map(|level| level.as_str())))]
    level: Vec<String>,
    /// Only this publisher, by its id or the last label of it
    #[arg(long, value_name = "ID")]
    publisher: Vec<String>,
    /// Only packages that ask for this range of the platform, as written
    #[arg(long, value_name = "RANGE")]
    platform: Vec<String>,
    /// Only this band of the scan's score
    #[arg(long, value_name = "BAND", value_parser = clap::builder::PossibleValuesParser::new(["90-100", "70-89", "0-69"]))]
    score: Vec<String>,
    /// Only this state, such as active or deprecated
    #[arg(long, value_name = "STATE")]
    status: Vec<String>,
    /// Order of the results; `name` in a catalog built here
    #[arg(long, value_enum, default_value_t, value_name = "ORDER")]
    sort: Sort,
    /// Most results
    #[arg(long, short = 'n', default_value_t = 10, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,
    /// Also count the matches by kind, category, licence and so on
    #[arg(long)]
    facets: bool,
    /// How to print the result
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// Reads the files of a served site.
struct Served(SiteClient);

impl Fetch for Served {
    fn get(&self, path: &str) -> Result<Option<Vec<u8>>, FetchError> {
        self.0.get(path).map_err(|error| FetchError { path: path.to_owned(), reason: error.to_string() })
    }
}

/// Where questions are answered.
enum Engine {
    Built(Box<SearchIndex>),
    Served(Box<SearchSite>),
}

impl Engine {
    fn open(args: &Args) -> Result<Self, Failure> {
        if let Some(url) = &args.url {
            let help = "the address is that of the site's first page, such as https://market.example/";
            let client = SiteClient::new(url).map_err(|error| Failure::from(error).help(help))?;
            let site = SearchSite::open(Box::new(Served(client))).map_err(|error| {
                let help = match &error {
                    Error::Damaged(_) => "whoever runs the site has to build it again",
                    Error::Version(_) => "use the version of shelfmark that the site was built with",
                    _ => help,
                };
                Failure::from(error).help(help)
            })?;
            return Ok(Self::Served(Box::new(site)));
        }
        let opened = guarded(|| SearchIndex::open(&args.site))?;
        opened.map(|index| Self::Built(Box::new(index))).map_err(|error| {
            let help = match &error {
                Error::NoIndex(_) => "`shelfmark build` writes it; `--site DIR` names another built site, `--url SITE` one that is served",
                _ => DAMAGED,
            };
            Failure::from(error).help(help)
        })
    }

    fn search(&self, words: &str, filters: &Filters, sort: Sort, limit: usize) -> Result<Found, Failure> {
        Ok(match self {
            Self::Built(index) => {
                guarded(|| index.search(words, filters, sort, limit))?.map_err(|error| match error {
                    Error::UnknownFilter(_) => Failure::from(error),
                    _ => Failure::from(error).help(DAMAGED),
                })?
            }
            Self::Served(site) => site.search(words, filters, sort, limit)?,
        })
    }
}

/// What helps against an index that cannot be read.
const DAMAGED: &str =
    "the files of the index are damaged or of another version: `shelfmark build` writes them anew";

/// Does what reads the index. tantivy trusts the files it maps, and panics over damaged ones.
fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Failure> {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    std::panic::set_hook(hook);
    done.map_err(|_| Failure::new(Exit::CouldNotRun, "the search index is damaged").help(DAMAGED))
}

/// Runs the command.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let engine = Engine::open(args)?;
    let filters = args.filters();
    let words = args.words.join(" ");
    let found = engine.search(&words, &filters, args.sort, args.limit.into())?;
    match args.format {
        Format::Json => context.print(&format!("{}\n", escape_json(&serde_json::to_string(&found)?))),
        Format::Text if found.total == 0 => explain_nothing(&filters, &engine, &words, context),
        Format::Text => print(&found, &words, args.facets, context),
    }
    Ok(if found.total == 0 { Exit::Rejected } else { Exit::Ok })
}

impl Args {
    fn filters(&self) -> Filters {
        let given = [
            ("kind", &self.kind),
            ("category", &self.category),
            ("license", &self.license),
            ("pricing", &self.pricing),
            ("level", &self.level),
            ("publisher", &self.publisher),
            ("platform", &self.platform),
            ("score", &self.score),
            ("status", &self.status),
        ];
        given
            .into_iter()
            .filter(|(_, values)| !values.is_empty())
            .map(|(name, values)| (name.to_owned(), values.clone()))
            .collect()
    }
}

fn print(found: &Found, words: &str, with_facets: bool, context: &Context) {
    let shown_words = neutralize(&cut(words, 200));
    if let Some(near) = &found.near {
        context.remark(&format!(
            "nothing is called `{shown_words}`; this is what is near, such as `{}`",
            neutralize(near)
        ));
    } else if found.some {
        context.remark(&format!("no package has all the words of `{shown_words}`; these have some"));
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
    if with_facets {
        context.print(&facet_lines(found));
    }
    let shown = found.results.len() as u64;
    if found.total > shown {
        context.remark(&format!("{shown} of {} matches; `--limit` shows more", found.total));
    } else if found.total < shown {
        context.remark(&format!(
            "{} with all the words, then {} with some",
            found.total,
            shown - found.total
        ));
    }
}

/// One line a facet: its values with their counts, the most frequent first.
fn facet_lines(found: &Found) -> String {
    let mut lines = String::new();
    for (facet, values) in found.facets.iter().filter(|(_, values)| !values.is_empty()) {
        let mut values: Vec<(&String, &u64)> = values.iter().collect();
        values.sort_by(|(value_a, a), (value_b, b)| b.cmp(a).then(value_a.cmp(value_b)));
        let list: Vec<String> =
            values.iter().take(12).map(|(value, count)| format!("{} {count}", neutralize(value))).collect();
        let more = values.len().saturating_sub(12);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        lines.push_str(&format!("{facet}: {}{more}\n", list.join(", ")));
    }
    lines
}

/// Says what was asked for, and which value of a filter no package has.
fn explain_nothing(filters: &Filters, engine: &Engine, words: &str, context: &Context) {
    let given: Vec<String> = filters
        .iter()
        .flat_map(|(name, values)| values.iter().map(move |value| format!("--{name} {value}")))
        .collect();
    let what = [vec![format!("`{words}`")], given].concat();
    let what: Vec<&str> = what.iter().map(String::as_str).filter(|part| *part != "``").collect();
    context.remark(&format!("nothing matches {}", neutralize(&cut(&what.join(" "), 200))));
    let everything = engine.search("", &Filters::default(), Sort::Relevance, 1);
    for (name, value) in
        filters.iter().flat_map(|(name, values)| values.iter().map(move |value| (name, value)))
    {
        let Ok(all) = &everything else { continue };
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
