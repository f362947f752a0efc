//! `shelfmark check`: everything that is wrong, in one run.

use crate::artifact::store::NetworkPolicy;
use crate::build;
use crate::cli::Exit;
use crate::cli::artifact_source::{Archives, ArtifactSource};
use crate::cli::context::{Context, Failure, Format};
use crate::cli::package_check;
use crate::cli::progress::Bar;
use crate::cli::registry_source::{RegistrySource, Shown, base_url, parse_as_of};
use crate::diagnostic::{Diagnostic, render};
use crate::model::{RuleLevel, Timestamp};
use crate::platform::fs;
use crate::validate;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Check a registry, or one package before it is submitted
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  shelfmark check                               the whole registry
  shelfmark check ./my-package                  a package folder that holds shelfmark.toml
  shelfmark check --rule dependency-cycle       one rule alone
  shelfmark check --summary                     counts by rule
  shelfmark check --fix                         corrects what can be corrected safely
  shelfmark check --online                      download archives too, and look into them
  shelfmark check --format json                 one JSON object a line
  shelfmark check --format sarif                for a code scanning page

Exit codes: 0 nothing denies, 1 something does, 3 a curator must decide, 4 could not run")]
pub(crate) struct Args {
    /// A package folder, or a registry folder [default: the registry]
    path: Option<PathBuf>,
    #[command(flatten)]
    source: RegistrySource,
    /// Show only this rule
    #[arg(long, value_name = "RULE")]
    pub(crate) rule: Option<String>,
    /// Show counts by rule instead of every place
    #[arg(long)]
    pub(crate) summary: bool,
    #[command(flatten)]
    artifact_source: ArtifactSource,
    /// Download the archives that are not here, to look into them
    #[arg(long)]
    online: bool,
    /// Apply every safe fix: what is written is what the registry knows to be meant
    #[arg(long, conflicts_with = "git")]
    pub(crate) fix: bool,
    /// The moment things are judged by [default: the newest date in the registry]
    #[arg(long, value_name = "TIME", value_parser = parse_as_of)]
    pub(crate) as_of: Option<Timestamp>,
    /// How to print the result
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: CheckFormat,
}

/// How diagnostics are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum CheckFormat {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
    /// SARIF 2.1.0, for code scanning pages
    Sarif,
}

impl CheckFormat {
    /// Returns the form of one diagnostic after the other; `None` where all are one document.
    pub(crate) fn one_by_one(self) -> Option<Format> {
        match self {
            CheckFormat::Text => Some(Format::Text),
            CheckFormat::Json => Some(Format::Json),
            CheckFormat::Sarif => None,
        }
    }
}

/// Runs the command.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    if let Some(rule) = args.rule.as_deref().filter(|rule| validate::rules::find(rule).is_none()) {
        return Err(super::explain::unknown_rule(rule));
    }
    if args.summary && args.format == CheckFormat::Sarif {
        return Err(Failure::new(Exit::Usage, "SARIF has no form for `--summary`")
            .help("shelfmark check --summary --format json"));
    }
    let mut source = args.source.clone();
    if let Some(path) = &args.path {
        if fs::is_file(path) {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            let folder = folder.unwrap_or(std::path::Path::new("."));
            return Err(Failure::new(
                Exit::Usage,
                format!("`{}` is a file; `check` takes a folder", path.display()),
            )
            .help(format!("shelfmark check {}", folder.display())));
        }
        if fs::is_file(&path.join("shelfmark.toml")) {
            return package_check::run(path, &source, args, context);
        }
        if source.git.is_some() || source.registry.is_some() {
            return Err(Failure::new(
                Exit::Usage,
                format!("`{}` is no package folder: it has no shelfmark.toml", path.display()),
            ));
        }
        if !fs::is_file(&path.join("registry.toml")) {
            return Err(Failure::new(
                Exit::CouldNotRun,
                format!("`{}` holds neither shelfmark.toml nor registry.toml", path.display()),
            )
            .help("give a package folder (`shelfmark new` makes one) or a registry folder (`shelfmark init` makes one)"));
        }
        source.registry = Some(path.clone());
    }
    let snapshot = source.snapshot()?;
    let (mut registry, mut found) = validate::load(&snapshot)?;
    let network = if args.online { NetworkPolicy::Online } else { NetworkPolicy::Offline };
    let artifacts = args.artifact_source.open(&source, &snapshot, &registry.settings, network, context)?;
    let bar = Bar::new(context);
    build::Progress::begin(&bar, "artifacts", validate::count_archives(&registry));
    let step = || build::Progress::step(&bar, 1);
    let looked = validate::read_archives(&mut registry, &snapshot, &artifacts, &step, &mut found)?;
    bar.finish();
    let validation = validate::judge(registry, found, args.as_of);
    let registry = validation.registry();
    let archives = Some(Archives::new(&artifacts, &snapshot, registry));
    let shown = Shown { snapshot: &snapshot, base_url: base_url(None, registry), archives };
    let wanted: Vec<&Diagnostic> = validation
        .diagnostics
        .iter()
        .filter(|diagnostic| args.rule.as_deref().is_none_or(|rule| diagnostic.rule == rule))
        .collect();
    if args.summary {
        context.print(&summary(&wanted, args.format));
    } else {
        context.print(&match args.format.one_by_one() {
            Some(format) => shown.render(&wanted, format, context),
            None => shown.sarif(&wanted),
        });
    }
    remark_on(&looked, args.format, context);
    if args.fix {
        let owned: Vec<Diagnostic> = wanted.iter().map(|diagnostic| (*diagnostic).clone()).collect();
        apply_fixes(&source.folder()?, &owned, AGAIN, context)?;
    }
    let what = plural(validation.registry().packages.len() as u64, "package");
    Ok(conclude(&wanted, &what, args.format, context))
}

