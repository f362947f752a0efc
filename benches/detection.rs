//! How much of a labelled corpus the checks find, and what they flag wrongly.
//!
//! ```text
//! cargo bench --bench detection -- --corpus DIR [--class CLASS] [--list] [--json]
//! ```
//!
//! `DIR/{malicious,benign}/<class>/<sample>`: a sample is a file, or a folder
//! that is scanned as one package. A file or folder directly below `malicious`
//! or `benign` that is no class is a sample of the class `-`. A folder is taken
//! for a sample, not a class, when it holds a file with a name that packages
//! begin with (`SKILL.md`, `README.md`, `package.json` …), or both files and folders.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, clippy::panic, missing_docs)]

use rayon::prelude::*;
use shelfmark::model::{Digest, RelPath, Severity};
use shelfmark::scan::{Knowledge, ScannedFile, Subject, THRESHOLD, scan};
use shelfmark::schema::ScanReport;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Names that only the top folder of a package has.
const ROOTS: &[&str] = &[
    "skill.md",
    "shelfmark.toml",
    "package.json",
    "pyproject.toml",
    "setup.py",
    "readme.md",
    "manifest.json",
    "plugin.json",
    "agent.json",
    "agents.md",
    "server.py",
    "server.ts",
    "server.js",
    "main.py",
    "index.js",
    "index.ts",
    "go.mod",
    "cargo.toml",
    "mcp.json",
    "tools.json",
    "claude.md",
    "requirements.txt",
    "dockerfile",
];

struct Sample {
    is_malicious: bool,
    class: String,
    path: PathBuf,
}

#[derive(Default)]
struct Tally {
    samples: usize,
    high: usize,
    critical: usize,
    passes: usize,
    any: usize,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| {
        arguments.iter().position(|word| word == name).and_then(|at| arguments.get(at + 1)).cloned()
    };
    let has = |name: &str| arguments.iter().any(|word| word == name);
    let Some(corpus) = value("--corpus") else {
        eprintln!("usage: cargo bench --bench detection -- --corpus DIR [--class CLASS] [--list] [--json]");
        return;
    };
    let mut samples = samples(Path::new(&corpus));
    if let Some(class) = value("--class") {
        samples.retain(|sample| sample.class == class);
    }
    if samples.is_empty() {
        eprintln!("no sample in {corpus}/malicious or {corpus}/benign");
        std::process::exit(2);
    }
    let knowledge = Knowledge::default();
    let start = Instant::now();
    let reports: Vec<(ScanReport, usize)> =
        samples.par_iter().map(|sample| report(&sample.path, &knowledge)).collect();
    let seconds = start.elapsed().as_secs_f64();
    let mut tallies: BTreeMap<(bool, &str), Tally> = BTreeMap::new();
    for (sample, (report, _)) in samples.iter().zip(&reports) {
        for class in [sample.class.as_str(), "(all)"] {
            let tally = tallies.entry((sample.is_malicious, class)).or_default();
            tally.samples += 1;
            tally.any += usize::from(!report.findings.is_empty());
            tally.high += usize::from(report.counts.high + report.counts.critical > 0);
            tally.critical += usize::from(report.counts.critical > 0);
            tally.passes += usize::from(report.counts.passes(THRESHOLD));
        }
        let is_flagged = report.counts.high + report.counts.critical > 0;
        if has("--list") && is_flagged != sample.is_malicious {
            list(sample, report);
        }
    }
    if has("--json") {
        for ((is_malicious, class), tally) in &tallies {
            println!(
                "{}",
                serde_json::json!({"malicious": is_malicious, "class": class, "samples": tally.samples, "any": tally.any,
                    "high": tally.high, "critical": tally.critical, "passes": tally.passes})
            );
        }
        return;
    }
    println!(
        "{:<10} {:<28} {:>7} {:>9} {:>9} {:>9} {:>9}",
        "", "class", "samples", "any", "high+", "critical", "passes"
    );
    for ((is_malicious, class), tally) in &tallies {
        let share = |count: usize| format!("{:.1} %", 100.0 * count as f64 / tally.samples as f64);
        println!(
            "{:<10} {class:<28} {:>7} {:>9} {:>9} {:>9} {:>9}",
            if *is_malicious { "malicious" } else { "benign" },
            tally.samples,
            share(tally.any),
            share(tally.high),
            share(tally.critical),
            share(tally.passes)
        );
    }
    let bytes: usize = reports.iter().map(|(_, bytes)| bytes).sum();
    let start = Instant::now();
    let _again: Vec<usize> = samples.par_iter().map(|sample| report(&sample.path, &knowledge).1).collect();
    let again = start.elapsed().as_secs_f64();
    let speed = |seconds: f64| bytes as f64 / 1e6 / seconds / rayon::current_num_threads() as f64;
    println!(
        "\nhigh+ of malicious is recall, of benign the false-positive rate; passes: score of {THRESHOLD} or more and no critical\n\
         {:.1} MB on {} threads: {:.1} MB/s a thread with the patterns to compile, {:.1} MB/s after that",
        bytes as f64 / 1e6,
        rayon::current_num_threads(),
        speed(seconds),
        speed(again)
    );
}

