//! The integration tests: one binary, one module a stage.

mod architecture;
mod demo;
mod reproducible;
mod rules;
mod schema;
mod source;
mod support;
