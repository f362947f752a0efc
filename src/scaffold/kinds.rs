//! What each kind of package begins with.

use crate::model::{AuthType, Kind, TemplateFamily};
use crate::schema;
use std::collections::BTreeMap;

/// The sources of a kind besides the files that every package has.
pub(super) struct Sources {
    /// Path in the artifact, and template.
    pub(super) files: &'static [(&'static str, &'static str)],
    /// Whether there are metadata objects, which need a namespace.
    pub(super) has_metadata: bool,
    /// What the package asks for.
    pub(super) permissions: &'static [&'static str],
    /// Path of the settings' schema.
    pub(super) configuration: Option<&'static str>,
    /// The section "What is inside" of the README.
    pub(super) inside: &'static str,
    /// The example.
    pub(super) example: &'static str,
}

const OBJECT: (&str, &str) = ("metadata/object/item.json", "kind/object.json");
const VIEW: (&str, &str) = ("metadata/view/all_items.json", "kind/view.json");
const CONFIGURATION: (&str, &str) = ("configuration.schema.json", "kind/configuration.schema.json");

/// Returns the sources of a kind.
pub(super) fn sources(kind: Kind) -> Sources {
    let plain = Sources {
        files: &[],
        has_metadata: true,
        permissions: &[],
        configuration: None,
        inside: "",
        example: "Show the shortest thing that works, with its result.",
    };
    match kind {
        Kind::App => Sources {
            files: &[OBJECT, VIEW, ("metadata/app/main.json", "kind/app.json")],
            permissions: &["system.object.read", "system.object.create", "system.object.update"],
            inside: "One object, a view of it, and the app with its menu.",
            ..plain
        },
        Kind::Plugin => Sources {
            files: &[
                OBJECT,
                ("metadata/validation-rule/title_is_not_blank.json", "kind/validation-rule.json"),
            ],
            inside: "One object and a rule that its records keep.",
            ..plain
        },
        Kind::Driver => Sources {
            files: &[CONFIGURATION, ("metadata/datasource/main.json", "kind/datasource.json")],
            configuration: Some(CONFIGURATION.0),
            inside: "A data source to copy, and the settings it reads.",
            ..plain
        },
        Kind::Server => Sources {
            files: &[OBJECT, ("metadata/api-route/list_items.json", "kind/api-route.json")],
            permissions: &["system.object.read"],
            inside: "One object and a route that lists its records.",
            ..plain
        },
        Kind::Ui => Sources {
            files: &[("metadata/widget/hello.json", "kind/widget.json")],
            inside: "One component for pages and dashboards.",
            ..plain
        },
        Kind::Theme => Sources {
            files: &[("metadata/theme/main.json", "kind/theme.json")],
            inside: "Colours for light and dark, radius and density.",
            ..plain
        },
        Kind::Agent => Sources {
            files: &[
                ("metadata/agent/assistant.json", "kind/agent.json"),
                ("prompts/system.md", "kind/prompt.md"),
            ],
            permissions: &["system.object.read"],
            inside: "The agent, and the full text it is given.",
            example: "Show one question, and the answer the agent should give.",
            ..plain
        },
        Kind::Module => Sources {
            files: &[
                CONFIGURATION,
                OBJECT,
                VIEW,
                ("metadata/permission/member.json", "kind/permission.json"),
            ],
            permissions: &["system.object.read", "system.object.create", "system.object.update"],
            configuration: Some(CONFIGURATION.0),
            inside: "One object, a view of it, a permission set, and the settings of an account.",
            ..plain
        },
        Kind::Template => Sources {
            files: &[
                ("parameters.schema.json", "kind/parameters.schema.json"),
                ("template/README.md", "kind/template-file.md"),
            ],
            has_metadata: false,
            inside: "The files under `template/`, and the parameters that fill them.",
            example: "Show the parameters of one service, and the files that come out.",
            ..plain
        },
        Kind::StarterPack => Sources {
            files: &[
                OBJECT,
                ("metadata/pipeline/main.json", "kind/pipeline.json"),
                ("metadata/message-template/item_done.json", "kind/message-template.json"),
            ],
            inside: "One object, the stages its records pass, and the message sent at the end.",
            ..plain
        },
        Kind::IntegrationProvider => Sources {
            has_metadata: false,
            inside: "The credentials that a person enters, and where to find them.",
            example: "Show where the key is found, step by step.",
            ..plain
        },
        Kind::Solution => Sources {
            has_metadata: false,
            inside: "No code of its own: the members under `[solution.members]` in the release file.",
            example: "Show what the members do together that none does alone.",
            ..plain
        },
    }
}

/// Returns the table of an agent.
pub(super) fn agent(kind: Kind) -> Option<schema::Agent> {
    (kind == Kind::Agent).then(|| schema::Agent {
        role: "Assistant for one task".into(),
        tools: vec!["record.read".into()],
        scopes: vec!["system.object.read".into()],
        collaborates_with: Vec::new(),
    })
}

/// Returns the table of a template.
pub(super) fn template(kind: Kind) -> Option<schema::Template> {
    (kind == Kind::Template).then(|| schema::Template {
        family: TemplateFamily::Microservice,
        overlay_of: None,
        parameters: Some("parameters.schema.json".into()),
    })
}

/// Returns the table of a starter pack.
pub(super) fn starter_pack(kind: Kind, label: &str) -> Option<schema::StarterPack> {
    (kind == Kind::StarterPack).then(|| schema::StarterPack {
        vertical: label.to_owned(),
        modules: BTreeMap::new(),
        pipelines: vec!["metadata/pipeline/main.json".into()],
        message_templates: vec!["metadata/message-template/item_done.json".into()],
    })
}

/// Returns the table of an integration provider.
pub(super) fn integration_provider(kind: Kind) -> Option<schema::IntegrationProvider> {
    (kind == Kind::IntegrationProvider).then(|| schema::IntegrationProvider {
        auth_type: AuthType::ApiKey,
        docs: Some("https://service.example/docs".into()),
        credentials: vec![schema::Credential {
            id: "api-key".into(),
            label: "API key".into(),
            hint: Some("Begins with key_ and has 32 characters after it.".into()),
            location: Some("Settings > Developers > API keys".into()),
            secret: true,
            pattern: Some("^key_[A-Za-z0-9]{32}$".into()),
        }],
    })
}

/// Returns the table of a solution.
pub(super) fn solution(kind: Kind) -> Option<schema::Solution> {
    (kind == Kind::Solution).then(|| schema::Solution { members: BTreeMap::new() })
}
