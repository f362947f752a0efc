//! `shelfmark check-name`: what would be said of a name, before anything is written.

use crate::cli::Exit;
use crate::cli::context::{Context, Failure, Format};
use crate::cli::registry_source::RegistrySource;
use crate::diagnostic::render::neutralize;
use crate::model::PackageId;
use crate::validate::{self, Neighbour, Outline, Registry, neighbours};

/// Try a package id before anything is written: valid, free, allowed, and like whose
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  shelfmark check-name com.hotcrm.invoices
  shelfmark check-name com.hotcrn.finance --name \"HotCRM Finance\"
  shelfmark check-name com.example.crm --format json

Exit codes: 0 the name is free, 1 it is refused, 3 a curator would be asked, 4 could not run")]
pub(crate) struct Args {
    /// The id
    id: String,
    /// The display name it will have [default: the last label]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    source: RegistrySource,
    /// How to print the result
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// What is said of a name.
struct Said {
    refused: Vec<String>,
    asked: Vec<String>,
    publisher: Option<String>,
    alike: Vec<Neighbour>,
}

/// Runs the command.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let (registry, _) = validate::load(&args.source.snapshot()?)?;
    let said = say(&registry, &args.id, args.name.as_deref());
    context.print(&match args.format {
        Format::Text => text(&args.id, &said),
        Format::Json => json(&args.id, &said),
    });
    Ok(if !said.refused.is_empty() {
        Exit::Rejected
    } else if !said.asked.is_empty() || !said.alike.is_empty() {
        Exit::NeedsReview
    } else {
        Exit::Ok
    })
}

fn say(registry: &Registry, text: &str, name: Option<&str>) -> Said {
    let mut said = Said { refused: Vec::new(), asked: Vec::new(), publisher: None, alike: Vec::new() };
    let unfit = name.and_then(|name| validate::line_fault(name, validate::NAME));
    said.refused.extend(unfit.map(|fault| format!("the name {fault}")));
    let id = match PackageId::parse(text) {
        Ok(id) => id,
        Err(invalid) => {
            said.refused.push(invalid.to_string());
            return said;
        }
    };
    if registry.packages.contains_key(&id) {
        said.refused.push(format!("`{id}` is taken: it is in this registry"));
    }
    let same = registry.packages.keys().find(|other| **other != id && other.fold_key() == id.fold_key());
    said.refused.extend(same.map(|other| format!("`{id}` is `{other}` but for hyphens")));
    if registry.settings.reserved.iter().any(|word| word == id.last_label()) {
        said.refused.push(format!("the last label `{}` is reserved by this registry", id.last_label()));
    }
    let owner = registry.publishers.values().find(|publisher| publisher.owns(&id));
    match owner {
        Some(owner) => said.publisher = Some(owner.id.to_string()),
        None => said.asked.push(format!(
            "no publisher of this registry owns a prefix of `{id}`: a curator adds the publisher first"
        )),
    }
    let outline = Outline::of_registry(registry);
    let publisher = said.publisher.as_deref().unwrap_or_default();
    said.alike = neighbours(&outline, id.as_str(), name.unwrap_or(id.last_label()), publisher);
    said.alike.retain(|other| other.id != id.as_str());
    said
}

fn text(id: &str, said: &Said) -> String {
    let mut out = String::new();
    let mut line = |words: String| out.push_str(&format!("{}\n", neutralize(&words).replace('\n', " ")));
    said.refused.iter().for_each(|reason| line(format!("refused: {reason}")));
    said.asked.iter().for_each(|reason| line(format!("asked: {reason}")));
    if let Some(publisher) = &said.publisher {
        line(format!("publisher: `{publisher}` may publish it"));
    }
    for other in &said.alike {
        line(format!("alike: {}, distance {}: {}", other.subject(), other.distance, other.how));
    }
    line(if !said.refused.is_empty() {
        format!("`{id}` cannot be used like this")
    } else if said.asked.is_empty() && said.alike.is_empty() {
        format!("`{id}` is free")
    } else {
        format!("`{id}` is free, and a curator would be asked about it")
    });
    out
}

fn json(id: &str, said: &Said) -> String {
    let alike: Vec<serde_json::Value> = said
        .alike
        .iter()
        .map(|other| serde_json::json!({
                "id": other.id, "is_label": other.is_label, "name": other.name, "distance": other.distance, "how": other.how,
            }))
        .collect();
    let value = serde_json::json!({
        "v": 1, "id": id, "refused": said.refused, "asked": said.asked, "publisher": said.publisher, "alike": alike,
    });
    format!("{}\n", crate::diagnostic::render::escape_json(&value.to_string()))
}
