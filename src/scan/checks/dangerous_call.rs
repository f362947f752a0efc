//! Check `dangerous-call`.

use super::super::finding::{Findings, Hit};
use super::super::language::Language;
use super::super::pattern::Match;
use super::super::subject::{ScannedFile, Subject};
use super::super::taint::{Flow, Origin, Value, split_arguments};
use super::Check;
use crate::model::{Confidence, Severity};

pub(super) static CHECK: Check = Check {
    id: "dangerous-call",
    summary: "Text becomes code, a command, SQL, an object or a path without a check in between.",
    docs: "\
A tool is called by a model, and a model does what a web page or a mail tells it. So an argument of a tool
is a text of a stranger. Where such a text reaches a shell, `eval`, SQL, a loader of objects or the file
system, the stranger runs what he likes on the machine of whoever installed the package.

The check follows values through a function of Python or JavaScript: parameters, simple assignments, texts
that are put together. It does not run anything and does not look into other files.

| what reaches the call | severity |
|---|---|
| an argument of a tool or a request, into a shell, `eval`, SQL text or an unsafe loader | high |
| a path of a tool that is joined to a folder in a file that compares paths nowhere | high |
| a raw address or path of a tool, a raw query that a tool hands to a database | medium |
| a parameter of some other function | medium |
| another computed value | low |
| a fixed text, a list of arguments to a fixed program, values passed as parameters of a query | no finding |

Numbers, quoted values (`shlex.quote`, `escapeshellarg`) and paths that the function compares with a folder
are not taken for dangerous. Other languages are judged line by line.

```text
error: dangerous-call: a text is given to a shell; it holds an argument of a tool
  --> server.py:14:5
```

Give the program a list of arguments, the query its parameters, and parse data as data. Where a tool must run
what it is told, say so in its description and in the permissions of the package.
",
    run,
};

/// Marks of a function that compares a path or an address with what is allowed.
const GUARDS: &[&str] = &[
    "is_relative_to",
    "relative_to(",
    "commonpath",
    "commonprefix",
    "realpath",
    "startswith(",
    "startsWith(",
    "path.relative(",
    "safe_join",
    "validate",
    "Validate",
    "allowed",
    "Allowed",
    "ALLOWED",
    "whitelist",
    "allowlist",
    "sanitize",
    "is_safe",
    "isSafe",
    "resolve_path",
    "resolvePath",
    "safePath",
    "safe_path",
    "urlparse",
    "new URL(",
    "netloc",
    "hostname",
    "_path_ok",
    "isPathWithin",
    "ensure",
];

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for file in &subject.files {
        let matches = subject.matches_in(CHECK.id, file);
        if matches.is_empty() {
            continue;
        }
        let is_followed =
            matches!(file.language, Language::Python | Language::JavaScript | Language::TypeScript);
        let flow = (is_followed
            && matches.iter().any(|found| found.pattern.id.starts_with("flow-") || is_alias(found)))
        .then(|| {
            subject.count_work(2 * file.str().len());
            Flow::of(file)
        });
        for found in matches {
            match &flow {
                Some(flow) if found.pattern.id.starts_with("flow-") => {
                    if let Some(hit) = followed(flow, file, &found) {
                        findings.add(hit);
                    }
                }
                Some(flow) if is_alias(&found) => {
                    subject.count_work(file.str().len());
                    for call in calls_of_alias(file, &found) {
                        if let Some(hit) = followed(flow, file, &call) {
                            findings.add(hit);
                        }
                    }
                }
                _ if !is_comment(&found) => findings.add(plain(file, &found)),
                _ => {}
            }
        }
    }
}

/// Most calls of one function that are looked at.
const MOST_CALLS: usize = 50;

/// Returns whether a match gives a function that runs commands another name.
fn is_alias(found: &Match<'_>) -> bool {
    found.pattern.id.starts_with("alias-")
}

