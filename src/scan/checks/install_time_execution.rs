//! Check `install-time-execution`.

use super::super::address::{Host, worst};
use super::super::command::{self, Fault};
use super::super::finding::{Findings, Hit};
use super::super::language::Language;
use super::super::pattern::Match;
use super::super::subject::{ScannedFile, Subject};
use super::Check;
use crate::model::{Confidence, Severity};
use serde_json::Value;

pub(super) static CHECK: Check = Check {
    id: "install-time-execution",
    summary: "Something runs when the package is installed, opened, built or imported.",
    docs: "\
Whoever installs a package has not yet decided to run it. Scripts of an installation, hooks of an agent, tasks
of an editor, build scripts and code at the top of a module run all the same, with the rights of the user.

| what runs by itself | severity |
|---|---|
| a command that downloads and runs, decodes, hides itself, or reads the user's files and reaches out | high |
| an installation script that fetches or starts something, through a file of the package too | high, medium |
| `setup.py`, a build backend, `__init__.py`, `conftest.py`, `build.rs`, a Go `init` that start or fetch | medium, high |
| a `.pth` file with an import; a workflow with `pull_request_target` that checks out the stranger's code | high |
| a task that runs when a folder is opened | medium |
| `npx -y` of an unpinned package in a setting of servers | low |
| `tsc`, `node-gyp`, `husky` and the like | no finding |

Looked at are the scripts of `package.json` and `composer.json`, settings of agents and servers (`hooks`,
`mcpServers`) in files and in fenced blocks, `.vscode`, dev containers, git hooks, hooks of templates,
`binding.gyp`, Makefiles and workflows.

```text
error: install-time-execution: `postinstall` runs what it downloads from a raw IP address
  --> package.json
```

Do what is needed in a command that the user calls, and ship what it needs.
",
    run,
};

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    for file in &subject.files {
        if file.language == Language::Json {
            settings(subject, file, findings);
        }
        if is_run_by_itself(file) {
            lines(file, findings);
        }
        for found in subject.matches_in(CHECK.id, file) {
            if let Some(hit) = judged(subject, file, &found) {
                findings.add(hit);
            }
        }
        if let Some(hit) = import_fetches(subject, file) {
            findings.add(hit);
        }
    }
}

/// Scripts that package managers run without being asked.
const LIFECYCLE: &[&str] = &[
    "preinstall",
    "install",
    "postinstall",
    "prepare",
    "preprepare",
    "postprepare",
    "prepublish",
    "dependencies",
    "post-install-cmd",
    "pre-install-cmd",
    "post-update-cmd",
    "post-autoload-dump",
    "post-create-project-cmd",
    "post-package-install",
];

/// Keys of settings whose values run without being asked.
const COMMANDS: &[&str] = &[
    "command",
    "postCreateCommand",
    "postStartCommand",
    "initializeCommand",
    "onCreateCommand",
    "postAttachCommand",
    "updateContentCommand",
    "statusLine",
    "apiKeyHelper",
    "post_install",
    "on_install",
];

/// Judges the commands in a JSON file.
fn settings(subject: &Subject<'_>, file: &ScannedFile, findings: &mut Findings) {
    let text = file.str();
    if !text.contains("cripts\"") && !text.contains("ommand\"") && !text.contains("Helper\"") {
        return;
    }
    let Ok(json) = serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}')) else { return };
    let is_package = matches!(file.path.file_name(), "package.json" | "composer.json");
    if let (true, Some(scripts)) = (is_package, json.get("scripts").and_then(Value::as_object)) {
        for name in LIFECYCLE {
            let Some(script) = scripts.get(*name) else { continue };
            let line = joined(script);
            let called = name.split('-').next().unwrap_or(name);
            if let Some(fault) = script_fault(subject, file, &line, scripts) {
                findings.add(hit(
                    file,
                    text.find(&format!("\"{name}\"")),
                    &fault,
                    &format!("`{name}`"),
                    called,
                    &line,
                ));
            }
        }
    }
    walk(&json, "", 0, &mut |key, command, line| {
        let Some(fault) = setting_fault(key, command, line) else { return };
        let at = text.find(&command.chars().take(12).collect::<String>());
        findings.add(hit(file, at, &fault, &format!("`{key}`"), key, line));
    });
}

