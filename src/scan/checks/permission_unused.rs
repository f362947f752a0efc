//! Check `permission-unused`.

use super::Check;
use crate::model::{Confidence, Severity};
use crate::scan::magic::{Group, format_of};
use crate::scan::permission::{Need, class_of, is_run, needs, severity_of_unused};
use crate::scan::{Findings, Hit, Language, Manifest, Role, Subject};

pub(super) static CHECK: Check = Check {
    id: "permission-unused",
    summary: "The manifest asks for a permission that nothing in the package uses.",
    docs: "\
Who installs a package agrees to its permissions. One that nothing uses is a door left open: for a mistake, for
whoever takes the package over, or for an agent that is talked into something.

A use is looked for in the metadata objects (a flow uses `system.flow.run`, a connector the network host of its address, a
notification `system.notification.send`, definitions of objects read, create and update …), in the calls of code, and in the
tools that `[agent]` lists. An agent's `scopes` repeat the permissions and show no use, and neither does a tool that starts flows
where the package names none.

Severity follows the class that the policy gives the permission: **medium** for destructive, personal, administration,
secret, network, file and process, **low** for read, write, execute and message.

Code is given the benefit of the doubt. Records may reach it through the host, so `system.object.…` counts as used wherever
a host runs code of the package, and other permissions are reported with confidence `unsure`. Where a package holds code that this
check cannot read (compiled, or of a language it knows no calls of), it says nothing. Neither does it for templates.

```text
low: permission-unused: nothing uses `system.flow.run` (shelfmark.toml:9:38)
```

Remove the permission, or name what needs it, for example the flow as a tool of the agent.
",
    run,
};

const HELP: &str = "remove the permission, or name in the package what needs it";

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    let (Some(manifest), Some(file)) = (&subject.manifest, subject.file(Manifest::PATH)) else { return };
    if manifest.permissions.is_empty() || manifest.kind.as_deref() == Some("template") || is_closed(subject) {
        return;
    }
    let has_code = subject.files.iter().any(is_run);
    let needs = needs(subject);
    let mut permissions = manifest.permissions.clone();
    permissions.sort();
    permissions.dedup();
    for permission in &permissions {
        let is_seen =
            needs.iter().any(|need| is_use(&need.permission, permission)) || is_named(subject, permission);
        if is_seen || permission.contains('*') || has_code && permission.starts_with("system.object.") {
            continue;
        }
        let severity = severity_of_unused(&class_of(permission, subject.knowledge));
        let (severity, confidence) = match has_code {
            true => (severity.min(Severity::Medium), Confidence::Unsure),
            false => (severity, Confidence::Likely),
        };
        let at = file.str().find(&format!("\"{permission}\"")).or_else(|| file.str().find(permission));
        let message = match others(&needs, permission) {
            Some(host) => format!("nothing uses `{permission}`; the package calls `{host}`"),
            None => format!("nothing uses `{permission}`"),
        };
        let hit = Hit::in_file(file, at, severity, confidence, message);
        findings.add(hit.pattern(permission.clone()).help(HELP));
    }
}

/// Returns whether a need is met by a permission: equal, or the beginning of it.
fn is_use(need: &str, permission: &str) -> bool {
    let is_family = need.ends_with('.') && permission.starts_with(need);
    // `system.secret.` in the table of code is the class `secret`.
    is_family || need == permission || need == "secret." && permission.starts_with("system.secret.")
}

/// Returns another host that is called, for a permission of a host.
fn others<'a>(needs: &'a [Need<'_>], permission: &str) -> Option<&'a str> {
    permission.strip_prefix("network.")?;
    needs.iter().find_map(|need| need.permission.strip_prefix("network.").filter(|host| !host.is_empty()))
}

/// Returns whether a host is named where machines read.
fn is_named(subject: &Subject<'_>, permission: &str) -> bool {
    let Some(host) = permission.strip_prefix("network.").filter(|host| host.len() > 3) else { return false };
    let is_machine = |role| matches!(role, Role::Code | Role::Data);
    subject
        .files
        .iter()
        .filter(|file| file.path.as_str() != Manifest::PATH)
        .filter(|file| is_machine(file.role) && !file.path.as_str().starts_with("examples/"))
        .any(|file| file.str().contains(host))
}

/// Returns whether the package holds code that cannot be read here.
fn is_closed(subject: &Subject<'_>) -> bool {
    use Language::{Go, JavaScript, Makefile, PowerShell, Python, Shell, TypeScript};
    let is_program = |bytes: &[u8]| {
        format_of(bytes).is_some_and(|format| matches!(format.group, Group::Executable | Group::Bytecode))
    };
    let is_known =
        |language| matches!(language, Go | JavaScript | Makefile | PowerShell | Python | Shell | TypeScript);
    subject.files.iter().any(|file| is_run(file) && !is_known(file.language) || is_program(&file.bytes))
}
