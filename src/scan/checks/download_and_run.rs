//! Check `download-and-run`.

use super::super::address::{Host, worst};
use super::super::finding::{Findings, Hit};
use super::super::language::{Language, Role};
use super::super::pattern::Match;
use super::super::subject::{ScannedFile, Subject};
use super::Check;
use crate::model::{Confidence, Severity};

pub(super) static CHECK: Check = Check {
    id: "download-and-run",
    summary: "Something from the network is executed that no scan has seen.",
    docs: "\
A scan says something about the bytes of a package. Code that is fetched when the package is installed or used
is not among them: it can be harmless today and something else tomorrow, or for one victim only. So fetching
and running is judged by the address, and by who is told to do it.

| address | in a page for people | in a script, or in instructions that an agent follows |
|---|---|---|
| the installer of a known vendor, over https | low | low |
| another named host, over https | medium | medium, high where the command hides what it does |
| http, a raw IP address, a link shortener, a paste site, a tunnel, a free host name, look-alike letters | high | high |
| decoded on the way, or silenced | high | high |

Seen are downloads piped into an interpreter, substituted into a command, saved and started; PowerShell and
programs of Windows that do the same; code that evaluates what it fetched; packages installed or run from an
address instead of a registry; and sentences that make a person unpack an archive with a password or paste a
command from elsewhere into a terminal.

```text
error: download-and-run: a download is piped into an interpreter, from a raw IP address
  --> SKILL.md:12:1
```

Ship what is needed in the package, or use a package manager with a version and a digest.
",
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for file in &subject.files {
        let matches = subject.matches_in(CHECK.id, file);
        let alone = |found: &&Match<'_>| !found.pattern.id.starts_with("part-") && is_answer(found);
        for found in matches.iter().filter(alone) {
            if let Some(hit) = judged(file, found) {
                findings.add(hit);
            }
        }
        for found in matches.iter().filter(|found| found.pattern.id == "part-chmod-run") {
            if let Some(hit) = saved_and_started(file, found) {
                findings.add(hit);
            }
        }
        if let Some(hit) = fetched_and_started(file, &matches) {
            findings.add(hit);
        }
    }
}

/// Returns whether a command keeps what it does from whoever watches.
fn is_silenced(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    [
        "/dev/null 2>",
        "&>/dev/null",
        "&> /dev/null",
        "2>/dev/null &",
        "-w hidden",
        "-windowstyle hidden",
        "nohup ",
        "base64",
        "> nul 2>",
        ">nul 2>",
    ]
    .iter()
    .any(|mark| lower.contains(mark))
}

/// Judges one match by its address and its reader.
fn judged<'a>(file: &'a ScannedFile, found: &Match<'a>) -> Option<Hit<'a>> {
    let id = found.pattern.id.as_str();
    let hit = Hit::of(found);
    let host = worst(found.text);
    if id.starts_with("prose-") {
        let is_elsewhere = host.is_none_or(|host| host.is_doubtful()) || found.text.contains("github.com/");
        return match id {
            "prose-paste-terminal" if !is_elsewhere || host.is_none() && !found.text.contains("win") => None,
            "prose-binary" if host.is_some_and(Host::is_doubtful) => Some(hit.severity(Severity::High)),
            _ => Some(hit),
        };
    }
    if id == "run-encoded" || id == "run-windows" {
        if id == "run-encoded" && found.text.contains("b64decode(") && file.role != Role::Code {
            return Some(hit.severity(Severity::Medium));
        }
        let is_cached = id == "run-windows" && host.is_none() && !found.text.contains("javascript:");
        return Some(if is_cached { hit.severity(Severity::Medium) } else { hit });
    }
    let is_install = matches!(id, "run-install-url" | "run-index");
    let is_instruction = matches!(file.role, Role::Prompt | Role::Code | Role::Data);
    let is_silenced = is_silenced(found.text);
    let is_answer_of_network = id.starts_with("run-code") || matches!(id, "run-answer" | "run-event");
    let severity = match host {
        Some(host) if host.is_doubtful() => Severity::High,
        Some(Host::Vendor | Host::Local) if is_install => return None,
        Some(Host::Vendor | Host::Local) => Severity::Low,
        Some(_) if is_silenced && !is_install => Severity::High,
        Some(_) if is_answer_of_network && file.role == Role::Code => Severity::High,
        Some(_) if is_install => Severity::Low,
        Some(_) if is_started(file, found) && !is_released(found) && !is_verified(found) => Severity::High,
        Some(_) => Severity::Medium,
        None if is_silenced && is_instruction => Severity::High,
        None if is_answer_of_network => Severity::High,
        None if (file.role == Role::Code || id == "run-package-url") && !is_install => Severity::Medium,
        None => Severity::Low,
    };
    let message = match host {
        Some(host) => format!("{}, from {}", found.pattern.message, host.words()),
        None => found.pattern.message.clone(),
    };
    let confidence = if host.is_none() { Confidence::Unsure } else { found.pattern.confidence };
    let judged =
        Hit::in_file(file, Some(found.at), severity, confidence, message).pattern(id).excerpt(found.text);
    Some(match &found.pattern.help {
        Some(help) => judged.help(help.as_str()),
        None => judged,
    })
}