fn hit<'a>(
    file: &'a ScannedFile,
    at: Option<usize>,
    fault: &Fault,
    what: &str,
    pattern: &str,
    line: &str,
) -> Hit<'a> {
    Hit::in_file(file, at, fault.severity, Confidence::Likely, format!("{what} {}", fault.what))
        .pattern(pattern.to_lowercase())
        .excerpt(line)
        .help("do what is needed in a command that the user calls")
}

/// Visits every command of a JSON value: key, command, command with arguments.
fn walk(value: &Value, key: &str, depth: usize, visit: &mut dyn FnMut(&str, &str, &str)) {
    if depth > 32 {
        return;
    }
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                if COMMANDS.contains(&name.as_str()) && !inner.is_object() {
                    let command = joined(inner);
                    let arguments = fields.get("args").map(joined).unwrap_or_default();
                    visit(
                        if key.is_empty() || name != "command" { name } else { key },
                        &command,
                        format!("{command} {arguments}").trim(),
                    );
                } else {
                    let scope = if matches!(
                        name.as_str(),
                        "hooks" | "mcpServers" | "servers" | "tasks" | "context_servers"
                    ) {
                        name
                    } else {
                        key
                    };
                    walk(inner, scope, depth + 1, visit);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, key, depth + 1, visit)),
        _ => {}
    }
}

/// Returns a command that is written as a text, a list or a map of texts.
fn joined(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        Value::Object(fields) => fields.values().filter_map(Value::as_str).collect::<Vec<_>>().join("; "),
        _ => String::new(),
    }
}

/// Judges a command in a setting of an agent, an editor or a server.
fn setting_fault(key: &str, command: &str, line: &str) -> Option<Fault> {
    let is_setting = key != "command";
    // What an agent reads or is told goes to a hook as its input.
    let is_told =
        ["-d \"$", "$(cat", "@-", "$CLAUDE", "--data \"$", "| curl"].iter().any(|mark| line.contains(mark));
    if key == "hooks" && is_told && line.contains("://") && worst(line) > Some(Host::Vendor) {
        return Some(Fault {
            severity: Severity::High,
            what: "sends away what the agent hands to it".to_owned(),
        });
    }
    match command::judge(line) {
        Some(fault) if fault.severity >= Severity::High || is_setting => Some(fault),
        Some(_) => None,
        None if key == "mcpServers" && is_unpinned(command, line) => Some(Fault {
            severity: Severity::Low,
            what: "runs whatever version of a package is newest".to_owned(),
        }),
        None => None,
    }
}

/// Returns whether a package is run without a version.
fn is_unpinned(command: &str, line: &str) -> bool {
    matches!(command, "npx" | "uvx" | "bunx" | "pipx")
        && !line.split_whitespace().any(|word| {
            word.trim_start_matches('@').contains('@') && !word.ends_with("@latest") || word.contains("==")
        })
}

/// Judges an installation script, and a file of the package that it runs.
fn script_fault(
    subject: &Subject<'_>,
    file: &ScannedFile,
    line: &str,
    scripts: &serde_json::Map<String, Value>,
) -> Option<Fault> {
    if let Some(fault) = command::judge(line) {
        return Some(fault);
    }
    for word in line.split(|c: char| c.is_whitespace() || matches!(c, '&' | ';' | '|' | '"' | '\'')) {
        if let Some(fault) = called_file(subject, file, word) {
            return Some(fault);
        }
    }
    // One script that only calls another.
    let called = line.split_whitespace().last().unwrap_or_default();
    let is_call = ["npm run", "yarn ", "pnpm "].iter().any(|start| line.trim_start().starts_with(start));
    let inner = scripts.get(called).filter(|_| is_call).map(joined)?;
    command::judge(&inner)
        .or_else(|| inner.split_whitespace().find_map(|word| called_file(subject, file, word)))
}

