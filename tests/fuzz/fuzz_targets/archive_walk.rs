//! The archive walker: it never panics, and whatever it accepts the `tar` crate
//! lists identically. The input is an archive as it is, and the contents of one
//! whose checksums are put right, so that changes reach what lies behind them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shelfmark::artifact::{EntryKind, Limits, inspect, unpack_in_memory};
use shelfmark_support::archive::{BLOCK, Gzip};
use std::io::Read;

/// One entry: its path, whether it is a folder, its contents.
type Listed = (Vec<u8>, bool, Vec<u8>);

fuzz_target!(|data: &[u8]| {
    compare(data);
    compare(&Gzip::stored(&with_checksums(data)).bytes());
});

fn compare(archive: &[u8]) {
    let limits = Limits::default();
    let Ok(entries) = inspect(archive, &limits) else { return };
    let files = unpack_in_memory(archive, &limits).expect("what was inspected is read");
    let ours: Vec<Listed> = entries
        .iter()
        .map(|entry| {
            let file = files.iter().find(|file| file.path == entry.path);
            let content = file.map(|file| file.content.clone()).unwrap_or_default();
            assert_eq!(content.len() as u64, entry.size);
            (entry.path.as_str().into(), entry.kind == EntryKind::Folder, content)
        })
        .collect();
    assert_eq!(ours, listed_by_tar(archive));
}

fn listed_by_tar(archive: &[u8]) -> Vec<Listed> {
    let mut tar = tar::Archive::new(flate2::read::MultiGzDecoder::new(archive));
    let entries = tar.entries().expect("tar reads it");
    entries
        .map(|entry| {
            let mut entry = entry.expect("tar reads its entries");
            let kind = entry.header().entry_type();
            assert!(kind.is_file() || kind.is_dir());
            let mut content = Vec::new();
            entry.read_to_end(&mut content).expect("tar reads their contents");
            let path = entry.path_bytes().into_owned();
            let path = path.strip_suffix(b"/").filter(|_| kind.is_dir()).unwrap_or(&path).to_vec();
            (path, kind.is_dir(), content)
        })
        .collect()
}

/// Takes the bytes for a tar archive and writes the checksum into each header.
fn with_checksums(data: &[u8]) -> Vec<u8> {
    let mut tar = data.to_vec();
    let mut at = 0;
    while let Some(block) = tar.get_mut(at..at + BLOCK) {
        at += BLOCK;
        if block.iter().all(|byte| *byte == 0) {
            continue;
        }
        block[148..156].fill(b' ');
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        let digits = std::str::from_utf8(&block[124..135]).unwrap_or_default();
        let size = usize::from_str_radix(digits, 8).unwrap_or_default();
        at = at.saturating_add(size.next_multiple_of(BLOCK));
    }
    tar
}
