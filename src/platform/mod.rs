//! The raw effects: the file system, git and the network. Nothing else in the library touches any.
pub mod address;
pub mod fs;
pub mod git;
pub mod http;
pub mod site;