/// Marks of a program that reaches into the network.
const FETCHING: &[&str] = &[
    ".request(",
    "https.get(",
    "http.get(",
    "https.request(",
    "http.request(",
    "fetch(",
    "axios",
    "curl ",
    "wget ",
    "urlopen(",
    "requests.",
    "dns.",
    "net.connect",
    "Invoke-WebRequest",
    "got(",
];

/// Marks of a program that starts programs or runs text.
const STARTING: &[&str] = &[
    "child_process",
    "exec(",
    "execSync(",
    "spawn(",
    "eval(",
    "new Function(",
    "vm.run",
    "subprocess",
    "os.system",
    "| sh",
    "|sh",
    "| bash",
    "_compile(",
];

/// Marks of a program that reads what belongs to the user.
const READING: &[&str] = &[
    "JSON.stringify(process.env",
    "process.env)",
    ".ssh",
    ".npmrc",
    ".aws",
    "os.userInfo",
    "os.hostname",
    "os.homedir",
    "os.environ",
];

/// Marks of a program that runs text, or runs on after its caller.
const HIDING: &[&str] =
    &["eval(", "new Function(", "detached", "vm.run", "| sh", "|sh", "| bash", "'-e'", "\"-e\"", "_compile("];

/// Judges a file that a script names.
fn called_file(subject: &Subject<'_>, file: &ScannedFile, word: &str) -> Option<Fault> {
    let folder =
        file.path.as_str().rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let name = word.trim_start_matches("./");
    if name.is_empty() || name.starts_with('-') {
        return None;
    }
    let base = format!("{folder}{name}");
    let called = ["", ".js", ".cjs", ".mjs", "/index.js"]
        .iter()
        .find_map(|end| subject.file(&format!("{base}{end}")))?;
    let text = called.str();
    let has = |marks: &[&str]| marks.iter().any(|mark| text.contains(mark));
    let fetches = has(FETCHING);
    let starts = has(STARTING);
    let reads = has(READING);
    let reads = reads || text.contains("env: process.env") && text.contains("stringify");
    let decodes = has(&["'base64'", "\"base64\"", "fromCharCode", "b64decode", "atob("])
        && has(&["eval(", "Function(", "exec("]);
    let doubtful = text
        .split_whitespace()
        .filter(|word| word.contains("://"))
        .filter_map(worst)
        .any(|host| host.is_doubtful() && host != Host::Plain);
    // A program of its own that is published beside the package, and not hidden from the user.
    let is_known =
        has(&["registry.npmjs.org", "/releases/download/", "registry.yarnpkg.com"]) && !has(HIDING);
    let fault = |severity, what: &str| Some(Fault { severity, what: format!("runs `{name}`, which {what}") });
    match (fetches, starts, reads, decodes) {
        (_, _, _, true) => fault(Severity::High, "runs code that is hidden in it"),
        (true, true, false, _) if is_known && !doubtful => {
            fault(Severity::Medium, "downloads from a registry and starts programs")
        }
        (true, true, _, _) => fault(Severity::High, "reaches into the network and starts programs"),
        (true, _, true, _) => {
            fault(Severity::High, "reads what belongs to the user and reaches into the network")
        }
        (true, ..) if doubtful => fault(Severity::High, "reaches a host that nobody answers for"),
        (true, ..) => fault(Severity::Medium, "reaches into the network"),
        (_, true, ..) => fault(Severity::Low, "starts programs"),
        _ => None,
    }
}

/// Returns whether every line of a file runs without being asked for.
fn is_run_by_itself(file: &ScannedFile) -> bool {
    let path = file.path.as_str();
    let name = file.path.file_name();
    let in_hooks = path
        .split('/')
        .rev()
        .skip(1)
        .any(|folder| matches!(folder, "hooks" | ".husky" | ".githooks" | "git-hooks"));
    let is_hook = in_hooks
        && !matches!(file.language, Language::Markdown | Language::Json | Language::TypeScript)
        || matches!(name, ".envrc" | "postinst" | "preinst" | "post-install.sh" | "postinstall.sh");
    let is_workflow = path.contains(".github/workflows/") || name == ".gitlab-ci.yml" || name == "action.yml";
    is_hook
        || is_workflow
        || matches!(file.language, Language::Makefile)
        || name == "CMakeLists.txt"
        || name == ".pre-commit-config.yaml"
}

