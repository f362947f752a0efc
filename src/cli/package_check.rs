//! Checks one package folder as if it had been submitted: its files are laid
//! over the registry in memory, and what the registry's rules say about them
//! is told with the paths of the folder.

use super::commands::check::CheckFormat;
use super::context::{Context, Failure, Format};
use super::registry_source::{RegistrySource, base_url};
use super::{Exit, commands};
use crate::artifact::{PackFile, pack};
use crate::diagnostic::{Diagnostic, in_reading_order, render};
use crate::model::{Digest, PackageId, RelPath, Version};
use crate::platform::fs;
use crate::source::{Mode, Snapshot, release_path};
use crate::validate;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A registry for packages checked without one: only what the package itself says is judged.
const ALONE: &str = "format = 1\nname = \"none\"\n";
const ALONE_POLICY: &str = "\
format = 1
[levels]
dependency-unknown = \"allow\"
publisher-unknown = \"allow\"
prefix-not-owned = \"allow\"
starter-pack-module-unknown = \"allow\"
solution-member-unknown = \"allow\"
template-base-unknown = \"allow\"
agent-collaborator-unknown = \"allow\"
listing-missing = \"allow\"
reference-dangling = \"allow\"
";

/// Runs the check of the package folder `path`.
pub(crate) fn run(
    path: &Path,
    source: &RegistrySource,
    args: &commands::check::Args,
    context: &Context,
) -> Result<Exit, Failure> {
    let around = registry_around(path);
    let is_named = source.git.is_some() || source.registry.is_some();
    let source = &match around {
        Some(folder) if !is_named => RegistrySource { registry: Some(folder), git: None },
        _ => source.clone(),
    };
    let has_registry = is_named || source.folder().is_ok();
    let mut files: Files = if has_registry {
        registry_files(&source.snapshot()?)?
    } else {
        context.remark("no registry here: rules that need one are left out; name one with `--registry DIR`");
        BTreeMap::from([
            ("registry.toml".to_owned(), (Mode::Regular, ALONE.as_bytes().to_vec())),
            ("policy.toml".to_owned(), (Mode::Regular, ALONE_POLICY.as_bytes().to_vec())),
        ])
    };
    let package = Snapshot::of_directory(path)?;
    let reader = package.reader()?;
    let mut contents: Vec<(String, Mode, Vec<u8>)> = Vec::new();
    for entry in package.entries() {
        contents.push((entry.path.to_string(), entry.mode, reader.read(entry)?.to_vec()));
    }
    let manifest =
        contents.iter().find(|(path, ..)| path == "shelfmark.toml").map(|(_, _, bytes)| bytes.clone());
    let manifest = String::from_utf8_lossy(&manifest.unwrap_or_default()).into_owned();
    let (registry, _) = validate::load(&snapshot_of(&files)?)?;
    let Some((id, version, release)) = release_of(&manifest, &contents, &registry, &files) else {
        return unreadable(path, &manifest, args, context);
    };
    let folder = format!("sources/{id}/{version}");
    files.retain(|path, _| !path.starts_with(&format!("{folder}/")));
    for (inner, mode, bytes) in contents {
        files.insert(format!("{folder}/{inner}"), (mode, bytes));
    }
    let release_file = release_path(&id, &version);
    files.insert(release_file.clone(), (Mode::Regular, release.into_bytes()));

    let snapshot = snapshot_of(&files)?;
    let validation = validate::validate(&snapshot, args.as_of)?;
    let prefix = format!("{folder}/");
    let mine: Vec<Diagnostic> = validation
        .diagnostics
        .iter()
        .filter(|diagnostic| args.rule.as_deref().is_none_or(|rule| diagnostic.rule == rule))
        .filter_map(|diagnostic| {
            let old = &diagnostic.location.path;
            let new = match old.strip_prefix(&prefix) {
                Some(inner) => inner,
                None if **old == *release_file || **old == *folder => "shelfmark.toml",
                None => return None,
            };
            let mut diagnostic = diagnostic.clone();
            diagnostic.location.path = path.join(new).to_string_lossy().into();
            let here = format!("{}/", path.display());
            let rename = |text: String| {
                text.replace(&prefix, &here).replace(&release_file, &format!("{here}shelfmark.toml"))
            };
            diagnostic.help = diagnostic.help.map(rename);
            Some(diagnostic)
        })
        .collect();
    let source = |shown: &str| {
        fs::read(Path::new(shown)).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    };
    let list: Vec<&Diagnostic> = mine.iter().collect();
    if args.summary {
        context.print(&commands::check::summary(&list, args.format));
    } else {
        print(&mine, &source, base_url(None, validation.registry()), args.format, context);
    }
    let exit = commands::check::conclude(&list, &format!("{id}@{version}"), args.format, context);
    if args.fix {
        fix(path, &mine, context)?;
    }
    Ok(exit)
}

/// Applies the safe fixes to the files of the package folder.
fn fix(path: &Path, diagnostics: &[Diagnostic], context: &Context) -> Result<(), Failure> {
    let inside = |diagnostic: &Diagnostic| {
        let inner = Path::new(&*diagnostic.location.path).strip_prefix(path).ok()?;
        let mut diagnostic = diagnostic.clone();
        diagnostic.location.path = inner.to_string_lossy().into();
        Some(diagnostic)
    };
    let own: Vec<Diagnostic> = diagnostics.iter().filter_map(inside).collect();
    commands::check::apply_fixes(path, &own, commands::check::AGAIN, context).map(drop)
}

