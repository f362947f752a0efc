//! Writes the first files of a registry and of a package.
//!
//! Nothing here touches a disk: [`init`] and [`new_package`] return a [`Plan`],
//! which the command line shows, then writes, refusing to replace a file. What
//! is planned passes `shelfmark check`.

mod kinds;
mod manifest;
mod package;
mod records;
mod registry;
mod templates;

pub use manifest::{MANIFEST, manifest_text};
pub use package::{NewPackage, new_package};
pub use records::{NewReview, NewWaiver, NewWithdrawal, review, waiver, withdrawal};
pub use registry::{NewRegistry, init};

use crate::model::{Invalid, PackageId, Prefix};

/// Files to write: path in the registry and content, in the order to show.
pub type Plan = Vec<(String, String)>;

/// Why nothing can be planned.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody may publish the package.
    #[error("no publisher of this registry owns a prefix of `{0}`; write `publishers/<prefix>.toml` first")]
    NoPublisher(PackageId),
    /// The package is there.
    #[error("the package `{0}` is already in this registry")]
    PackageExists(PackageId),
    /// The prefix belongs to nobody.
    #[error("`{0}` is a shared prefix that nobody owns; add a label of your own")]
    SharedPrefix(Prefix),
    /// A value that was made here is refused.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// A template of this program is wrong.
    #[error("a scaffold template cannot be rendered")]
    Template(#[from] minijinja::Error),
    /// A value has no TOML spelling.
    #[error("a value has no TOML spelling")]
    Format(#[from] toml::ser::Error),
    /// The sources cannot be packed.
    #[error(transparent)]
    Pack(#[from] crate::artifact::PackError),
}

#[cfg(test)]
mod tests;