/// Judges the lines of such a file.
fn lines(file: &ScannedFile, findings: &mut Findings) {
    let mut at = 0;
    for line in file.str().split_inclusive('\n') {
        let bare = line.trim();
        let is_prose = bare.starts_with('#') || bare.starts_with("//");
        if let Some(fault) = command::judge(bare).filter(|_| !is_prose) {
            let host = worst(bare);
            let is_grave = fault.severity >= Severity::High;
            let is_named =
                host.is_some_and(|host| !host.is_doubtful()) || host.is_none() && !bare.contains("base64");
            let steals = fault.what.contains("belongs to the user") || fault.what.contains("hidden");
            if is_grave && (!is_named || steals && in_shell(file)) {
                findings.add(hit(file, Some(at), &fault, "a step that runs by itself", "line", bare));
            } else if is_grave && !fault.what.contains("hidden") {
                let fault = Fault { severity: Severity::Medium, ..fault };
                findings.add(hit(file, Some(at), &fault, "a step that runs by itself", "line", bare));
            }
        }
        at += line.len();
    }
}

fn in_shell(file: &ScannedFile) -> bool {
    matches!(file.language, Language::Shell | Language::Makefile | Language::Text | Language::Yaml)
}

/// Judges a match by the file it is in.
fn judged<'a>(subject: &Subject<'a>, file: &'a ScannedFile, found: &Match<'a>) -> Option<Hit<'a>> {
    let name = file.path.file_name();
    let text = file.str();
    let hit = Hit::of(found);
    match found.pattern.id.as_str() {
        id if id.starts_with("python-") => python(subject, file, found),
        "pth-import" => name.ends_with(".pth").then(|| hit.severity(path_file(found))),
        "rust-build" if name == "build.rs" => Some(hit.severity(build_script(found))),
        "rust-build" => None,
        "gyp-command" | "go-generate" | "script-system" | "toml-command" => {
            let line = found.text.replace("\", \"", " ").replace("\",\"", " ");
            let fault = command::judge(&line).filter(|fault| fault.severity >= Severity::High)?;
            Some(
                Hit::in_file(
                    file,
                    Some(found.at),
                    fault.severity,
                    Confidence::Likely,
                    format!("a setting that runs by itself {}", fault.what),
                )
                .pattern(found.pattern.id.as_str())
                .excerpt(found.text),
            )
        }
        "go-init" => Some(hit),
        "workflow-target" => {
            let is_workflow = text.contains("jobs:");
            let checks_out = text.contains("actions/checkout")
                && ["pull_request.head", "github.head_ref", "refs/pull/"]
                    .iter()
                    .any(|mark| text.contains(mark));
            (is_workflow && checks_out).then_some(hit)
        }
        "workflow-injection" => {
            (text.contains("jobs:") && !found.text.contains("env:")).then(|| hit.severity(Severity::Medium))
        }
        "json-command" => fenced(file, found),
        "folder-open" => {
            let fault = text
                .lines()
                .filter(|line| line.contains("\"command\"") || line.contains("\"args\""))
                .find_map(command::judge);
            let is_grave = fault.is_some_and(|fault| fault.severity >= Severity::High);
            name.ends_with("tasks.json")
                .then(|| hit.severity(if is_grave { Severity::High } else { Severity::Medium }))
        }
        _ => Some(hit),
    }
}

/// Judges a path file of Python that imports.
fn path_file(found: &Match<'_>) -> Severity {
    let line = found.text.trim();
    // What `setuptools` and `virtualenv` write; the module itself is scanned like any other.
    let is_known =
        line == "import _virtualenv" || line.ends_with("__import__('_distutils_hack').add_shim();");
    let is_editable = line.starts_with("import __editable___") && line.ends_with(".install()");
    let runs = ["exec", "base64", "urlopen", "subprocess", "system", "socket", "requests", "eval", "getattr"];
    match is_known || is_editable {
        _ if runs.iter().any(|mark| line.contains(mark)) => Severity::High,
        true => Severity::Low,
        false if line.contains(';') => Severity::High,
        false => Severity::Medium,
    }
}

