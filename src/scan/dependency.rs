//! Packages that files inside pin or lock: name and version by ecosystem, as far
//! as the usual files of each language say. What is not understood is left out.

use super::subject::ScannedFile;
use regex::Regex;
use serde_json::Value;
use std::sync::LazyLock;

/// Most packages that are read from one file.
const MOST: usize = 50_000;
/// Deepest nesting of an old package-lock.json.
const DEEPEST: usize = 64;

/// One package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pin {
    /// The ecosystem, as OSV names it.
    pub(super) ecosystem: &'static str,
    /// The name there.
    pub(super) name: String,
    /// The version; `None` where several fit.
    pub(super) version: Option<String>,
}

impl Pin {
    fn new(ecosystem: &'static str, name: &str, version: &str) -> Self {
        let version = version.trim().trim_start_matches(['=', 'v']).trim();
        let is_exact = version.starts_with(|c: char| c.is_ascii_digit())
            && !version.contains([' ', '*', '|', '<', '>', '^', '~', ',', 'x', 'X', ';']);
        let version = is_exact.then(|| version.split('(').next().unwrap_or(version).to_owned());
        Self { ecosystem, name: name.to_owned(), version }
    }
}

type Reader = fn(&str, &mut Vec<Pin>);

/// Names of files and how they are read.
const FILES: &[(&str, Reader)] = &[
    ("package-lock.json", package_lock),
    ("npm-shrinkwrap.json", package_lock),
    ("package.json", package_json),
    ("yarn.lock", yarn_lock),
    ("pnpm-lock.yaml", |text, out| lines("npm", &PNPM, text, out)),
    ("poetry.lock", |text, out| locked_toml("PyPI", text, out)),
    ("uv.lock", |text, out| locked_toml("PyPI", text, out)),
    ("pdm.lock", |text, out| locked_toml("PyPI", text, out)),
    ("cargo.lock", |text, out| locked_toml("crates.io", text, out)),
    ("pipfile.lock", pipfile_lock),
    ("pyproject.toml", |text, out| lines("PyPI", &QUOTED, text, out)),
    ("go.mod", |text, out| lines("Go", &GO_MOD, text, out)),
    ("go.sum", |text, out| lines("Go", &GO_SUM, text, out)),
    ("pom.xml", pom),
    ("gradle.lockfile", |text, out| lines("Maven", &GRADLE, text, out)),
    ("composer.lock", composer_lock),
    ("gemfile.lock", |text, out| lines("RubyGems", &GEM, text, out)),
];

/// Returns the packages that a file names, sorted.
pub(super) fn pins(file: &ScannedFile) -> Vec<Pin> {
    let name = file.path.file_name().to_ascii_lowercase();
    let mut pins = Vec::new();
    if let Some((_, read)) = FILES.iter().find(|(known, _)| *known == name) {
        read(file.str(), &mut pins);
    } else if name.starts_with("requirements") && (name.ends_with(".txt") || name.ends_with(".in"))
        || name.ends_with("requirements.txt")
        || file.path.as_str().contains("requirements/") && name.ends_with(".txt")
    {
        lines("PyPI", &REQUIREMENT, file.str(), &mut pins);
    }
    pins.sort();
    pins.dedup();
    pins.truncate(MOST);
    pins
}

type Line = LazyLock<Option<Regex>>;

