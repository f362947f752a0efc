//! The integration tests: one binary, one module a stage.

// Tests touch the disk themselves, and a failed `unwrap` is a failed test.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, clippy::unwrap_used, clippy::panic)]

mod architecture;
mod archive;
mod cli;
mod demo;
mod nginx;
mod proposal;
mod reproducible;
mod review;
pub(crate) mod rules;
mod scan;
mod scan_cli;
mod schema;
mod search;
mod similar;
mod source;
mod store;
mod store_cli;
mod support;
