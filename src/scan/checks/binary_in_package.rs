//! Check `binary-in-package`.

use super::Check;
use crate::model::{Confidence, Severity};
use crate::scan::container::zip_directory;
use crate::scan::magic::{Group, ZIP_DOCUMENTS, contains_in_any_case, extension_of, format_of};
use crate::scan::{Findings, Hit, ScannedFile, Subject};

pub(super) static CHECK: Check = Check {
    id: "binary-in-package",
    summary: "A file is a program that nobody can read.",
    docs: "\
Reviewers and checks read source. A compiled program says nothing of what it does, and nobody can tell whether
it was built from the source beside it.

Files are judged by their first bytes, not by their names:

* **high**: programs and native libraries (ELF, Windows, Mach-O, shortcuts, installers), and Office documents with
  macros;
* **medium**: bytecode (WebAssembly, Java classes and `.jar`, Python `.pyc`, Android, Lua), object archives and
  Python pickles, which run code when they are loaded; and a file named like a program whose form is not known.

Images, fonts, sound, film and documents without macros are fine.

```text
high: binary-in-package: tools/agent is an ELF program or library
```

Leave the program out and publish its source, or fetch it at build time from a place that publishes checksums.
A package that cannot do without it needs a waiver, which says who has looked at what.
",
    run,
};

/// Extensions of programs whose first bytes may be anything.
const NAMES: &[&str] = &[
    "exe", "dll", "so", "dylib", "node", "pyd", "scr", "com", "msi", "jar", "class", "pyc", "wasm", "dex",
    "apk",
];

const HELP: &str = "leave it out and publish the source it is built from";

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for file in &subject.files {
        if let Some((severity, confidence, what)) = judge(file) {
            let message = format!("`{}` is {what}", file.path);
            findings.add(Hit::in_file(file, None, severity, confidence, message).help(HELP));
        }
    }
}

fn judge(file: &ScannedFile) -> Option<(Severity, Confidence, &'static str)> {
    let extension = extension_of(&file.path);
    let Some(format) = format_of(&file.bytes) else {
        let is_named = file.text.is_none() && NAMES.contains(&extension.as_str());
        return is_named.then_some((
            Severity::Medium,
            Confidence::Unsure,
            "named like a program, of no known form",
        ));
    };
    match format.group {
        Group::Executable => Some((Severity::High, Confidence::Sure, format.name)),
        Group::Bytecode => Some((Severity::Medium, Confidence::Sure, format.name)),
        Group::Document if extension == "msi" => {
            Some((Severity::High, Confidence::Sure, "a Windows installer"))
        }
        Group::Document if has_old_macros(&file.bytes) => {
            Some((Severity::High, Confidence::Sure, "an Office document with macros"))
        }
        Group::Archive if format.name == "a zip archive" => judge_zip(&file.bytes, &extension),
        _ => None,
    }
}

fn judge_zip(bytes: &[u8], extension: &str) -> Option<(Severity, Confidence, &'static str)> {
    let directory = zip_directory(bytes)?;
    let has = |test: fn(&str) -> bool| directory.names.iter().any(|name| test(name));
    if has(|name| name.ends_with("vbaProject.bin")) {
        return Some((Severity::High, Confidence::Sure, "an Office document with macros"));
    }
    if ZIP_DOCUMENTS.contains(&extension) {
        return None;
    }
    if has(|name| name == "AndroidManifest.xml") {
        return Some((Severity::High, Confidence::Sure, "an Android program"));
    }
    let is_jar = has(|name| name.ends_with(".class")) || has(|name| name == "META-INF/MANIFEST.MF");
    is_jar.then_some((Severity::Medium, Confidence::Sure, "a Java archive"))
}

/// Returns whether a document of the old form has the streams that macros are kept in.
fn has_old_macros(bytes: &[u8]) -> bool {
    if !bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return false;
    }
    let wide = |text: &str| -> Vec<u8> { text.bytes().flat_map(|byte| [byte, 0]).collect() };
    contains_in_any_case(bytes, &wide("_vba_project")) || contains_in_any_case(bytes, b"attribute vb_name")
}
