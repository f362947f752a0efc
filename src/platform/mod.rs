//! The raw effects: the file system. Nothing else in the library touches one.
pub mod fs;
