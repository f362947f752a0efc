//! Builders shared by the tests.

pub mod cases;
pub mod registry_text;
