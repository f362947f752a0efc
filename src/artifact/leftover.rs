//! Files that end up in an archive by accident.

use crate::model::RelPath;

/// Says what a file looks like if nobody means to publish it.
pub fn leftover(path: &RelPath) -> Option<&'static str> {
    let folders = [
        ("node_modules", "installed dependencies"),
        ("__pycache__", "compiled Python"),
        ("target", "build output"),
        (".venv", "an installed environment"),
        (".idea", "settings of an editor"),
        (".vscode", "settings of an editor"),
        (".svn", "the record of a version control system"),
        (".hg", "the record of a version control system"),
    ];
    let components: Vec<&str> = path.components().collect();
    let (name, parents) = components.split_last()?;
    if let Some((_, what)) = folders.iter().find(|(folder, _)| parents.contains(folder)) {
        return Some(what);
    }
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match *name {
        ".DS_Store" | "Thumbs.db" | "desktop.ini" => Some("a file of a desktop"),
        ".env" | ".npmrc" | ".pypirc" | ".netrc" | "id_rsa" | "id_ed25519" => Some("a file of secrets"),
        _ if name.starts_with(".env.") && extension != "example" => Some("a file of secrets"),
        _ if name.ends_with('~') || matches!(extension, "swp" | "swo" | "orig" | "bak") => Some("a backup"),
        _ if matches!(extension, "tgz" | "log") => Some("output of a tool"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accidents_are_seen_and_work_is_not() {
        for (path, is_left) in [
            ("node_modules/a/index.js", true),
            (".env", true),
            ("config/.env.production", true),
            (".env.example", false),
            ("com.x.a-1.0.0.tgz", true),
            ("README.md~", true),
            ("README.md", false),
            ("template/target", false),
            ("metadata/object/log.json", false),
        ] {
            assert_eq!(leftover(&RelPath::parse(path).unwrap()).is_some(), is_left, "{path}");
        }
    }
}
