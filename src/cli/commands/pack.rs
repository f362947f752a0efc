//! `shelfmark pack`: the canonical archive of a package folder.

use crate::artifact::{PackFile, pack};
use crate::cli::Exit;
use crate::cli::context::{Context, Failure, Format};
use crate::diagnostic::{Anchor, Location, locate};
use crate::model::{Digest, PackageId, RelPath, Version};
use crate::platform::fs;
use crate::source::{Mode, Snapshot};
use std::path::{Path, PathBuf};

/// Pack a package folder into its canonical .tgz
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  shelfmark pack ./my-package                       writes <id>-<version>.tgz here
  shelfmark pack ./my-package --out dist/
  shelfmark pack sources/com.x.a/1.0.0 --record packages/com/x/com.x.a/1.0.0.toml

The same files give the same bytes, whatever their times, owners and order.")]
pub(crate) struct Args {
    /// The package folder; it holds shelfmark.toml
    folder: PathBuf,
    /// Folder to write the archive to
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
    /// Write no archive; put sha256 and size into the [artifact] of this release file instead
    #[arg(long, value_name = "FILE", conflicts_with = "out")]
    record: Option<PathBuf>,
    /// How to print the result
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// Runs the command.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let (folder, out) = (std::path::absolute(&args.folder)?, std::path::absolute(&args.out)?);
    if args.record.is_none()
        && out.components().collect::<PathBuf>().starts_with(folder.components().collect::<PathBuf>())
    {
        let message = format!(
            "the archive would be written into the folder that is packed, `{}`",
            args.folder.display()
        );
        return Err(
            Failure::new(Exit::Usage, message).help("name another folder with `--out`, such as `--out ..`")
        );
    }
    let snapshot = Snapshot::of_directory(&args.folder)?;
    let reader = snapshot.reader()?;
    let mut files = Vec::new();
    for entry in snapshot.entries() {
        let path = RelPath::parse(&entry.path)
            .map_err(|invalid| Failure::new(Exit::Rejected, invalid.to_string()))?;
        if entry.mode != Mode::Regular {
            let message =
                format!("`{path}` is {}; an archive holds regular files only", entry.mode.describe());
            return Err(Failure::new(Exit::Rejected, message));
        }
        if let Some(why) = crate::artifact::leftover(&path) {
            context.remark(&format!("warning: `{path}` is packed, but looks like {why}"));
        }
        files.push((path, reader.read(entry)?));
    }
    let (id, version) =
        name_of(&args.folder, files.iter().find(|(path, _)| path == "shelfmark.toml").map(|(_, b)| &**b))?;
    let list = files.iter().map(|(path, content)| PackFile { path: path.clone(), content }).collect();
    let archive = pack(list).map_err(|error| Failure { exit: Exit::Rejected, ..Failure::from(error) })?;
    let digest = Digest::of(&archive);
    let target = match &args.record {
        Some(release) => {
            record(release, digest, archive.len())?;
            release.clone()
        }
        None => {
            let file = args.out.join(format!("{id}-{version}.tgz"));
            fs::atomic_write(&file, &archive).map_err(|error| could_not_write(&file, error))?;
            file
        }
    };
    context.print(&match args.format {
        Format::Text => format!("{}\nsha256 = \"{digest}\"\nsize = {}\n", target.display(), archive.len()),
        Format::Json => {
            let value = serde_json::json!({
                "v": 1, "id": id, "version": version, "files": files.len(),
                "sha256": digest, "size": archive.len(), "written": target,
            });
            format!("{value}\n")
        }
    });
    Ok(Exit::Ok)
}

fn name_of(folder: &Path, manifest: Option<&[u8]>) -> Result<(PackageId, Version), Failure> {
    let manifest = manifest.ok_or_else(|| {
        Failure::new(Exit::Rejected, format!("`{}` has no shelfmark.toml", folder.display()))
            .help("`shelfmark new <kind> <id>` makes a package folder")
    })?;
    let reject = |message: String| {
        Failure::new(Exit::Rejected, message)
            .help(format!("`shelfmark check {}` lists everything wrong", folder.display()))
    };
    let table: toml::Table = std::str::from_utf8(manifest)
        .ok()
        .and_then(|text| toml::from_str(text).ok())
        .ok_or_else(|| reject("shelfmark.toml is not valid TOML".into()))?;
    let text = |key: &str| {
        table
            .get(key)
            .and_then(toml::Value::as_str)
            .ok_or_else(|| reject(format!("shelfmark.toml has no `{key}`")))
    };
    let id = PackageId::parse(text("id")?).map_err(|invalid| reject(invalid.to_string()))?;
    let version = Version::parse(text("version")?).map_err(|invalid| reject(invalid.to_string()))?;
    Ok((id, version))
}

/// Replaces the two values where they stand; the rest of the file stays as written.
fn record(release: &Path, digest: Digest, size: usize) -> Result<(), Failure> {
    let mut text = fs::read_to_string(release)
        .map_err(|error| Failure { causes: vec![error.to_string()], ..unreadable(release) })?;
    for (key, value) in [("sha256", format!("\"{digest}\"")), ("size", size.to_string())] {
        let keys = vec!["artifact".to_owned(), key.to_owned()];
        let location = Location { path: "release.toml".into(), anchor: Anchor::Value(keys) };
        let span = locate(&location, &text).span;
        let before = text.get(..span.start).unwrap_or_default();
        if !before.trim_end().ends_with('=') {
            return Err(unreadable(release).help(format!("it needs `{key} = …` under [artifact]")));
        }
        text.replace_range(span, &value);
    }
    fs::atomic_write(release, text.as_bytes()).map_err(|error| could_not_write(release, error))
}

fn unreadable(release: &Path) -> Failure {
    Failure::new(Exit::CouldNotRun, format!("cannot record the digest in `{}`", release.display()))
}

fn could_not_write(file: &Path, error: std::io::Error) -> Failure {
    Failure {
        causes: vec![error.to_string()],
        ..Failure::new(Exit::CouldNotRun, format!("cannot write `{}`", file.display()))
    }
}