static PNPM: Line = LazyLock::new(|| {
    Regex::new(r#"(?m)^ {2}['"]?/?((?:@[^/@\s'"]+/)?[^/@\s'":]+)[@/](\d[^:('"\s_]*)[^\n]*:"#).ok()
});
static REQUIREMENT: Line = LazyLock::new(|| {
    Regex::new(r"(?m)^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]\n]*\])?\s*(?:===?\s*([^\s;#,\\]+))?").ok()
});
static QUOTED: Line = LazyLock::new(|| {
    Regex::new(r#"["']([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]\n]*\])?\s*===?\s*([^\s;#,"']+)\s*(?:;[^"'\n]*)?["']"#)
        .ok()
});
static GO_MOD: Line = LazyLock::new(|| {
    Regex::new(r"(?m)^\s*(?:require\s+)?([a-z0-9.-]+\.[a-z]+(?:/[^\s]+)?)\s+(v\d[^\s/]*)").ok()
});
static GO_SUM: Line = LazyLock::new(|| Regex::new(r"(?m)^([^\s]+)\s+(v\d[^\s/]*)\s+h1:").ok());
static GRADLE: Line = LazyLock::new(|| Regex::new(r"(?m)^([\w.-]+:[\w.-]+):([^\s=]+)=").ok());
static GEM: Line = LazyLock::new(|| Regex::new(r"(?m)^ {4}([\w.-]+) \((\d[^)\s]*)\)\r?$").ok());

fn lines(ecosystem: &'static str, line: &Line, text: &str, out: &mut Vec<Pin>) {
    for captures in line.as_ref().into_iter().flat_map(|line| line.captures_iter(text)).take(MOST) {
        let version = captures.get(2).map_or("", |version| version.as_str());
        out.push(Pin::new(ecosystem, &captures[1], version));
    }
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

fn entries(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

fn package_lock(text: &str, out: &mut Vec<Pin>) {
    let lock = json(text);
    for (path, package) in entries(lock.get("packages")) {
        let Some((_, name)) = path.rsplit_once("node_modules/") else { continue };
        // An alias is installed under another name than it has.
        let name = package.get("name").and_then(Value::as_str).unwrap_or(name);
        if let Some(version) = package.get("version").and_then(Value::as_str) {
            out.push(Pin::new("npm", name, version));
        }
    }
    old_dependencies(&lock, 0, out);
}

fn old_dependencies(lock: &Value, depth: usize, out: &mut Vec<Pin>) {
    for (name, package) in entries(lock.get("dependencies")).filter(|_| depth < DEEPEST) {
        if let Some(version) = package.get("version").and_then(Value::as_str) {
            out.push(Pin::new("npm", name, version));
        }
        old_dependencies(package, depth + 1, out);
    }
}

fn package_json(text: &str, out: &mut Vec<Pin>) {
    let manifest = json(text);
    for key in ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"] {
        for (name, version) in entries(manifest.get(key)) {
            let version = version.as_str().unwrap_or_default();
            match version.strip_prefix("npm:").and_then(|alias| alias.rsplit_once('@')) {
                Some((name, version)) => out.push(Pin::new("npm", name, version)),
                None if version.contains([':', '/']) => {}
                None => out.push(Pin::new("npm", name, version)),
            }
        }
    }
}

fn yarn_lock(text: &str, out: &mut Vec<Pin>) {
    let mut name: Option<&str> = None;
    for line in text.lines() {
        if !line.starts_with([' ', '#']) && line.ends_with(':') {
            let first = line.trim_matches(['"', ':']).split(',').next().unwrap_or_default().trim_matches('"');
            name = first.char_indices().skip(1).find(|(_, c)| *c == '@').map(|(at, _)| &first[..at]);
        } else if let (Some(known), Some(version)) = (name, line.trim_start().strip_prefix("version")) {
            out.push(Pin::new("npm", known, version.trim_matches([':', ' ', '"'])));
            name = None;
        }
    }
}

fn locked_toml(ecosystem: &'static str, text: &str, out: &mut Vec<Pin>) {
    let lock: toml::Table = toml::from_str(text).unwrap_or_default();
    for package in lock.get("package").and_then(toml::Value::as_array).into_iter().flatten() {
        let string = |key: &str| package.get(key).and_then(toml::Value::as_str);
        if let (Some(name), Some(version)) = (string("name"), string("version")) {
            out.push(Pin::new(ecosystem, name, version));
        }
    }
}

fn pipfile_lock(text: &str, out: &mut Vec<Pin>) {
    let lock = json(text);
    for (name, package) in entries(lock.get("default")).chain(entries(lock.get("develop"))) {
        let version = package.get("version").and_then(Value::as_str).unwrap_or_default();
        out.push(Pin::new("PyPI", name, version));
    }
}

fn composer_lock(text: &str, out: &mut Vec<Pin>) {
    let lock = json(text);
    for package in ["packages", "packages-dev"].iter().filter_map(|key| lock.get(key)?.as_array()).flatten() {
        let string = |key: &str| package.get(key).and_then(Value::as_str);
        if let (Some(name), Some(version)) = (string("name"), string("version")) {
            out.push(Pin::new("Packagist", name, version));
        }
    }
}

fn pom(text: &str, out: &mut Vec<Pin>) {
    let value = |part: &str, tag: &str| -> Option<String> {
        let (_, rest) = part.split_once(&format!("<{tag}>"))?;
        Some(rest.split_once("</")?.0.trim().to_owned())
    };
    for part in text.split("<dependency>").skip(1).take(MOST) {
        let part = part.split("</dependency>").next().unwrap_or_default();
        if let (Some(group), Some(artifact)) = (value(part, "groupId"), value(part, "artifactId")) {
            let version = value(part, "version").unwrap_or_default();
            out.push(Pin::new("Maven", &format!("{group}:{artifact}"), &version));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RelPath;

    fn read(path: &str, text: &str) -> Vec<(String, Option<String>)> {
        let file = ScannedFile::new(RelPath::parse(path).unwrap(), text.as_bytes().to_vec());
        pins(&file).into_iter().map(|pin| (pin.name, pin.version)).collect()
    }

    fn pinned(name: &str, version: &str) -> Vec<(String, Option<String>)> {
        vec![(name.to_owned(), Some(version.to_owned()))]
    }

    #[test]
    fn every_lock_file_is_read() {
        let toml = "[[package]]\nname = \"a\"\nversion = \"1.2.3\"\n";
        for (path, text, name) in [
            ("package-lock.json", r#"{"packages":{"":{},"node_modules/a":{"version":"1.2.3"}}}"#, "a"),
            ("x/package-lock.json", r#"{"dependencies":{"a":{"version":"1.2.3"}}}"#, "a"),
            ("package.json", r#"{"dependencies":{"a":"1.2.3"}}"#, "a"),
            ("yarn.lock", "\"@s/a@^1.0.0\", \"@s/a@^1.2\":\n  version \"1.2.3\"\n", "@s/a"),
            ("yarn.lock", "\"a@npm:^1.0.0\":\n  version: 1.2.3\n", "a"),
            ("pnpm-lock.yaml", "packages:\n\n  /@s/a@1.2.3(b@1.0.0):\n    dev: false\n", "@s/a"),
            ("pnpm-lock.yaml", "packages:\n\n  'a@1.2.3':\n", "a"),
            ("requirements.txt", "a[x]==1.2.3 ; python_version > '3'\n", "a"),
            ("poetry.lock", toml, "a"),
            ("Cargo.lock", toml, "a"),
            ("Pipfile.lock", r#"{"default":{"a":{"version":"==1.2.3"}}}"#, "a"),
            ("go.mod", "module m\n\nrequire (\n\tgithub.com/a/b v1.2.3 // indirect\n)\n", "github.com/a/b"),
            (
                "pom.xml",
                "<dependency><groupId>g</groupId><artifactId>a</artifactId><version>1.2.3</version></dependency>",
                "g:a",
            ),
            ("composer.lock", r#"{"packages":[{"name":"a/b","version":"v1.2.3"}]}"#, "a/b"),
            ("Gemfile.lock", "GEM\n  specs:\n    a (1.2.3)\n      b (>= 1)\n", "a"),
            ("pyproject.toml", "dependencies = [\"a==1.2.3\"]\n", "a"),
        ] {
            assert_eq!(read(path, text), pinned(name, "1.2.3"), "{path}");
        }
    }

    #[test]
    fn a_range_is_no_version() {
        assert_eq!(read("package.json", r#"{"dependencies":{"a":"^1.2.3"}}"#), [("a".to_owned(), None)]);
        assert_eq!(read("package.json", r#"{"dependencies":{"a":"file:../a"}}"#), []);
    }
}
