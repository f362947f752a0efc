//! Check `permission-undeclared`.

use super::Check;
use crate::model::{Confidence, Severity};
use crate::scan::permission::{Need, class_of, needs, severity_of_undeclared};
use crate::scan::{Findings, Hit, Knowledge, Subject};
use std::collections::BTreeSet;

pub(super) static CHECK: Check = Check {
    id: "permission-undeclared",
    summary: "The package does what none of its permissions allows.",
    docs: "\
Permissions are what people read before they install. Code or metadata that needs a class of permission of which nothing
is declared does more than they were told, or fails when the host refuses it.

Needs are taken from metadata objects (connectors and their hosts, flows, schedules, steps that delete or send, MCP
servers that start a program) and from calls in code (requests, files, programs, stores of secrets). Files in `tests`, `examples`,
`docs` and `template` are not run by a host and do not count, and neither does anything in a package of the kind `template`.

* **high**: code of an agent, module, plugin, driver or server that uses the network, files, programs or secrets and
  declares nothing of that class; an MCP server that starts a program;
* **medium**: the same in code of other kinds; a host in a connector that is not among the declared ones; metadata that
  deletes, or reads what is personal or secret;
* **low**: flows, schedules and messages without a permission of their class.

```text
high: permission-undeclared: code makes a request to another host, and no permission of the class `network` is declared (src/sync.py:3:1)
```

Declare what the package needs, as narrow as possible: `network.api.example.com` instead of `network.*`.
",
    run,
};

/// Kinds whose code runs on the host.
const RUNNING: &[&str] = &["agent", "module", "plugin", "driver", "server"];

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(manifest) = &subject.manifest else { return };
    let kind = manifest.kind.as_deref().unwrap_or_default();
    if kind == "template" || manifest.permissions.iter().any(|permission| permission == "*") {
        return;
    }
    let class = |permission: &str| class_of(permission, subject.knowledge);
    let declared: BTreeSet<String> = manifest.permissions.iter().map(|one| class(one)).collect();
    for need in needs(subject).iter().filter(|need| need.is_plain) {
        let class = class_of_need(need, subject.knowledge);
        if declared.contains(&class) {
            add_host(need, &manifest.permissions, findings);
            continue;
        }
        // Everything of the host itself may be allowed at once.
        let is_all = need.permission.starts_with("system.")
            && manifest.permissions.iter().any(|one| one == "system.*");
        let is_code = need.at.is_some();
        let severity = match is_code {
            true if RUNNING.contains(&kind) => Some(Severity::High),
            true => Some(Severity::Medium),
            false => severity_of_undeclared(&class),
        };
        if let Some(severity) = severity.filter(|_| !is_all) {
            let message =
                format!("{} needs the class `{class}`, and no permission of it is declared", need.what);
            let hit = Hit::in_file(need.file, need.at, severity, Confidence::Likely, message);
            findings.add(
                hit.pattern(class.clone()).help(format!("declare `{}` in `permissions`", example(need))),
            );
        }
    }
}

fn class_of_need(need: &Need<'_>, knowledge: &Knowledge) -> String {
    match need.permission.as_str() {
        "secret." => "secret".to_owned(),
        permission => class_of(permission, knowledge),
    }
}

/// Returns a permission that would do.
fn example(need: &Need<'_>) -> String {
    match need.permission.as_str() {
        "network." => "network.<host>".to_owned(),
        "file." => "file.<folder>".to_owned(),
        "process." => "process.<program>".to_owned(),
        "secret." => "system.secret.read".to_owned(),
        "system.flow." => "system.flow.run".to_owned(),
        "system.schedule." => "system.schedule.run".to_owned(),
        "system.notification." | "system.message." => "system.notification.send".to_owned(),
        "system.agent." => "system.agent.run".to_owned(),
        other => other.to_owned(),
    }
}

/// Compares the host of an address with the declared hosts.
fn add_host(need: &Need<'_>, permissions: &[String], findings: &mut Findings) {
    let Some(host) = need.permission.strip_prefix("network.").filter(|host| !host.is_empty()) else { return };
    let is_declared = permissions.iter().filter_map(|one| one.strip_prefix("network.")).any(|declared| {
        let tail = declared.strip_prefix('*').unwrap_or(declared);
        let is_pattern = tail.len() < declared.len() && host.ends_with(tail);
        // `network.client` and the like name no host.
        is_pattern || declared == host || !declared.contains('.') || host.ends_with(&format!(".{declared}"))
    });
    if !is_declared {
        let message = format!("the host `{host}` is called, and the permissions name other hosts");
        let hit = Hit::in_file(need.file, None, Severity::Medium, Confidence::Likely, message);
        findings.add(hit.pattern("network").help(format!("declare `network.{host}` in `permissions`")));
    }
}
