//! `shelfmark build`: compiles the registry into the tree that a host serves.

use super::check::plural;
use super::queue::submissions;
use crate::artifact::store::{FetchError, NetworkPolicy};
use crate::build::{self, BuildOptions, BuildReport};
use crate::cli::Exit;
use crate::cli::advisory_db;
use crate::cli::artifact_source::{ArtifactSource, list};
use crate::cli::context::{Context, Failure, Format};
use crate::cli::gate::GateSource;
use crate::cli::progress::Bar;
use crate::cli::registry_source::{RegistrySource, Shown, base_url, parse_as_of, parse_base_url};
use crate::diagnostic::{Diagnostic, render};
use crate::model::{RuleLevel, Timestamp};
use crate::publish::{DirectoryOutput, PrepareError, WriteReport};
use crate::scan::{Knowledge, ReportCache, Scans};
use crate::site::QueueEntry;
use crate::validate::{self, Looked};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Compile the registry into an index, a search index and a catalog site
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  shelfmark build
  shelfmark build --registry ../my-registry --out /srv/www
  shelfmark build --git .@v2026.10:registry-index --base-url https://packages.example/
  shelfmark build --offline                         with the archives that were downloaded before
  shelfmark build --artifacts ~/archives            look for <sha256>.tgz there first
  shelfmark build --allow-missing                   although some archives cannot be had
  shelfmark build --queue                           with a page of the open submissions

The output depends on the registry's files, the artifacts and these options alone: the same commit gives
the same bytes. Artifacts that are no folders of the registry are downloaded once and kept by their digest.
A build that is stopped leaves the earlier one readable; run it again to complete it.")]
pub(crate) struct Args {
    #[command(flatten)]
    source: RegistrySource,
    /// Folder to write; files in it that a build does not know are removed
    #[arg(long, value_name = "DIR", default_value = "site/dist")]
    out: PathBuf,
    /// Where the site will be served from [default: base-url of registry.toml]
    #[arg(long, value_name = "URL", value_parser = parse_base_url)]
    base_url: Option<String>,
    /// The moment things are judged by [default: the newest date in the registry]
    #[arg(long, value_name = "TIME", value_parser = parse_as_of)]
    as_of: Option<Timestamp>,
    #[command(flatten)]
    artifact_source: ArtifactSource,
    /// Download nothing: use what is in the cache, the registry and --artifacts
    #[arg(long)]
    offline: bool,
    /// Build although artifacts cannot be had; one with other bytes than its release says still stops
    #[arg(long)]
    allow_missing: bool,
    /// Folder of OSV records to look up what artifacts pin in lock files
    #[arg(long, value_name = "DIR")]
    advisory_db: Option<PathBuf>,
    /// Add a page of the open submissions: branches and fetched pull requests against this revision
    #[arg(long, value_name = "BASE", num_args = 0..=1, default_missing_value = "main", conflicts_with = "git")]
    queue: Option<String>,
    /// Threads to use [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// How to print the result
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// Runs the command.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.jobs.map_or(0, usize::from)).build()?;
    pool.install(|| run_in_pool(args, context))
}

// A clock is read to tell the person how long it took; no byte depends on it.
#[allow(clippy::disallowed_methods)]
fn run_in_pool(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let start = Instant::now();
    let bar = Bar::new(context);
    let advisories = args.advisory_db.as_deref().map(advisory_db::load).transpose()?.unwrap_or_default();
    build::Progress::begin(&bar, "reading", 1);
    let snapshot = args.source.snapshot()?;
    let (mut registry, mut found) = validate::load(&snapshot)?;
    let network = if args.offline { NetworkPolicy::Offline } else { NetworkPolicy::Online };
    let settings = &registry.settings;
    let artifacts = args.artifact_source.open(&args.source, &snapshot, settings, network, context)?;
    build::Progress::begin(&bar, "artifacts", validate::count_archives(&registry));
    let step = || build::Progress::step(&bar, 1);
    let looked = validate::read_archives(&mut registry, &snapshot, &artifacts, &step, &mut found)?;
    build::Progress::begin(&bar, "checking", 1);
    let validation = validate::judge(registry, found, args.as_of);
    let as_of = args.as_of.unwrap_or_else(|| validate::newest_date(validation.registry()));
    let base_url = base_url(args.base_url.as_deref(), validation.registry()).to_owned();
    let shown = Shown { snapshot: &snapshot, base_url: &base_url, archives: None };
    let (registry, diagnostics) = match validation.into_valid() {
        Ok(valid) => valid,
        Err(diagnostics) => {
            bar.finish();
            return Ok(refuse(&diagnostics, &shown, args.format, context));
        }
    };
    if let Some(failure) = missing(&looked, args) {
        bar.finish();
        context.complain(&format!("these artifacts cannot be had:\n{}", list(&looked.missing)));
        return Err(failure);
    }
    let checked = start.elapsed();
    let output = DirectoryOutput::prepare(&args.out).map_err(prepare_failure)?;
    let queue = args.queue.as_deref().map(|base| queue(args, base, as_of, context)).transpose()?;
    let options = BuildOptions { as_of, base_url, queue };
    let knowledge = Knowledge::of(&registry, advisories);
    let cache = artifacts.state().map(|state| ReportCache::new(state, &knowledge));
    let scans = Scans::new(knowledge, cache);
    let report = build::build(&registry, &snapshot, &artifacts, &options, &scans, &output, &bar)?;
    build::Progress::begin(&bar, "finishing", 1);
    let written = output.commit()?;
    bar.finish();
    match args.format {
        Format::Json => context.print(&json(&report, &written, &diagnostics)),
        Format::Text => {
            warn(&diagnostics, context);
            if !looked.missing.is_empty() {
                let text = list(&looked.missing);
                let count = plural(looked.missing.len() as u64, "artifact");
                context.remark(&format!("built without {count}:\n{}", text.trim_end()));
            }
            context.remark(&text(
                &report,
                &written,
                &args.out,
                checked.as_secs_f64(),
                start.elapsed().as_secs_f64(),
            ));
        }
    }
    Ok(Exit::Ok)
}

