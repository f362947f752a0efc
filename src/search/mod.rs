//! Stage 6: the full-text index, and the questions asked of it.
//!
//! One segment up to 2,000 packages, else 64 by the first slot of the Merkle
//! tree; each segment is a pure function of its packages and named by its
//! content, so that the same registry gives the same bytes and a changed
//! package rewrites one segment.

mod build;
mod directory;
mod document;
mod fields;
mod hits;
mod query;
pub mod ranking;
pub mod similar;

pub use build::{SearchReport, build};
pub use document::Card;
pub use query::{Filters, Found, SearchIndex, Sort};

/// What can go wrong with an index.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The directory holds no index.
    #[error("`{}` holds no built catalog: there is no search/tantivy/meta.json in it", .0.display())]
    NoIndex(std::path::PathBuf),
    /// tantivy refused.
    #[error("the search index cannot be used: {0}")]
    Tantivy(#[from] tantivy::TantivyError),
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
