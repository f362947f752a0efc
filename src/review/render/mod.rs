//! A review for people and machines, one file a form.

mod github;
mod markdown;
mod sarif;
mod steps;
mod text;

pub use github::github;
pub use markdown::{MARKER, markdown};
pub use sarif::sarif;
pub use steps::steps;
pub use text::text;

use crate::diagnostic::render::escape_json;
use crate::schema::{Outcome, ReviewReport};

/// Renders a report as JSON, version 1, with a final newline.
pub fn json(report: &ReviewReport) -> String {
    let mut text = escape_json(&serde_json::to_string_pretty(report).unwrap_or_default());
    text.push('\n');
    text
}

/// Returns the words that a decision is announced with.
fn headline(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Admit => "admitted",
        Outcome::NeedsReview => "needs review",
        Outcome::Reject => "rejected",
    }
}

/// Returns the path from the top of the repository of what a diagnostic is about:
/// of something inside an archive, its release file.
fn repository_path(report: &ReviewReport, file: &str) -> String {
    let file = match file.split_once(".tgz!/") {
        Some((release, _)) => format!("{release}.toml"),
        None => file.to_owned(),
    };
    if report.folder.is_empty() { file } else { format!("{}/{file}", report.folder) }
}
