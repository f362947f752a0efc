//! The first files of a registry: one that builds without a diagnostic.

use super::package::{Publisher, Surroundings, plan_package};
use super::{Error, NewPackage, Plan, templates};
use crate::model::{Kind, PackageId, Prefix, Timestamp};
use minijinja::context;

/// Prefixes that the registry written here gives to nobody.
const SHARED: [&str; 2] = ["com.github", "io.github"];

/// What to write a registry for.
#[derive(Debug, Clone)]
pub struct NewRegistry {
    /// The registry's name.
    pub name: String,
    /// Where its site will be served from; ends in a slash.
    pub base_url: String,
    /// The prefix of its first publisher, such as `com.example`.
    pub publisher: Prefix,
    /// The publisher's name.
    pub publisher_name: String,
    /// The moment of the first release.
    pub published: Timestamp,
}

/// Declares files that are written as they are: their braces are GitHub's and Python's.
macro_rules! verbatim {
    ($($path:literal),+ $(,)?) => {
        [$(($path, include_str!(concat!("../../templates/scaffold/registry/", $path))),)+]
    };
}

/// How pull requests are judged and the site is deployed on GitHub.
const GITHUB: [(&str, &str); 9] = verbatim![
    ".github/SETUP.md",
    ".github/pull_request_template.md",
    ".github/scripts/binary.py",
    ".github/scripts/gate.py",
    ".github/scripts/github.py",
    ".github/scripts/objects.py",
    ".github/workflows/check.yml",
    ".github/workflows/gate.yml",
    ".github/workflows/site.yml",
];

/// Plans a registry with one publisher and one small package.
///
/// # Errors
/// When the prefix cannot be owned.
pub fn init(new: &NewRegistry) -> Result<Plan, Error> {
    if SHARED.contains(&new.publisher.as_str()) {
        return Err(Error::SharedPrefix(new.publisher.clone()));
    }
    let environment = templates::environment()?;
    let values = context! {
        name => new.name.as_str(),
        name_quoted => quoted(&new.name),
        description_quoted => quoted(&format!("Packages of {}.", new.publisher_name)),
        base_url => new.base_url.as_str(),
        publisher => new.publisher.as_str(),
        publisher_name_quoted => quoted(&new.publisher_name),
    };
    let publisher_file = format!("publishers/{}.toml", new.publisher);
    let files = [
        ("registry.toml", "registry/registry.toml"),
        ("policy.toml", "registry/policy.toml"),
        ("curators.toml", "registry/curators.toml"),
        (publisher_file.as_str(), "registry/publisher.toml"),
        ("README.md", "registry/README.md"),
        (".gitignore", "registry/gitignore"),
    ];
    let mut plan = Plan::new();
    for (path, template) in files {
        plan.push((path.to_owned(), environment.get_template(template)?.render(&values)?));
    }
    plan.extend(GITHUB.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    let first = NewPackage {
        id: PackageId::parse(&format!("{}.hello", new.publisher))?,
        kind: Kind::Module,
        name: Some("Hello".into()),
        published: new.published,
    };
    let surroundings = Surroundings {
        publisher: Publisher { id: new.publisher.to_string(), name: new.publisher_name.clone() },
        category: Some("general".into()),
        platform: Some(">=1.0.0, <2.0.0".into()),
        license: "Apache-2.0".into(),
        namespace: "hello".into(),
    };
    plan.extend(plan_package(&first, &surroundings)?);
    Ok(plan)
}

/// Writes a text as a TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