/// Returns whether the variable that is run holds what came over the network; true
/// of every pattern that is not about one.
fn is_answer(found: &Match<'_>) -> bool {
    if found.pattern.id == "run-event" {
        return is_event_run(found);
    }
    if found.pattern.id != "run-answer" {
        return true;
    }
    let received = [
        ".text()",
        ".json()",
        "recv(",
        ".read()",
        "decode()",
        ".data",
        ".body",
        "receive",
        "fetch(",
        "readline(",
    ];
    found.text.lines().any(|line| {
        let mut words = line.split('=');
        let name = words.next().unwrap_or_default().trim_end();
        let value = words.next().unwrap_or_default();
        name.rsplit([' ', '\t', '{']).next() == Some(found.group)
            && received.iter().any(|call| value.contains(call))
    })
}

/// Returns whether the value of an event of a connection is what is run.
fn is_event_run(found: &Match<'_>) -> bool {
    const CONNECTIONS: &[&str] = &[
        "net.connect",
        "net.Socket",
        "tls.connect",
        "socket.io-client",
        "new WebSocket",
        "createConnection",
    ];
    let is_connected = CONNECTIONS.iter().any(|mark| found.file.str().contains(mark));
    let run = ["exec(", "execSync(", "spawn("].iter().filter_map(|call| found.text.rsplit_once(call)).next();
    let is_it = run.is_some_and(|(_, argument)| {
        argument.strip_prefix(found.group).is_some_and(|rest| rest.starts_with(['.', ',', ')', '[']))
    });
    is_connected && is_it
}

/// Returns whether a command is run by a machine or an agent, and not shown to a person.
fn is_started(file: &ScannedFile, found: &Match<'_>) -> bool {
    let line = file.text.as_ref().map_or("", |text| text.line(text.position(found.at).0));
    let has = |marks: &[&str]| marks.iter().any(|mark| line.contains(mark));
    match file.language {
        Language::Shell | Language::Makefile => !has(&["echo ", "printf ", "log ", "info ", "warn ", "die "]),
        Language::Dockerfile | Language::PowerShell => true,
        language if language.is_code() => {
            has(&["system", "exec", "spawn", "run(", "open(", "call(", "output(", "Command", "shell"])
        }
        _ => file.role == Role::Prompt,
    }
}

/// Returns whether the lines of a download compare what they got.
fn is_verified(found: &Match<'_>) -> bool {
    [
        "sha256sum",
        "sha512sum",
        "shasum",
        "gpg --verify",
        "cosign verify",
        "minisign",
        "Get-FileHash",
        "checksum:",
    ]
    .iter()
    .any(|mark| found.around.contains(mark))
}

/// Returns whether what is saved and started, or run as a package, names a release or a repository.
fn is_released(found: &Match<'_>) -> bool {
    match found.pattern.id.as_str() {
        "run-saved" => ["/releases/download/", "/releases/latest", "storage.googleapis.com", "dl.k8s.io"]
            .iter()
            .any(|mark| found.text.contains(mark)),
        "run-package-url" => found.text.contains("github.com/") || found.text.contains("gitlab.com/"),
        _ => false,
    }
}

