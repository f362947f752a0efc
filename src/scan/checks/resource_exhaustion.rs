//! Check `resource-exhaustion`.

use super::super::finding::{Findings, Hit};
use super::super::language::{Language, Role};
use super::super::pattern::Match;
use super::super::subject::Subject;
use super::Check;
use crate::model::Severity;

pub(super) static CHECK: Check = Check {
    id: "resource-exhaustion",
    summary: "Something runs without end, or destroys files, disks, data or accounts.",
    docs: "\
A package can do harm without stealing anything: it deletes what it did not make, it fills memory or disk, it
mines, or it makes an agent call tools for ever while somebody pays for each call.

| what is found | severity |
|---|---|
| a fork bomb; `rm -rf` of `/`, `~` or a system folder, a disk overwritten, in something that is run | critical |
| the same in a page that people read, or in a sentence that warns of it | medium, low |
| the user's documents deleted, a whole repository or cluster overwritten, a miner | high |
| programs started or memory taken in a loop without end | high |
| an agent told to go on for ever, or to start copies of itself | high |
| databases dropped by scripts, requests without pause, allocations of many gigabytes | medium |

Folders inside of the package (`rm -rf dist`), `dd` onto a file with a count, and servers that wait in a loop
are no findings.

```text
error: resource-exhaustion: everything of the machine or of the user is deleted
  --> scripts/clean.sh:4:1
```

Delete only what the package made, give every loop an end, and ask before anything that cannot be undone.
",
    run,
};

/// Words of a sentence that forbids or describes a command.
const WARNINGS: &[&str] = &[
    "never",
    "don't",
    "do not",
    "block",
    "danger",
    "deny",
    "forbid",
    "destructive",
    "avoid",
    "prevent",
    "refuse",
    "reject",
    "warn",
    "e.g.",
    "such as",
    "like `",
    "disallow",
    "unsafe",
    "guard",
    "detect",
    "❌",
    "harmful",
    "malicious",
    "protect",
    "禁止",
    "危険",
    "危险",
];

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for found in subject.matches(CHECK.id) {
        if let Some(severity) = judged(&found) {
            findings.add(Hit::of(&found).severity(severity));
        }
    }
}

/// Judges a match by what its file is for.
fn judged(found: &Match<'_>) -> Option<Severity> {
    let file = found.file;
    let text = file.text.as_ref()?;
    let line = text.line(text.position(found.at).0).trim_start();
    let severity = found.pattern.severity;
    let is_prose = found.pattern.id.starts_with("endless-agent");
    if is_prose {
        let is_told = file.role == Role::Prompt || file.language.is_code();
        let severity = if is_told { severity } else { Severity::Medium };
        return (!is_forbidden(found)).then_some(if names_a_stop(found) { Severity::Low } else { severity });
    }
    let is_comment = file.language.is_code()
        && (line.starts_with('#') || line.starts_with("//") || line.starts_with("* "));
    if is_comment {
        return None;
    }
    if found.pattern.id == "encrypt-and-delete" && walks_home(file.str()) {
        return Some(Severity::High);
    }
    let is_page = matches!(file.language, Language::Markdown | Language::Text | Language::Html);
    let is_command = severity == Severity::Critical || found.pattern.id == "wipe-home";
    if is_page && (is_command || found.pattern.id == "destroy-remote" || found.pattern.id == "miner") {
        let lower = found.around.to_lowercase();
        let is_quoted = found.text.ends_with(['"', '\'']);
        let is_warning =
            WARNINGS.iter().any(|word| lower.contains(word)) || line.starts_with('|') || is_quoted;
        return Some(match (is_warning, file.role) {
            (true, _) => Severity::Low,
            (false, Role::Prompt) if severity == Severity::High || begins_command(found, line) => {
                Severity::High
            }
            _ => Severity::Medium,
        });
    }
    if severity == Severity::Critical && is_listed(found, line) {
        // A list of commands that a guard refuses, or a test of one; less so where the file runs programs.
        let runs = ["system(", "subprocess", "child_process", "exec.Command", "Popen("];
        let is_run = runs.iter().any(|mark| file.str().contains(mark));
        return Some(if is_run { Severity::Medium } else { Severity::Low });
    }
    Some(severity)
}

/// Returns whether code goes through all that the user has.
fn walks_home(text: &str) -> bool {
    const WALKING: &[&str] =
        &["os.walk(", "rglob(", "readdirSync(", "readdir(", "Get-ChildItem", "filepath.Walk"];
    const HOME: &[&str] =
        &["expanduser(\"~\")", "expanduser('~')", "Path.home()", "homedir()", "UserHomeDir()", "USERPROFILE"];
    [WALKING, HOME].iter().all(|marks| marks.iter().any(|mark| text.contains(mark)))
}

/// Returns whether a match begins a line or a code span of a page.
fn begins_command(found: &Match<'_>, line: &str) -> bool {
    let before = line.find(found.text.trim()).map_or("", |at| line[..at].trim_end());
    let before = before.strip_suffix("sudo").unwrap_or(before).trim_end();
    before.is_empty() || before.ends_with(['`', '$', '>']) || before.ends_with("&&")
}

/// Returns whether a command stands in quotes in code that runs nothing with it.
fn is_listed(found: &Match<'_>, line: &str) -> bool {
    let is_program = matches!(
        found.file.language,
        Language::Python
            | Language::JavaScript
            | Language::TypeScript
            | Language::Go
            | Language::Ruby
            | Language::Json
            | Language::Yaml
    );
    const RUNS: &[&str] = &[
        "system(", "exec", "spawn", "run(", "popen", "Popen(", "call(", "command", "\"cmd", "output(",
        "Command(",
    ];
    let has = |marks: &[&str]| marks.iter().any(|mark| line.contains(mark));
    let is_asked = has(&["=~", "grep "]) || line.starts_with("echo ") || line.starts_with("printf ");
    is_program && has(&["\"", "'", "`", "/"]) && !has(RUNS)
        || found.file.language == Language::Shell && is_asked
}

/// Returns whether a sentence says that something must not go on for ever.
fn is_forbidden(found: &Match<'_>) -> bool {
    const FORBIDDING: &[&str] = &[
        "do not",
        "don't",
        "never",
        "avoid",
        "must not",
        "cannot",
        "can't",
        "prevent",
        "instead of",
        "rather than",
        "not to",
        "should not",
    ];
    const TELLING: &[&str] =
        &["never stop", "do not stop", "don't stop", "do not ever stop", "never finish", "never terminate"];
    let text = found.text;
    let before = found.around.find(text).map_or("", |at| &found.around[..at]);
    let tail: String = before.chars().rev().take(40).collect::<Vec<_>>().into_iter().rev().collect();
    let is_told =
        found.pattern.id == "endless-agent-copies" || TELLING.iter().any(|start| text.starts_with(start));
    FORBIDDING.iter().any(|word| tail.contains(word) || text.starts_with(word) && !is_told)
}

/// Returns whether the paragraph says when to stop.
fn names_a_stop(found: &Match<'_>) -> bool {
    ["max ", "maximum", "at most", "limit of", "limit to", "timeout", "ctrl", "until done", "until all"]
        .iter()
        .any(|word| found.around.contains(word))
}
