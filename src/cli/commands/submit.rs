//! `shelfmark submit`: a package folder becomes a branch that a pull request can
//! be opened from, judged before anybody else sees it.

use super::review::{Options, ReviewFormat, judge, judge_changes};
use crate::artifact::{PackFile, pack};
use crate::cli::Exit;
use crate::cli::artifact_source::ArtifactSource;
use crate::cli::context::{Context, Failure};
use crate::cli::gate::GateSource;
use crate::cli::package_check::release_of;
use crate::cli::registry_source::{now, parse_as_of};
use crate::diagnostic::render::neutralize;
use crate::model::{PackageId, RelPath, Timestamp, Version};
use crate::platform::{fs, git};
use crate::source::{ChangeSet, Mode, Side, Snapshot, release_path};
use crate::validate::{Actor, Registry};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Pack a package folder, commit it on a branch of a registry's clone, and judge it
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  shelfmark submit ./invoices --registry ../market --actor github:octo#583231
  shelfmark submit ./invoices --registry ../market --dry-run
  shelfmark submit ./invoices --registry ../market --listing ./listing --push origin

The branch stands on the base; the work tree and its index are not touched. Nothing leaves the machine
unless `--push` names a remote, which runs `git push`. The verdict is the one continuous integration will
give. `--dry-run` gives the same one and makes neither commit nor branch; only caches are written, where
`--state` says.

Exit codes: as of `shelfmark review`")]
pub(crate) struct Args {
    /// The package folder; it holds shelfmark.toml
    folder: PathBuf,
    #[command(flatten)]
    gate: GateSource,
    /// The revision to stand on
    #[arg(long, value_name = "REV", default_value = "main")]
    base: String,
    /// The branch to make [default: submit/<id>-<version>]
    #[arg(long, value_name = "NAME")]
    branch: Option<String>,
    /// Move the branch if it is there already
    #[arg(long)]
    replace: bool,
    /// Folder with package.toml and media/ for a new package [default: the registry's folder, else one is made]
    #[arg(long, value_name = "DIR")]
    listing: Option<PathBuf>,
    /// Who proposes it, as the forge knows the account
    #[arg(long, value_name = "FORGE:LOGIN#ID")]
    actor: Option<Actor>,
    /// Date of the release [default: now]
    #[arg(long, value_name = "TIME", value_parser = parse_as_of)]
    now: Option<Timestamp>,
    /// Push the branch to this remote
    #[arg(long, value_name = "REMOTE", num_args = 0..=1, default_missing_value = "origin")]
    push: Option<String>,
    /// List the files and judge them without committing anything
    #[arg(long, conflicts_with = "push")]
    dry_run: bool,
    #[command(flatten)]
    artifact_source: ArtifactSource,
}

/// Files of a submission, from the registry's folder.
type Files = BTreeMap<String, Vec<u8>>;

/// Digits of a commit that reports name.
const SHORT: usize = 12;

/// Runs the command.
pub(crate) fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let moment = args.now.unwrap_or_else(now);
    let base = args.gate.changes(&args.base, &args.base)?;
    let (registry, _) = crate::validate::load(&base.whole(Side::Base)?)?;
    let package = read_package(&args.folder)?;
    let (id, version, release) = release_text(&args.folder, &package, &registry, moment)?;
    ensure_new(&registry, &id, &version)?;
    let branch = args.branch.clone().unwrap_or_else(|| format!("submit/{id}-{version}"));
    ensure_own_branch(args, &branch)?;
    let mut files: Files = package
        .into_iter()
        .map(|(path, _, bytes)| (format!("sources/{id}/{version}/{path}"), bytes))
        .collect();
    files.insert(release_path(&id, &version), release.into_bytes());
    let listed = format!("{}/package.toml", id.folder());
    let has_listing = !base.snapshot(Side::Base, &BTreeSet::from([listed]))?.entries().is_empty();
    if !registry.packages.contains_key(&id) && !has_listing {
        files.extend(listing(args, &id, context)?);
    }
    for path in files.keys() {
        context.print(&format!("+ {}\n", neutralize(path).replace('\n', " ")));
    }
    context.print("\n");
    let options = Options {
        gate: &args.gate,
        base: &args.base,
        head: &branch,
        actor: args.actor.clone(),
        now: moment,
        // Timers begin when the pull request is opened, which is not before now.
        opened: Some(moment),
        artifact_source: &args.artifact_source,
        online: false,
    };
    if args.dry_run {
        return judge_without_writing(&options, files, context);
    }
    let prefix = if base.folder.is_empty() { String::new() } else { format!("{}/", base.folder) };
    let files: Vec<(String, Vec<u8>)> =
        files.into_iter().map(|(path, bytes)| (format!("{prefix}{path}"), bytes)).collect();
    let source = args.gate.source()?;
    let top = source.folder()?;
    let message = format!("{id} {version}\n");
    let new = git::NewCommit {
        parent: &base.base.id.to_string(),
        branch: &branch,
        files: &files,
        message: &message,
        time: moment.unix_seconds(),
        may_replace: args.replace,
    };
    git::commit(&top, &new).map_err(commit_failure)?;
    let judged = judge(&options, ReviewFormat::Text, context)?;
    context.print(&judged.text);
    let exit = super::review::exit_of(judged.report.decision.outcome, &judged.report.facts);
    next(args, &top, &branch, exit, context)?;
    Ok(exit)
}