/// Returns whether the file that a match saves is what another one starts.
fn is_same_file(fetch: &Match<'_>, start: &Match<'_>) -> bool {
    let line = start.around.lines().next().unwrap_or_default();
    let target = fetch.text.rsplit(',').next().unwrap_or_default();
    let target: &str =
        target.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '/' | '.' | '_' | '-'));
    target.len() >= 3
        && !target.contains("url")
        && fetch.text.contains(',')
        && line
            .split(|c: char| !(c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-')))
            .any(|word| word == target)
}

/// Finds a script that downloads under a name, makes the file executable and starts it under that name.
fn saved_and_started<'a>(file: &'a ScannedFile, found: &Match<'a>) -> Option<Hit<'a>> {
    const CHECKING: &[&str] =
        &["sha256", "sha512", "shasum", "gpg --verify", "cosign", "minisign", "checksum"];
    let text = file.str();
    let has = |marks: &[&str]| marks.iter().any(|mark| text.contains(mark));
    if file.role == Role::Document || !has(&["curl ", "wget "]) || has(CHECKING) {
        return None;
    }
    let target = found.group.trim_end_matches(['"', '\'']);
    let after = found.text.split_once(target)?.1;
    let is_start = |part: &str| {
        let part = part.trim_start().trim_start_matches("sudo ").trim_start();
        let part =
            ["nohup ", "setsid ", "exec "].iter().find_map(|word| part.strip_prefix(word)).unwrap_or(part);
        let part = part.trim_start().trim_start_matches(['"', '\'']);
        part.strip_prefix(target)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '/'))
    };
    let is_started = after.split(['\n', ';', '&']).skip(1).any(is_start);
    let host = text.split_whitespace().filter(|word| word.contains("://")).filter_map(worst).max();
    let severity = match host {
        Some(Host::Vendor | Host::Local) => Severity::Low,
        _ if is_public(file) => Severity::Medium,
        _ => Severity::High,
    };
    let message = "the script downloads a file, makes it executable and starts it";
    is_started.then(|| {
        Hit::in_file(file, Some(found.at), severity, Confidence::Likely, message)
            .pattern("part-chmod-run")
            .excerpt(found.text)
            .help("ship the program in the package, or check a digest that the package holds")
    })
}

/// Finds a program that downloads a file, makes it executable and starts it.
fn fetched_and_started<'a>(file: &'a ScannedFile, matches: &[Match<'a>]) -> Option<Hit<'a>> {
    let one = |id: &str| matches.iter().find(|found| found.pattern.id == id);
    let (fetch, start) = (one("part-fetch-file")?, one("part-run-file")?);
    let is_executable = one("part-make-executable").is_some();
    let is_far = file.str().len() > 64 << 10 && fetch.at.abs_diff(start.at) > 3_000;
    if is_far {
        return None;
    }
    let addresses = || file.str().split_whitespace().filter(|word| word.contains("://"));
    let host = addresses().filter_map(worst).max();
    let is_by_names = ["esolveTxt", "resolve_txt", "LookupTXT"].iter().any(|call| fetch.text.contains(call));
    let is_doubtful = host.is_some_and(Host::is_doubtful) && host != Some(Host::Plain) || is_by_names;
    let is_checked = ["sha256", "hashlib", "checksum", "createHash", "signature"]
        .iter()
        .any(|mark| file.str().contains(mark));
    let starts = matches.iter().filter(|found| found.pattern.id == "part-run-file");
    let is_same = !is_checked && starts.clone().any(|start| is_same_file(fetch, start));
    let severity = match (is_executable, is_doubtful) {
        _ if is_same => Severity::High,
        (true, true) => Severity::High,
        (true, false) if host == Some(Host::Named) && !is_checked && !is_public(file) => Severity::High,
        (true, false) => Severity::Medium,
        (false, true) if near(fetch, start, file) => Severity::High,
        _ => return None,
    };
    let message = "the program downloads a file and starts a program in the same file of code";
    Some(
        Hit::in_file(file, Some(fetch.at), severity, Confidence::Unsure, message)
            .pattern("part-fetch-file")
            .excerpt(fetch.text)
            .help("ship the program in the package, or check a digest that the package holds"),
    )
}

/// Returns whether a file fetches from where programs are published.
fn is_public(file: &ScannedFile) -> bool {
    [
        "/releases/",
        "registry.npmjs.org",
        "storage.googleapis.com",
        "nodejs.org",
        "python.org",
        "pypi.org",
        "api.github.com",
    ]
    .iter()
    .any(|mark| file.str().contains(mark))
}

/// Returns whether two matches stand within a screenful of lines.
fn near(one: &Match<'_>, other: &Match<'_>, file: &ScannedFile) -> bool {
    let line = |at| file.text.as_ref().map_or(0, |text| text.position(at).0);
    line(one.at).abs_diff(line(other.at)) <= 40
}
