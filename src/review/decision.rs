//! The decision: a pure, published function of the facts. No clock, no file, no
//! network; the same facts give the same decision everywhere, and one finding or
//! diagnostic more never gives a milder one.
//!
//! ```text
//! outcome = the strictest effect of these steps
//!   a problem of level deny or forbid, not waived ................ reject
//!   a scan with an open critical, or below the threshold ......... reject
//!   an artifact that could not be had ............................ needs review
//!   a required area without an approval of these exact bytes ..... needs review
//!   a problem of level review that nobody of its area settled .... needs review
//!   a file of authority without a curator of its area as actor ... needs review
//!   nobody knows who proposes it ................................. needs review
//!   the time that it must stay open has not passed ............... needs review
//! ```

use crate::model::{ReviewDecision, RuleLevel, Timestamp};
use crate::scan::verdict::{Verdict, verdict};
use crate::schema::{
    CuratorFact, DecisionEntry, Facts, NeedEntry, Outcome, ProblemFact, ReleaseFact, ReviewFact, ScanFact,
    StepEntry, SubmissionState,
};
use std::collections::BTreeMap;

/// The area that looks at every new package and at everything that widens.
pub const SECURITY: &str = "security";
/// Needs that no review file answers.
pub const ACTOR: &str = "actor";
/// The artifact has to be where the release says.
pub const ARTIFACT: &str = "artifact";
/// Time has to pass.
pub const TIME: &str = "time";

/// Rules that two people decide: the word of the one who proposes it is not enough.
const FOR_TWO: [&str; 3] = ["level-raised", "prefix-covers-package", "prefix-overlap"];
/// How a file is changed that only a curator may propose.
const PROPOSE: &str = "one of them proposes the same change from an own account";

/// Decides.
pub fn decide(facts: &Facts) -> DecisionEntry {
    let mut sheet = Sheet { facts, steps: Vec::new(), needs: BTreeMap::new() };
    sheet.problems();
    for release in &facts.releases {
        sheet.release(release);
    }
    sheet.authority();
    sheet.actor();
    sheet.time();
    sheet.conclude()
}

/// The arithmetic under way.
struct Sheet<'a> {
    facts: &'a Facts,
    steps: Vec<StepEntry>,
    /// By what it is about and area.
    needs: BTreeMap<(String, String), NeedEntry>,
}

impl<'a> Sheet<'a> {
    fn step(&mut self, about: &str, fact: impl Into<String>, effect: Outcome) {
        self.steps.push(StepEntry { about: about.to_owned(), fact: fact.into(), effect });
    }

    /// Asks somebody; what is asked twice is one need with two reasons.
    fn need(&mut self, need: NeedEntry) {
        let key = (need.about.clone(), need.area.clone());
        match self.needs.get_mut(&key) {
            None => {
                self.needs.insert(key, need);
            }
            Some(known) => {
                known.changes_requested |= need.changes_requested;
                known.why.extend(need.why);
                known.why.dedup();
            }
        }
    }

    fn problems(&mut self) {
        for problem in &self.facts.problems {
            let about = problem.release.as_deref().unwrap_or(&problem.file);
            match (problem.level, &problem.waived_by) {
                (level, _) if level < RuleLevel::Review => {}
                (RuleLevel::Forbid, _) => {
                    self.step(about, format!("`{}` is of level forbid", problem.rule), Outcome::Reject);
                }
                (level, Some(by)) => {
                    self.step(
                        about,
                        format!("`{}` ({level}) is waived by {by}", problem.rule),
                        Outcome::Admit,
                    );
                }
                (RuleLevel::Deny, None) => {
                    self.step(about, format!("`{}` is of level deny", problem.rule), Outcome::Reject);
                }
                _ => self.question(problem, about),
            }
        }
    }

    /// A problem of level review: settled by an approval of the release, or by
    /// the actor's own authority where there is no release to approve.
    fn question(&mut self, problem: &ProblemFact, about: &str) {
        let why = format!("`{}`", problem.rule);
        let release = problem.release.as_ref();
        let release = release.and_then(|name| self.facts.releases.iter().find(|one| one.release == *name));
        if let Some(release) = release {
            return self.area(release, &problem.area, why);
        }
        let is_for_two = FOR_TWO.contains(&problem.rule.as_str());
        let is_settled =
            !is_for_two && self.actor_decides(&problem.area, problem.package.as_deref(), &problem.conflicted);
        if is_settled {
            return self.step(
                about,
                format!("{why} is settled: the actor decides about {}", problem.area),
                Outcome::Admit,
            );
        }
        self.step(about, format!("{why} asks for {}", problem.area), Outcome::NeedsReview);
        let mut excluded = problem.conflicted.clone();
        if is_for_two {
            excluded.extend(self.facts.actor.iter().filter_map(|actor| actor.curator.clone()));
        }
        let command = match (is_for_two, &problem.package) {
            (true, _) => {
                "a second curator of the area says so on the pull request and merges it by hand".to_owned()
            }
            (false, Some(package)) => format!(
                "one of them proposes the same change, or `shelfmark waive {} {package} …`",
                problem.rule
            ),
            (false, None) => PROPOSE.to_owned(),
        };
        self.need(NeedEntry {
            who: self.deciders(&problem.area, problem.package.as_deref(), &excluded),
            command: Some(command),
            ..self.blank(about, &problem.area, why)
        });
    }

