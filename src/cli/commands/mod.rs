//! One file a verb.

pub(super) mod approve;
pub(super) mod build;
pub(super) mod check;
pub(super) mod check_name;
pub(super) mod completions;
pub(super) mod decide;
pub(super) mod explain;
pub(super) mod import;
pub(super) mod info;
pub(super) mod init;
pub(super) mod new;
pub(super) mod pack;
pub(super) mod queue;
pub(super) mod review;
pub(super) mod scan;
pub(super) mod schema;
pub(super) mod search;
pub(super) mod serve;
pub(super) mod similar;
pub(super) mod submit;
pub(super) mod waive;
pub(super) mod withdraw;
