//! Builders shared by the tests.

pub mod archive;
pub mod cases;
pub mod hostile;
pub mod registry_text;
mod sarif_schema;

pub use sarif_schema::sarif_schema;