/// Says how many artifacts were left alone because the network was not used.
fn remark_on(looked: &validate::Looked, format: CheckFormat, context: &Context) {
    if format == CheckFormat::Text && looked.offline() > 0 {
        let count = plural(looked.offline(), "artifact");
        context
            .remark(&format!("{count} not looked at; `shelfmark check --online` downloads what is not here"));
    }
}

/// Returns `1 package` or `2 packages`.
pub(crate) fn plural(count: u64, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// Prints the closing line and returns the exit code.
pub(crate) fn conclude(
    diagnostics: &[&Diagnostic],
    what: &str,
    format: CheckFormat,
    context: &Context,
) -> Exit {
    if format == CheckFormat::Text {
        let owned: Vec<Diagnostic> = diagnostics.iter().map(|d| (*d).clone()).collect();
        context.remark(&match render::summary(&owned) {
            Some(summary) => format!("{what} checked: {summary}"),
            None => format!("{what} checked: nothing to report"),
        });
    }
    let has = |test: fn(RuleLevel) -> bool| diagnostics.iter().any(|diagnostic| test(diagnostic.level));
    if has(|level| level >= RuleLevel::Deny) {
        Exit::Rejected
    } else if has(|level| level == RuleLevel::Review) {
        Exit::NeedsReview
    } else {
        Exit::Ok
    }
}

/// Counts diagnostics by rule.
pub(crate) fn summary(diagnostics: &[&Diagnostic], format: CheckFormat) -> String {
    let mut counts: BTreeMap<(&str, RuleLevel), u64> = BTreeMap::new();
    for diagnostic in diagnostics {
        *counts.entry((diagnostic.rule, diagnostic.level)).or_default() += 1;
    }
    let line = |((rule, level), count): (&(&str, RuleLevel), &u64)| match format {
        CheckFormat::Text => format!("{count:>8}  {level:<7} {rule}\n"),
        CheckFormat::Json | CheckFormat::Sarif => {
            format!("{}\n", serde_json::json!({"v": 1, "rule": rule, "level": level, "count": count}))
        }
    };
    counts.iter().map(line).collect()
}

/// What follows on fixes of files that are read where they stand.
pub(crate) const AGAIN: &str = "run the same command again";

/// Applies every safe fix to the files of a folder, and says what was done and what to do next.
pub(crate) fn apply_fixes(
    folder: &std::path::Path,
    diagnostics: &[Diagnostic],
    next: &str,
    context: &Context,
) -> Result<u64, Failure> {
    let mut done = 0;
    for group in diagnostics.chunk_by(|a, b| a.location.path == b.location.path) {
        let fixable: Vec<&Diagnostic> = group.iter().filter(|diagnostic| diagnostic.fix.is_some()).collect();
        let Some(first) = fixable.first() else { continue };
        let file = folder.join(&*first.location.path);
        if !fs::is_regular(&file) || !fs::is_inside(&file, folder) {
            continue;
        }
        let text = fs::read_to_string(&file)?;
        let (fixed, count) = crate::diagnostic::fixed(&text, &fixable);
        if fixable.iter().any(|one| one.fix == Some(crate::diagnostic::Fix::ClearExecutable)) {
            fs::clear_executable(&file)?;
            done += 1;
        }
        if count > 0 {
            fs::atomic_write(&file, fixed.as_bytes())?;
            done += count;
        }
        context.remark(&format!("corrected {}", file.display()));
    }
    let words = if done == 1 { "1 safe fix".to_owned() } else { format!("{done} safe fixes") };
    context.remark(&format!("{words} applied; {next}"));
    Ok(done)
}
