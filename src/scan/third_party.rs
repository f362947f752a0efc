//! Libraries of other registries that an artifact names: what its manifests ask
//! for, as ranges, and what its lock files and its `node_modules` have, as versions.

use super::dependency::pins;
use super::subject::{ScannedFile, Subject};
use std::collections::{BTreeMap, BTreeSet};

/// A library of another registry.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ThirdParty {
    /// The purl type, such as `npm`.
    pub(super) kind: &'static str,
    /// Its name, spelt as purls of that type are.
    pub(super) name: String,
    /// The version, where one is fixed.
    pub(super) version: Option<String>,
    /// The range, where one is asked for.
    pub(super) requirement: Option<String>,
    /// The file that names it.
    pub(super) path: String,
    /// Whether the package itself asks for it.
    pub(super) is_direct: bool,
}

/// Reads every manifest and lock file of a known form; sorted, each library once a
/// file. A range becomes a version where a lock file beside the manifest has one.
pub(super) fn third_party(subject: &Subject<'_>) -> Vec<ThirdParty> {
    let mut found: Vec<ThirdParty> = subject.files.iter().flat_map(read).collect();
    found.retain(|one| one.name.split('/').any(|part| !part.trim().is_empty()));
    let locked = subject.files.iter().filter(|file| !is_manifest(file)).flat_map(locked);
    let locked: Vec<ThirdParty> = locked.collect();
    resolve(&mut found, &locked);
    found.extend(locked);
    found.sort();
    found.dedup();
    found
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Gives what is asked for the version that the lock files of its folder agree on.
fn resolve(asked: &mut [ThirdParty], locked: &[ThirdParty]) {
    let mut versions: BTreeMap<(&str, &str, &str), BTreeSet<&str>> = BTreeMap::new();
    for one in locked {
        let key = (folder(&one.path), one.kind, one.name.as_str());
        versions.entry(key).or_default().extend(one.version.as_deref());
    }
    for one in asked.iter_mut().filter(|one| one.version.is_none()) {
        let known = versions.get(&(folder(&one.path), one.kind, one.name.as_str()));
        if let Some((Some(version), 1)) = known.map(|known| (known.first(), known.len())) {
            one.version = Some((*version).to_owned());
        }
    }
}

/// Reads a lock file; what it names without a version is left out.
fn locked(file: &ScannedFile) -> Vec<ThirdParty> {
    let of = |pin: super::dependency::Pin| {
        let kind = match pin.ecosystem {
            "npm" => "npm",
            "PyPI" => "pypi",
            "crates.io" => "cargo",
            "Go" => "golang",
            "Maven" => "maven",
            "Packagist" => "composer",
            "RubyGems" => "gem",
            _ => return None,
        };
        let version = pin.version?;
        Some(ThirdParty {
            kind,
            name: spelt(kind, &pin.name),
            version: Some(if kind == "golang" { format!("v{version}") } else { version }),
            requirement: None,
            path: file.path.to_string(),
            is_direct: false,
        })
    };
    pins(file).into_iter().filter_map(of).collect()
}

/// Returns whether a file says what is asked for, not what was taken.
fn is_manifest(file: &ScannedFile) -> bool {
    let name = file.path.file_name();
    matches!(name, "package.json" | "pyproject.toml" | "Cargo.toml" | "go.mod") || is_requirements(name)
}

fn is_requirements(name: &str) -> bool {
    name.starts_with("requirements") && name.ends_with(".txt")
}

fn read(file: &ScannedFile) -> Vec<ThirdParty> {
    let text = file.str();
    let asked = match file.path.file_name() {
        "package.json" => npm(text),
        "pyproject.toml" => python_project(text),
        "Cargo.toml" => cargo(text),
        "go.mod" => go(text),
        name if is_requirements(name) => text.lines().filter_map(python_requirement).collect(),
        _ => Vec::new(),
    };
    let is_bundled =
        file.path.components().any(|part| matches!(part, "node_modules" | "vendor" | "site-packages"));
    let itself = if is_bundled && file.path.file_name() == "package.json" { npm_itself(text) } else { None };
    let of = |asked: Asked, is_direct| ThirdParty {
        kind: asked.kind,
        name: spelt(asked.kind, &asked.name),
        version: asked.version,
        requirement: asked.requirement,
        path: file.path.to_string(),
        is_direct,
    };
    asked.into_iter().map(|one| of(one, !is_bundled)).chain(itself.map(|one| of(one, false))).collect()
}

struct Asked {
    kind: &'static str,
    name: String,
    version: Option<String>,
    requirement: Option<String>,
}

impl Asked {
    fn exactly(kind: &'static str, name: &str, version: &str) -> Self {
        Self { kind, name: name.to_owned(), version: Some(version.to_owned()), requirement: None }
    }

    fn range(kind: &'static str, name: &str, requirement: &str) -> Self {
        let requirement = (!requirement.is_empty()).then(|| requirement.to_owned());
        Self { kind, name: name.to_owned(), version: None, requirement }
    }
}

/// Purls write Python names with hyphens, Go modules in lower case, and what comes before the name with a slash.
fn spelt(kind: &str, name: &str) -> String {
    match kind {
        "pypi" => {
            let parts: Vec<&str> = name.split(['-', '_', '.']).filter(|part| !part.is_empty()).collect();
            parts.join("-").to_lowercase()
        }
        "golang" => name.to_lowercase(),
        "maven" => name.replace(':', "/"),
        _ => name.to_owned(),
    }
}

/// What a program needs to run: not what its authors need to work on it.
fn npm(text: &str) -> Vec<Asked> {
    let Ok(value) = serde_json::from_str::<serde_json::Value>(text) else { return Vec::new() };
    ["dependencies", "optionalDependencies", "peerDependencies"]
        .iter()
        .filter_map(|key| value.get(key)?.as_object())
        .flatten()
        .filter_map(|(name, value)| {
            let requirement = value.as_str()?;
            Some(match semver::Version::parse(requirement) {
                Ok(_) => Asked::exactly("npm", name, requirement),
                Err(_) => Asked::range("npm", name, requirement),
            })
        })
        .collect()
}

/// The library that a manifest in `node_modules` is of.
fn npm_itself(text: &str) -> Option<Asked> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    Some(Asked::exactly("npm", value.get("name")?.as_str()?, value.get("version")?.as_str()?))
}