    fn release(&mut self, release: &'a ReleaseFact) {
        self.scan(release);
        let mut asked: BTreeMap<&str, String> = BTreeMap::new();
        let mut ask = |areas: &'a [String], why: &str| {
            for area in areas.iter().map(String::as_str).chain([SECURITY]) {
                asked.entry(area).or_insert_with(|| why.to_owned());
            }
        };
        let areas = &release.areas;
        if release.is_new_package {
            ask(areas, "a new package");
        } else if !release.widens.is_empty() {
            ask(areas, &format!("it widens what it may do: {}", release.widens.join(", ")));
        } else {
            let owner = if release.is_by_owner { "a bump by its owner" } else { "a bump" };
            self.step(&release.release, format!("{owner} that widens nothing"), Outcome::Admit);
        }
        for (area, why) in asked {
            self.area(release, area, why);
        }
        if let Some((before, after)) = fallen(release.scan.as_ref()) {
            self.area(release, SECURITY, format!("the score falls from {before} to {after}"));
        }
        let asks_changes = |one: &ReviewFact| one.decision == ReviewDecision::RequestChanges;
        let objections: Vec<&ReviewFact> =
            latest(&release.reviews).into_iter().filter(|one| asks_changes(one)).collect();
        for review in objections {
            let notes: String = review.notes.iter().flat_map(|notes| notes.chars()).take(500).collect();
            let notes = if notes.is_empty() { notes } else { format!(": {notes}") };
            let why = format!("{} asked for changes on {}{notes}", review.curator, review.date.day());
            self.area(release, &review.area, why);
        }
    }

    fn scan(&mut self, release: &ReleaseFact) {
        let about = &release.release;
        let Some(scan) = &release.scan else {
            if release.has_artifact {
                self.step(
                    about,
                    "the artifact could not be had, so nothing was scanned",
                    Outcome::NeedsReview,
                );
                self.need(NeedEntry {
                    who: release.owners.clone(),
                    command: Some(
                        "see that the archive is where the release says, with that digest; `--online` downloads what is not here"
                            .to_owned(),
                    ),
                    ..self.blank(about, ARTIFACT, "what was not scanned is never admitted".to_owned())
                });
            }
            return;
        };
        let arithmetic = score_text(scan);
        let waived: Vec<&str> = scan.waivers.keys().map(String::as_str).collect();
        let criticals = scan.criticals.iter().map(|(check, count)| (check.as_str(), *count)).collect();
        match verdict(&scan.counts, &criticals, scan.threshold, &waived) {
            Verdict::Passes => {
                self.step(
                    about,
                    format!("{arithmetic}, at least {}, none critical", scan.threshold),
                    Outcome::Admit,
                );
            }
            Verdict::Waived { by } => {
                let by: Vec<String> = by
                    .iter()
                    .map(|id| format!("`{id}` by {}", scan.waivers.get(id).map_or("", String::as_str)))
                    .collect();
                self.step(about, format!("{arithmetic}; waived: {}", by.join(", ")), Outcome::Admit);
            }
            Verdict::Refused { open_criticals, threshold, .. } => {
                let low =
                    threshold.map(|threshold| format!("below the {threshold} that the policy asks for"));
                let open = (open_criticals > 0).then(|| format!("{open_criticals} open critical"));
                let reasons: Vec<String> = open.into_iter().chain(low).collect();
                self.step(about, format!("{arithmetic}: {}", reasons.join(", ")), Outcome::Reject);
            }
        }
    }

    /// Asks an area about a release, unless it has approved these exact bytes.
    fn area(&mut self, release: &ReleaseFact, area: &str, why: String) {
        let latest: Vec<&ReviewFact> =
            latest(&release.reviews).into_iter().filter(|one| one.area == area).collect();
        let changes_requested = latest.iter().any(|one| one.decision == ReviewDecision::RequestChanges);
        let approved = latest.iter().find(|one| one.decision == ReviewDecision::Approve);
        if let (Some(review), false) = (approved, changes_requested) {
            let fact = format!(
                "{area} is asked ({why}) and approved by {} on {}",
                review.curator,
                review.date.day()
            );
            return self.step(&release.release, fact, Outcome::Admit);
        }
        self.step(&release.release, format!("{area} is asked: {why}"), Outcome::NeedsReview);
        let who = if changes_requested {
            let objectors = latest.iter().filter(|one| one.decision == ReviewDecision::RequestChanges);
            objectors.map(|one| one.curator.clone()).collect()
        } else {
            self.deciders(area, Some(&release.package), &release.conflicted)
        };
        // The name can be left out where only one person could sign; who objected is not all that may.
        let may_sign = self.deciders(area, Some(&release.package), &release.conflicted);
        let name = if let [_] = may_sign.as_slice() { "" } else { " --as NAME" };
        let head: String = self.facts.head.chars().take(12).collect();
        let command = format!("shelfmark approve {} --area {area}{name} --head {head}", release.release);
        self.need(NeedEntry {
            who,
            changes_requested,
            command: Some(command),
            ..self.blank(&release.release, area, why)
        });
    }

    fn authority(&mut self) {
        for file in &self.facts.authority {
            if self.actor_decides(&file.area, file.package.as_deref(), &[]) {
                let fact = format!("the actor decides about {}", file.area);
                self.step(&file.file, fact, Outcome::Admit);
                continue;
            }
            self.step(
                &file.file,
                format!("only a curator of {} may propose this", file.area),
                Outcome::NeedsReview,
            );
            self.need(NeedEntry {
                who: self.deciders(&file.area, file.package.as_deref(), &[]),
                command: Some(PROPOSE.to_owned()),
                ..self.blank(
                    &file.file,
                    &file.area,
                    "only a curator may propose a change of this file".to_owned(),
                )
            });
        }
    }

    fn actor(&mut self) {
        if self.facts.actor.is_some() {
            return;
        }
        self.step("the pull request", "nobody said who proposes it", Outcome::NeedsReview);
        self.need(NeedEntry {
            who: self.facts.owners.clone(),
            command: Some("add `--actor github:LOGIN#ID`".to_owned()),
            ..self.blank("the pull request", ACTOR, "the verdict depends on who proposes it".to_owned())
        });
    }

    /// What is admitted by itself stays open for a while first, so that somebody can object.
    fn time(&mut self) {
        let Some(opened) = self.facts.opened else { return };
        let is_new = |release: &ReleaseFact| release.is_new_package;
        let (seconds, why) = if self.facts.releases.iter().any(is_new) {
            let hours = self.facts.new_package_hours;
            (hours.saturating_mul(3_600), format!("a new package stays open for {hours} hours"))
        } else if self.facts.releases.is_empty() {
            return;
        } else {
            let minutes = self.facts.owner_bump_minutes;
            (minutes.saturating_mul(60), format!("a new version stays open for {minutes} minutes"))
        };
        if seconds == 0 {
            return;
        }
        let end = i64::try_from(seconds).ok().and_then(|seconds| opened.unix_seconds().checked_add(seconds));
        let until = end.and_then(Timestamp::from_unix_seconds);
        let has_passed = until.is_some_and(|until| until <= self.facts.now);
        if has_passed {
            return self.step("the pull request", format!("{why}, and that has passed"), Outcome::Admit);
        }
        self.step("the pull request", why.clone(), Outcome::NeedsReview);
        self.need(NeedEntry { until, ..self.blank("the pull request", TIME, why) });
    }

    fn blank(&self, about: &str, area: &str, why: String) -> NeedEntry {
        NeedEntry {
            area: area.to_owned(),
            about: about.to_owned(),
            who: Vec::new(),
            why: vec![why],
            since: self.facts.opened,
            until: None,
            changes_requested: false,
            command: None,
        }
    }

    fn actor_decides(&self, area: &str, package: Option<&str>, conflicted: &[String]) -> bool {
        let name = self.facts.actor.as_ref().and_then(|actor| actor.curator.as_ref());
        let name = name.filter(|name| !conflicted.contains(name));
        let curator = name.and_then(|name| self.facts.curators.iter().find(|curator| curator.name == *name));
        curator.is_some_and(|curator| decides(curator, area, package))
    }

    /// Returns the curators who may decide, as `name (account)`.
    fn deciders(&self, area: &str, package: Option<&str>, conflicted: &[String]) -> Vec<String> {
        let able = self.facts.curators.iter().filter(|curator| decides(curator, area, package));
        able.filter(|curator| !conflicted.contains(&curator.name))
            .map(|curator| format!("{} ({})", curator.name, curator.account))
            .collect()
    }

    fn conclude(self) -> DecisionEntry {
        let outcome = self.steps.iter().map(|step| step.effect).max().unwrap_or(Outcome::Admit);
        let needs: Vec<NeedEntry> = self.needs.into_values().collect();
        let has = |area: &str| needs.iter().any(|need| need.area == area);
        let waits_alone = needs.iter().all(|need| need.area == TIME || need.area == ACTOR);
        let state = match outcome {
            Outcome::Admit => SubmissionState::Approved,
            Outcome::Reject => SubmissionState::Rejected,
            Outcome::NeedsReview if needs.iter().any(|need| need.changes_requested) => {
                SubmissionState::ChangesRequested
            }
            Outcome::NeedsReview if has(ARTIFACT) => SubmissionState::Scanning,
            Outcome::NeedsReview if waits_alone => SubmissionState::Pending,
            Outcome::NeedsReview => SubmissionState::InReview,
        };
        let summary = summary(outcome, &needs, &self.steps, self.facts);
        DecisionEntry { outcome, state, summary, needs, steps: self.steps }
    }
}

