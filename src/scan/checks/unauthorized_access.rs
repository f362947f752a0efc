//! Check `unauthorized-access`.

use super::super::address::{Host, worst};
use super::super::command;
use super::super::finding::{Findings, Hit};
use super::super::language::{Language, Role};
use super::super::pattern::Match;
use super::super::subject::{ScannedFile, Subject};
use super::Check;
use crate::model::{Confidence, Severity};
use std::collections::BTreeSet;

pub(super) static CHECK: Check = Check {
    id: "unauthorized-access",
    summary: "Code reads what belongs to the user's account, sends it away, or settles in the machine.",
    docs: "\
A package that needs a key of a service asks for it by name. Code that opens `~/.ssh`, the credentials of a
cloud, the passwords of a browser or a wallet, or that takes the whole environment, reads what nobody gave it.
Reading alone has innocent reasons; reading and sending in one program has hardly any.

| what is found | severity |
|---|---|
| a shell handed to another machine in one command | critical |
| private keys or passwords read and sent to a raw address, a request bin, a paste site or a chat webhook | critical |
| credentials or the whole environment read, and something sent, in the same code | high |
| a shell on a socket, a way in from outside, a key added to the account, protections switched off | high |
| start files, schedules or hooks changed; worse where the added line fetches or decodes | medium, high |
| credentials of several other programs collected by one short program | high |
| credentials of one other program read in code | medium, low where only one place names them |
| keys, clipboard or screen recorded; high together with sending | medium, low |

In Markdown only commands count, and reading and sending must stand together. A named variable
(`os.environ[\"STRIPE_KEY\"]`), the package's own `.env` and public keys are no findings. Sentences that make a
model do the same belong to `data-exfiltration`.

```text
error: unauthorized-access: private keys of the user are read, and something is sent to a raw IP address
  --> lib/report.py:9:12
```

Read only what the package was given, and let the SDK of a service find its own credentials.
",
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for file in subject.files.iter().filter(|file| file.role != Role::License) {
        let matches: Vec<Match<'_>> =
            subject.matches_in(CHECK.id, file).into_iter().filter(|found| !is_comment(found)).collect();
        for found in &matches {
            if let Some(hit) = alone(file, found, &matches) {
                findings.add(hit);
            }
        }
        let is_page = is_page(file);
        let reads: Vec<&Match<'_>> = matches
            .iter()
            .filter(|found| is_kind(found, &["read-", "harvest-", "watch-"]))
            .filter(|found| !is_page || is_command(found))
            .collect();
        let sends: Vec<&Match<'_>> = matches.iter().filter(|found| is_kind(found, &["send-"])).collect();
        if let Some(hit) = collected(file, &reads) {
            findings.add(hit);
        }
        if let Some(hit) = together(file, &reads, &sends) {
            findings.add(hit);
        }
    }
}

fn is_kind(found: &Match<'_>, kinds: &[&str]) -> bool {
    kinds.iter().any(|kind| found.pattern.id.starts_with(kind))
}

/// A longer file holds many programs, and what is far apart in it has nothing in common.
const MOST_PROGRAM: usize = 64 << 10;
/// A longer line is generated, and words in it are far from each other.
const LONG_LINE: usize = 2_000;
/// Most readings, and most sendings, of one file that are held against each other.
const MOST_PAIRED: usize = 400;
/// So many files with credentials belong to no single program.
const MANY_PLACES: usize = 4;
/// How far apart reading and sending may be in such a file, in bytes.
const REACH: usize = 3_000;

/// Returns whether a match stands in a comment of code, where nothing runs.
fn is_comment(found: &Match<'_>) -> bool {
    let file = found.file;
    if !file.language.is_code() {
        return false;
    }
    let line = file.text.as_ref().map_or("", |text| text.line(text.position(found.at).0)).trim_start();
    line.starts_with("//") || line.starts_with("* ") || line.starts_with('#') && !line.starts_with("#!")
}

fn is_page(file: &ScannedFile) -> bool {
    matches!(file.language, Language::Markdown | Language::Text | Language::Html)
}

