//! The decision as a function: every outcome by a table, and that more trouble
//! never makes it milder.

use proptest::prelude::*;
use shelfmark::model::{ReviewDecision, RuleLevel, Severity, Timestamp};
use shelfmark::review::decide;
use shelfmark::schema::{
    ActorFact, AuthorityFact, Counts, CuratorFact, Facts, Outcome, ProblemFact, ReleaseFact, ReviewFact,
    ScanFact, SubmissionState,
};
use std::collections::BTreeMap;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn curator(name: &str, areas: &[&str]) -> CuratorFact {
    CuratorFact {
        name: name.into(),
        account: format!("github#{name}"),
        areas: areas.iter().map(|area| (*area).to_owned()).collect(),
        prefixes: vec!["*".into()],
    }
}

fn scan(counts: Counts) -> ScanFact {
    ScanFact {
        counts,
        criticals: BTreeMap::new(),
        threshold: 70,
        score_before: Some(100),
        waivers: BTreeMap::new(),
    }
}

/// A bump by its owner, with nothing wrong.
fn bump() -> Facts {
    let release = ReleaseFact {
        release: "com.a.b@1.0.1".into(),
        package: "com.a.b".into(),
        publisher: "com.a".into(),
        subject: "0".repeat(64),
        is_new_package: false,
        is_by_owner: true,
        owners: vec!["@a".into()],
        widens: Vec::new(),
        areas: vec!["security".into(), "code".into()],
        has_artifact: true,
        scan: Some(scan(Counts::default())),
        reviews: Vec::new(),
        conflicted: Vec::new(),
    };
    Facts {
        v: 1,
        head: "1".repeat(40),
        now: at("2026-04-01T00:00:00Z"),
        opened: Some(at("2026-03-01T00:00:00Z")),
        actor: Some(ActorFact { account: "github:a#1".into(), curator: None }),
        problems: Vec::new(),
        releases: vec![release],
        authority: Vec::new(),
        owners: vec!["@a".into()],
        curators: vec![curator("ada", &["security"]), curator("ben", &["code", "policy"])],
        owner_bump_minutes: 15,
        new_package_hours: 72,
    }
}

fn problem(rule: &str, level: RuleLevel) -> ProblemFact {
    ProblemFact {
        rule: rule.into(),
        level,
        area: "policy".into(),
        file: "packages/com/a/com.a.b/1.0.1.toml".into(),
        package: Some("com.a.b".into()),
        release: Some("com.a.b@1.0.1".into()),
        waived_by: None,
        conflicted: Vec::new(),
    }
}

fn review(area: &str, curator: &str, decision: ReviewDecision, date: &str) -> ReviewFact {
    ReviewFact { area: area.into(), curator: curator.into(), decision, date: at(date), notes: None }
}

