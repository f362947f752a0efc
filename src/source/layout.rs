//! The layout of a registry: what each path is for. Paths with no place are
//! diagnostics.

use crate::model::{PackageId, Prefix, RelPath, Version};

/// Names that may stand at the top beside the registry's own files.
pub const BESIDE: &str = "README, LICENSE*, CHANGELOG.md, CODEOWNERS, .github/, .git*";

/// The folders of the layout: whatever else stands at the top is no part of it.
pub(super) const FOLDERS: [&str; 7] =
    ["advisories", "collections", "packages", "publishers", "sources", "trust", "waivers"];

/// The meaning of one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// `registry.toml`.
    Registry,
    /// `policy.toml`.
    Policy,
    /// `curators.toml`.
    Curators,
    /// A file that Shelfmark does not read.
    Beside,
    /// `publishers/<prefix>.toml`.
    Publisher(String),
    /// A file of a package: folder labels, id, and the part.
    Package {
        /// The folder name that should be an id.
        id: String,
        /// Whether `<label1>/<label2>` agree with the id.
        is_sharded_well: bool,
        /// What it is inside the package's folder.
        part: Part,
    },
    /// A file of a package source.
    Source {
        /// The folder name that should be an id.
        id: String,
        /// The folder name that should be a version.
        version: String,
        /// The path inside the artifact.
        inner: String,
    },
    /// `collections/<name>.toml`.
    Collection(String),
    /// `advisories/*.json`.
    Advisory(String),
    /// `waivers/*.toml`.
    Waiver(String),
    /// `trust/root.json`.
    TrustRoot,
}

/// A file inside `packages/<label1>/<label2>/<id>/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// `package.toml`.
    Listing,
    /// `media/…`.
    Media,
    /// `<version>.toml`.
    Release(String),
    /// `evidence/<version>/<file>`.
    Evidence {
        /// The version.
        version: String,
        /// The file's name.
        file: String,
    },
    /// `withdrawals/<version>.toml`.
    Withdrawal(String),
    /// `amendments/<version>.<n>.toml`.
    Amendment {
        /// The version.
        version: String,
        /// The number, from 1.
        n: u32,
    },
    /// `reviews/<version>/<area>.<curator>.toml`.
    Review {
        /// The version.
        version: String,
        /// The area.
        area: String,
        /// The curator's name.
        curator: String,
    },
    /// `ratings/<forge>-<numeric id>.toml`.
    Rating(String),
}

/// Evidence files by name.
pub const EVIDENCE_FILES: [&str; 3] = ["bundle.sigstore.json", "artifact.sig", "provenance.intoto.jsonl"];

impl Place {
    /// Returns the place of a path, or `None` outside the layout.
    pub fn of(path: &RelPath) -> Option<Place> {
        let parts: Vec<&str> = path.components().collect();
        match parts.as_slice() {
            ["registry.toml"] => Some(Place::Registry),
            ["policy.toml"] => Some(Place::Policy),
            ["curators.toml"] => Some(Place::Curators),
            [name] if is_beside(name) => Some(Place::Beside),
            [".github", ..] => Some(Place::Beside),
            ["publishers", file] => toml_stem(file).map(|stem| Place::Publisher(stem.to_owned())),
            ["packages", first, second, id, rest @ ..] => {
                let part = part_of(rest)?;
                let labels: Vec<&str> = id.split('.').take(2).collect();
                Some(Place::Package {
                    id: (*id).to_owned(),
                    is_sharded_well: labels == [*first, *second],
                    part,
                })
            }
            ["sources", id, version, inner @ ..] if !inner.is_empty() => Some(Place::Source {
                id: (*id).to_owned(),
                version: (*version).to_owned(),
                inner: inner.join("/"),
            }),
            ["collections", file] => toml_stem(file).map(|stem| Place::Collection(stem.to_owned())),
            ["advisories", file] => file.strip_suffix(".json").map(|stem| Place::Advisory(stem.to_owned())),
            ["waivers", file] => toml_stem(file).map(|stem| Place::Waiver(stem.to_owned())),
            ["trust", "root.json"] => Some(Place::TrustRoot),
            _ => None,
        }
    }
}

