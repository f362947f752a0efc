//! The kinds of package.

use super::terms::term;

term!(
    /// What a package is. Constant over all its releases.
    Kind {
        /// A whole application on the platform.
        App = "app",
        /// An extension of an application.
        Plugin = "plugin",
        /// A connection to a data store.
        Driver = "driver",
        /// A server runtime or protocol.
        Server = "server",
        /// Interface components.
        Ui = "ui",
        /// Colours, type and spacing.
        Theme = "theme",
        /// An AI agent.
        Agent = "agent",
        /// A module of a software service, enabled per account.
        Module = "module",
        /// A recipe that new code is made from.
        Template = "template",
        /// A vertical: modules, pipelines and message templates in one step.
        StarterPack = "starter-pack",
        /// A description of an outside service and its credentials.
        IntegrationProvider = "integration-provider",
        /// A set of packages sold and installed together.
        Solution = "solution",
    }
);

impl Kind {
    /// Returns whether a release of this kind may have no artifact.
    pub fn is_artifact_optional(self) -> bool {
        matches!(self, Kind::IntegrationProvider | Kind::Solution)
    }
}
