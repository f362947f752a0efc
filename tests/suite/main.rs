//! The integration tests: one binary, one module a stage.

mod rules;