/// Judges what a build script of Rust starts or fetches.
fn build_script(found: &Match<'_>) -> Severity {
    let has = |marks: &[&str]| marks.iter().any(|mark| found.text.contains(mark));
    let is_shell =
        has(&["\"curl\"", "\"wget\"", "\"sh\"", "\"bash\"", "\"powershell\"", "reqwest", "ureq", "Tcp"]);
    let fetches = is_shell && has(&["http", "curl", "Tcp"]);
    let is_doubtful = worst(found.text).is_some_and(Host::is_doubtful);
    if is_doubtful || fetches { Severity::High } else { Severity::Low }
}

/// Judges a command in a fenced block, or in JSON with comments; other JSON is read as JSON.
fn fenced<'a>(file: &'a ScannedFile, found: &Match<'a>) -> Option<Hit<'a>> {
    let is_read = file.language == Language::Json && serde_json::from_str::<Value>(file.str()).is_ok();
    let line = found.text.replace("\\\"", "\"").replace("\", \"", " ").replace("\",\"", " ");
    let fault = command::judge(&line).filter(|fault| fault.severity >= Severity::High && !is_read)?;
    let is_named = worst(&line).is_none_or(|host| host == Host::Named)
        && !fault.what.contains("belongs")
        && !fault.what.contains("hidden");
    let is_shown = is_named && file.language != Language::Json;
    let severity = if is_shown { Severity::Medium } else { fault.severity };
    let message = format!("a setting {}", fault.what);
    let hit = Hit::in_file(file, Some(found.at), severity, Confidence::Likely, message);
    Some(hit.pattern("json-command").excerpt(found.text))
}

/// Judges what a file of Python does when it is built with, installed or imported.
fn python<'a>(subject: &Subject<'a>, file: &'a ScannedFile, found: &Match<'a>) -> Option<Hit<'a>> {
    let name = file.path.file_name();
    let is_build = name == "setup.py" || is_build_backend(subject, file) || is_template_hook(file);
    let is_import = matches!(name, "__init__.py" | "conftest.py" | "sitecustomize.py" | "usercustomize.py");
    if !(is_build || is_import && is_top_level(file.str(), found.at)) || is_comment(file, found.at) {
        return None;
    }
    let hit = Hit::of(found);
    let line = found.text;
    let fault = command::judge(line).map(|fault| fault.severity);
    let is_doubtful = worst(line).is_some_and(Host::is_doubtful);
    let everywhere =
        file.str().split_whitespace().filter(|word| word.contains("://")).filter_map(worst).max();
    let severity = match found.pattern.id.as_str() {
        "python-spawn" if fault == Some(Severity::High) || is_doubtful => Severity::High,
        "python-spawn" if is_ordinary(line) => return None,
        "python-spawn" if is_template_hook(file) || fault.is_none() && is_build => Severity::Low,
        "python-spawn" => Severity::Medium,
        "python-fetch" if everywhere.is_some_and(|host| host.is_doubtful()) => Severity::High,
        "python-fetch" if tells_about_the_machine(file) => Severity::High,
        "python-fetch" => Severity::Medium,
        "python-account"
            if is_template_hook(file)
                || is_doubtful
                || file.str().contains("urlopen")
                || file.str().contains("requests.") =>
        {
            Severity::High
        }
        _ => found.pattern.severity,
    };
    Some(hit.severity(severity))
}

/// Returns whether a file asks who and where it is.
fn tells_about_the_machine(file: &ScannedFile) -> bool {
    const ASKING: &[&str] = &[
        "os.uname(",
        "platform.node(",
        "gethostname(",
        "getpass.getuser",
        "os.getlogin",
        "dict(os.environ",
        "os.environ.items",
        "os.environ.copy",
        "dumps(os.environ",
        "str(os.environ",
        "expanduser",
        "Path.home(",
    ];
    ASKING.iter().any(|call| file.str().contains(call))
}

