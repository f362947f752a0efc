//! Rule `prerelease-unusual`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{RuleLevel, Version};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "prerelease-unusual",
    level: RuleLevel::Warn,
    summary: "A pre-release is not called alpha, beta or rc, with a number after a dot.",
    docs: "\
Pre-releases are sorted by their parts: numbers as numbers, everything else as text. `rc10` is one text and
comes before `rc2`; `RC.1` comes before `alpha.1`, because capital letters do; `preview`, `pre` and `dev` tell
nobody how far the work is. So the tenth candidate would be offered as older than the second.

```
1.2.0-alpha.1   things are missing
1.2.0-beta.1    everything is there, and is being tried out
1.2.0-rc.1      the release, if nobody finds anything
1.2.0-rc10      sorted before 1.2.0-rc2: a dot is missing
```

Write one of the three words in lower case, then a dot and a number that counts up. The word alone is fine
for a pre-release that stays the only one.
",
    check: Check::Change(check),
};

/// The usual words, each with what else is written for it.
const WORDS: [(&str, &[&str]); 3] = [
    ("alpha", &["a", "dev", "canary", "nightly", "snapshot"]),
    ("beta", &["b", "pre", "preview", "next"]),
    ("rc", &["c", "cr", "candidate", "release-candidate"]),
];

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for new in context.new_releases() {
        let version = &new.release.version;
        let pre = version.semver().pre.as_str();
        if pre.is_empty() || is_usual(pre) {
            continue;
        }
        let message =
            format!("the pre-release `{pre}` of `{}` is not of the form `rc.1`", new.release.name());
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&new.release.path), message)
                .value(&["version"])
                .note("`alpha`, `beta` and `rc` with a number after a dot are sorted as people read them")
                .help(help(version, pre)),
        );
    }
}

fn is_usual(pre: &str) -> bool {
    let (word, number) = pre.split_once('.').unwrap_or((pre, "1"));
    WORDS.iter().any(|(usual, _)| *usual == word) && number.bytes().all(|byte| byte.is_ascii_digit())
}

fn help(version: &Version, pre: &str) -> String {
    let lower = pre.to_ascii_lowercase();
    let word = lower.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
    let known = WORDS.iter().find(|(usual, others)| *usual == word || others.contains(&word));
    let number: String =
        pre.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    let number = number.parse().unwrap_or(1_u64);
    let version = version.semver();
    let normal = format!("{}.{}.{}", version.major, version.minor, version.patch);
    match known {
        Some((usual, _)) => format!("publish it as `{normal}-{usual}.{number}`"),
        None => format!("publish it as `{normal}-alpha.1`, `{normal}-beta.1` or `{normal}-rc.1`"),
    }
}
