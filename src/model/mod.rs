//! Types that cannot be wrong: each has private fields and one validating
//! constructor, and serde goes through it.
//!
//! Nothing here reads a file, a clock or the environment.

mod digest;
mod kind;
mod license;
mod namespace;
mod package_id;
mod path;
mod prefix;
mod requirement;
mod terms;
mod text;
mod timestamp;
mod version;

pub use digest::Digest;
pub use kind::Kind;
pub use license::License;
pub use namespace::Namespace;
pub use package_id::PackageId;
pub use path::RelPath;
pub use prefix::Prefix;
pub use requirement::{Interval, IntervalSet, Requirement, Triple};
pub(crate) use terms::term;
pub use terms::{
    AuthType, Confidence, MetadataType, PricingModel, PublisherLevel, PublisherType, ReviewDecision,
    RuleLevel, Severity, Status, TemplateFamily, WithdrawalLevel,
};
pub use timestamp::Timestamp;
pub use version::Version;

/// Why a value was refused: what it should have been, the value itself and the
/// first thing wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a valid {what}: {reason}", shorten(value))]
pub struct Invalid {
    /// The kind of value expected, for example `package id`.
    pub what: &'static str,
    /// The refused text, whole.
    pub value: String,
    /// One clause without a full stop.
    pub reason: String,
}

impl Invalid {
    pub(crate) fn new(what: &'static str, value: &str, reason: impl Into<String>) -> Self {
        Self { what, value: value.to_owned(), reason: reason.into() }
    }
}

/// Cuts a hostile value to a length fit for a message.
fn shorten(value: &str) -> String {
    const MOST: usize = 80;
    if value.chars().count() <= MOST {
        return value.to_owned();
    }
    let head: String = value.chars().take(MOST).collect();
    format!("{head}…")
}
