//! Scan reports as SARIF: each finding stands at the release file that asks for
//! the artifact, because only that is in the repository, and says where inside.

use super::checks;
use super::verdict::{NEVER_WAIVED, Waiver};
use crate::diagnostic::render::{SarifLevel, SarifProblem, SarifRule, sarif_log};
use crate::model::{Digest, Severity};
use crate::schema::{FindingEntry, ScanReport};
use serde_json::json;
use std::collections::BTreeMap;

/// One report and where its findings are shown.
pub struct Reported<'a> {
    /// The report.
    pub report: &'a ScanReport,
    /// Where.
    pub place: Anchor<'a>,
    /// Waivers in force for this release.
    pub waivers: &'a [&'a Waiver],
}

/// Where findings are shown.
#[derive(Debug, Clone, Copy)]
pub enum Anchor<'a> {
    /// At the release file, a path from the root of the registry.
    Release(&'a str),
    /// At the files themselves, in this folder; empty for the current one.
    Folder(&'a str),
}

/// Renders reports as one SARIF log, with a final newline. `site` is the address
/// of the pages of the checks, ending in a slash, where there are such pages.
pub fn sarif(reports: &[Reported<'_>], site: Option<&str>) -> String {
    let (rules, problems) = problems(reports, site);
    sarif_log(rules, problems)
}

/// Returns findings as problems, with the checks they come from.
pub fn problems(reports: &[Reported<'_>], site: Option<&str>) -> (Vec<SarifRule>, Vec<SarifProblem>) {
    let mut rules = Vec::new();
    let mut problems = Vec::new();
    for reported in reports {
        for finding in &reported.report.findings {
            rules.push(rule(finding, site));
            problems.push(problem(reported, finding));
        }
    }
    (rules, problems)
}

fn rule(finding: &FindingEntry, site: Option<&str>) -> SarifRule {
    let check = checks::find(&finding.check);
    SarifRule {
        id: finding.check.clone(),
        summary: check.map_or(finding.check.as_str(), |check| check.summary).to_owned(),
        docs: check.map_or(finding.check.as_str(), |check| check.docs).to_owned(),
        page: site.map(|site| format!("{site}rules/{}/", finding.check)),
        security_severity: Some(security_severity(finding.severity)),
    }
}

/// Returns a number in the range that code scanning pages print as this word.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
    }
}

fn problem(reported: &Reported<'_>, finding: &FindingEntry) -> SarifProblem {
    let report = reported.report;
    let place = finding.places.first().and_then(|place| Some((place.line?, place.column)));
    let (path, position, inside) = match (reported.place, &finding.path) {
        (Anchor::Folder(folder), Some(path)) => (join(folder, path), place, None),
        (Anchor::Folder(folder), None) => (join(folder, super::Manifest::PATH), None, None),
        (Anchor::Release(file), path) => (file.to_owned(), None, path.as_deref()),
    };
    let identity = format!("{}\0{}", report.package.as_deref().unwrap_or_default(), finding.fingerprint);
    let waiver =
        reported.waivers.iter().find(|waiver| waiver.id == finding.check && waiver.id != NEVER_WAIVED);
    SarifProblem {
        rule: finding.check.clone(),
        level: match finding.severity {
            Severity::Critical | Severity::High => SarifLevel::Error,
            Severity::Medium => SarifLevel::Warning,
            Severity::Low => SarifLevel::Note,
        },
        message: message(finding, inside, place.map(|(line, _)| line)),
        path,
        position,
        fingerprint: Digest::of(identity.as_bytes()).hex()[..16].to_owned(),
        properties: BTreeMap::from([
            ("confidence".to_owned(), json!(finding.confidence)),
            ("hits".to_owned(), json!(finding.hits)),
            ("path".to_owned(), json!(finding.path)),
            ("points".to_owned(), json!(finding.points)),
            ("severity".to_owned(), json!(finding.severity)),
            ("sha256".to_owned(), json!(report.artifact.sha256)),
        ]),
        waived: waiver
            .filter(|_| finding.severity == Severity::Critical)
            .map(|waiver| format!("until {} by {}: {}", waiver.until.day(), waiver.by, waiver.reason)),
    }
}

fn join(folder: &str, path: &str) -> String {
    let folder = folder.trim_end_matches('/');
    if folder.is_empty() || folder == "." { path.to_owned() } else { format!("{folder}/{path}") }
}

fn message(finding: &FindingEntry, inside: Option<&str>, line: Option<u32>) -> String {
    let line = line.map(|line| format!(":{line}")).unwrap_or_default();
    let place = inside.map(|path| format!("`{path}{line}` in the artifact: ")).unwrap_or_default();
    let mut text = format!("{place}{}", finding.message);
    finding.excerpt.iter().for_each(|excerpt| text.push_str(&format!("\n| {excerpt}")));
    finding.help.iter().for_each(|help| text.push_str(&format!("\nhelp: {help}")));
    text
}

#[cfg(test)]
mod tests {
    use super::super::samples::{finding, report};
    use super::*;
    use crate::model::Timestamp;
    use serde_json::Value;

    fn findings() -> Vec<FindingEntry> {
        let mut bad = finding("secret-in-file", "a b.json", Severity::Critical);
        bad.message = "a key \u{1b}[2J [here](https://evil.example)".into();
        bad.excerpt = Some("AKIA… (20 characters)".into());
        let milder = finding("secret-in-file", "c.json", Severity::Low);
        vec![bad, milder, finding("not-scannable", "", Severity::Medium)]
    }

    fn log(reports: &[Reported<'_>]) -> (String, Value) {
        let text = sarif(reports, Some("https://market.example/"));
        let value = serde_json::from_str(&text).unwrap();
        (text, value)
    }

    #[test]
    fn the_log_is_valid_sarif() {
        let (report, empty) = (report("1.4.0", findings(), &[], &[]), report("1.0.0", vec![], &[], &[]));
        let all = [
            Reported { report: &report, place: Anchor::Release("packages/a/1.4.0.toml"), waivers: &[] },
            Reported { report: &report, place: Anchor::Folder("./my package"), waivers: &[] },
            Reported { report: &empty, place: Anchor::Folder("."), waivers: &[] },
        ];
        let validator = jsonschema::validator_for(&shelfmark_support::sarif_schema()).unwrap();
        let (text, value) = log(&all);
        let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let mut broken = value.clone();
        broken["runs"][0]["results"][0]["level"] = json!("fatal");
        assert!(!validator.is_valid(&broken), "the schema refuses nothing");
        assert!(text.chars().all(|c| c == '\n' || !super::super::is_unprintable(c)));
        let read: serde_sarif::sarif::Sarif = serde_json::from_str(&text).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), value);
    }

    #[test]
    fn a_finding_stands_at_the_release_file_and_says_where_inside() {
        let report = report("1.4.0", findings(), &[], &[]);
        let at = |place| Reported { report: &report, place, waivers: &[] };
        let (_, value) = log(&[at(Anchor::Release("packages/com/a/1.4.0.toml"))]);
        let run = &value["runs"][0];
        let result = run["results"].as_array().unwrap().iter().find(|one| one["level"] == "error").unwrap();
        assert_eq!(
            result["message"]["text"],
            "`a b.json:14` in the artifact: a key \u{fffd}\\[2J \\[here\\](https://evil.example)\n| AKIA… (20 characters)"
        );
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "packages/com/a/1.4.0.toml");
        assert_eq!(place["region"], json!({"startLine": 1}));
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let ids: Vec<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
        assert_eq!(ids, ["not-scannable", "secret-in-file"]);
        assert_eq!(rules[1]["properties"]["security-severity"], "9.5", "the gravest of the rule");
        assert_eq!(rules[0]["helpUri"], "https://market.example/rules/not-scannable/");
        assert!(rules[0]["help"]["markdown"].as_str().unwrap().contains("shelfmark pack"));
        assert_eq!(result["ruleIndex"], 1);
        let (_, value) = log(&[at(Anchor::Folder("."))]);
        let place = &value["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20b.json");
        assert_eq!(place["region"], json!({"startLine": 14, "startColumn": 3}));
    }

    #[test]
    fn the_order_of_reports_changes_nothing_and_fingerprints_are_not_shared() {
        let (one, two) = (report("1.4.0", findings(), &[], &[]), report("1.5.0", findings(), &[], &[]));
        let of = |report, file| Reported { report, place: Anchor::Release(file), waivers: &[] };
        let (forth, value) = log(&[of(&one, "a/1.4.0.toml"), of(&two, "a/1.5.0.toml")]);
        let (back, _) = log(&[of(&two, "a/1.5.0.toml"), of(&one, "a/1.4.0.toml")]);
        assert_eq!(forth, back);
        let results = value["runs"][0]["results"].as_array().unwrap();
        let hash = |one: &Value| one["partialFingerprints"]["primaryLocationLineHash"].to_string();
        let hashes: std::collections::BTreeSet<String> = results.iter().map(hash).collect();
        assert_eq!(hashes.len(), 6);
    }

    #[test]
    fn a_waived_critical_is_suppressed_and_a_milder_one_is_not() {
        let at = |text| Timestamp::parse(text).unwrap();
        let waiver = Waiver {
            id: "secret-in-file".into(),
            package: "com.hotcrm.finance".into(),
            versions: None,
            from: at("2026-01-01T00:00:00Z"),
            until: at("2026-04-01T00:00:00Z"),
            reason: "a sample".into(),
            by: "ada".into(),
        };
        let report = report("1.4.0", findings(), &[], &[]);
        let all = [Reported { report: &report, place: Anchor::Folder("."), waivers: &[&waiver] }];
        let (_, value) = log(&all);
        let results = value["runs"][0]["results"].as_array().unwrap();
        let waived: Vec<&Value> = results.iter().filter(|one| !one["suppressions"].is_null()).collect();
        assert_eq!(waived.len(), 1);
        assert_eq!(waived[0]["level"], "error");
        assert_eq!(waived[0]["suppressions"][0]["justification"], "until 2026-04-01 by ada: a sample");
    }
}
