//! `shelfmark scan`: what is inside an artifact, as findings and a score.

use crate::artifact::store::{Artifacts, NetworkPolicy};
use crate::cli::Exit;
use crate::cli::advisory_db;
use crate::cli::artifact_source::ArtifactSource;
use crate::cli::context::{Context, Failure};
use crate::cli::package_check::registry_around;
use crate::cli::registry_source::{RegistrySource, base_url, parse_as_of};
use crate::cli::scan_target::{Target, scan_path};
use crate::diagnostic::Diagnostic;
use crate::diagnostic::render::TextOptions;
use crate::model::{PackageId, RuleLevel, Timestamp, Version};
use crate::platform::fs;
use crate::scan::differential::differential;
use crate::scan::render::{self, Shown};
use crate::scan::sarif::{Anchor, Reported, sarif};
use crate::scan::verdict::{Verdict, Waiver, in_force, of_report};
use crate::scan::{self, Knowledge, THRESHOLD, scan_archive};
use crate::schema::{Differential, ScanReport};
use crate::source::Snapshot;
use crate::validate::registry::Release;
use crate::validate::{self, Registry};
use rayon::prelude::*;
use std::path::{Path, PathBuf};

/// Scan an artifact, a folder, or the releases of a registry
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  shelfmark scan com.hotcrm.finance-1.0.0.tgz       an archive
  shelfmark scan ./my-package                       a folder, as `pack` would pack it
  shelfmark scan ./skills/pdf/SKILL.md              any single file
  shelfmark scan com.hotcrm.finance@1.1.0           a release, against the one before it
  shelfmark scan                                    every release of the registry
  shelfmark scan my.tgz --format sarif > scan.sarif

Nothing of a package is run and nothing is fetched. Policy, waivers and advisories come from the registry.

Exit codes: 0 it passes, 1 it would be refused, 2 wrong usage, 4 could not run")]
pub(crate) struct Args {
    /// An archive, a folder, a file, or id@version [default: every release of the registry]
    target: Option<String>,
    #[command(flatten)]
    source: RegistrySource,
    /// Compare with this release or archive [default: the release before it, where the registry has one]
    #[arg(long, value_name = "VERSION|FILE", requires = "target")]
    base: Option<String>,
    #[command(flatten)]
    artifact_source: ArtifactSource,
    /// Folder of OSV records to look up what is pinned in lock files
    #[arg(long, value_name = "DIR")]
    advisory_db: Option<PathBuf>,
    /// The moment waivers are judged by [default: the newest date in the registry]
    #[arg(long, value_name = "TIME", value_parser = parse_as_of)]
    as_of: Option<Timestamp>,
    /// Most findings to print
    #[arg(long, value_name = "N", default_value_t = 50)]
    most: usize,
    /// How to print the result
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: ScanFormat,
}

/// How a scan is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
enum ScanFormat {
    /// For people
    #[default]
    Text,
    /// The report, as `build` publishes it
    Json,
    /// For code scanning tools
    Sarif,
}

/// The registry that a scan is judged by, if there is one.
struct Surroundings<'a> {
    registry: Option<(Artifacts<'a>, &'a Snapshot, Registry)>,
    knowledge: Knowledge,
    waivers: Vec<Waiver>,
    threshold: u8,
    as_of: Timestamp,
}

/// One report with what belongs to it.
struct Scanned<'a> {
    report: ScanReport,
    /// What a person calls it, for the headline and the command that repeats it.
    target: String,
    /// Path of the release file, where the scanned thing is a release.
    release: Option<&'a Release>,
}

/// Runs the command.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let (source, snapshot) = registry_of(args)?;
    let around = Surroundings::of(args, &source, snapshot.as_ref(), context)?;
    let Some(text) = &args.target else { return scan_registry(args, &around, context) };
    let registry = around.registry.as_ref().map(|(_, _, registry)| registry);
    let scanned = match Target::parse(text, registry)? {
        Target::Path(path) => {
            Scanned { report: scan_path(&path, &around.knowledge)?, target: text.clone(), release: None }
        }
        Target::Release(id, version) => around.scan_release(&id, &version)?,
    };
    if registry.is_none() && args.format == ScanFormat::Text {
        context.remark("no registry here: judged without a policy, waivers or advisories; name one with `--registry DIR`");
    }
    let changes = around.differential(args.base.as_deref(), &scanned)?;
    let waivers = around.waivers_for(&scanned.report);
    let verdict = of_report(&scanned.report, around.threshold, &waivers);
    context.print(&match args.format {
        ScanFormat::Text => render::text(
            &Shown {
                report: &scanned.report,
                verdict: &verdict,
                threshold: around.threshold,
                waivers: &waivers,
                differential: changes.as_ref(),
                target: &scanned.target,
                most: args.most,
            },
            TextOptions { color: context.color, width: context.width },
        ),
        ScanFormat::Json => scanned.report.text(),
        ScanFormat::Sarif => {
            let folder = if fs::is_dir(Path::new(text)) { text.as_str() } else { "" };
            let place =
                scanned.release.map_or(Anchor::Folder(folder), |release| Anchor::Release(&release.path));
            sarif(&[Reported { report: &scanned.report, place, waivers: &waivers }], around.site())
        }
    });
    Ok(if verdict.admits() { Exit::Ok } else { Exit::Rejected })
}