/// Finds the calls of a function that was given another name.
fn calls_of_alias<'a>(file: &'a ScannedFile, found: &Match<'a>) -> Vec<Match<'a>> {
    let named = |text: &'a str| text.rsplit(|c: char| !is_name(c)).find(|word| !word.is_empty());
    let name = if found.group.len() < found.text.len() {
        Some(found.group)
    } else if found.pattern.id == "alias-python" {
        named(found.text)
    } else {
        found.text.split(|c: char| !is_name(c)).filter(|word| !word.is_empty() && *word != "as").nth(1)
    };
    let Some(name) = name.filter(|name| *name != "exec" && *name != "execSync") else { return Vec::new() };
    let places = calls(file.str(), name).filter(|at| *at > found.at);
    let call = |at: usize| {
        let text = &file.str()[at..=at + name.len()];
        Match { at, start: at, text, group: text, ..found.clone() }
    };
    places.map(call).collect()
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$'
}

/// Returns where a function is called by its name.
fn calls<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    let is_call = move |at: &usize| {
        let before = &text[..*at];
        text[at + name.len()..].starts_with('(')
            && !before.ends_with(is_name)
            && !before.ends_with("def ")
            && !before.ends_with("function ")
    };
    text.match_indices(name).map(|(at, _)| at).filter(is_call).take(MOST_CALLS)
}

/// Judges a function that executes what it is given: by the SQL that its callers put together.
fn passed_sql(
    flow: &Flow<'_>,
    file: &ScannedFile,
    found: &Match<'_>,
    first: &str,
    value: Value,
) -> Option<Severity> {
    if value.is_sql || value.origin < Origin::Parameter || !first.chars().all(is_name) {
        return None;
    }
    let header = flow.function(found.at).lines().next()?;
    let after = ["def ", "function ", "const ", "async "].iter().find_map(|word| header.split(word).nth(1));
    let name = after.unwrap_or(header.trim_start()).split(|c: char| !is_name(c)).next()?;
    if name.is_empty() {
        return None;
    }
    calls(file.str(), name)
        .filter_map(|at| {
            let passed = flow.value_at(at, split_arguments(flow.bracketed(at + name.len())).first()?);
            match passed.built {
                Origin::Input if passed.is_sql => Some(Severity::High),
                Origin::Parameter if passed.is_sql => Some(Severity::Medium),
                _ => None,
            }
        })
        .max()
}

/// Judges a match that says all there is to say.
fn plain<'a>(file: &'a ScannedFile, found: &Match<'a>) -> Hit<'a> {
    const REQUESTS: &[&str] =
        &["CallToolRequest", "mcp.", "http.Request", "gin.Context", "fiber.Ctx", "echo.Context"];
    let is_server = REQUESTS.iter().any(|mark| file.str().contains(mark));
    match found.pattern.id.as_str() {
        "plain-powershell-run" if is_asked(file.str()) => Hit::of(found).severity(Severity::High),
        "plain-go-shell-variable" if is_server => Hit::of(found).severity(Severity::High),
        _ => Hit::of(found),
    }
}

/// Returns whether a script of PowerShell answers requests.
fn is_asked(text: &str) -> bool {
    ["jsonrpc", "[Console]::In", "HttpListener", "tools/call"].iter().any(|mark| text.contains(mark))
}

fn is_comment(found: &Match<'_>) -> bool {
    let line = found.file.text.as_ref().map_or("", |text| text.line(text.position(found.at).0)).trim_start();
    line.starts_with("//") || line.starts_with('#') || line.starts_with('*') || line.starts_with("--")
}