/// Returns whether a program is one that builds ask.
fn is_ordinary(line: &str) -> bool {
    const PROGRAMS: &[&str] = &[
        "git",
        "cmake",
        "make",
        "ninja",
        "pkg-config",
        "llvm-config",
        "nvcc",
        "cargo",
        "rustc",
        "swig",
        "protoc",
        "gcc",
        "clang",
        "ldconfig",
        "brew",
        "xcrun",
        "sw_vers",
        "npm",
        "yarn",
        "pytest",
        "uname",
    ];
    let first = line.split_once('(').map_or("", |(_, rest)| rest).trim_start_matches(['[', ' ', '\n']);
    let program =
        first.trim_start_matches(['"', '\'']).split(['"', '\'', ' ', ',']).next().unwrap_or_default();
    PROGRAMS.contains(&program) || program == "sys.executable"
}

fn is_comment(file: &ScannedFile, at: usize) -> bool {
    let line = file.text.as_ref().map_or("", |text| text.line(text.position(at).0)).trim_start();
    line.starts_with('#')
}

/// Returns whether `pyproject.toml` names this file as the backend of the build.
fn is_build_backend(subject: &Subject<'_>, file: &ScannedFile) -> bool {
    let stem = file.path.file_name().trim_end_matches(".py");
    subject.file("pyproject.toml").is_some_and(|project| {
        project.str().contains("backend-path")
            && project
                .str()
                .lines()
                .any(|line| line.trim_start().starts_with("build-backend") && line.contains(stem))
    })
}

fn is_template_hook(file: &ScannedFile) -> bool {
    let name = file.path.file_name();
    name.starts_with("post_gen_project")
        || name.starts_with("pre_gen_project")
        || name.starts_with("pre_prompt")
}

/// Returns whether a place in Python runs when the file is imported.
fn is_top_level(text: &str, at: usize) -> bool {
    let start = text[..at].rfind('\n').map_or(0, |line| line + 1);
    let width = |line: &str| line.len() - line.trim_start().len();
    let mut indent = width(&text[start..]);
    for line in text[..start].lines().rev() {
        let bare = line.trim_start();
        if indent == 0 {
            return true;
        }
        if !bare.is_empty() && width(line) < indent {
            indent = width(line);
            if bare.starts_with("def ") || bare.starts_with("async def ") || bare.starts_with("if __name__") {
                return false;
            }
        }
    }
    true
}

/// Finds a module that calls at import a function of its package that reaches out.
fn import_fetches<'a>(subject: &Subject<'a>, file: &'a ScannedFile) -> Option<Hit<'a>> {
    if file.path.file_name() != "__init__.py" || file.str().len() > 4_000 {
        return None;
    }
    let folder =
        file.path.as_str().rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let text = file.str();
    for line in text.lines().filter(|line| line.starts_with("from .")) {
        let (module, names) = line["from .".len()..].split_once(" import ")?;
        let called = names.split(',').map(str::trim).find(|name| {
            !name.is_empty()
                && text.lines().any(|line| line.strip_prefix(*name).is_some_and(|rest| rest.starts_with('(')))
        });
        let Some(called) = called else { continue };
        let Some(other) = subject.file(&format!("{folder}{}.py", module.trim())) else { continue };
        let reaches = ["urlopen(", "requests.", "httpx.", "socket.", "http.client"]
            .iter()
            .any(|mark| other.str().contains(mark));
        let starts = ["subprocess", "os.system", "exec(", "os.environ.items", "dict(os.environ"]
            .iter()
            .any(|mark| other.str().contains(mark));
        if reaches {
            let severity = if starts { Severity::High } else { Severity::Medium };
            let message = format!("importing the package calls `{called}`, which reaches into the network");
            return Some(
                Hit::in_file(file, text.find(called), severity, Confidence::Likely, message)
                    .pattern("import-call"),
            );
        }
    }
    None
}