fn python_project(text: &str) -> Vec<Asked> {
    let Ok(table) = toml::from_str::<toml::Table>(text) else { return Vec::new() };
    let project = table.get("project");
    let plain = project.and_then(|project| project.get("dependencies")?.as_array());
    let optional = project.and_then(|project| project.get("optional-dependencies")?.as_table());
    let lines =
        plain.into_iter().chain(optional.into_iter().flatten().filter_map(|(_, list)| list.as_array()));
    let mut found: Vec<Asked> =
        lines.flatten().filter_map(toml::Value::as_str).filter_map(python_requirement).collect();
    let poetry = table.get("tool").and_then(|tool| tool.get("poetry")?.get("dependencies")?.as_table());
    for (name, requirement) in poetry.into_iter().flatten().filter(|(name, _)| *name != "python") {
        found.push(Asked::range("pypi", name, requirement_of(requirement)));
    }
    found
}

/// Returns the text of `"1.0"` and of `{ version = "1.0" }`.
fn requirement_of(value: &toml::Value) -> &str {
    value.as_str().or_else(|| value.get("version")?.as_str()).unwrap_or_default()
}

/// Reads one requirement as PEP 508 has it: name, extras, range, marker.
fn python_requirement(line: &str) -> Option<Asked> {
    let line = line.split(" #").next().unwrap_or_default();
    let line = line.split([';', '\\']).next().unwrap_or_default().trim();
    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c))).unwrap_or(line.len());
    let (name, rest) = line.split_at(end);
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let rest = rest.trim_start();
    let rest = match rest.strip_prefix('[') {
        Some(extras) => extras.split_once(']')?.1,
        None => rest,
    };
    let range = rest.split(" --").next().unwrap_or_default().trim().trim_matches(['(', ')']);
    if !(range.is_empty() || range.starts_with(['=', '<', '>', '~', '!', '@'])) {
        return None;
    }
    let exact = range.strip_prefix("==").map(|version| version.trim_start_matches('=').trim());
    Some(match exact.filter(|version| !version.contains(['*', ',']) && !version.is_empty()) {
        Some(version) => Asked::exactly("pypi", name, version),
        None => Asked::range("pypi", name, range),
    })
}

