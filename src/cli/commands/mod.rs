//! One file a verb.

pub(super) mod build;
pub(super) mod check;
pub(super) mod completions;
pub(super) mod explain;
pub(super) mod import;
pub(super) mod info;
pub(super) mod init;
pub(super) mod new;
pub(super) mod pack;
pub(super) mod scan;
pub(super) mod schema;
pub(super) mod search;
pub(super) mod serve;
