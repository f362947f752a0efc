//! The open submissions, for those who wait and those who are awaited.

use super::super::Error;
use super::super::engine::{Page, Site};
use super::Address;
use super::sentence::{Piece, pieces};
use crate::schema::SubmissionState;
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

/// One open submission, as the page shows it.
#[derive(Debug, Clone)]
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
    /// Why it is rejected: one sentence each, with the names of rules between backticks.
    pub reasons: Vec<String>,
    /// Who or what is awaited; nobody, where it is rejected.
    pub needs: Vec<QueueNeed>,
}

/// What a submission waits for.
#[derive(Debug, Clone)]
pub struct QueueNeed {
    /// The area.
    pub area: String,
    /// Who may decide.
    pub who: Vec<String>,
    /// Why they are asked, as `reasons`.
    pub why: Vec<String>,
}

/// An entry with its sentences taken apart.
#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    since: &'a str,
    state: SubmissionState,
    score: Option<u8>,
    brings: &'a str,
    summary: &'a str,
    reasons: Vec<Vec<Piece>>,
    needs: Vec<NeedRow<'a>>,
}

#[derive(Serialize)]
struct NeedRow<'a> {
    area: &'a str,
    who: &'a [String],
    why: Vec<Vec<Piece>>,
}

fn row(entry: &QueueEntry) -> Row<'_> {
    let told = |sentences: &[String]| sentences.iter().map(|one| pieces(one)).collect();
    let needs =
        entry.needs.iter().map(|need| NeedRow { area: &need.area, who: &need.who, why: told(&need.why) });
    Row {
        name: &entry.name,
        since: &entry.since,
        state: entry.state,
        score: entry.score,
        brings: &entry.brings,
        summary: &entry.summary,
        reasons: told(&entry.reasons),
        needs: needs.collect(),
    }
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
    let rows: Vec<Row<'_>> = queue.iter().map(row).collect();
    site.page("queue.html", page, context! { queue => Value::from(Serde(rows)) })?;
    Ok(Vec::new())
}
