//! `shelfmark import`: a foreign catalog becomes an authored registry.

use crate::build::Progress;
use crate::cli::Exit;
use crate::cli::context::{Context, Failure, Format};
use crate::cli::progress::Bar;
use crate::cli::registry_source::{parse_base_url, parse_prefix};
use crate::import::{self, Options, VersionScheme};
use crate::model::{Kind, Prefix};
use crate::platform::fs;
use std::io::BufReader;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Turn a foreign catalog into a registry that builds
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  shelfmark import bcr.ndjson.zst --owner-prefix dev.bcr --into ./bcr
  shelfmark import hackage.ndjson.zst --owner-prefix dev.hackage --version-scheme pvp --into ./hackage
  shelfmark build --registry ./bcr --out /tmp/site

One JSON record a release, one a line (`shelfmark schema import-record`), plain or compressed with zstd.
What cannot be represented is counted and listed in <DIR>.import-report.json, never dropped in silence.")]
pub(crate) struct Args {
    /// The records
    records: PathBuf,
    /// Prefix of every id
    #[arg(long, value_name = "PREFIX", value_parser = parse_prefix)]
    owner_prefix: Prefix,
    /// Folder to write; new or empty
    #[arg(long, value_name = "DIR")]
    into: PathBuf,
    /// How the catalog spells versions
    #[arg(long, value_enum, default_value_t = Scheme::Semver, value_name = "SCHEME")]
    version_scheme: Scheme,
    /// Kind of every package
    #[arg(long, default_value_t = Kind::Module, value_name = "KIND")]
    kind: Kind,
    /// Name of the registry [default: the name of the folder]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Where its site will be served from
    #[arg(long, value_name = "URL", value_parser = parse_base_url, default_value = crate::build::DEFAULT_BASE_URL)]
    base_url: String,
    /// How to print the result
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Scheme {
    /// SemVer, or the record's `semver` field
    Semver,
    /// A.B.C.D becomes (A·10⁹+B).C.D
    Pvp,
}

/// Runs the command.
// A clock is read to tell the person how long it took; no byte depends on it.
#[allow(clippy::disallowed_methods)]
pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let start = Instant::now();
    let file = fs::open(&args.records).map_err(|error| Failure {
        causes: vec![error.to_string()],
        ..Failure::new(Exit::CouldNotRun, format!("cannot read `{}`", args.records.display()))
    })?;
    let folder = args.into.file_name().map(|name| name.to_string_lossy().into_owned());
    let options = Options {
        owner_prefix: args.owner_prefix.clone(),
        into: args.into.clone(),
        version_scheme: match args.version_scheme {
            Scheme::Semver => VersionScheme::SemVer,
            Scheme::Pvp => VersionScheme::Pvp,
        },
        registry_name: args.name.clone().or(folder).unwrap_or_else(|| args.owner_prefix.to_string()),
        base_url: args.base_url.clone(),
        kind: args.kind,
    };
    let bar = Bar::new(context);
    bar.begin("importing", 0);
    let last = AtomicU64::new(0);
    let progress = |done: u64| bar.step(done.saturating_sub(last.fetch_max(done, Ordering::Relaxed)));
    let report = import::import(BufReader::with_capacity(1 << 20, file), &options, &progress);
    bar.finish();
    let report = report.map_err(|error| {
        let failure = Failure::from(error);
        let message = format!("{} (reading `{}`)", failure.message, args.records.display());
        Failure { message, ..failure }
    })?;
    match args.format {
        Format::Json => context.print(&report.json()),
        Format::Text => {
            context.print(&report.summary());
            context.remark(&format!(
                "written to {} in {:.1} s; every case is in {}\nbuild it: shelfmark build --registry {}",
                args.into.display(),
                start.elapsed().as_secs_f64(),
                import::report_path(&args.into).display(),
                args.into.display(),
            ));
        }
    }
    Ok(Exit::Ok)
}
