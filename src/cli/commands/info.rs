//! `shelfmark info`: what the index of a built catalog says about a package.

use crate::cli::Exit;
use crate::cli::built_site::{ensure_built, not_found};
use crate::cli::context::{Context, Failure, Format};
use crate::diagnostic::render::{escape_json, neutralize};
use crate::model::{PackageId, Version};
use crate::platform::fs;
use crate::schema::IndexLine;
use crate::search::{Card, Filters, SearchIndex, Sort};
use std::path::PathBuf;

/// Show a package of the built catalog
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  shelfmark info com.hotcrm.finance
  shelfmark info com.hotcrm.finance@1.0.0
  shelfmark info com.hotcrm.finance --format json      the lines of the index")]
pub(crate) struct Args {
    /// The package id, with @version for one release
    package: String,
    /// Folder of the built site
    #[arg(long, value_name = "DIR", default_value = "site/dist")]
    site: PathBuf,
    /// How to print the result
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// Runs the command.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let (id, version) =
        args.package.split_once('@').map_or((args.package.as_str(), None), |(id, v)| (id, Some(v)));
    let usage = |invalid: crate::model::Invalid| Failure { exit: Exit::Usage, ..Failure::from(invalid) };
    let version = version.map(Version::parse).transpose().map_err(usage)?;
    let Ok(id) = PackageId::parse(id) else { return Err(not_found(&args.site, id)) };
    ensure_built(&args.site)?;
    let (first, second) = id.shard();
    let file = args.site.join(format!("index/{first}/{second}/{id}"));
    let Ok(text) = fs::read_to_string(&file) else { return Err(not_found(&args.site, id.as_str())) };
    let lines: Vec<IndexLine> =
        text.lines().map(serde_json::from_str).collect::<Result<_, _>>().map_err(|error| {
            Failure::from(error).help("the index file is damaged; `shelfmark build` writes it again")
        })?;
    let shown: Vec<&IndexLine> = match &version {
        Some(version) => lines.iter().filter(|line| line.vers == *version).collect(),
        None => lines.iter().collect(),
    };
    let Some(newest) = shown
        .iter()
        .rev()
        .find(|line| !line.yanked && !line.vers.is_prerelease())
        .or_else(|| shown.last())
        .copied()
    else {
        let known: Vec<String> = lines.iter().map(|line| line.vers.to_string()).collect();
        return Err(Failure::new(
            Exit::Rejected,
            format!("`{id}` has no version `{}`", version.map_or(String::new(), |v| v.to_string())),
        )
        .help(format!("versions: {}", known.join(", "))));
    };
    context.print(&match args.format {
        Format::Json => shown
            .iter()
            .filter_map(|line| serde_json::to_string(line).ok())
            .map(|line| escape_json(&line) + "\n")
            .collect(),
        Format::Text => describe(newest, &lines, card(args, &id).as_ref()),
    });
    Ok(Exit::Ok)
}

/// What the catalog shows of the package, if search knows it.
fn card(args: &Args, id: &PackageId) -> Option<Card> {
    let index = SearchIndex::open(&args.site).ok()?;
    let found = index.search(id.as_str(), &Filters::default(), Sort::Relevance, 20).ok()?;
    found.results.into_iter().find(|card| *id == *card.id)
}

fn describe(line: &IndexLine, all: &[IndexLine], card: Option<&Card>) -> String {
    let mut text = format!("{} {}\n", line.id, line.vers);
    if let Some(card) = card {
        text = format!("{} {}\n", neutralize(&card.name), line.vers);
        text.extend(card.tagline.iter().map(|tagline| format!("{}\n", neutralize(tagline))));
    }
    let mut fact = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            text.push_str(&format!("  {name:<13}{}\n", neutralize(&value)));
        }
    };
    fact("id", Some(line.id.clone()));
    fact("status", card.map(|card| card.status.clone()).filter(|status| status != "active"));
    fact("kind", Some(line.kind.to_string()));
    fact("publisher", Some(line.publisher.clone()));
    fact("licence", line.license.clone());
    fact("published", line.published.map(|moment| moment.to_string()));
    fact("platform", line.platform.clone());
    fact("namespaces", Some(line.namespaces.join(", ")));
    fact("permissions", Some(line.permissions.join(", ")));
    fact("sha256", line.cksum.map(|digest| digest.hex()));
    fact("size", line.size.map(|size| format!("{size} bytes")));
    for dependency in &line.deps {
        let optional = if dependency.optional { " (optional)" } else { "" };
        fact("requires", Some(format!("{} {}{optional}", dependency.id, dependency.req)));
    }
    if let Some(withdrawn) = &line.withdrawn {
        let mut words =
            format!("{}: {}", withdrawn.level, withdrawn.reason.as_deref().unwrap_or("no reason given"));
        if let Some(replacement) = &withdrawn.replacement {
            words.push_str(&format!(" (use {replacement})"));
        }
        fact("withdrawn", Some(words));
    }
    let mark = |line: &IndexLine| {
        if line.yanked { format!("{} (withdrawn)", line.vers) } else { line.vers.to_string() }
    };
    let versions: Vec<String> = all.iter().rev().take(12).map(mark).collect();
    let more = if all.len() > 12 { format!(" and {} older", all.len() - 12) } else { String::new() };
    fact("versions", Some(format!("{}{more}", versions.join(", "))));
    text
}
