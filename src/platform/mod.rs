//! The raw effects: the file system and the network. Nothing else in the library touches either.
pub mod address;
pub mod fs;
pub mod http;
