//! The rules: one file each, holding the rule's id, level, documentation and
//! check. Adding a rule is a file and a row of [`ALL`].
//!
//! Rules raised while files are read and parsed have no check of their own
//! ([`Check::Loading`]).

use super::registry::{Package, Registry, Release};
use crate::diagnostic::Diagnostic;
use crate::model::{RuleLevel, Timestamp};

/// One named validation.
pub struct Rule {
    /// The id, kebab-case, named for the defect.
    pub id: &'static str,
    /// What a violation leads to where `policy.toml` says nothing.
    pub level: RuleLevel,
    /// One sentence: what is wrong when this rule fires.
    pub summary: &'static str,
    /// The page for people, Markdown: why it matters, an example, how to fix it.
    pub docs: &'static str,
    /// How it is found.
    pub check: Check,
}

/// How a rule looks for violations.
#[derive(Clone, Copy)]
pub enum Check {
    /// Raised by `validate::load` while reading.
    Loading,
    /// Looks at the registry as a whole.
    Registry(fn(&Context<'_>, &mut Vec<Diagnostic>)),
    /// Looks at one package at a time, in parallel.
    Package(fn(&Context<'_>, &Package, &mut Vec<Diagnostic>)),
    /// Looks at one release at a time, in parallel.
    Release(fn(&Context<'_>, &Package, &Release, &mut Vec<Diagnostic>)),
}

/// What a rule may look at.
pub struct Context<'a> {
    /// The registry as loaded; files that did not parse are missing from it.
    pub registry: &'a Registry,
    /// The moment by which anything dated is judged.
    pub as_of: Timestamp,
}

/// Returns the rule of that id.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.id == id)
}

macro_rules! rules {
    ($($name:ident),+ $(,)?) => {
        $(mod $name;)+
        /// Every rule, by id.
        pub static ALL: &[&Rule] = &[$(&$name::RULE,)+];
    };
}

rules![
    toml_invalid,
];
