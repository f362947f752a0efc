//! Licences that the files of a package are under: the texts themselves, the
//! notes at the head of a file, and SPDX lines.

use super::language::Role;
use super::subject::{ScannedFile, Subject};
use crate::schema::LicenseEntry;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// A licence text is told by its first so many bytes.
const MOST_TEXT: usize = 64 << 10;
/// A note stands within so many bytes of a file.
const MOST_HEAD: usize = 4 << 10;

/// How a licence is told: all of `has` and none of `lacks`, in words.
struct Mark {
    id: &'static str,
    has: &'static [&'static str],
    lacks: &'static [&'static str],
    /// Whether the words stand in notes at the head of a file too.
    in_heads: bool,
}

const fn text(id: &'static str, has: &'static [&'static str], lacks: &'static [&'static str]) -> Mark {
    Mark { id, has, lacks, in_heads: false }
}

const fn note(id: &'static str, has: &'static [&'static str], lacks: &'static [&'static str]) -> Mark {
    Mark { id, has, lacks, in_heads: true }
}

const GRANT: &str = "permission is hereby granted free of charge to any person obtaining a copy";
const FSF: &str = "as published by the free software foundation";
const SOURCE_AND_BINARY: &str = "redistribution and use in source and binary forms with or without";
const ISC: &str =
    "permission to use copy modify and or distribute this software for any purpose with or without fee";

const MARKS: &[Mark] = &[
    text("MIT", &[GRANT, "to deal in the software without restriction"], &["nor its affiliates may be used"]),
    note("MIT", &["licensed under the mit license"], &["apache license"]),
    note("Apache-2.0", &["licensed under the apache license version 2 0"], &[]),
    text("Apache-2.0", &["apache license version 2 0 january 2004"], &[]),
    note("ISC", &[ISC, "provided that the above copyright notice"], &[]),
    note("0BSD", &[ISC], &["provided that the above copyright notice"]),
    note("BSD-4-Clause", &[SOURCE_AND_BINARY, "all advertising materials mentioning features"], &[]),
    note(
        "BSD-3-Clause",
        &[SOURCE_AND_BINARY, "endorse or promote products derived"],
        &["all advertising materials mentioning features"],
    ),
    text(
        "BSD-2-Clause",
        &[SOURCE_AND_BINARY, "redistributions in binary form must reproduce"],
        &["endorse or promote products derived"],
    ),
    note("MPL-2.0", &["subject to the terms of the mozilla public license v 2 0"], &[]),
    text("MPL-2.0", &["mozilla public license version 2 0"], &["gnu general public license is a free"]),
    text("EPL-2.0", &["eclipse public license v 2 0"], &[]),
    text(
        "GPL-3.0-only",
        &["the gnu general public license is a free copyleft license for software and other kinds"],
        &[],
    ),
    text("GPL-2.0-only", &["gnu general public license version 2 june 1991"], &[]),
    note(
        "GPL-3.0-or-later",
        &["the gnu general public license", FSF, "either version 3 of the license"],
        &["lesser general", "affero general"],
    ),
    note(
        "GPL-2.0-or-later",
        &["the gnu general public license", FSF, "either version 2 of the license"],
        &["lesser general", "affero general", "gnu general public license version 2 june 1991"],
    ),
    note(
        "GPL-2.0-only",
        &["gnu general public license version 2", FSF],
        &["or at your option", "june 1991", "lesser general", "affero general"],
    ),
    note("GPL-3.0-only", &["licensed under the gnu general public license v3"], &[]),
    note("GPL-3.0-only", &["licensed under the gpl v3"], &[]),
    text(
        "LGPL-3.0-only",
        &[
            "this version of the gnu lesser general public license incorporates the terms and conditions of version 3",
        ],
        &[],
    ),
    text("LGPL-2.1-only", &["gnu lesser general public license version 2 1 february 1999"], &[]),
    note(
        "LGPL-3.0-or-later",
        &["the gnu lesser general public license", FSF, "either version 3 of the license"],
        &[],
    ),
    note(
        "LGPL-2.1-or-later",
        &["the gnu lesser general public license", FSF, "either version 2 1 of the license"],
        &[],
    ),
    text(
        "AGPL-3.0-only",
        &["the gnu affero general public license is a free copyleft license for software and other kinds"],
        &[],
    ),
    note(
        "AGPL-3.0-or-later",
        &["the gnu affero general public license", FSF, "either version 3 of the license"],
        &[],
    ),
    note("AGPL-3.0-only", &["licensed under the gnu affero general public license v3"], &[]),
    text("EUPL-1.2", &["european union public licence v 1 2"], &[]),
    note("EUPL-1.2", &["licensed under the eupl version 1 2"], &[]),
    note("EUPL-1.2", &["licensed under the eupl"], &["1 1 or"]),
    text("Unlicense", &["this is free and unencumbered software released into the public domain"], &[]),
    text(
        "Zlib",
        &[
            "in no event will the authors be held liable for any damages arising from the use of this software",
        ],
        &[],
    ),
    text("BSL-1.0", &["boost software license version 1 0"], &[]),
    text("CC0-1.0", &["cc0 1 0 universal"], &[]),
    text("CC-BY-4.0", &["attribution 4 0 international"], &[]),
    text("CC-BY-SA-4.0", &["attribution sharealike 4 0 international"], &[]),
    text("CC-BY-NC-4.0", &["attribution noncommercial 4 0 international"], &[]),
    text("CC-BY-ND-4.0", &["attribution noderivatives 4 0 international"], &[]),
    text("CC-BY-NC-SA-4.0", &["attribution noncommercial sharealike 4 0 international"], &[]),
    text("CC-BY-NC-ND-4.0", &["attribution noncommercial noderivatives 4 0 international"], &[]),
    note("BUSL-1.1", &["business source license 1 1"], &[]),
    note("SSPL-1.0", &["server side public license"], &[]),
    note("Elastic-2.0", &["elastic license 2 0"], &["or the server side public license"]),
    note("LicenseRef-Commons-Clause", &["commons clause license condition"], &[]),
    note("LicenseRef-proprietary", &["proprietary and confidential"], &[]),
    note("LicenseRef-proprietary", &["unauthorized copying of this file"], &[]),
];

/// What stands in a licence text when nothing else is told.
const PROPRIETARY: &[&str] =
    &["all rights reserved", "no license is granted", "may not be copied", "may not redistribute"];

/// Returns the licences found, by path; one of the texts and notes, or all SPDX lines.
pub(crate) fn licenses_found(subject: &Subject<'_>) -> Vec<LicenseEntry> {
    let entries = subject.files.iter().flat_map(|file| {
        let path = file.path.to_string();
        of_file(file).into_iter().map(move |license| LicenseEntry { path: path.clone(), license })
    });
    entries.collect()
}

/// Returns the licences that a file says it is under.
pub(super) fn of_file(file: &ScannedFile) -> BTreeSet<String> {
    let text = file.str();
    let mut found = spdx_lines(head(text, MOST_HEAD));
    let is_text = file.role == Role::License;
    if !is_text && !found.is_empty() {
        return found;
    }
    let part = head(text, if is_text { MOST_TEXT } else { MOST_HEAD });
    // Most code says nothing of a licence, and so need not be read as words.
    let hints = ["icen", "ICEN", "ermission", "edistribution", "roprietary", "nauthorized"];
    if !is_text && !hints.iter().any(|one| part.contains(one)) {
        return found;
    }
    let words = words(part);
    let is_about = |mark: &&Mark| {
        (is_text || mark.in_heads && file.role == Role::Code)
            && mark.has.iter().all(|one| words.contains(one))
            && !mark.lacks.iter().any(|one| words.contains(one))
    };
    found.extend(MARKS.iter().filter(is_about).map(|mark| mark.id.to_owned()));
    if is_text && found.is_empty() && PROPRIETARY.iter().any(|one| words.contains(one)) {
        found.insert("LicenseRef-proprietary".to_owned());
    }
    found
}

/// Returns the beginning of a text, whole characters only.
fn head(text: &str, mut most: usize) -> &str {
    if most >= text.len() {
        return text;
    }
    while !text.is_char_boundary(most) {
        most -= 1;
    }
    &text[..most]
}

/// Returns the expressions of `SPDX-License-Identifier` lines.
fn spdx_lines(text: &str) -> BTreeSet<String> {
    static LINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?m)^[\s/*#;<!%'.{(\x22-]{0,16}SPDX-License-Identifier:\s*([A-Za-z0-9][A-Za-z0-9.+() -]{1,120})").ok()
    });
    let lines = LINE.as_ref().into_iter().flat_map(|line| line.captures_iter(text));
    let expressions = lines.filter_map(|captures| captures.get(1)).map(|found| {
        let expression = found.as_str().trim().trim_end_matches("--").trim();
        // A comment may end, and a sentence may go on, behind it.
        expression.split("  ").next().unwrap_or_default().trim_end_matches(['.', ' ']).to_owned()
    });
    expressions.filter(|expression| crate::model::License::parse(expression).is_ok()).collect()
}

/// Returns the words of a text in lower case, joined by single spaces, without
/// the markers of comments.
fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_gap = true;
    for c in text.chars() {
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
            is_gap = false;
        } else if !is_gap {
            out.push(' ');
            is_gap = true;
        }
    }
    out
}

/// Returns an id without what says which later versions are meant.
pub(super) fn family_of(id: &str) -> &str {
    let id = id.split(" WITH ").next().unwrap_or(id).trim();
    id.trim_end_matches('+').trim_end_matches("-or-later").trim_end_matches("-only")
}

/// Returns whether the whole text of a licence would be told.
pub(super) fn is_text_known(id: &str) -> bool {
    MARKS.iter().any(|mark| family_of(mark.id) == family_of(id) && !mark.id.starts_with("LicenseRef-"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RelPath;

    fn found(path: &str, text: &str) -> Vec<String> {
        let file = ScannedFile::new(RelPath::parse(path).unwrap(), text.as_bytes().to_vec());
        of_file(&file).into_iter().collect()
    }

    #[test]
    fn texts_notes_and_lines_are_told() {
        let mit = "Permission is hereby granted, free of charge, to any person obtaining a copy of this\n\
                   software, to deal in the Software without restriction";
        assert_eq!(found("LICENSE", mit), ["MIT"]);
        assert_eq!(
            found("src/a.rs", "// SPDX-License-Identifier: MIT OR Apache-2.0\n"),
            ["MIT OR Apache-2.0"]
        );
        assert_eq!(found("src/a.css", "/* SPDX-License-Identifier: MIT */\n"), ["MIT"]);
        assert_eq!(
            found("src/a.py", "# Licensed under the Apache License,\n# Version 2.0\n"),
            ["Apache-2.0"]
        );
        assert_eq!(
            found("LICENSE", "Copyright (c) Example. All rights reserved."),
            ["LicenseRef-proprietary"]
        );
        assert!(found("README.md", "Write SPDX-License-Identifier: MIT at the head.").is_empty());
    }

    #[test]
    fn later_versions_are_one_family() {
        assert_eq!(family_of("GPL-2.0-or-later WITH Classpath-exception-2.0"), "GPL-2.0");
        assert_eq!(family_of("GPL-3.0+"), "GPL-3.0");
    }
}
