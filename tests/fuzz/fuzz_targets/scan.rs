//! Whatever a file holds, a scan of it ends with a report: no panic, the score
//! of its counts, and the same report again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shelfmark::model::{Digest, RelPath};
use shelfmark::scan::{Knowledge, ScannedFile, Subject, scan};
use std::sync::LazyLock;

/// Names that lead a file to every kind of reading.
const NAMES: [&str; 16] = [
    "SKILL.md",
    "README.md",
    "server.py",
    "index.ts",
    "run.sh",
    "setup.ps1",
    "query.sql",
    "tools.json",
    "conf.yaml",
    "package.json",
    "page.html",
    "icon.svg",
    "requirements.txt",
    "shelfmark.toml",
    "Dockerfile",
    "data.bin",
];

static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(Knowledge::default);

fuzz_target!(|data: &[u8]| {
    let Some((first, content)) = data.split_first() else { return };
    let name = NAMES[usize::from(*first) % NAMES.len()];
    let Ok(path) = RelPath::parse(name) else { return };
    let judge = || {
        let file = ScannedFile::new(path.clone(), content.to_vec());
        scan(&Subject::new(vec![file], &KNOWLEDGE), Digest::of(content), content.len() as u64)
    };
    let report = judge();
    assert_eq!(report.score, report.counts.score());
    assert_eq!(report, judge());
});
