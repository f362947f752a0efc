//! SARIF 2.1.0, for code scanning pages: problems of any origin in the order of
//! their files, with the rules they break. Diagnostics become problems here, scan
//! reports in `scan/sarif.rs`.

use super::{Context, neutralize};
use crate::diagnostic::{Diagnostic, locate};
use crate::model::{Digest, RuleLevel};
use crate::validate::rules;
use serde_json::{Value, json};
use serde_sarif::sarif;
use std::collections::BTreeMap;

/// Where the format is defined.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// How a code scanning page ranks a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SarifLevel {
    /// Shown, stops nothing.
    Note,
    /// Someone should look.
    Warning,
    /// Must not stay.
    Error,
}

/// A rule or check that problems name.
#[derive(Debug, Clone)]
pub struct SarifRule {
    /// Its id.
    pub id: String,
    /// One sentence.
    pub summary: String,
    /// Its page, in Markdown.
    pub docs: String,
    /// Address of its page.
    pub page: Option<String>,
    /// From 0.1 to 10, as code scanning pages read `security-severity`.
    pub security_severity: Option<&'static str>,
}

/// One problem.
#[derive(Debug, Clone)]
pub struct SarifProblem {
    /// The id of its rule.
    pub rule: String,
    /// How it is ranked.
    pub level: SarifLevel,
    /// What is wrong.
    pub message: String,
    /// Path of the file it is shown at, from the root of the repository.
    pub path: String,
    /// Line from 1, and column in characters from 1.
    pub position: Option<(u32, Option<u32>)>,
    /// Names the problem over time; lines are no part of it.
    pub fingerprint: String,
    /// What else programs may want, sorted by name.
    pub properties: BTreeMap<String, Value>,
    /// Why it does not count, if somebody decided so.
    pub waived: Option<String>,
}

/// Renders problems as a SARIF log, with a final newline. Neither the order of
/// the problems nor that of the rules changes the result.
pub fn sarif_log(rules: Vec<SarifRule>, mut problems: Vec<SarifProblem>) -> String {
    let mut by_id: BTreeMap<String, SarifRule> = BTreeMap::new();
    for rule in rules {
        let severity = rule.security_severity.and_then(|text| text.parse::<f64>().ok());
        let known = by_id.entry(rule.id.clone()).or_insert_with(|| rule.clone());
        // One rule has one severity in SARIF: the gravest.
        if severity > known.security_severity.and_then(|text| text.parse().ok()) {
            known.security_severity = rule.security_severity;
        }
    }
    problems.sort_by(|a, b| {
        let key = |one: &SarifProblem| {
            (one.path.clone(), one.position, one.rule.clone(), one.fingerprint.clone(), one.message.clone())
        };
        key(a).cmp(&key(b))
    });
    let index: BTreeMap<&str, i64> = by_id.keys().map(String::as_str).zip(0..).collect();
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let results: Vec<sarif::Result> = problems
        .iter()
        .map(|problem| {
            let count = seen.entry(problem.fingerprint.clone()).or_insert(0);
            *count += 1;
            result(problem, index.get(problem.rule.as_str()).copied(), *count)
        })
        .collect();
    let driver = sarif::ToolComponent::builder()
        .name("shelfmark")
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .rules(by_id.values().map(descriptor).collect::<Vec<_>>())
        .build();
    let run = sarif::Run::builder()
        .tool(sarif::Tool::builder().driver(driver).build())
        .column_kind(json!("unicodeCodePoints"))
        .results(results)
        .build();
    let log = sarif::Sarif::builder().schema(SCHEMA).version(json!("2.1.0")).runs(vec![run]).build();
    let mut text = super::escape_json(&serde_json::to_string_pretty(&log).unwrap_or_default());
    text.push('\n');
    text
}

fn descriptor(rule: &SarifRule) -> sarif::ReportingDescriptor {
    let help =
        sarif::MultiformatMessageString::builder().text(rule.docs.as_str()).markdown(rule.docs.as_str());
    let mut properties = BTreeMap::new();
    let mut tags = Vec::new();
    if let Some(severity) = rule.security_severity {
        properties.insert("security-severity".to_owned(), json!(severity));
        tags.push("security".to_owned());
    }
    sarif::ReportingDescriptor {
        help_uri: rule.page.clone(),
        properties: (!tags.is_empty())
            .then(|| sarif::PropertyBag::builder().tags(tags).additional_properties(properties).build()),
        ..sarif::ReportingDescriptor::builder()
            .id(rule.id.as_str())
            .short_description(sarif::MultiformatMessageString::builder().text(rule.summary.as_str()).build())
            .help(help.build())
            .build()
    }
}

fn result(problem: &SarifProblem, rule: Option<i64>, count: u32) -> sarif::Result {
    let level = match problem.level {
        SarifLevel::Note => sarif::ResultLevel::Note,
        SarifLevel::Warning => sarif::ResultLevel::Warning,
        SarifLevel::Error => sarif::ResultLevel::Error,
    };
    let (line, column) = problem.position.unwrap_or((1, None));
    let region = sarif::Region {
        start_line: Some(i64::from(line)),
        start_column: column.map(i64::from),
        ..sarif::Region::default()
    };
    let place = sarif::PhysicalLocation::builder()
        .artifact_location(sarif::ArtifactLocation::builder().uri(uri(&problem.path)).build())
        .region(region)
        .build();
    let location = sarif::Location::builder().physical_location(place).build();
    let fingerprint = format!("{}:{count}", problem.fingerprint);
    sarif::Result {
        rule_index: rule,
        properties: (!problem.properties.is_empty())
            .then(|| sarif::PropertyBag::builder().additional_properties(problem.properties.clone()).build()),
        suppressions: problem.waived.as_ref().map(|reason| {
            vec![
                sarif::Suppression::builder()
                    .kind(json!("external"))
                    .status(json!("accepted"))
                    .justification(message(reason))
                    .build(),
            ]
        }),
        ..sarif::Result::builder()
            .rule_id(problem.rule.as_str())
            .level(level)
            .message(sarif::Message::builder().text(message(&problem.message)).build())
            .locations(vec![location])
            .partial_fingerprints(BTreeMap::from([
                ("primaryLocationLineHash".to_owned(), fingerprint.clone()),
                ("shelfmark/v1".to_owned(), fingerprint),
            ]))
            .build()
    }
}