fn cargo(text: &str) -> Vec<Asked> {
    let Ok(table) = toml::from_str::<toml::Table>(text) else { return Vec::new() };
    let targets = table.get("target").and_then(toml::Value::as_table);
    let of_targets = targets.into_iter().flatten().filter_map(|(_, target)| target.get("dependencies"));
    let tables = table.get("dependencies").into_iter().chain(of_targets).filter_map(toml::Value::as_table);
    tables
        .flatten()
        .map(|(name, value)| {
            let name = value.get("package").and_then(toml::Value::as_str).unwrap_or(name);
            let requirement = requirement_of(value);
            let exact = requirement.strip_prefix('=').map(str::trim);
            match exact.filter(|version| semver::Version::parse(version).is_ok()) {
                Some(version) => Asked::exactly("cargo", name, version),
                None => Asked::range("cargo", name, requirement),
            }
        })
        .collect()
}

/// Go asks for the least version, and builds with it unless another module asks for more.
fn go(text: &str) -> Vec<Asked> {
    let mut is_block = false;
    let mut found = Vec::new();
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or_default().trim();
        if is_block && line == ")" {
            is_block = false;
        } else if line.split_whitespace().eq(["require", "("]) {
            is_block = true;
        } else {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                ["require", name, version] => {
                    found.push(Asked::range("golang", name, &format!(">={version}")))
                }
                [name, version] if is_block => {
                    found.push(Asked::range("golang", name, &format!(">={version}")))
                }
                _ => {}
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RelPath;
    use crate::scan::Knowledge;

    fn found(path: &str, text: &str) -> Vec<String> {
        found_in(&[(path, text)])
    }

    fn found_in(files: &[(&str, &str)]) -> Vec<String> {
        let knowledge = Knowledge::default();
        let file = |(path, text): &(&str, &str)| {
            ScannedFile::new(RelPath::parse(path).unwrap(), text.as_bytes().to_vec())
        };
        let subject = Subject::new(files.iter().map(file).collect(), &knowledge);
        let show = |one: ThirdParty| {
            let version = one.version.map(|version| format!("@{version}")).unwrap_or_default();
            let range = one.requirement.map(|range| format!(" {range}")).unwrap_or_default();
            format!("{}:{}{version}{range}{}", one.kind, one.name, if one.is_direct { "" } else { " inside" })
        };
        third_party(&subject).into_iter().map(show).collect()
    }

    #[test]
    fn manifests_of_every_form_are_read() {
        for (path, text, expected) in [
            (
                "package.json",
                r#"{"name": "x", "version": "1.0.0", "dependencies": {"a": "^1", "b": "2.0.0", "c": 7},
                    "devDependencies": {"d": "1"}, "peerDependencies": {"@e/f": "*"}}"#,
                &["npm:@e/f *", "npm:a ^1", "npm:b@2.0.0"][..],
            ),
            (
                "node_modules/a/package.json",
                r#"{"name": "a", "version": "1.4.2", "dependencies": {"g": "~1"}}"#,
                &["npm:a@1.4.2 inside", "npm:g ~1 inside"],
            ),
            (
                "tools/requirements-dev.txt",
                "# list\n-r other.txt\nDjango_Rest.Framework[extra] >= 3.0, <4 ; python_version < '3.9'\nrequests==2.31.0 \\\n    --hash=sha256:00\nwild==2.*\nurl @ https://x.example/u.whl\n\nbare # why\nnot a requirement\n",
                &[
                    "pypi:bare",
                    "pypi:django-rest-framework >= 3.0, <4",
                    "pypi:requests@2.31.0",
                    "pypi:url @ https://x.example/u.whl",
                    "pypi:wild ==2.*",
                ],
            ),
            (
                "pyproject.toml",
                "[project]\ndependencies = [\"httpx>=0.27\", 7]\n[project.optional-dependencies]\ncli = [\"rich\"]\n[tool.poetry.dependencies]\npython = \"^3.12\"\nmcp = { version = \"^1.2\" }\n",
                &["pypi:httpx >=0.27", "pypi:mcp ^1.2", "pypi:rich"],
            ),
            (
                "Cargo.toml",
                "[dependencies]\nserde = \"1\"\nother = { package = \"real\", version = \"=2.0.1\" }\nlocal = { path = \"x\" }\n[target.'cfg(unix)'.dependencies]\nlibc = \"0.2\"\n",
                &["cargo:libc 0.2", "cargo:local", "cargo:real@2.0.1", "cargo:serde 1"],
            ),
            (
                "go.mod",
                "module example.org/x\ngo 1.22\nrequire golang.org/x/Text v0.14.0\nrequire (\n\tgithub.com/A/b v1.0.0 // indirect\n)\nreplace a => b\n",
                &["golang:github.com/a/b >=v1.0.0", "golang:golang.org/x/text >=v0.14.0"],
            ),
            ("notes.txt", "a==1\n", &[]),
            ("package.json", "{", &[]),
            ("Cargo.toml", "[", &[]),
        ] {
            assert_eq!(found(path, text), expected, "{path}");
        }
    }

    #[test]
    fn a_lock_file_turns_a_range_of_its_folder_into_a_version() {
        let manifest = r#"{"dependencies": {"a": "^1", "b": "^2", "two": "*"}}"#;
        let lock = r#"{"packages": {"node_modules/a": {"version": "1.4.2"}, "node_modules/c": {"version": "3.0.0"},
            "node_modules/two": {"version": "1.0.0"}, "node_modules/c/node_modules/two": {"version": "2.0.0"}}}"#;
        assert_eq!(
            found_in(&[("web/package.json", manifest), ("web/package-lock.json", lock)]),
            [
                "npm:a@1.4.2 inside",
                "npm:a@1.4.2 ^1",
                "npm:b ^2",
                "npm:c@3.0.0 inside",
                "npm:two *",
                "npm:two@1.0.0 inside",
                "npm:two@2.0.0 inside"
            ]
        );
        assert!(
            found_in(&[("package.json", manifest), ("web/package-lock.json", lock)])
                .contains(&"npm:a ^1".to_owned())
        );
        let sum = "github.com/A/b v1.2.3 h1:abc=\ngithub.com/A/b v1.2.3/go.mod h1:def=\n";
        let module = "module m\nrequire github.com/A/b v1.2.0\n";
        assert_eq!(
            found_in(&[("go.mod", module), ("go.sum", sum)]),
            ["golang:github.com/a/b@v1.2.3 inside", "golang:github.com/a/b@v1.2.3 >=v1.2.0"]
        );
        assert_eq!(
            found("poetry.lock", "[[package]]\nname = \"Typing_Ext\"\nversion = \"4.1\"\n"),
            ["pypi:typing-ext@4.1 inside"]
        );
        let pom =
            "<dependency><groupId>g.h</groupId><artifactId>a</artifactId><version>1</version></dependency>";
        assert_eq!(found("pom.xml", pom), ["maven:g.h/a@1 inside"]);
    }

    #[test]
    fn what_has_no_name_is_no_library() {
        assert!(found("package.json", r#"{"dependencies": {"": "1", "/": "1", " ": "1"}}"#).is_empty());
        assert!(found("requirements.txt", "==1\n___\n").is_empty());
    }
}
