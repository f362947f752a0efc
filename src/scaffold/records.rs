//! The small files by which people decide: reviews, waivers and withdrawals.

use super::{Error, Plan};
use crate::model::{Digest, PackageId, ReviewDecision, Timestamp, Version, WithdrawalLevel};
use crate::schema;

/// A review to record.
#[derive(Debug, Clone)]
pub struct NewReview<'a> {
    /// The package.
    pub id: &'a PackageId,
    /// The version.
    pub version: &'a Version,
    /// What was reviewed.
    pub area: &'a str,
    /// The curator's name in `curators.toml`.
    pub curator: &'a str,
    /// SHA-256 of the release file that was looked at.
    pub subject: Digest,
    /// What is said.
    pub decision: ReviewDecision,
    /// When.
    pub date: Timestamp,
    /// What the reviewer wants to say.
    pub notes: Option<&'a str>,
}

/// Plans the file of a review.
///
/// # Errors
/// When a value has no TOML spelling.
pub fn review(new: &NewReview<'_>) -> Result<Plan, Error> {
    let path = format!("{}/reviews/{}/{}.{}.toml", new.id.folder(), new.version, new.area, new.curator);
    let wire = schema::Review {
        format: schema::FORMAT,
        area: new.area.to_owned(),
        curator: new.curator.to_owned(),
        subject: new.subject.to_string(),
        decision: new.decision,
        date: date(new.date)?,
        notes: new.notes.map(str::to_owned),
    };
    Ok(vec![(path, toml::to_string(&wire)?)])
}

/// A waiver to record.
#[derive(Debug, Clone)]
pub struct NewWaiver<'a> {
    /// The rule or check it lifts, or `score`.
    pub rule: &'a str,
    /// The package.
    pub id: &'a PackageId,
    /// The versions, as a requirement; all without.
    pub versions: Option<&'a str>,
    /// Why.
    pub reason: &'a str,
    /// The curator who grants it.
    pub by: &'a str,
    /// First moment it holds.
    pub from: Timestamp,
    /// First moment it no longer holds.
    pub until: Timestamp,
}

/// Plans the file of a waiver.
///
/// # Errors
/// When a value has no TOML spelling.
pub fn waiver(new: &NewWaiver<'_>) -> Result<Plan, Error> {
    let path = format!("waivers/{}.{}.{}.toml", new.id, new.rule, new.from.day());
    let wire = schema::Waiver {
        format: schema::FORMAT,
        id: new.rule.to_owned(),
        package: new.id.to_string(),
        versions: new.versions.map(str::to_owned),
        reason: new.reason.to_owned(),
        by: new.by.to_owned(),
        from: date(new.from)?,
        until: date(new.until)?,
    };
    Ok(vec![(path, toml::to_string(&wire)?)])
}

/// A withdrawal to record.
#[derive(Debug, Clone)]
pub struct NewWithdrawal<'a> {
    /// The package.
    pub id: &'a PackageId,
    /// The version.
    pub version: &'a Version,
    /// How far.
    pub level: WithdrawalLevel,
    /// What is wrong and what to do.
    pub reason: &'a str,
    /// A version of the package, or another package's id.
    pub replacement: Option<&'a str>,
    /// Ids of advisories.
    pub advisories: &'a [String],
    /// The legal ground.
    pub legal: Option<&'a str>,
    /// Since when.
    pub date: Timestamp,
}

/// Plans the file of a withdrawal.
///
/// # Errors
/// When a value has no TOML spelling.
pub fn withdrawal(new: &NewWithdrawal<'_>) -> Result<Plan, Error> {
    let path = format!("{}/withdrawals/{}.toml", new.id.folder(), new.version);
    let wire = schema::Withdrawal {
        format: schema::FORMAT,
        level: new.level,
        date: date(new.date)?,
        reason: Some(new.reason.to_owned()),
        replacement: new.replacement.map(str::to_owned),
        advisories: new.advisories.to_vec(),
        legal: new.legal.map(str::to_owned),
    };
    Ok(vec![(path, toml::to_string(&wire)?)])
}

fn date(moment: Timestamp) -> Result<schema::DateTime, Error> {
    let text = moment.to_string();
    let date = text.parse().map_err(|_| crate::model::Invalid::new("date", &text, "TOML cannot spell it"))?;
    Ok(schema::DateTime(date))
}