/// Returns whether the line of a page is a command or code, not a sentence.
fn is_command(found: &Match<'_>) -> bool {
    const READING: &[&str] = &[
        "cat ",
        "cp ",
        "tar ",
        "zip ",
        "base64 ",
        "head ",
        "open(",
        "read_text",
        "readFile",
        "@~",
        "@$HOME",
        "< ~",
        "$(",
        "env |",
        "printenv",
        "security ",
        "os.environ",
        "process.env",
        "find ~",
        "xargs",
        "copy(",
        "token",
    ];
    READING.iter().any(|call| found.around.contains(call))
}

/// Judges a match for itself.
fn alone<'a>(file: &'a ScannedFile, found: &Match<'a>, all: &[Match<'a>]) -> Option<Hit<'a>> {
    let hit = Hit::of(found);
    let is_page = is_page(file);
    match found.pattern.id.as_str() {
        id if id.starts_with("send-") => None,
        "harvest-environment" | "harvest-named" | "read-dotenv" | "read-key-files" | "watch-screen" => None,
        "read-password-manager" if found.text.contains("xargs") || found.text.contains("while") => {
            Some(hit.severity(Severity::High))
        }
        "read-metadata" if file.role == Role::Code && is_script(file) && names_a_token(found.text) => {
            Some(hit.severity(Severity::High))
        }
        "read-system" if file.role == Role::Code && is_of_every_process(found.text) => {
            Some(hit.severity(Severity::High))
        }
        "watch-keys" if file.role == Role::Code && records(file, all) => Some(hit.severity(Severity::High)),
        "agent-permissions" if file.role == Role::Code && file.language.is_code() => {
            Some(hit.severity(Severity::High))
        }
        "read-metadata" => (!is_page).then(|| hit.severity(Severity::Low)),
        id if id.starts_with("read-") => {
            let is_grave =
                matches!(id, "read-browser" | "read-keychain" | "read-wallet") && file.role == Role::Code;
            let reads = file.role == Role::Code
                && ["open(", "read", "copy", "cat ", "Path", "glob", "tar "]
                    .iter()
                    .any(|call| found.around.contains(call));
            let severity = match (is_grave, reads) {
                (true, _) if is_decrypting(file) => Severity::High,
                (true, _) | (_, true) => Severity::Medium,
                _ => Severity::Low,
            };
            let is_shown = id == "read-password-manager" || id == "read-keychain" && is_command(found);
            match is_page {
                true if is_shown => Some(hit),
                true => None,
                false => Some(hit.severity(severity)),
            }
        }
        "shell-dev-tcp" | "shell-dev-tcp-loop" if file.role == Role::Document => {
            Some(hit.severity(Severity::Medium))
        }
        "shell-dev-tcp" | "shell-dev-tcp-loop" if is_page => Some(hit.severity(Severity::High)),
        "steal-in-one-command" if file.role == Role::Document => Some(hit.severity(Severity::Medium)),
        "shell-socket" if found.text.starts_with("os.dup2") => {
            let has_shell = ["socket", "/bin/sh", "bash", "pty"]
                .iter()
                .filter(|mark| file.str().contains(**mark))
                .count()
                > 1;
            has_shell.then_some(hit)
        }
        id if (id.starts_with("persist-") || id == "skim-form") && found.around.len() > LONG_LINE => None,
        "persist-shell" | "persist-schedule" | "persist-hooks" => {
            let line = found.around.lines().next().unwrap_or_default();
            let fault = command::judge(line).is_some_and(|fault| fault.severity >= Severity::High)
                || worst(found.around).is_some_and(Host::is_doubtful)
                || found.text.contains("alias s") && found.text.contains("read ")
                || file.role == Role::Code && is_hidden(file, line, all);
            let severity = match (fault, is_page) {
                (true, _) => Severity::High,
                (false, false) => found.pattern.severity,
                (false, true) if found.pattern.id == "persist-shell" => return None,
                (false, true) => Severity::Low,
            };
            Some(hit.severity(severity))
        }
        "disable-defence" | "escape-sandbox" | "open-permissions" if is_page => {
            (found.pattern.severity > Severity::Low).then(|| hit.severity(Severity::Low))
        }
        _ => Some(hit),
    }
}