/// Takes out of a text what a page or terminal acts on: control characters, and
/// what SARIF reads as a link, `[text](address)`.
fn message(text: &str) -> String {
    let text = neutralize(text);
    if text.contains("](") { text.replace('[', "\\[").replace(']', "\\]") } else { text }
}

/// Writes a path as a reference, a relative one as such: no character of it is syntax.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b'@' | b'+' => {
                out.push(char::from(byte));
            }
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    if out.starts_with('/') { format!("file://{out}") } else { out }
}

/// Renders diagnostics as a SARIF log, with a final newline.
pub fn sarif(diagnostics: &[&Diagnostic], context: &Context<'_>) -> String {
    let (rules, problems) = sarif_problems(diagnostics, context);
    sarif_log(rules, problems)
}

/// Returns diagnostics as problems, with the rules they break.
pub fn sarif_problems(
    diagnostics: &[&Diagnostic],
    context: &Context<'_>,
) -> (Vec<SarifRule>, Vec<SarifProblem>) {
    let rule = |diagnostic: &&Diagnostic| {
        let known = rules::find(diagnostic.rule);
        SarifRule {
            id: diagnostic.rule.to_owned(),
            summary: known.map_or(diagnostic.rule, |rule| rule.summary).to_owned(),
            docs: known.map_or(diagnostic.rule, |rule| rule.docs).to_owned(),
            page: context.page(&format!("rules/{}/", diagnostic.rule)),
            security_severity: None,
        }
    };
    let problem = |diagnostic: &&Diagnostic| {
        let path = &diagnostic.location.path;
        let position = locate(&diagnostic.location, &(context.source)(path).unwrap_or_default());
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        let mut text = diagnostic.message.clone();
        diagnostic.notes.iter().for_each(|note| text.push_str(&format!("\nnote: {note}")));
        diagnostic.help.iter().for_each(|help| text.push_str(&format!("\nhelp: {help}")));
        let identity = format!("{}\0{path}\0{}", diagnostic.rule, diagnostic.message);
        SarifProblem {
            rule: diagnostic.rule.to_owned(),
            level: match diagnostic.level {
                RuleLevel::Allow | RuleLevel::Note => SarifLevel::Note,
                RuleLevel::Warn | RuleLevel::Review => SarifLevel::Warning,
                RuleLevel::Deny | RuleLevel::Forbid => SarifLevel::Error,
            },
            message: text,
            path: path.to_string(),
            position: Some((number(position.line), Some(number(position.column)))),
            fingerprint: Digest::of(identity.as_bytes()).hex()[..16].to_owned(),
            properties: BTreeMap::from([("level".to_owned(), json!(diagnostic.level))]),
            waived: None,
        }
    };
    (diagnostics.iter().map(rule).collect(), diagnostics.iter().map(problem).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_reference_and_a_message_is_no_link() {
        assert_eq!(uri("packages/com/a b/c:d#é.toml"), "packages/com/a%20b/c%3Ad%23%C3%A9.toml");
        assert_eq!(uri("/home/a b"), "file:///home/a%20b");
        assert_eq!(uri("//evil.example/x"), "file:////evil.example/x");
        assert_eq!(
            message("see [here](https://evil.example)\u{1b}"),
            "see \\[here\\](https://evil.example)\u{fffd}"
        );
        assert_eq!(message("`a[0]`"), "`a[0]`");
    }

    #[test]
    fn diagnostics_are_told_with_their_rule_and_place() {
        let source = |_: &str| Some("format = 1\nlicense = \"Apache2\"\n".to_owned());
        let context = Context::new(&source, "https://market.example/");
        let mut one = Diagnostic::new("license-not-spdx", "packages/a.toml", "unknown id `Apache2`")
            .value(&["license"])
            .help("`Apache-2.0`");
        one.level = RuleLevel::Deny;
        let log: sarif::Sarif = serde_json::from_str(&sarif(&[&one, &one], &context)).unwrap();
        let run = &log.runs[0];
        let rules = run.tool.driver.rules.as_ref().unwrap();
        assert_eq!(rules.len(), 1);
        assert_eq!(rules[0].help_uri.as_deref(), Some("https://market.example/rules/license-not-spdx/"));
        let results = run.results.as_ref().unwrap();
        let region =
            results[0].locations.as_ref().unwrap()[0].physical_location.as_ref().unwrap().region.as_ref();
        let region = region.unwrap();
        assert_eq!((region.start_line, region.start_column), (Some(2), Some(11)));
        assert_eq!(results[0].message.text.as_deref(), Some("unknown id `Apache2`\nhelp: `Apache-2.0`"));
        let hash =
            |at: usize| results[at].partial_fingerprints.as_ref().unwrap()["primaryLocationLineHash"].clone();
        assert!(hash(0).ends_with(":1") && hash(1).ends_with(":2"));
    }
}
