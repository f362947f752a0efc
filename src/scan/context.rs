//! Where in a package something stands. It may lower a severity by one step,
//! and never takes a finding back.

use super::subject::ScannedFile;
use crate::model::Severity;

/// Folders of tests.
const TESTS: &[&str] =
    &["test", "tests", "__tests__", "spec", "specs", "fixtures", "testdata", "__mocks__", "mocks"];

/// Folders of examples.
const EXAMPLES: &[&str] = &["examples", "example", "samples", "docs", "doc", "demo", "demos"];

/// Returns whether a place in a file belongs to tests, by its folder, its name,
/// or the test module of Rust before it.
pub(super) fn is_test(file: &ScannedFile, at: usize) -> bool {
    let name = file.path.file_name().to_lowercase();
    file.path.components().any(|folder| TESTS.contains(&folder))
        || [".test.", ".spec.", "_test."].iter().any(|part| name.contains(part))
        || name.starts_with("test_")
        || (name.ends_with(".rs") && file.str().get(..at).is_some_and(|text| text.contains("#[cfg(test)]")))
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
        assert!(is_test(&file("tests/a.py", "x"), 0));
        assert!(is_test(&file("src/a.test.ts", "x"), 0));
        assert!(!is_test(&file("src/contest.py", "x"), 0));
        let rust = file("src/a.rs", "fn a() {}\n#[cfg(test)]\nmod tests { here }");
        assert!(is_test(&rust, 40) && !is_test(&rust, 5));
        assert!(is_example(&file("docs/a.md", "x")));
    }
}