/// Judges the files as if they were committed; the repository is only read.
fn judge_without_writing(options: &Options<'_>, files: Files, context: &Context) -> Result<Exit, Failure> {
    let (repository, folder) = options.gate.repository()?;
    let changes = ChangeSet::adding(repository, &folder, options.base, options.head, files)?;
    let judged = judge_changes(changes, options, ReviewFormat::Text, context)?;
    // The commit that curators are told to look at will be on the branch.
    let head = judged.report.head.commit.get(..SHORT).unwrap_or_default();
    context.print(&judged.text.replace(&format!("--head {head}"), &format!("--head {}", options.head)));
    let exit = super::review::exit_of(judged.report.decision.outcome, &judged.report.facts);
    context.remark(match exit {
        Exit::Rejected | Exit::VerificationFailed => {
            "nothing was committed; mend it before you run it without `--dry-run`"
        }
        _ => "nothing was committed; without `--dry-run` this is committed on a branch, and judged the same",
    });
    Ok(exit)
}

/// Pushes, or says how.
fn next(args: &Args, top: &Path, branch: &str, exit: Exit, context: &Context) -> Result<(), Failure> {
    match &args.push {
        _ if matches!(exit, Exit::Rejected | Exit::VerificationFailed) => {
            context.remark(&format!("committed on `{branch}` and not pushed: it would be rejected; mend it and run again with `--replace`"));
        }
        Some(remote) => {
            git::push(top, remote, branch, args.replace)?;
            context.remark(&format!("pushed; open a pull request from `{branch}` into `{}`", args.base));
        }
        None => context.remark(&format!(
            "committed on `{branch}`; next: git push origin {branch}, then open a pull request into `{}`",
            args.base
        )),
    }
    Ok(())
}

/// A version is published once.
fn ensure_new(registry: &Registry, id: &PackageId, version: &Version) -> Result<(), Failure> {
    let Some(package) = registry.packages.get(id) else { return Ok(()) };
    if package.release(version).is_none() {
        return Ok(());
    }
    let last = package.last().version.semver();
    Err(Failure::new(
        Exit::Rejected,
        format!("`{id}@{version}` is published already, and a release never changes"),
    )
    .help(format!(
        "raise `version` in shelfmark.toml and add it to CHANGELOG.md, for example `{}.{}.{}`",
        last.major,
        last.minor,
        last.patch.saturating_add(1)
    )))
}

/// A submission stands on a branch of its own: never on the base, and never on
/// one that is checked out.
fn ensure_own_branch(args: &Args, branch: &str) -> Result<(), Failure> {
    let refuse =
        |message: String| Err(Failure::new(Exit::Usage, message).help("`--branch NAME` names another"));
    if !git::is_branch_name(branch) {
        return refuse(format!("`{branch}` is no name of a branch"));
    }
    if branch == args.base || args.base == format!("refs/heads/{branch}") {
        return refuse(format!("`{branch}` is the base"));
    }
    let folder = args.gate.source()?.folder()?;
    if git::is_checked_out(&folder, branch)? {
        return refuse(format!("`{branch}` is checked out"));
    }
    Ok(())
}