/// Prints a miss, or a false positive with what was found.
fn list(sample: &Sample, report: &ScanReport) {
    println!("{} {}", if sample.is_malicious { "missed " } else { "flagged" }, sample.path.display());
    for finding in
        report.findings.iter().filter(|finding| sample.is_malicious || finding.severity >= Severity::High)
    {
        let place = finding.places.first();
        println!(
            "    {} {}{} {}:{} {} | {}",
            finding.severity,
            finding.check,
            place
                .and_then(|place| place.pattern.as_deref())
                .map_or(String::new(), |pattern| format!("/{pattern}")),
            finding.path.as_deref().unwrap_or("-"),
            place.and_then(|place| place.line).unwrap_or(0),
            finding.message,
            finding.excerpt.as_deref().unwrap_or("")
        );
    }
}

fn samples(corpus: &Path) -> Vec<Sample> {
    let mut samples = Vec::new();
    for (label, is_malicious) in [("malicious", true), ("benign", false)] {
        for item in children(&corpus.join(label)) {
            let is_class = item.is_dir() && !is_sample(&item);
            let class = if is_class { name(&item) } else { "-".to_owned() };
            for path in if is_class { children(&item) } else { vec![item] } {
                samples.push(Sample { is_malicious, class: class.clone(), path });
            }
        }
    }
    samples
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn children(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|item| item.path()).collect();
    all.sort();
    all
}

fn is_sample(folder: &Path) -> bool {
    let all = children(folder);
    let files = all.iter().filter(|path| path.is_file()).count();
    let has_root =
        all.iter().any(|path| path.is_file() && ROOTS.contains(&name(path).to_lowercase().as_str()));
    has_root || (files > 0 && files < all.len())
}

/// Scans a file or folder; returns the report and the bytes that were read.
fn report(path: &Path, knowledge: &Knowledge) -> (ScanReport, usize) {
    let mut files = Vec::new();
    let mut bytes = 0;
    for item in walkdir::WalkDir::new(path).into_iter().flatten().filter(|item| item.file_type().is_file()) {
        let inner = item.path().strip_prefix(path).unwrap_or(item.path());
        let inner =
            if inner.as_os_str().is_empty() { name(path) } else { inner.to_string_lossy().into_owned() };
        let Ok(content) = std::fs::read(item.path()) else { continue };
        bytes += content.len();
        match RelPath::parse(&inner) {
            Ok(inner) => files.push(ScannedFile::new(inner, content)),
            Err(error) => {
                return (
                    shelfmark::scan::unreadable(&error.to_string(), knowledge, Digest::of(&content), 0),
                    bytes,
                );
            }
        }
    }
    (scan(&Subject::new(files, knowledge), Digest::of(b""), 0), bytes)
}
