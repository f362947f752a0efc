//! What proves that something is from whom it says: signatures of archives.

pub mod signature;