/// Scans every release of the registry.
fn scan_registry(args: &Args, around: &Surroundings<'_>, context: &Context) -> Result<Exit, Failure> {
    let Some((_, _, registry)) = &around.registry else {
        // Says where a registry was looked for.
        return args.source.folder().map(|_| Exit::Ok);
    };
    let releases: Vec<&Release> = registry
        .packages
        .values()
        .flat_map(|package| &package.releases)
        .filter(|release| release.artifact.is_some() && !release.is_removed())
        .collect();
    let results: Vec<Result<Option<Scanned<'_>>, Failure>> =
        releases.par_iter().map(|release| around.scan_known(release)).collect();
    let mut scanned = Vec::new();
    for result in results {
        scanned.extend(result?);
    }
    let absent = releases.len() - scanned.len();
    let judged: Vec<(Vec<&Waiver>, Verdict)> = scanned
        .iter()
        .map(|one| {
            let waivers = around.waivers_for(&one.report);
            let verdict = of_report(&one.report, around.threshold, &waivers);
            (waivers, verdict)
        })
        .collect();
    match args.format {
        ScanFormat::Text => {
            for (one, (_, verdict)) in scanned.iter().zip(&judged) {
                context.print(&row(one, verdict));
            }
        }
        ScanFormat::Json => {
            for one in &scanned {
                context.print(&format!("{}\n", serde_json::to_string(&one.report).unwrap_or_default()));
            }
        }
        ScanFormat::Sarif => {
            let reports: Vec<Reported<'_>> = scanned
                .iter()
                .zip(&judged)
                .filter_map(|(one, (waivers, _))| {
                    Some(Reported {
                        report: &one.report,
                        place: Anchor::Release(&one.release?.path),
                        waivers,
                    })
                })
                .collect();
            context.print(&sarif(&reports, around.site()));
        }
    }
    let refused = judged.iter().filter(|(_, verdict)| !verdict.admits()).count();
    let absent = if absent > 0 { format!(", {absent} artifacts are not here") } else { String::new() };
    context.remark(&format!("{} releases scanned: {refused} would be refused{absent}", scanned.len()));
    Ok(if refused == 0 { Exit::Ok } else { Exit::Rejected })
}

/// One line of the list of all releases.
fn row(scanned: &Scanned<'_>, verdict: &Verdict) -> String {
    let counts = &scanned.report.counts;
    let word = match verdict {
        Verdict::Passes => "passes",
        Verdict::Waived { .. } => "waived",
        Verdict::Refused { .. } => "refused",
    };
    let found: Vec<String> = [
        ("critical", counts.critical),
        ("high", counts.high),
        ("medium", counts.medium),
        ("low", counts.low),
    ]
    .into_iter()
    .filter(|(_, count)| *count > 0)
    .map(|(name, count)| format!("{count} {name}"))
    .collect();
    let line = format!("{:>3}  {word:<8} {:<44} {}", scanned.report.score, scanned.target, found.join(", "));
    format!("{}\n", line.trim_end())
}

/// Finds the registry: the named one, the one around the target, else the one here.
fn registry_of(args: &Args) -> Result<(RegistrySource, Option<Snapshot>), Failure> {
    let is_named = args.source.git.is_some() || args.source.registry.is_some();
    let around = args.target.as_deref().and_then(|target| registry_around(Path::new(target)));
    let source = match around {
        Some(folder) if !is_named => RegistrySource { registry: Some(folder), git: None },
        _ => args.source.clone(),
    };
    let has_registry = is_named || source.folder().is_ok();
    let snapshot = if has_registry { Some(source.snapshot()?) } else { None };
    Ok((source, snapshot))
}

/// Refuses a registry whose policy, waivers or advisories cannot be read: judging
/// by what is left of them would be milder than the registry is.
fn ensure_readable(registry: &Registry, found: &[Diagnostic]) -> Result<(), Failure> {
    let is_judged_by = |path: &str| {
        matches!(path, "registry.toml" | "policy.toml")
            || path.starts_with("waivers/")
            || path.starts_with("advisories/")
    };
    let is_denied = |one: &&Diagnostic| validate::level_of(registry, one.rule) >= RuleLevel::Deny;
    match found.iter().filter(is_denied).find(|one| is_judged_by(&one.location.path)) {
        None => Ok(()),
        Some(one) => Err(Failure {
            causes: vec![one.message.clone()],
            ..Failure::new(
                Exit::CouldNotRun,
                format!(
                    "the registry's `{}` cannot be used, so nothing can be judged by it",
                    one.location.path
                ),
            )
        }
        .help("`shelfmark check` shows the place; `--registry DIR` names another registry")),
    }
}