/// Judges a call by what is passed to it.
fn followed<'a>(flow: &Flow<'a>, file: &'a ScannedFile, found: &Match<'a>) -> Option<Hit<'a>> {
    if is_comment(found) {
        return None;
    }
    let open = found.at + found.text.rfind('(')?;
    let inside = flow.bracketed(open);
    if is_definition(file, open + inside.len() + 2) {
        return None;
    }
    let arguments = split_arguments(inside);
    let first = arguments.first().map(|first| first.trim())?;
    let value = flow.value_at(found.at, first);
    let severity = match found.pattern.id.as_str() {
        "flow-python-eval" | "flow-js-eval" => evaluated(flow, found, first, inside),
        "flow-python-shell" => given_to_a_shell(value, first),
        "flow-js-shell" => is_child_process(file).then(|| given_to_a_shell(value, first)).flatten(),
        "flow-python-spawn" | "flow-js-spawn" => spawned(flow, found, &arguments, inside),
        "alias-python" | "alias-python-partial" | "alias-js" => given_to_a_shell(value, first),
        "flow-sql" => queried(value, found).max(passed_sql(flow, file, found, first, value)),
        "flow-load" => loaded(value.origin, found),
        "flow-yaml" => Some(by_origin(value.origin, Severity::High, Severity::Medium, Severity::Medium)),
        "flow-torch" => Some(Severity::Low),
        "flow-template" | "flow-import" => match value.origin {
            Origin::Input => Some(found.pattern.severity),
            Origin::Parameter if found.pattern.id == "flow-template" => Some(Severity::Low),
            _ => None,
        },
        "flow-fetch" => fetched(flow, found, first, value, inside),
        "flow-path" => {
            let is_open = value.origin == Origin::Input && !is_guarded(flow, found.at);
            let is_below = ["path.join(", "joinpath("].iter().any(|call| file.str().contains(call));
            let is_never_checked = GUARDS.iter().all(|guard| !file.str().contains(guard));
            let grave = is_below && is_never_checked;
            is_open.then_some(if grave { Severity::High } else { Severity::Medium })
        }
        _ => None,
    }?;
    let source = match value.origin.max(value.built) {
        Origin::Input => "; it holds an argument of a tool or a request",
        Origin::Parameter => "; it holds a parameter of the function",
        _ => "",
    };
    let confidence = if value.origin == Origin::Input { Confidence::Likely } else { Confidence::Unsure };
    let message = format!("{}{source}", found.pattern.message);
    let excerpt: String = [found.text.trim(), inside].concat();
    let hit = Hit::in_file(file, Some(found.at), severity, confidence, message)
        .pattern(found.pattern.id.as_str())
        .excerpt(&excerpt);
    Some(match &found.pattern.help {
        Some(help) => hit.help(help.as_str()),
        None => hit,
    })
}

/// Returns whether what ends here is the header of a method and no call.
fn is_definition(file: &ScannedFile, end: usize) -> bool {
    let rest = file.str().get(end..).unwrap_or_default().trim_start();
    file.language != Language::Python
        && (rest.starts_with('{')
            || rest.starts_with(": ")
            || file.path.as_str().ends_with(".d.ts")
            || file.path.as_str().ends_with(".d.mts"))
}

fn by_origin(origin: Origin, input: Severity, parameter: Severity, other: Severity) -> Severity {
    match origin {
        Origin::Input => input,
        Origin::Parameter => parameter,
        Origin::Local | Origin::Constant => other,
    }
}

fn is_guarded(flow: &Flow<'_>, at: usize) -> bool {
    let function = flow.function(at);
    GUARDS.iter().any(|guard| function.contains(guard))
}

fn evaluated(flow: &Flow<'_>, found: &Match<'_>, first: &str, inside: &str) -> Option<Severity> {
    // The body of a function is its last argument; `compile(x, …)` is what it compiles.
    let is_function = found.text.contains("unction");
    let judged = if is_function { inside } else { first };
    let judged = judged.strip_prefix("compile(").unwrap_or(judged);
    match flow.value_at(found.at, judged).origin {
        Origin::Input => Some(Severity::High),
        Origin::Parameter => Some(Severity::Medium),
        Origin::Local => Some(Severity::Low),
        Origin::Constant => None,
    }
}

fn given_to_a_shell(value: Value, first: &str) -> Option<Severity> {
    match value.origin {
        Origin::Input => Some(Severity::High),
        Origin::Parameter => Some(Severity::Medium),
        Origin::Local if value.built == Origin::Local => Some(Severity::Low),
        Origin::Local => (!first.starts_with(['"', '\''])).then_some(Severity::Low),
        Origin::Constant => None,
    }
}

fn is_child_process(file: &ScannedFile) -> bool {
    ["child_process", "shelljs", "execa", "promisify", "node-ssh", "ssh2"]
        .iter()
        .any(|mark| file.str().contains(mark))
}

