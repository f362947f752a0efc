//! How soon each hostile archive is refused, and what that takes of memory.
//!
//! ```text
//! cargo bench --bench archive
//! ```
//!
//! Every archive is walked by a process of its own, which reads it from a file:
//! the memory is the growth of the process's peak (`VmHWM`, Linux only) from
//! before the walk to after it. The time is the shortest of five walks.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, clippy::panic, missing_docs)]

use shelfmark::artifact::{Limits, inspect};
use shelfmark_support::archive::{ArchiveBuilder, Gzip, RawHeader, field};
use shelfmark_support::hostile;
use std::path::Path;
use std::time::Instant;

/// What every archive is refused within.
const MOST_MILLISECONDS: f64 = 100.0;
const MOST_KIB: u64 = 64 * 1024;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--walk") {
        return walk(Path::new(arguments.get(at + 1).ok_or("--walk needs a file")?));
    }
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("archive.tgz");
    let (mut slowest, mut largest) = (0.0_f64, 0);
    println!("{:>10} {:>10} {:>10}  {:<36} answer", "bytes", "ms", "KiB", "archive");
    for (name, build) in hostile::ALL.iter().copied().chain(COMPARED.iter().copied()) {
        let bytes = build();
        std::fs::write(&file, &bytes)?;
        let output =
            std::process::Command::new(std::env::current_exe()?).arg("--walk").arg(&file).output()?;
        let line = String::from_utf8(output.stdout)?;
        let mut fields = line.trim_end().splitn(3, '\t');
        let mut field = || fields.next().ok_or_else(|| format!("{name}: {line:?}"));
        let (milliseconds, kib, answer): (f64, u64, &str) = (field()?.parse()?, field()?.parse()?, field()?);
        println!("{:>10} {milliseconds:>10.3} {kib:>10}  {name:<36} {answer}", bytes.len());
        let is_compared = COMPARED.iter().any(|(compared, _)| *compared == name);
        if answer != "accepted" && !is_compared {
            slowest = slowest.max(milliseconds);
            largest = largest.max(kib);
        } else if !is_compared {
            return Err(format!("{name} is accepted").into());
        }
    }
    println!("\nslowest refusal {slowest:.3} ms, largest {largest} KiB");
    if slowest > MOST_MILLISECONDS || largest > MOST_KIB {
        return Err(format!("more than {MOST_MILLISECONDS} ms or {MOST_KIB} KiB").into());
    }
    Ok(())
}

/// Archives at the limits, for comparison, which nothing is demanded of: an attack
/// in the last entry takes as long as the honest archive before it.
const COMPARED: &[(&str, hostile::Build)] = &[
    ("honest_stored_64_mib", || whole().tgz()),
    ("honest_compressed_64_mib", || Gzip::deflated(&whole().tar()).bytes()),
    ("a_link_after_honest_64_mib", || {
        let link = RawHeader::new("docs", b'2', 0).set(field::LINK, "/etc");
        Gzip::deflated(&whole().entry(link, b"").tar()).bytes()
    }),
    ("honest_10000_entries", || {
        (1..10_000).fold(ArchiveBuilder::package(), |all, n| all.file(format!("{n}"), b"")).tgz()
    }),
];

/// Files of 64 MiB together, of text that compresses to a fifth or so.
fn whole() -> ArchiveBuilder {
    let line = |n: u32| format!("{} the quick brown fox {}\n", n.wrapping_mul(2_654_435_761), n % 977);
    let text: String = (0..500_000).map(line).collect();
    let part = text.as_bytes().get(..16_000_000).unwrap_or(text.as_bytes());
    (0..4).fold(ArchiveBuilder::package(), |all, n| all.file(format!("{n}.txt"), part))
}

fn walk(file: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let limits = Limits::default();
    let before = peak()?;
    let mut best = f64::MAX;
    let mut answer = String::new();
    for _ in 0..5 {
        let archive = std::fs::File::open(file)?;
        let start = Instant::now();
        answer = match inspect(archive, &limits) {
            Ok(_) => "accepted".to_owned(),
            Err(error) => error.to_string(),
        };
        best = best.min(start.elapsed().as_secs_f64() * 1000.0);
    }
    println!("{best}\t{}\t{answer}", peak()? - before);
    Ok(())
}

/// Returns the most memory that the process has had, in KiB.
fn peak() -> Result<u64, Box<dyn std::error::Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
