//! Stage 4: a pull request becomes a decision that anybody can compute again.
//!
//! [`facts`] gathers what was found, [`decision`] decides, [`render`] shows.
//! Nothing here touches a file: artifacts come through the callers' stores.

pub mod area;
pub mod decision;
pub mod facts;
pub mod render;
mod report;

pub use decision::decide;
pub use report::{Examined, ReviewInput, examine, review};
