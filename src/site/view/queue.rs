//! The open submissions, for those who wait and those who are awaited.

use super::super::Error;
use super::super::engine::{Page, Site};
use super::Address;
use crate::schema::SubmissionState;
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

/// One open submission, as the page shows it.
#[derive(Debug, Clone, Serialize)]
pub struct QueueEntry {
    /// The branch or pull request.
    pub name: String,
    /// Day of its last commit.
    pub since: String,
    /// Where it stands.
    pub state: SubmissionState,
    /// Lowest score of its releases; null where nothing was scanned.
    pub score: Option<u8>,
    /// What it brings, in words.
    pub brings: String,
    /// One sentence.
    pub summary: String,
    /// Who or what is awaited.
    pub needs: Vec<QueueNeed>,
}

/// What a submission waits for.
#[derive(Debug, Clone, Serialize)]
pub struct QueueNeed {
    /// The area.
    pub area: String,
    /// Who may decide.
    pub who: Vec<String>,
    /// Why they are asked.
    pub why: Vec<String>,
}

/// Writes the page, where somebody asked for it.
pub(super) fn write(site: &Site<'_>) -> Result<Vec<Address>, Error> {
    let Some(queue) = site.input.queue else { return Ok(Vec::new()) };
    let page = Page {
        title: "Queue".into(),
        description: format!(
            "Submissions to {} that are open, and who is awaited.",
            site.input.registry.settings.name
        ),
        path: "queue/".into(),
        section: "queue",
        // It changes by the hour and is nothing to find a package by.
        noindex: true,
        ..Page::default()
    };
    site.page("queue.html", page, context! { queue => Value::from(Serde(queue)) })?;
    Ok(Vec::new())
}