/// What is changed in the facts of a good bump, and what follows.
type Case = (&'static str, fn(&mut Facts), Outcome, SubmissionState);

const CASES: [Case; 17] = [
    ("nothing", |_| (), Outcome::Admit, SubmissionState::Approved),
    (
        "a warning",
        |facts| facts.problems.push(problem("x", RuleLevel::Warn)),
        Outcome::Admit,
        SubmissionState::Approved,
    ),
    (
        "a question",
        |facts| facts.problems.push(problem("x", RuleLevel::Review)),
        Outcome::NeedsReview,
        SubmissionState::InReview,
    ),
    (
        "a denial",
        |facts| facts.problems.push(problem("x", RuleLevel::Deny)),
        Outcome::Reject,
        SubmissionState::Rejected,
    ),
    (
        "a waived denial",
        |facts| {
            facts
                .problems
                .push(ProblemFact { waived_by: Some("ben".into()), ..problem("x", RuleLevel::Deny) })
        },
        Outcome::Admit,
        SubmissionState::Approved,
    ),
    (
        "a waiver of what is forbidden",
        |facts| {
            facts
                .problems
                .push(ProblemFact { waived_by: Some("ben".into()), ..problem("x", RuleLevel::Forbid) })
        },
        Outcome::Reject,
        SubmissionState::Rejected,
    ),
    ("no artifact", |facts| facts.releases[0].scan = None, Outcome::NeedsReview, SubmissionState::Scanning),
    (
        "an open critical",
        |facts| facts.releases[0].scan = Some(scan(Counts { critical: 1, ..Counts::default() })),
        Outcome::Reject,
        SubmissionState::Rejected,
    ),
    (
        "a score below the bar",
        |facts| facts.releases[0].scan = Some(scan(Counts { high: 4, ..Counts::default() })),
        Outcome::Reject,
        SubmissionState::Rejected,
    ),
    (
        "a falling score",
        |facts| facts.releases[0].scan = Some(scan(Counts { low: 1, ..Counts::default() })),
        Outcome::NeedsReview,
        SubmissionState::InReview,
    ),
    (
        "a wider permission",
        |facts| facts.releases[0].widens.push("permission `x`".into()),
        Outcome::NeedsReview,
        SubmissionState::InReview,
    ),
    ("nobody knows who", |facts| facts.actor = None, Outcome::NeedsReview, SubmissionState::Pending),
    (
        "opened just now",
        |facts| facts.opened = Some(facts.now),
        Outcome::NeedsReview,
        SubmissionState::Pending,
    ),
    (
        "a file of authority",
        |facts| {
            facts.authority.push(AuthorityFact {
                file: "policy.toml".into(),
                area: "policy".into(),
                package: None,
            })
        },
        Outcome::NeedsReview,
        SubmissionState::InReview,
    ),
    (
        "a file of authority by its curator",
        |facts| {
            facts.authority.push(AuthorityFact {
                file: "policy.toml".into(),
                area: "policy".into(),
                package: None,
            });
            facts.actor = Some(ActorFact { account: "github:ben#2".into(), curator: Some("ben".into()) });
        },
        Outcome::Admit,
        SubmissionState::Approved,
    ),
    (
        "a wider permission that is approved",
        |facts| {
            facts.releases[0].widens.push("permission `x`".into());
            facts.releases[0].reviews = vec![
                review("security", "ada", ReviewDecision::Approve, "2026-03-02T00:00:00Z"),
                review("code", "ben", ReviewDecision::Approve, "2026-03-02T00:00:00Z"),
            ];
        },
        Outcome::Admit,
        SubmissionState::Approved,
    ),
    (
        "an approval that was taken back",
        |facts| {
            facts.releases[0].reviews = vec![
                review("security", "ada", ReviewDecision::Approve, "2026-03-02T00:00:00Z"),
                review("security", "ada", ReviewDecision::RequestChanges, "2026-03-03T00:00:00Z"),
            ];
        },
        Outcome::NeedsReview,
        SubmissionState::ChangesRequested,
    ),
];

#[test]
fn every_outcome_follows_from_its_facts() {
    for (name, change, outcome, state) in CASES {
        let mut facts = bump();
        change(&mut facts);
        let decision = decide(&facts);
        assert_eq!((decision.outcome, decision.state), (outcome, state), "{name}: {decision:#?}");
    }
}

#[test]
fn several_releases_are_admitted_only_if_all_are() {
    let mut facts = bump();
    let mut second = facts.releases[0].clone();
    second.release = "com.a.c@1.0.1".into();
    second.scan = Some(scan(Counts { critical: 1, ..Counts::default() }));
    facts.releases.push(second);
    assert_eq!(decide(&facts).outcome, Outcome::Reject);
}

#[test]
fn a_new_package_waits_for_its_reviews_and_for_time() {
    let mut facts = bump();
    facts.releases[0].is_new_package = true;
    facts.opened = Some(at("2026-03-30T00:00:00Z"));
    let needs: Vec<String> = decide(&facts).needs.into_iter().map(|need| need.area).collect();
    assert_eq!(needs, ["code", "security", "time"]);
    facts.now = at("2026-04-02T00:00:00Z");
    let needs: Vec<String> = decide(&facts).needs.into_iter().map(|need| need.area).collect();
    assert_eq!(needs, ["code", "security"], "72 hours have passed");
}

#[test]
fn a_curator_of_the_publisher_is_not_asked() {
    let mut facts = bump();
    facts.releases[0].is_new_package = true;
    facts.releases[0].conflicted = vec!["ada".into()];
    let decision = decide(&facts);
    let security = decision.needs.iter().find(|need| need.area == "security").unwrap();
    assert_eq!(security.who, Vec::<String>::new());
}

#[test]
fn facts_survive_json_and_give_the_same_decision() {
    for (name, change, ..) in CASES {
        let mut facts = bump();
        change(&mut facts);
        let read: Facts = serde_json::from_str(&serde_json::to_string(&facts).unwrap()).unwrap();
        assert_eq!(decide(&read), decide(&facts), "{name}");
    }
}

fn facts() -> impl Strategy<Value = Facts> {
    let cases = prop::collection::vec(0..CASES.len(), 0..5);
    let counts = (0u32..2, 0u32..5, 0u32..4, 0u32..4).prop_map(|(critical, high, medium, low)| Counts {
        critical,
        high,
        medium,
        low,
    });
    (cases, counts, any::<bool>(), 60u8..100).prop_map(|(cases, counts, is_new, threshold)| {
        let mut facts = bump();
        cases.into_iter().for_each(|case| CASES[case].1(&mut facts));
        facts.releases[0].is_new_package = is_new;
        if let Some(scan) = &mut facts.releases[0].scan {
            (scan.counts, scan.threshold) = (counts, threshold);
            scan.criticals = BTreeMap::from([("secret-in-file".to_owned(), counts.critical)]);
            scan.waivers = BTreeMap::from([("secret-in-file".to_owned(), "ada".to_owned())]);
        }
        facts
    })
}

proptest! {
    #[test]
    fn more_trouble_never_makes_a_decision_milder(
        facts in facts(),
        severity in prop::sample::select(Severity::ALL),
        level in prop::sample::select(RuleLevel::ALL),
        is_about_release in any::<bool>(),
        is_known_check in any::<bool>(),
    ) {
        let before = decide(&facts).outcome;
        let mut worse = facts.clone();
        let told = problem("more", level);
        worse.problems.push(if is_about_release { told } else { ProblemFact { release: None, ..told } });
        prop_assert!(decide(&worse).outcome >= before, "a diagnostic of level {level}");
        let mut worse = facts.clone();
        if let Some(scan) = &mut worse.releases[0].scan {
            scan.counts.add(severity);
            if severity == Severity::Critical {
                let check = if is_known_check { "secret-in-file" } else { "dangerous-call" };
                *scan.criticals.entry(check.to_owned()).or_default() += 1;
            }
        }
        prop_assert!(decide(&worse).outcome >= before, "a finding of severity {severity}");
        let mut worse = facts.clone();
        worse.releases[0].reviews.push(review("code", "ben", ReviewDecision::RequestChanges, "2026-03-31T00:00:00Z"));
        prop_assert!(decide(&worse).outcome >= before, "an objection");
        let mut worse = facts;
        worse.releases[0].widens.push("permission `y`".into());
        prop_assert!(decide(&worse).outcome >= before, "something wider");
    }
}

#[test]
fn a_curator_settles_nothing_about_an_own_package() {
    let mut facts = bump();
    facts.releases.clear();
    facts.actor = Some(ActorFact { account: "github:a#1".into(), curator: Some("ada".into()) });
    let question = ProblemFact {
        rule: "suspension-lifted".into(),
        area: "security".into(),
        release: None,
        ..problem("suspension-lifted", RuleLevel::Review)
    };
    facts.problems = vec![question.clone()];
    assert_eq!(decide(&facts).outcome, Outcome::Admit);
    facts.problems = vec![ProblemFact { conflicted: vec!["ada".into()], ..question }];
    let decision = decide(&facts);
    assert_eq!(decision.outcome, Outcome::NeedsReview);
    assert!(decision.needs.iter().all(|need| !need.who.iter().any(|who| who.starts_with("ada"))));
}