fn print(
    diagnostics: &[Diagnostic],
    source: &dyn Fn(&str) -> Option<String>,
    base_url: &str,
    format: CheckFormat,
    context: &Context,
) {
    let rendering = render::Context::new(source, base_url);
    let options = render::TextOptions { color: context.color, width: context.width };
    let list: Vec<&Diagnostic> = diagnostics.iter().collect();
    let Some(format) = format.one_by_one() else {
        context.print(&render::sarif(&list, &rendering));
        return;
    };
    for diagnostic in in_reading_order(&list, source) {
        context.print(&match format {
            Format::Text => format!("{}\n", render::text(diagnostic, &rendering, options)),
            Format::Json => render::json_line(diagnostic, &rendering),
        });
    }
}

pub(crate) fn registry_files(snapshot: &Snapshot) -> Result<Files, Failure> {
    let reader = snapshot.reader()?;
    snapshot
        .entries()
        .iter()
        .map(|entry| Ok((entry.path.to_string(), (entry.mode, reader.read(entry)?.to_vec()))))
        .collect()
}

pub(crate) type Files = BTreeMap<String, (Mode, Vec<u8>)>;

fn snapshot_of(files: &Files) -> Result<Snapshot, Failure> {
    Ok(Snapshot::from_memory(files.iter().map(|(path, (mode, bytes))| (path.clone(), *mode, bytes.clone())))?)
}

/// Returns the registry that a package folder lies in, looking upwards.
pub(crate) fn registry_around(path: &Path) -> Option<PathBuf> {
    let full = std::path::absolute(path).ok()?;
    full.ancestors().skip(1).find(|folder| fs::is_file(&folder.join("registry.toml"))).map(Path::to_owned)
}

/// Makes the release file that a submission of this manifest would bring.
pub(crate) fn release_of(
    manifest: &str,
    contents: &[(String, Mode, Vec<u8>)],
    registry: &validate::Registry,
    files: &Files,
) -> Option<(PackageId, Version, String)> {
    let mut table: toml::Table = toml::from_str(manifest).ok()?;
    let id = PackageId::parse(table.get("id")?.as_str()?).ok()?;
    let version = Version::parse(table.get("version")?.as_str()?).ok()?;
    let packed = contents
        .iter()
        .filter(|(_, mode, _)| *mode == Mode::Regular)
        .filter_map(|(path, _, content)| Some(PackFile { path: RelPath::parse(path).ok()?, content }))
        .collect();
    let archive = pack(packed).ok()?;
    let (first, second) = id.shard();
    let mut artifact = toml::Table::new();
    artifact.insert("tree".into(), format!("sources/{id}/{version}").into());
    artifact.insert("sha256".into(), Digest::of(&archive).hex().into());
    artifact.insert("size".into(), i64::try_from(archive.len()).ok()?.into());
    let owner = registry.publishers.values().find(|publisher| publisher.owns(&id));
    let publisher = owner.map_or_else(|| format!("{first}.{second}"), |owner| owner.id.to_string());
    let date = validate::newest_date(registry).to_string();
    table.insert("publisher".into(), publisher.into());
    table.insert("published".into(), toml::Value::Datetime(date.parse().ok()?));
    // A release that is there already keeps what only its file says.
    let known =
        files.get(&release_path(&id, &version)).and_then(|(_, bytes)| std::str::from_utf8(bytes).ok());
    let known: toml::Table = known.and_then(|text| toml::from_str(text).ok()).unwrap_or_default();
    for key in ["publisher", "published", "lineage"] {
        table.extend(known.get(key).map(|value| (key.to_owned(), value.clone())));
    }
    table.insert("artifact".into(), toml::Value::Table(artifact));
    Some((id, version, toml::to_string(&table).ok()?))
}

/// Says what is wrong with a manifest that names no package.
fn unreadable(
    path: &Path,
    manifest: &str,
    args: &commands::check::Args,
    context: &Context,
) -> Result<Exit, Failure> {
    let format = args.format;
    let shown: Arc<str> = path.join("shelfmark.toml").to_string_lossy().into();
    let mut diagnostics = Vec::new();
    let wire = validate::parse_toml::<crate::schema::Release>(
        &shown,
        "release",
        manifest.as_bytes(),
        &mut diagnostics,
    );
    // The publisher is the one required key of a release file that a manifest leaves out.
    diagnostics.retain(|diagnostic| !diagnostic.message.contains("the key `publisher`"));
    if let Some(wire) = wire {
        let id = PackageId::parse(&wire.id).err().map(|invalid| ("id-invalid", "id", invalid));
        let version =
            Version::parse(&wire.version).err().map(|invalid| ("version-invalid", "version", invalid));
        for (rule, key, invalid) in id.into_iter().chain(version) {
            diagnostics.push(Diagnostic::new(rule, Arc::clone(&shown), invalid.to_string()).value(&[key]));
        }
    }
    if diagnostics.is_empty() {
        diagnostics.push(Diagnostic::new("artifact-unpackable", shown, "the folder cannot be packed"));
    }
    for diagnostic in &mut diagnostics {
        diagnostic.level = crate::model::RuleLevel::Deny;
    }
    print(&diagnostics, &|_| Some(manifest.to_owned()), crate::build::DEFAULT_BASE_URL, format, context);
    let list: Vec<&Diagnostic> = diagnostics.iter().collect();
    let exit = commands::check::conclude(&list, &path.display().to_string(), format, context);
    if args.fix {
        fix(path, &diagnostics, context)?;
    }
    Ok(exit)
}
