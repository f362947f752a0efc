//! Rule `placeholder-left`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::source::Side;
use crate::validate::registry::{Contents, Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "placeholder-left",
    level: RuleLevel::Deny,
    summary: "A release still says what `shelfmark new` wrote for its author to replace.",
    docs: "\
`shelfmark new` writes a package that passes every check, so that there is something to begin with. Its texts
are questions to the author: say here what it does, say where questions are answered. Left as they are, they
become the first thing that people read about the package, and a release never changes: the sentence stands
there for as long as the version is known.

```toml
description = \"Finance: say here in one sentence what it does and for whom.\"   # as it was written
description = \"Invoices, contracts and forecasts for HotCRM.\"                  # an answer
```

Answer each question where it stands, or delete the part that your package does not need. The manifest inside
the package has the same description as the release file; change both.
",
    check: Check::Change(check),
};

/// What is written for a description, behind the package's name.
const DESCRIPTION: &str = "say here in one sentence what it does and for whom";

/// Keywords that stand for keywords.
const KEYWORDS: [&str; 5] = ["todo", "tbd", "keyword", "keywords", "placeholder"];

/// What is written in the files of a package.
const FILES: [(&str, &[&str]); 7] = [
    (
        "README.md",
        &[
            DESCRIPTION,
            "Say in three sentences who this is for, what they can do with it, and what it does not do.",
            "`: say why.",
            "Say where questions are answered, and how soon.",
        ],
    ),
    ("LICENSE", &["Put the full text of that licence in place of this paragraph"]),
    (
        "examples/first.md",
        &[
            "Show the shortest thing that works, with its result.",
            "Show one question, and the answer the agent should give.",
            "Show the parameters of one service, and the files that come out.",
            "Show where the key is found, step by step.",
            "Show what the members do together that none does alone.",
        ],
    ),
    ("prompts/system.md", &["Say what the task is here, for whom, and when it is done."]),
    (
        "metadata/agent/assistant.json",
        &["Say in one sentence what is different when the agent has done its work."],
    ),
    ("metadata/object/item.json", &["Replace this object with the first record that people of"]),
    ("metadata/widget/hello.json", &["A first component; replace it with your own."]),
];

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for new in context.new_releases() {
        in_release(new.release, out);
        in_listing(context, new.package, out);
        if let Some(contents) = &new.release.contents {
            in_files(context, new.release, contents, out);
        }
    }
}

fn in_release(release: &Release, out: &mut Vec<Diagnostic>) {
    if release.description.as_ref().is_some_and(|text| text.contains(DESCRIPTION)) {
        let message =
            format!("the description of `{}` is the one that was written for its author", release.name());
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&release.path), message)
                .value(&["description"])
                .help("write one sentence on what the package adds, and for whom; in shelfmark.toml too"),
        );
    }
    for (at, keyword) in release.keywords.iter().enumerate() {
        if KEYWORDS.iter().any(|known| keyword.eq_ignore_ascii_case(known)) {
            let message = format!("`{keyword}` only stands for a keyword of `{}`", release.name());
            out.push(
                Diagnostic::new(RULE.id, Arc::clone(&release.path), message)
                    .value(&["keywords", &at.to_string()])
                    .help("write a word that people search by, or leave it out; in shelfmark.toml too"),
            );
        }
    }
}

/// The listing comes with the first release and changes on its own later.
fn in_listing(context: &ChangeContext<'_>, package: &Package, out: &mut Vec<Diagnostic>) {
    let Some(listing) = &package.listing else { return };
    let is_placeholder = listing.wire.tagline.as_ref().is_some_and(|text| text.contains(DESCRIPTION));
    if !is_placeholder || context.changes.change(&listing.path).is_none() {
        return;
    }
    let message = format!("the tagline of `{}` is the one that was written for its author", package.id);
    out.push(
        Diagnostic::new(RULE.id, Arc::clone(&listing.path), message)
            .value(&["tagline"])
            .help("write what people should read beside the name, in a few words"),
    );
}

fn in_files(context: &ChangeContext<'_>, release: &Release, contents: &Contents, out: &mut Vec<Diagnostic>) {
    for (inner, marks) in FILES {
        let Some(path) = contents.files.get(inner) else { continue };
        // What is inside an archive is no file of the registry; its README is kept.
        let kept = || contents.readme.as_deref().filter(|_| inner == "README.md").map(str::to_owned);
        let Some(text) = context.text(Side::Merged, path).or_else(kept) else { continue };
        for mark in marks {
            let Some(at) = text.find(mark) else { continue };
            let message =
                format!("`{inner}` of `{}` still says what was written for its author", release.name());
            out.push(
                Diagnostic::new(RULE.id, Arc::clone(path), message)
                    .span(at..at + mark.len())
                    .label("a question to the author")
                    .help("write the answer in its place, or delete it"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_placeholder_is_one_that_is_written() {
        let written = [
            include_str!("../../../templates/scaffold/package/README.md"),
            include_str!("../../../templates/scaffold/package/LICENSE"),
            include_str!("../../../templates/scaffold/kind/prompt.md"),
            include_str!("../../../templates/scaffold/kind/agent.json"),
            include_str!("../../../templates/scaffold/kind/object.json"),
            include_str!("../../../templates/scaffold/kind/widget.json"),
            include_str!("../../scaffold/package.rs"),
            include_str!("../../scaffold/kinds.rs"),
        ]
        .concat();
        for mark in FILES.iter().flat_map(|(_, marks)| *marks) {
            assert!(written.contains(mark), "{mark}");
        }
    }
}
