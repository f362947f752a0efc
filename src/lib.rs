//! Shelfmark turns a git repository into a curated package marketplace.
pub mod artifact;
pub mod diagnostic;
pub mod import;
pub mod model;
pub mod platform;
pub mod publish;
pub mod schema;
pub mod site;
pub mod source;
pub mod validate;
