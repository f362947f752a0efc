//! How long the search index and its projection take, and how large they are.
//!
//! ```text
//! cargo bench --bench index -- REGISTRY OUT
//! ```
//!
//! REGISTRY is an authored registry, such as `benches/generate` and `shelfmark import` make; OUT
//! is a new folder, or that of an earlier run, whose unchanged files are then left alone. The
//! time is that of the search stage alone, the packages being in memory; memory is the peak of
//! the process (`VmHWM`, Linux only), READMEs of all packages included.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, missing_docs)]

use shelfmark::publish::DirectoryOutput;
use shelfmark::scan::{Knowledge, Scans};
use shelfmark::source::Snapshot;
use shelfmark::validate::{self, Dependents};
use std::path::Path;
use std::time::Instant;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [registry, out] = arguments.as_slice() else {
        return Err("usage: cargo bench --bench index -- REGISTRY OUT".into());
    };
    let snapshot = Snapshot::of_directory(Path::new(registry))?;
    let (registry, found) = validate::load(&snapshot)?;
    let valid = validate::judge(registry, found, None).into_valid();
    let (valid, _) = valid.map_err(|diagnostics| format!("{} errors in the registry", diagnostics.len()))?;
    let packages = valid.visible("public");
    let dependents = Dependents::of(packages.iter().copied());
    let scans = Scans::new(Knowledge::of(&valid, Vec::new()), None);
    let output = DirectoryOutput::prepare(Path::new(out))?;
    let loaded = peak_mebibytes();
    let start = Instant::now();
    let report = shelfmark::search::build(&valid, &packages, &dependents, &scans, &output)?;
    let seconds = start.elapsed().as_secs_f64();
    let written = output.commit()?;
    println!("| packages | s | MiB before | MiB at most | files | written | written MB | tantivy MB |");
    println!("|---|---|---|---|---|---|---|---|");
    println!(
        "| {} | {seconds:.2} | {loaded} | {} | {} | {} | {:.1} | {:.1} |",
        report.documents,
        peak_mebibytes(),
        written.files,
        written.written,
        written.written_bytes as f64 / 1e6,
        report.bytes as f64 / 1e6,
    );
    Ok(())
}

/// Peak of the process's memory so far; 0 where the system does not tell.
fn peak_mebibytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
