//! Stage 6: the full-text index, and the questions asked of it.
//!
//! One segment up to 2,000 packages, else 64 by the first slot of the Merkle
//! tree; each segment is a pure function of its packages and named by its
//! content, so that the same registry gives the same bytes and a changed
//! package rewrites one segment.

pub mod alike;
mod answer;
mod build;
mod directory;
mod document;
mod engine;
mod fields;
mod listed;
mod native;
mod projection;
mod query;
mod question;
pub mod ranking;
pub mod similar;
pub mod text;

pub use alike::Likenesses;
pub use build::{SearchReport, build};
pub use document::Card;
pub use projection::{Fetch, FetchError, SearchSite};
pub use query::{Found, SearchIndex, Sort};
pub use question::Filters;

/// What can go wrong with an index.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The directory holds no index.
    #[error("`{}` holds no built catalog: there is no search/tantivy/meta.json in it", .0.display())]
    NoIndex(std::path::PathBuf),
    /// tantivy refused.
    #[error("the search index cannot be used")]
    Tantivy(#[from] tantivy::TantivyError),
    /// A filter that does not exist.
    #[error("no facet is called `{0}`")]
    UnknownFilter(String),
    /// A file of a served site is not as the format says.
    #[error("the search of this site is damaged: it has {0}")]
    Damaged(&'static str),
    /// A file of a served site is not there.
    #[error("the site has no `{0}`")]
    Missing(String),
    /// A served site that another version built.
    #[error("the search of this site has format {0}, which this version cannot read")]
    Version(u32),
    /// What only an index on this machine can do.
    #[error("{0} needs a catalog that was built here")]
    NotServed(&'static str),
    /// A file of a served site could not be read.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The index was made by another version.
    #[error("the search index has no field `{0}`; build it again with this version")]
    Field(&'static str),
    /// A segment's description is not as expected.
    #[error("a search segment is described in an unknown way: {0}")]
    Meta(String),
    /// A file could not be written.
    #[error(transparent)]
    Output(#[from] crate::publish::OutputError),
}
