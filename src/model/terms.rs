//! Closed vocabularies of the authored formats, each spelt one way.

/// Declares an enum of kebab-case words with serde, a JSON Schema, `ALL`,
/// `as_str` and `Display`, from one table.
macro_rules! term {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
                 serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// Every value, in the order of the documentation.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// Returns the word used in files and addresses.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = crate::model::Invalid;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $name::ALL.iter().copied().find(|value| value.as_str() == text).ok_or_else(|| {
                    let words: Vec<&str> = $name::ALL.iter().map(|value| value.as_str()).collect();
                    crate::model::Invalid::new(stringify!($name), text, format!("expected one of {}", words.join(", ")))
                })
            }
        }
    };
}
pub(crate) use term;

term!(
    /// The state of a listing.
    Status {
        /// Maintained.
        Active = "active",
        /// Finished; kept for readers, no new releases.
        Archived = "archived",
        /// Superseded; see the replacement.
        Deprecated = "deprecated",
        /// Stopped by the registry while a question is open.
        Suspended = "suspended",
        /// Installable by id, absent from lists and search.
        Unlisted = "unlisted",
    }
);

term!(
    /// How a package is paid for.
    PricingModel {
        /// Costs nothing.
        Free = "free",
        /// A free part and a paid part.
        Freemium = "freemium",
        /// Paid once.
        Paid = "paid",
        /// Paid by period.
        Subscription = "subscription",
        /// Paid by use.
        UsageBased = "usage-based",
        /// The publisher quotes a price.
        ContactSales = "contact-sales",
    }
);

term!(
    /// How much the registry knows about a publisher, ascending.
    PublisherLevel {
        /// Digest and pinned key only.
        Unverified = "unverified",
        /// An ownership challenge is open.
        Pending = "pending",
        /// Identity confirmed.
        Verified = "verified",
        /// Keyless signatures with provenance and a clean record.
        Trusted = "trusted",
        /// Named by a two-person change.
        Partner = "partner",
    }
);

term!(
    /// Who a publisher is.
    PublisherType {
        /// One person.
        Individual = "individual",
        /// A company, project or institution.
        Organization = "organization",
    }
);

term!(
    /// How far a release is withdrawn, ascending.
    WithdrawalLevel {
        /// Still resolvable, with a warning.
        Deprecated = "deprecated",
        /// Hidden from new resolutions, kept for lockfiles.
        Yanked = "yanked",
        /// Not installable while a question is open.
        Quarantined = "quarantined",
        /// Gone; the line stays as a record.
        Removed = "removed",
    }
);

impl WithdrawalLevel {
    /// Returns whether new resolutions skip the release.
    pub fn is_yanked(self) -> bool {
        self >= WithdrawalLevel::Yanked
    }
}

term!(
    /// What a rule's violation leads to, ascending.
    RuleLevel {
        /// Nothing.
        Allow = "allow",
        /// A remark.
        Note = "note",
        /// A warning.
        Warn = "warn",
        /// A named person decides.
        Review = "review",
        /// Refused, unless waived.
        Deny = "deny",
        /// Refused; no waiver and no lower level.
        Forbid = "forbid",
    }
);

term!(
    /// What a recorded review says.
    ReviewDecision {
        /// The reviewer agrees.
        Approve = "approve",
        /// The reviewer asks for changes.
        RequestChanges = "request-changes",
    }
);

term!(
    /// The family of a template.
    TemplateFamily {
        /// A service of its own.
        Microservice = "microservice",
        /// A part every service leans on.
        Platform = "platform",
        /// A bridge to another system.
        Integration = "integration",
        /// A business domain.
        Domain = "domain",
        /// A recipe applied over another template.
        Overlay = "overlay",
    }
);

term!(
    /// How an integration provider authenticates.
    AuthType {
        /// A key sent with each call.
        ApiKey = "api-key",
        /// An OAuth 2 authorisation.
        Oauth2 = "oauth2",
        /// A user name and password.
        Basic = "basic",
        /// Nothing.
        None = "none",
    }
);

term!(
    /// The types of metadata a package may hold, one JSON Schema each.
    MetadataType {
        /// A business object.
        Object = "object",
        /// A field added to an object.
        Field = "field",
        /// A list or record view.
        View = "view",
        /// A page.
        Page = "page",
        /// An input form.
        Form = "form",
        /// A dashboard.
        Dashboard = "dashboard",
        /// A report.
        Report = "report",
        /// A chart.
        Chart = "chart",
        /// A widget.
        Widget = "widget",
        /// A workflow.
        Workflow = "workflow",
        /// A flow of steps.
        Flow = "flow",
        /// States and transitions.
        StateMachine = "state-machine",
        /// A schedule.
        Schedule = "schedule",
        /// A permission set.
        Permission = "permission",
        /// A sharing rule.
        SharingRule = "sharing-rule",
        /// A security policy.
        SecurityPolicy = "security-policy",
        /// A connector.
        Connector = "connector",
        /// A notification.
        Notification = "notification",
        /// An AI agent.
        Agent = "agent",
        /// An MCP server.
        McpServer = "mcp-server",
        /// Seed data.
        SeedData = "seed-data",
        /// An action.
        Action = "action",
        /// A capability.
        Capability = "capability",
        /// An application.
        App = "app",
        /// A studio extension.
        Studio = "studio",
        /// A territory.
        Territory = "territory",
        /// A translation.
        Translation = "translation",
        /// A trigger.
        Trigger = "trigger",
        /// A validation rule.
        ValidationRule = "validation-rule",
        /// A message template.
        MessageTemplate = "message-template",
        /// A pipeline of stages.
        Pipeline = "pipeline",
        /// A theme.
        Theme = "theme",
        /// A data source.
        Datasource = "datasource",
        /// An API route.
        ApiRoute = "api-route",
    }
);

term!(
    /// How bad a finding is, ascending.
    Severity {
        /// Worth knowing.
        Low = "low",
        /// A weakness that needs something else to become harm.
        Medium = "medium",
        /// Harm is likely when the package is used as it asks.
        High = "high",
        /// Harm by itself; nobody may publish it without a waiver.
        Critical = "critical",
    }
);

impl Severity {
    /// Returns what one finding takes from the score.
    pub fn points(self) -> u32 {
        match self {
            Self::Low => 1,
            Self::Medium => 3,
            Self::High => 10,
            Self::Critical => 25,
        }
    }
}

term!(
    /// How sure a check is of a finding, ascending. It does not change the score.
    Confidence {
        /// Often something harmless.
        Unsure = "unsure",
        /// Rarely something harmless.
        Likely = "likely",
        /// What it says it is.
        Sure = "sure",
    }
);