/// Says why artifacts that are missing stop the build, if they do.
fn missing(looked: &Looked, args: &Args) -> Option<Failure> {
    let is_forgiven = |error: &FetchError| args.allow_missing && error.is_missing();
    let count = looked.missing.iter().filter(|(_, error)| !is_forgiven(error)).count() as u64;
    if count == 0 {
        return None;
    }
    let message = format!("nothing was built: {} cannot be had", plural(count, "artifact"));
    let help = match (args.offline && looked.offline() > 0, args.allow_missing) {
        (true, _) => "build once without `--offline`, or give the archives with `--artifacts DIR`",
        (_, false) => "give the archives with `--artifacts DIR`, or build without them: `--allow-missing`",
        (_, true) => "make the files usable, or name another folder with `--state DIR`",
    };
    Some(Failure::new(Exit::CouldNotRun, message).help(help))
}

/// Most diagnostics that a refused build prints; `check` prints all.
const SHOWN: usize = 20;

fn refuse(diagnostics: &[Diagnostic], shown: &Shown<'_>, format: Format, context: &Context) -> Exit {
    let errors: Vec<&Diagnostic> = diagnostics.iter().filter(|d| d.level >= RuleLevel::Deny).collect();
    let first: Vec<&Diagnostic> = errors.iter().copied().take(SHOWN).collect();
    let text = shown.render(&first, format, context);
    match format {
        Format::Json => context.print(&text),
        Format::Text => context.complain(&text),
    }
    let more = if errors.len() > SHOWN { format!(" ({} are shown)", first.len()) } else { String::new() };
    context.complain(&format!(
        "nothing was built: {}{more}\nhelp: `shelfmark check` lists everything, `shelfmark explain <rule>` tells more\n",
        render::summary(diagnostics).unwrap_or_default()
    ));
    Exit::Rejected
}

/// Says in one line a rule what was let pass.
fn warn(diagnostics: &[Diagnostic], context: &Context) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for diagnostic in diagnostics {
        *counts.entry(diagnostic.rule).or_default() += 1;
    }
    if counts.is_empty() {
        return;
    }
    let list: Vec<String> = counts.iter().map(|(rule, count)| format!("{rule} {count}")).collect();
    context.remark(&format!(
        "built with {} ({}); `shelfmark check` lists them",
        render::summary(diagnostics).unwrap_or_default(),
        list.join(", ")
    ));
}

fn text(report: &BuildReport, written: &WriteReport, out: &Path, checked: f64, total: f64) -> String {
    format!(
        "{}, {}, {} in {total:.2} s (reading and checking {checked:.2} s)\n\
         {} files in {}: {} written, {} removed, {} unchanged\n\
         root {} of source tree {}\n\
         look at it: shelfmark serve {}",
        plural(report.index.root.packages, "package"),
        plural(report.index.root.releases, "release"),
        plural(report.site.pages, "page"),
        written.files,
        out.display(),
        written.written,
        written.removed,
        written.files - written.written,
        report.index.root.merkle,
        report.index.root.source_tree,
        out.display(),
    )
}

fn json(report: &BuildReport, written: &WriteReport, diagnostics: &[Diagnostic]) -> String {
    let value = serde_json::json!({
        "v": 1,
        "root": report.index.root,
        "pages": report.site.pages,
        "search_documents": report.search.documents,
        "artifacts": report.artifacts,
        "scanned": report.scanned,
        "artifacts_elsewhere": report.artifacts_elsewhere,
        "files": written.files,
        "written": written.written,
        "written_bytes": written.written_bytes,
        "removed": written.removed,
        "diagnostics": diagnostics.len(),
    });
    format!("{value}\n")
}

fn prepare_failure(error: PrepareError) -> Failure {
    if matches!(error, PrepareError::Output(_)) {
        return Failure::from(error);
    }
    Failure { exit: Exit::Usage, ..Failure::from(error) }
        .help("`--out` takes a new or empty folder, or one that was built before")
}

/// Judges the open submissions for their page.
fn queue(args: &Args, base: &str, as_of: Timestamp, context: &Context) -> Result<Vec<QueueEntry>, Failure> {
    let gate = GateSource { registry: Some(args.source.folder()?), path: None };
    let open = submissions(&gate, &args.artifact_source, base, as_of, context)?;
    Ok(open.iter().map(super::queue::entry).collect())
}
