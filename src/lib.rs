//! Shelfmark turns a git repository into a curated package marketplace.
pub mod artifact;
pub mod build;
pub mod cli;
pub mod diagnostic;
pub mod import;
pub mod index;
pub mod model;
pub mod platform;
pub mod publish;
pub mod scaffold;
pub mod schema;
pub mod search;
pub mod site;
pub mod source;
pub mod validate;
