//! Where in a package something stands. It may lower a severity by one step,
//! and never takes a finding back.

use super::subject::ScannedFile;
use crate::model::Severity;

/// Folders of tests.
const TESTS: &[&str] =
    &["test", "tests", "__tests__", "spec", "specs", "fixtures", "testdata", "__mocks__", "mocks"];

/// Folders of examples.
const EXAMPLES: &[&str] = &["examples", "example", "samples", "docs", "doc", "demo", "demos"];

/// Returns where in a file tests begin: at its start by its folder or name, at the
/// test module in Rust; `usize::MAX` where there are none.
pub(super) fn tests_begin(file: &ScannedFile) -> usize {
    let name = file.path.file_name().to_lowercase();
    let is_test = file.path.components().any(|folder| TESTS.contains(&folder))
        || [".test.", ".spec.", "_test."].iter().any(|part| name.contains(part))
        || name.starts_with("test_");
    match is_test {
        true => 0,
        false if name.ends_with(".rs") => file.str().find("#[cfg(test)]").unwrap_or(usize::MAX),
        false => usize::MAX,
    }
}

/// Returns whether a file belongs to examples or documentation.
pub(super) fn is_example(file: &ScannedFile) -> bool {
    file.path.components().any(|folder| EXAMPLES.contains(&folder))
}

/// Returns the severity one step down; medium and low stay.
pub(super) fn lowered(severity: Severity) -> Severity {
    match severity {
        Severity::Critical => Severity::High,
        Severity::High | Severity::Medium => Severity::Medium,
        Severity::Low => Severity::Low,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RelPath;

    #[test]
    fn tests_are_known_by_where_they_stand() {
        let file = |path: &str, text: &str| ScannedFile::new(RelPath::parse(path).unwrap(), text.into());
        assert_eq!(tests_begin(&file("tests/a.py", "x")), 0);
        assert_eq!(tests_begin(&file("src/a.test.ts", "x")), 0);
        assert_eq!(tests_begin(&file("src/contest.py", "x")), usize::MAX);
        let rust = file("src/a.rs", "fn a() {}\n#[cfg(test)]\nmod tests { here }");
        assert_eq!(tests_begin(&rust), 10);
        assert!(is_example(&file("docs/a.md", "x")));
    }
}
