//! Builders shared by the tests.

pub mod registry_text;
