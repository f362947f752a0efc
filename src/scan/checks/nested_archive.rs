//! Check `nested-archive`.

use super::Check;
use crate::model::{Confidence, Severity};
use crate::scan::container::{is_encrypted, zip_directory};
use crate::scan::magic::{Format, Group, ZIP_DOCUMENTS, extension_of, format_of};
use crate::scan::{Findings, Hit, ScannedFile, Subject};

pub(super) static CHECK: Check = Check {
    id: "nested-archive",
    summary: "An archive inside the package hides files from readers and checks.",
    docs: "\
What is in an archive inside the package is seen by nobody who looks at the package, and by none of the other
checks. An archive with a password cannot even be looked into; one whose password stands in a text beside it is
how programs are carried past scanners.

Archives are known by their first bytes (zip, gzip, tar, bzip2, xz, zstd, lz4, 7z, RAR, cabinet, RPM), so another
name does not help. Office and OpenDocument files, EPUB and the like are zip archives too and are left alone.

* **medium**: an archive;
* **high**: encrypted entries or headers; a password for it in a text (both places are named); entries that
  leave the folder they are unpacked into; more than 100 times its own size when unpacked.

```text
high: nested-archive: `data.zip` is encrypted, and `README.md` line 3 names a password
```

Put the files themselves into the package.
",
    run,
};

/// An archive that unpacks to more than so many times its size is a bomb.
const MOST_RATIO: u64 = 100;
/// What is smaller fills nothing.
const LEAST_BOMB: u64 = 10 << 20;

const HELP: &str = "put the files themselves into the package";

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for file in &subject.files {
        let Some(format) = format_of(&file.bytes).filter(|format| is_archive(file, format)) else { continue };
        let faults = faults(file, format);
        if faults.contains(&ENCRYPTED) {
            add_passwords(subject, file, findings);
        }
        for fault in &faults {
            let message = format!("`{}` is {}, and it {fault}", file.path, format.name);
            findings.add(Hit::in_file(file, None, Severity::High, Confidence::Sure, message).help(HELP));
        }
        if faults.is_empty() {
            let message = format!("`{}` is {}, whose files nobody sees", file.path, format.name);
            findings.add(Hit::in_file(file, None, Severity::Medium, Confidence::Sure, message).help(HELP));
        }
    }
}

fn is_archive(file: &ScannedFile, format: &Format) -> bool {
    let extension = extension_of(&file.path);
    format.group == Group::Archive
        && !ZIP_DOCUMENTS.contains(&extension.as_str())
        && !(format.name == "a gzip archive" && extension == "svgz")
        && (format.name != "a bzip2 archive" || file.text.is_none())
}

const ENCRYPTED: &str = "is encrypted";

fn faults(file: &ScannedFile, format: &Format) -> Vec<&'static str> {
    let bytes = &file.bytes;
    let size = bytes.len() as u64;
    let mut faults = Vec::new();
    let is_bomb = |unpacked: u64| unpacked > LEAST_BOMB && unpacked / size.max(1) > MOST_RATIO;
    let mut unpacked = 0;
    if is_encrypted(bytes) {
        faults.push(ENCRYPTED);
    }
    if let Some(directory) = zip_directory(bytes).filter(|_| format.name == "a zip archive") {
        if directory.is_encrypted {
            faults.push(ENCRYPTED);
        }
        let leaves =
            |name: &String| name.starts_with(['/', '\\']) || name.split(['/', '\\']).any(|part| part == "..");
        if directory.names.iter().any(leaves) {
            faults.push("has entries that leave the folder it is unpacked into");
        }
        unpacked = directory.unpacked;
    } else if format.name == "a gzip archive" {
        let last = bytes.last_chunk::<4>().copied().unwrap_or_default();
        unpacked = u64::from(u32::from_le_bytes(last));
        // Deflate makes nothing smaller than about a thousandth.
        if unpacked / size.max(1) > 1_100 {
            unpacked = 0;
        }
    }
    if is_bomb(unpacked) {
        faults.push("unpacks to more than 100 times its size");
    }
    faults
}

/// Names the texts that name a password, and what they name it for.
fn add_passwords(subject: &Subject<'_>, archive: &ScannedFile, findings: &mut Findings) {
    for found in subject.matches(CHECK.id) {
        let line = found.file.text.as_ref().map_or(0, |text| text.position(found.at).0);
        let message = format!(
            "`{}` is encrypted, and `{}` line {line} names a password",
            archive.path, found.file.path
        );
        let hit =
            |file, at| Hit::in_file(file, at, Severity::High, Confidence::Sure, message.clone()).help(HELP);
        findings.add(hit(archive, None).pattern(found.pattern.id.clone()));
        findings.add(hit(found.file, Some(found.at)).pattern(found.pattern.id.clone()));
    }
}
