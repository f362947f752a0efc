//! Plan, show, then do: writing the files of a scaffold.

use super::Exit;
use super::context::{Context, Failure};
use crate::platform::fs;
use std::path::Path;

/// Files that a fresh repository often has; they are kept.
const KEPT: [&str; 2] = ["README.md", ".gitignore"];

/// Writes the files under `folder`, or only lists them. Refuses to replace any.
pub(crate) fn write(
    folder: &Path,
    files: &[(String, String)],
    is_dry_run: bool,
    context: &Context,
) -> Result<(), Failure> {
    let is_there = |path: &str| fs::exists(&folder.join(path));
    if let Some((path, _)) = files.iter().find(|(path, _)| is_there(path) && !KEPT.contains(&path.as_str())) {
        let message = format!("`{}` is already there; nothing was written", folder.join(path).display());
        return Err(Failure::new(Exit::CouldNotRun, message).help("choose another place, or remove it first"));
    }
    for (path, text) in files {
        let file = folder.join(path);
        if is_there(path) {
            context.remark(&format!("{} is kept as it is", file.display()));
            continue;
        }
        if !is_dry_run {
            fs::atomic_write(&file, text.as_bytes()).map_err(|error| Failure {
                causes: vec![error.to_string()],
                ..Failure::new(Exit::CouldNotRun, format!("cannot write `{}`", file.display()))
            })?;
        }
        context.print(&format!("{}\n", file.display()));
    }
    Ok(())
}