fn part_of(rest: &[&str]) -> Option<Part> {
    match rest {
        ["package.toml"] => Some(Part::Listing),
        ["media", file @ ..] if !file.is_empty() => Some(Part::Media),
        [file] => toml_stem(file).map(|stem| Part::Release(stem.to_owned())),
        ["evidence", version, file] if EVIDENCE_FILES.contains(file) => {
            Some(Part::Evidence { version: (*version).to_owned(), file: (*file).to_owned() })
        }
        ["withdrawals", file] => toml_stem(file).map(|stem| Part::Withdrawal(stem.to_owned())),
        ["amendments", file] => {
            let (version, n) = toml_stem(file)?.rsplit_once('.')?;
            let n: u32 = n.parse().ok().filter(|value: &u32| *value > 0 && value.to_string() == n)?;
            Some(Part::Amendment { version: version.to_owned(), n })
        }
        ["reviews", version, file] => {
            let (area, curator) = toml_stem(file)?.split_once('.')?;
            Some(Part::Review {
                version: (*version).to_owned(),
                area: area.to_owned(),
                curator: curator.to_owned(),
            })
        }
        ["ratings", file] => {
            let stem = toml_stem(file)?;
            let (forge, id) = stem.rsplit_once('-')?;
            // One spelling an account: `github-012` would be a second vote.
            let is_letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.';
            let is_forge = forge.split('-').all(|word| !word.is_empty() && word.bytes().all(is_letter));
            let is_number = !id.is_empty() && !id.starts_with('0') && id.bytes().all(|b| b.is_ascii_digit());
            (is_forge && is_number).then(|| Part::Rating(stem.to_owned()))
        }
        _ => None,
    }
}

fn toml_stem(file: &str) -> Option<&str> {
    file.strip_suffix(".toml").filter(|stem| !stem.is_empty())
}

fn is_beside(name: &str) -> bool {
    name == "README"
        || name.starts_with("README.")
        || name.starts_with("LICENSE")
        || name == "CHANGELOG.md"
        || name == "CODEOWNERS"
        || name.starts_with(".git")
}

/// Returns where a release file of that id and version belongs.
pub fn release_path(id: &PackageId, version: &Version) -> String {
    format!("{}/{version}.toml", id.folder())
}

/// Returns where a publisher's file belongs.
pub fn publisher_path(prefix: &Prefix) -> String {
    format!("publishers/{prefix}.toml")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(path: &str) -> Option<Place> {
        Place::of(&RelPath::parse(path).unwrap())
    }

    #[test]
    fn every_kind_of_file_has_its_place() {
        let part = |path: &str| match place(&format!("packages/com/x/com.x.a/{path}")) {
            Some(Place::Package { part, is_sharded_well: true, .. }) => Some(part),
            _ => None,
        };
        assert_eq!(part("package.toml"), Some(Part::Listing));
        assert_eq!(part("1.2.3-rc.1.toml"), Some(Part::Release("1.2.3-rc.1".into())));
        assert_eq!(
            part("amendments/1.2.3.10.toml"),
            Some(Part::Amendment { version: "1.2.3".into(), n: 10 })
        );
        assert_eq!(part("amendments/1.2.3.01.toml"), None);
        assert_eq!(part("ratings/github-12.toml"), Some(Part::Rating("github-12".into())));
        for other in ["github", "github-012", "github--12", "GitHub-12", "-12", "github-"] {
            assert_eq!(part(&format!("ratings/{other}.toml")), None, "{other}");
        }
        assert_eq!(part("evidence/1.0.0/other.bin"), None);
        assert_eq!(place("registry.toml"), Some(Place::Registry));
        assert_eq!(place(".github/workflows/a.yml"), Some(Place::Beside));
        assert_eq!(place("notes.txt"), None);
        assert!(matches!(
            place("packages/com/y/com.x.a/package.toml"),
            Some(Place::Package { is_sharded_well: false, .. })
        ));
    }
}
