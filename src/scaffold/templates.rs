//! The texts of a scaffold, compiled in.

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};

macro_rules! texts {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../templates/scaffold/", $name))),)+]
    };
}

const TEXTS: &[(&str, &str)] = texts![
    "kind/agent.json",
    "kind/api-route.json",
    "kind/app.json",
    "kind/configuration.schema.json",
    "kind/datasource.json",
    "kind/example.md",
    "kind/message-template.json",
    "kind/object.json",
    "kind/parameters.schema.json",
    "kind/permission.json",
    "kind/pipeline.json",
    "kind/prompt.md",
    "kind/template-file.md",
    "kind/theme.json",
    "kind/validation-rule.json",
    "kind/view.json",
    "kind/widget.json",
    "package/CHANGELOG.md",
    "package/LICENSE",
    "package/README.md",
    "registry/README.md",
    "registry/curators.toml",
    "registry/gitignore",
    "registry/policy.toml",
    "registry/publisher.toml",
    "registry/registry.toml",
];

/// Returns an environment with every text, strict about names it does not know.
pub(super) fn environment() -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_syntax(SyntaxConfig::builder().keep_trailing_newline(true).build()?);
    for (name, text) in TEXTS {
        environment.add_template(name, text)?;
    }
    Ok(environment)
}