/// Returns whether a file is of a language that is run as it stands; libraries of
/// clouds are mostly written in others.
fn is_script(file: &ScannedFile) -> bool {
    matches!(
        file.language,
        Language::Python
            | Language::JavaScript
            | Language::TypeScript
            | Language::Shell
            | Language::PowerShell
            | Language::Ruby
    )
}

/// Returns whether an address of the metadata of a cloud leads to credentials.
fn names_a_token(text: &str) -> bool {
    ["security-credentials", "identity-credentials", "oauth2/token", "default/token", "v2/credentials"]
        .iter()
        .any(|mark| text.contains(mark))
}

fn is_of_every_process(text: &str) -> bool {
    text.contains("/proc/*/environ") || text.contains("/proc/[0-9]")
}

/// Returns whether keys are recorded with the screen or the clipboard, or written to a file.
fn records(file: &ScannedFile, all: &[Match<'_>]) -> bool {
    let writes = ["\"a\")", "'a')", "\"ab\")", "appendFile", "Add-Content", "O_APPEND"];
    all.iter().any(|found| is_kind(found, &["watch-screen", "send-"]))
        || writes.iter().any(|call| file.str().contains(call))
}

/// Returns whether what starts again keeps out of sight: without a window, or
/// without output and in several places at once.
fn is_hidden(file: &ScannedFile, line: &str, all: &[Match<'_>]) -> bool {
    const HIDING: &[&str] = &["-w hidden", "-windowstyle hidden", "-ep bypass", "-executionpolicy bypass"];
    let lower = line.to_ascii_lowercase();
    let places = ["persist-shell", "persist-schedule", "persist-hooks", "persist-keys"];
    let count = places.iter().filter(|id| all.iter().any(|found| found.pattern.id == **id)).count();
    let is_silent =
        [">/dev/null 2>&1", "&>/dev/null", "> /dev/null 2>&1"].iter().any(|mark| lower.contains(mark));
    HIDING.iter().any(|mark| lower.contains(mark))
        || count >= 2 && is_silent && file.str().len() <= MOST_PROGRAM
}

/// Returns whether the passwords that are read are also opened.
fn is_decrypting(file: &ScannedFile) -> bool {
    [
        "CryptUnprotectData",
        "password_value",
        "encrypted_value",
        "os_crypt",
        "dump-keychain",
        "decrypt",
        "{24}\\.",
    ]
    .iter()
    .any(|mark| file.str().contains(mark))
}

/// Finds a short program that reads the credentials of several other programs.
fn collected<'a>(file: &'a ScannedFile, reads: &[&Match<'a>]) -> Option<Hit<'a>> {
    const STORES: &[&str] = &[
        "read-private-key",
        "read-cloud",
        "read-agent",
        "read-browser",
        "read-wallet",
        "read-keychain",
        "read-system",
        "read-password-manager",
    ];
    let is_program = file.role == Role::Code && file.str().len() <= MOST_PROGRAM;
    let opens = [
        "open(",
        "read_text",
        "read_bytes",
        "readFile",
        "copyfile",
        "copy(",
        "cat ",
        "tar ",
        "cp ",
        "os.ReadFile",
        "fs::read",
        "cpSync(",
        "fs.cp(",
        "tarfile.",
        "zipfile.",
        "ReadAllBytes",
        "Get-Content",
        "Copy-Item",
    ];
    let near = |one: &Match<'_>, other: &Match<'_>| one.at.abs_diff(other.at) <= 600;
    let kinds = |lead: &Match<'_>| {
        let close = reads.iter().filter(|read| near(lead, read)).map(|read| read.pattern.id.as_str());
        STORES.iter().filter(|store| close.clone().any(|id| id == **store)).count()
    };
    let of_many = |lead: &Match<'_>| {
        let close = reads.iter().take(MOST_PAIRED).filter(|read| near(lead, read));
        let places = close.filter(|read| is_kind(read, &["read-cloud", "read-wallet", "read-browser"]));
        places.map(|read| read.text.to_ascii_lowercase()).collect::<BTreeSet<_>>().len() >= MANY_PLACES
    };
    let lead = reads.iter().take(MOST_PAIRED).find(|read| kinds(read) >= 2 || of_many(read))?;
    let is_reading = is_program && opens.iter().any(|call| file.str().contains(call));
    is_reading.then(|| {
        let message = "the credentials of several other programs are collected";
        Hit::in_file(file, Some(lead.at), Severity::High, Confidence::Likely, message)
            .pattern("several-stores")
            .excerpt(lead.text)
            .help("read only what the package was given")
    })
}

/// Finds reading and sending in one program, or in one command of a page.
fn together<'a>(file: &'a ScannedFile, reads: &[&Match<'a>], sends: &[&Match<'a>]) -> Option<Hit<'a>> {
    let line = |found: &Match<'_>| file.text.as_ref().map_or(0, |text| text.position(found.at).0);
    let is_small = file.str().len() <= MOST_PROGRAM;
    let reach = if file.role == Role::Code { u32::MAX } else { 3 };
    let words = || file.str().split_whitespace().filter(|word| word.contains("://"));
    let named = if is_small { words().filter_map(worst).max() } else { None };
    let sends: Vec<(&Match<'a>, u32, Option<Host>)> =
        sends.iter().take(MOST_PAIRED).map(|send| (*send, line(send), worst(send.around))).collect();
    let mut gravest: Option<(Severity, Hit<'a>)> = None;
    for read in reads.iter().take(MOST_PAIRED) {
        let at = line(read);
        let close = sends.iter().filter(|(_, line, _)| line.abs_diff(at) <= reach);
        let partner = close.min_by_key(|(_, line, host)| {
            (is_small && host.is_none_or(|host| host < Host::Paste), line.abs_diff(at))
        });
        let Some((send, _, sent_to)) = partner else { continue };
        let (severity, host) = gravity(file, read, send, *sent_to, named);
        let Some(severity) = severity else { continue };
        if gravest.as_ref().is_some_and(|(known, _)| *known >= severity) {
            continue;
        }
        let place = host.map_or_else(String::new, |host| format!(" to {}", host.words()));
        let message = format!("{}, and something is sent{place} in the same code", read.pattern.message);
        let hit = Hit::in_file(file, Some(read.at), severity, Confidence::Likely, message)
            .pattern(read.pattern.id.as_str())
            .excerpt(read.text)
            .help("read only what the package was given, and say where it sends what");
        gravest = Some((severity, hit));
    }
    gravest.map(|(_, hit)| hit)
}

/// Says how bad a reading and a sending are together.
fn gravity(
    file: &ScannedFile,
    read: &Match<'_>,
    send: &Match<'_>,
    sent_to: Option<Host>,
    named: Option<Host>,
) -> (Option<Severity>, Option<Host>) {
    let is_whole_file = file.role == Role::Code;
    let is_small = file.str().len() <= MOST_PROGRAM;
    if is_whole_file && !is_small && send.at.abs_diff(read.at) > REACH {
        return (None, None);
    }
    let host = if is_whole_file { sent_to.max(named) } else { sent_to };
    let is_drop = host.is_some_and(|host| matches!(host, Host::Sink | Host::Address | Host::Paste))
        && (host == sent_to || is_near(file, read, send));
    let is_doubtful = host.is_some_and(|host| host > Host::Plain);
    let id = read.pattern.id.as_str();
    let severity = match id {
        "read-private-key" | "read-browser" | "read-wallet" | "read-keychain" if is_drop && is_whole_file => {
            Some(Severity::Critical)
        }
        "harvest-named" => named_keys(file, read, send),
        "read-key-files" if !is_doubtful && !is_near(file, read, send) => None,
        "harvest-environment" => harvested(file, read, send, is_doubtful),
        "read-dotenv" | "watch-screen" if is_doubtful => Some(Severity::High),
        "read-dotenv" | "watch-screen" => None,
        "read-metadata" if !is_doubtful => None,
        "read-cloud" | "read-agent" | "read-system"
            if !is_doubtful && is_whole_file && !is_near(file, read, send) =>
        {
            None
        }
        "read-private-key" if !is_doubtful && !reads_keys(read) => None,
        "read-wallet" if !is_doubtful => Some(Severity::Medium),
        _ => Some(Severity::High),
    };
    (severity, host)
}

/// Returns whether the keys themselves are read, not only a folder named.
fn reads_keys(read: &Match<'_>) -> bool {
    if read.text.contains("config") || read.text.contains("gnupg") {
        return false;
    }
    const READING: &[&str] = &[
        "read", "open(", "glob", "listdir", "walk", "cat ", "tar ", "copytree", "iterdir", "cp ", "zip",
        "scandir",
    ];
    read.text.contains("id_")
        || read.text.contains('*')
        || READING.iter().any(|call| read.around.contains(call))
}

/// Returns whether two matches stand in what is about one function.
fn is_near(file: &ScannedFile, one: &Match<'_>, other: &Match<'_>) -> bool {
    let line = |found: &Match<'_>| file.text.as_ref().map_or(0, |text| text.position(found.at).0);
    line(one).abs_diff(line(other)) <= 40
}

/// Judges keys that are named: those of one service go to that service, those of
/// several to one host belong to nobody there.
fn named_keys(file: &ScannedFile, read: &Match<'_>, send: &Match<'_>) -> Option<Severity> {
    const SERVICES: &[&str] = &[
        "AWS_SE",
        "GITHUB_TOKEN",
        "NPM_TOKEN",
        "OPENAI_API_KEY",
        "ANTHROPIC_API_KEY",
        "STRIPE_SECRET",
        "HF_TOKEN",
        "DATABASE_URL",
    ];
    let is_dropped = worst(send.around).is_some_and(|host| host >= Host::Paste);
    let has_fields =
        ["json=", "data=", "body", "files=", "-d ", "--data"].iter().any(|mark| send.around.contains(mark));
    let count = SERVICES.iter().filter(|service| send.around.contains(**service)).count();
    let is_close = send.at.abs_diff(read.at) <= 400 && file.str().len() <= MOST_PROGRAM;
    (count >= 2 && has_fields || is_dropped && is_close).then_some(Severity::High)
}

/// Judges a copy of the environment: most go to a program that is started, few into a request.
fn harvested(file: &ScannedFile, read: &Match<'_>, send: &Match<'_>, is_doubtful: bool) -> Option<Severity> {
    let serialises = [
        "stringify",
        "dumps",
        "items()",
        "entries",
        "str(",
        "repr(",
        "base64",
        "env |",
        "printenv",
        "environ()",
        "Environ()",
    ];
    let is_serialised = serialises.iter().any(|mark| read.text.contains(mark) || read.around.contains(mark))
        || read.text.contains(':') && !read.text.contains("env:") && !read.text.contains("env :");
    let line = |found: &Match<'_>| file.text.as_ref().map_or(0, |text| text.position(found.at).0);
    let is_near = line(read).abs_diff(line(send)) <= 30;
    let starts = |text: &str| {
        [
            "spawn",
            "exec(",
            "execFile",
            "execSync",
            "subprocess",
            "Popen",
            "fork(",
            "env=",
            "Env = ",
            "exec.Command",
        ]
        .iter()
        .any(|mark| text.contains(mark))
    };
    let is_serialised = is_serialised
        || read.text.starts_with("dict(")
            && ["json=", "data=", "dumps"].iter().any(|mark| read.around.contains(mark));
    let is_field = read.text.contains(':') && !read.around.contains("stringify");
    let for_child = starts(read.around) || is_field && starts(file.str());
    match (is_serialised && !for_child, is_doubtful, is_near) {
        (true, _, true) | (true, true, _) => Some(Severity::High),
        (true, false, false) => Some(Severity::Medium),
        (false, true, true) if !for_child => Some(Severity::Medium),
        _ => None,
    }
}