fn commit_failure(error: git::GitError) -> Failure {
    let help = match &error {
        git::GitError::BranchExists(_) => "`--replace` moves it, `--branch NAME` makes another",
        git::GitError::NoAuthor => "git config user.name \"…\" && git config user.email \"…\"",
        _ => "the registry has to be a clone that can be written to",
    };
    Failure::from(error).help(help)
}

fn read_package(folder: &Path) -> Result<Vec<(String, Mode, Vec<u8>)>, Failure> {
    if !fs::is_file(&folder.join("shelfmark.toml")) {
        let message = format!("`{}` is no package folder: it has no shelfmark.toml", folder.display());
        return Err(Failure::new(Exit::CouldNotRun, message)
            .help("`shelfmark new <kind> <id>` makes one in a registry"));
    }
    let snapshot = Snapshot::of_directory(folder)?;
    let reader = snapshot.reader()?;
    let mut files = Vec::new();
    for entry in snapshot.entries() {
        if entry.mode != Mode::Regular {
            let message =
                format!("`{}` is {}; a package holds plain files", entry.path, entry.mode.describe());
            return Err(Failure::new(Exit::Rejected, message));
        }
        files.push((entry.path.to_string(), entry.mode, reader.read(entry)?.to_vec()));
    }
    Ok(files)
}

/// Makes the release file of the package as it is, dated now.
fn release_text(
    folder: &Path,
    package: &[(String, Mode, Vec<u8>)],
    registry: &Registry,
    moment: Timestamp,
) -> Result<(PackageId, Version, String), Failure> {
    let manifest = package.iter().find(|(path, ..)| path == "shelfmark.toml");
    let manifest =
        manifest.map(|(_, _, bytes)| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default();
    let list = package
        .iter()
        .filter_map(|(path, _, content)| Some(PackFile { path: RelPath::parse(path).ok()?, content }));
    pack(list.collect()).map_err(|error| Failure { exit: Exit::Rejected, ..Failure::from(error) })?;
    let told = toml::from_str::<toml::Table>(&manifest).ok();
    if let Some(version) = told.as_ref().and_then(|table| table.get("version")?.as_str()) {
        Version::parse(version).map_err(|error| Failure { exit: Exit::Rejected, ..Failure::from(error) })?;
    }
    let made = release_of(&manifest, package, registry, &BTreeMap::new());
    let (id, version, text) = made.ok_or_else(|| {
        Failure::new(
            Exit::Rejected,
            format!("`{}/shelfmark.toml` names no package and version", folder.display()),
        )
        .help(format!("`shelfmark check {}` shows what is wrong", folder.display()))
    })?;
    let mut table: toml::Table = toml::from_str(&text)?;
    let date = moment.to_string().parse()?;
    table.insert("published".into(), toml::Value::Datetime(date));
    Ok((id, version, toml::to_string(&table)?))
}

/// Returns the listing of a new package: the given one, the one in the folder, or the least there can be.
fn listing(args: &Args, id: &PackageId, context: &Context) -> Result<Files, Failure> {
    let folder = id.folder();
    let beside = args.gate.source()?.folder()?.join(&folder);
    let given = args.listing.clone().or_else(|| fs::is_file(&beside.join("package.toml")).then_some(beside));
    let Some(given) = given else {
        context.remark(&format!(
            "a listing with the name `{}` and nothing else is made; `--listing DIR` brings your own package.toml and media/",
            id.last_label()
        ));
        let text = format!("format = 1\nname = \"{}\"\n", id.last_label());
        return Ok(Files::from([(format!("{folder}/package.toml"), text.into_bytes())]));
    };
    let snapshot = Snapshot::of_directory(&given)?;
    let reader = snapshot.reader()?;
    let mut files = Files::new();
    for entry in snapshot.entries() {
        if &*entry.path == "package.toml" || entry.path.starts_with("media/") {
            if entry.mode != Mode::Regular {
                let message =
                    format!("`{}` is {}; a listing holds plain files", entry.path, entry.mode.describe());
                return Err(Failure::new(Exit::Rejected, message));
            }
            files.insert(format!("{folder}/{}", entry.path), reader.read(entry)?.to_vec());
        }
    }
    if !files.contains_key(&format!("{folder}/package.toml")) {
        return Err(Failure::new(Exit::Usage, format!("`{}` holds no package.toml", given.display())));
    }
    Ok(files)
}