impl<'a> Surroundings<'a> {
    fn of(
        args: &Args,
        source: &RegistrySource,
        snapshot: Option<&'a Snapshot>,
        context: &Context,
    ) -> Result<Self, Failure> {
        let more = args.advisory_db.as_deref().map(advisory_db::load).transpose()?.unwrap_or_default();
        let Some(snapshot) = snapshot else {
            let knowledge = Knowledge { advisories: more, ..Knowledge::default() };
            let as_of = args.as_of.unwrap_or(Timestamp::EPOCH);
            return Ok(Self { registry: None, knowledge, waivers: Vec::new(), threshold: THRESHOLD, as_of });
        };
        let (registry, found) = validate::load(snapshot)?;
        ensure_readable(&registry, &found)?;
        let offline = NetworkPolicy::Offline;
        let artifacts = args.artifact_source.open(source, snapshot, &registry.settings, offline, context)?;
        Ok(Self {
            knowledge: Knowledge::of(&registry, more),
            waivers: scan::waivers(&registry),
            threshold: scan::threshold(&registry),
            as_of: args.as_of.unwrap_or_else(|| validate::newest_date(&registry)),
            registry: Some((artifacts, snapshot, registry)),
        })
    }

    /// Returns the address of the pages that explain checks.
    fn site(&self) -> Option<&str> {
        self.registry.as_ref().map(|(_, _, registry)| base_url(None, registry))
    }

    fn scan_release(&self, id: &PackageId, version: &Version) -> Result<Scanned<'_>, Failure> {
        let registry = self.registry.as_ref().map(|(_, _, registry)| registry);
        let release = registry.and_then(|registry| registry.packages.get(id)?.release(version));
        let scanned = release.map(|release| self.scan_known(release)).transpose()?.flatten();
        scanned.ok_or_else(|| {
            Failure::new(Exit::CouldNotRun, format!("the artifact of `{id}@{version}` is not here"))
                .help("give its archive: `shelfmark scan FILE.tgz`")
        })
    }

    /// Scans a release whose artifact is at hand.
    fn scan_known<'r>(&self, release: &'r Release) -> Result<Option<Scanned<'r>>, Failure> {
        let Some((artifacts, snapshot, _)) = &self.registry else { return Ok(None) };
        let archive = match artifacts.bytes(&snapshot.reader()?, release) {
            Err(error) if error.is_missing() => None,
            other => other?,
        };
        Ok(archive.map(|archive| Scanned {
            report: scan_archive(&archive, &self.knowledge),
            target: release.name(),
            release: Some(release),
        }))
    }

    /// Compares with what `--base` names, else with the release before.
    fn differential(
        &self,
        base: Option<&str>,
        scanned: &Scanned<'_>,
    ) -> Result<Option<Differential>, Failure> {
        if let Some(path) = base.map(Path::new).filter(|path| fs::exists(path)) {
            return Ok(Some(differential(Some(&scan_path(path, &self.knowledge)?), &scanned.report)));
        }
        let package = self.registry.as_ref().and_then(|(_, _, registry)| {
            registry.packages.get(&PackageId::parse(scanned.report.package.as_deref()?).ok()?)
        });
        let before = match (base, package) {
            (Some(text), Some(package)) => {
                let found = Version::parse(text).ok().and_then(|version| package.release(&version));
                Some(found.ok_or_else(|| no_base(text))?)
            }
            (Some(text), None) => return Err(no_base(text)),
            (None, Some(package)) => {
                let version = scanned.report.version.as_deref().and_then(|text| Version::parse(text).ok());
                version.and_then(|version| scan::before(package, &version))
            }
            (None, None) => None,
        };
        let Some(before) = before else { return Ok(None) };
        Ok(self.scan_known(before)?.map(|before| differential(Some(&before.report), &scanned.report)))
    }

    fn waivers_for(&self, report: &ScanReport) -> Vec<&Waiver> {
        let version = report.version.as_deref().and_then(|text| Version::parse(text).ok());
        match (&report.package, version) {
            (Some(package), Some(version)) => in_force(&self.waivers, package, &version, self.as_of),
            _ => Vec::new(),
        }
    }
}

fn no_base(text: &str) -> Failure {
    Failure::new(Exit::Usage, format!("there is no release or archive `{text}` to compare with"))
        .help("`--base` takes a version of the same package in the registry, or an archive")
}