/// Judges a program that is started with a list or with a text.
fn spawned(flow: &Flow<'_>, found: &Match<'_>, arguments: &[&str], inside: &str) -> Option<Severity> {
    let first = arguments.first()?.trim();
    let has_shell =
        ["shell=True", "shell = True", "shell: true", "shell:true"].iter().any(|mark| inside.contains(mark));
    let shells = [
        "\"sh\"",
        "'sh'",
        "\"bash\"",
        "'bash'",
        "\"/bin/sh\"",
        "'/bin/sh'",
        "\"/bin/bash\"",
        "'/bin/bash'",
        "\"cmd\"",
        "'cmd'",
        "\"cmd.exe\"",
        "\"powershell\"",
        "'powershell'",
        "'zsh'",
        "\"zsh\"",
    ];
    let is_shell = shells.iter().any(|shell| first.trim_start_matches('[').trim_start().starts_with(shell))
        && ["-c\"", "-c'", "-lc\"", "-lc'", "/c\"", "/c'", "/C\"", "-Command\"", "-Command'"]
            .iter()
            .any(|flag| inside.contains(flag));
    if has_shell || is_shell {
        let judged = if is_shell { inside } else { first };
        let before_options = judged.split("env=").next().unwrap_or(judged);
        return given_to_a_shell(flow.value_at(found.at, before_options), first);
    }
    // The program itself, not its arguments, is named from outside.
    let is_list = first.starts_with('[');
    let program =
        if is_list { split_arguments(&first[1..]).first().copied().unwrap_or_default() } else { first };
    let origin = flow.value_at(found.at, program).origin;
    let is_whole = !is_list && found.pattern.id == "flow-python-spawn";
    match origin {
        Origin::Input
            if is_whole
                && (first.contains("split(") || is_command(first) && !is_list_of(flow, found.at, first)) =>
        {
            Some(Severity::High)
        }
        Origin::Input => Some(Severity::Low),
        _ => None,
    }
}

/// Returns whether the function makes a list of arguments under this name.
fn is_list_of(flow: &Flow<'_>, at: usize, name: &str) -> bool {
    let function = flow.function(at);
    [" = [", ": list[str] = [", "=["].iter().any(|start| function.contains(&[name, start].concat()))
}

fn is_command(name: &str) -> bool {
    ["command", "cmd", "command_line", "cmdline"].contains(&name)
}

/// Judges text that is executed as SQL.
fn queried(value: Value, found: &Match<'_>) -> Option<Severity> {
    if value.is_sql {
        return match value.built {
            Origin::Input => Some(Severity::High),
            Origin::Parameter => Some(Severity::Medium),
            Origin::Local => Some(Severity::Low),
            Origin::Constant => None,
        };
    }
    let is_plain =
        ["execute(", "query(", "Unsafe(", "executescript("].iter().any(|call| found.text.ends_with(call));
    (is_plain && value.origin == Origin::Input && found.text.starts_with('.')).then_some(Severity::Low)
}

fn loaded(origin: Origin, found: &Match<'_>) -> Option<Severity> {
    if found.text.contains("unserialize") && origin < Origin::Parameter {
        return Some(Severity::Low);
    }
    Some(by_origin(origin, Severity::High, Severity::Medium, Severity::Low))
}

/// Judges an address that is fetched: worse where the request carries a secret of the server.
fn fetched(flow: &Flow<'_>, found: &Match<'_>, first: &str, value: Value, inside: &str) -> Option<Severity> {
    let is_raw = value.origin == Origin::Input
        && value.built == Origin::Constant
        && !first.starts_with(['"', '\'', '`', '{']);
    if !is_raw || is_guarded(flow, found.at) {
        return None;
    }
    let has_secret = ["process.env.", "os.environ", "getenv("].iter().any(|mark| inside.contains(mark))
        && ["uthorization", "oken", "ookie", "eaders"].iter().any(|mark| inside.contains(mark));
    Some(if has_secret { Severity::High } else { Severity::Low })
}