/// Returns the last word of each curator in each area.
fn latest(reviews: &[ReviewFact]) -> Vec<&ReviewFact> {
    let mut last: BTreeMap<(&str, &str), &ReviewFact> = BTreeMap::new();
    for review in reviews {
        let slot = last.entry((&review.area, &review.curator)).or_insert(review);
        let is_later = (review.date, review.decision) > (slot.date, slot.decision);
        if is_later {
            *slot = review;
        }
    }
    last.into_values().collect()
}

/// Returns the score before and now, where it has fallen.
fn fallen(scan: Option<&ScanFact>) -> Option<(u8, u8)> {
    let scan = scan?;
    let before = scan.score_before?;
    let after = scan.counts.score();
    (after < before).then_some((before, after))
}

/// Returns the score with its arithmetic.
fn score_text(scan: &ScanFact) -> String {
    let counts = &scan.counts;
    let parts: Vec<String> = [(25, counts.critical), (10, counts.high), (3, counts.medium), (1, counts.low)]
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(points, count)| format!(" − {points}·{count}"))
        .collect();
    if parts.is_empty() {
        return "score 100".to_owned();
    }
    format!("score 100{} = {}", parts.concat(), counts.score())
}

fn decides(curator: &CuratorFact, area: &str, package: Option<&str>) -> bool {
    let covers = |prefix: &String| {
        prefix == "*"
            || package.is_some_and(|id| {
                id.strip_prefix(prefix.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
    };
    curator.areas.iter().any(|own| own == area) && curator.prefixes.iter().any(covers)
}

fn summary(outcome: Outcome, needs: &[NeedEntry], steps: &[StepEntry], facts: &Facts) -> String {
    let about = match facts.releases.as_slice() {
        [] => "this change".to_owned(),
        [one] => format!("`{}`", one.release),
        [one, rest @ ..] => format!("`{}` and {} more", one.release, rest.len()),
    };
    let are = if facts.releases.len() > 1 { "are" } else { "is" };
    match outcome {
        Outcome::Admit if facts.releases.is_empty() && steps.is_empty() => {
            "nothing asks for anything: this change is admitted".to_owned()
        }
        Outcome::Admit => format!("{about} {are} admitted"),
        Outcome::Reject => {
            let rejected = |step: &&StepEntry| step.effect == Outcome::Reject;
            let mut blamed: Vec<&str> =
                steps.iter().filter(rejected).map(|step| step.about.as_str()).collect();
            blamed.dedup();
            let about = match blamed.as_slice() {
                [one] if facts.releases.iter().any(|release| release.release == **one) => format!("`{one}`"),
                _ => about,
            };
            let count = steps.iter().filter(|step| step.effect == Outcome::Reject).count();
            let reasons =
                if count == 1 { "for one reason".to_owned() } else { format!("for {count} reasons") };
            format!("{about} is rejected {reasons}")
        }
        Outcome::NeedsReview => {
            let mut areas: Vec<&str> = needs.iter().map(|need| need.area.as_str()).collect();
            areas.sort_unstable();
            areas.dedup();
            let only = |area: &str| areas == [area];
            if only(ACTOR) {
                let who = needs.first().map(|need| need.who.join(", ")).unwrap_or_default();
                return if who.is_empty() {
                    format!("{about} would be admitted if its author may propose it; nobody said who that is")
                } else {
                    format!("{about} would be admitted from {who}; nobody said who proposes it")
                };
            }
            if let (true, Some(until)) = (only(TIME), needs.first().and_then(|need| need.until)) {
                return format!("{about} is admitted by itself at {until}, if nobody objects");
            }
            format!("{about} waits for {}", areas.join(", "))
        }
    }
}
