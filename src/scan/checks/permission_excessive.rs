//! Check `permission-excessive`.

use super::Check;
use crate::model::Confidence;
use crate::scan::permission::{Excessive, class_of, table};
use crate::scan::{Findings, Hit, Manifest, Subject};

pub(super) static CHECK: Check = Check {
    id: "permission-excessive",
    summary: "The permissions are out of proportion to what the package is.",
    docs: "\
Some permissions fit no package of a kind, and some are harmless alone and dangerous together: who may read secrets and
reach the network can send the secrets away.

* **high**: `*` and `system.*`; anything for a theme; secrets, administration, programs or deletion for a template;
  secrets, administration, programs or files for interface components; administration for an agent; secrets together
  with the network; programs together with the network, except for servers and drivers;
* **medium**: other wildcards such as `network.*` and `system.object.*`; network or files for a template; anything for a solution;
  programs for an agent; personal data or files together with the network for an agent; administration, personal data and
  deletion together.

Classes come from the policy of the registry; the longest prefix decides.

```text
high: permission-excessive: `system.secret.read` and `network.api.example.com` come together, so secrets can be sent away
```

Ask for less, name hosts and operations instead of `*`, or split the package so that each part asks for one thing.
",
    run,
};

const HELP: &str = "ask for less, or split the package so that each part asks for one thing";

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    let (Some(manifest), Some(file)) = (&subject.manifest, subject.file(Manifest::PATH)) else { return };
    let kind = manifest.kind.as_deref().unwrap_or_default();
    let classed: Vec<(&str, String)> = manifest
        .permissions
        .iter()
        .map(|permission| (permission.as_str(), class_of(permission, subject.knowledge)))
        .collect();
    for row in &table().excessive {
        let is_about = row.kinds.is_empty() || row.kinds.iter().any(|one| one == kind);
        if !is_about || row.except.iter().any(|one| one == kind) {
            continue;
        }
        for group in groups(row, &classed) {
            let names: Vec<String> = group.iter().map(|name| format!("`{name}`")).collect();
            let at = group.first().and_then(|name| file.str().find(&format!("\"{name}\"")));
            let message = format!("{} {}", names.join(" and "), row.message);
            let hit = Hit::in_file(file, at, row.severity, Confidence::Sure, message);
            findings.add(hit.pattern(group.join(" ")).help(HELP));
        }
    }
}

/// Returns the permissions that a row is about: each by itself, or all together.
fn groups<'a>(row: &Excessive, classed: &[(&'a str, String)]) -> Vec<Vec<&'a str>> {
    if row.together {
        let first = |class: &String| classed.iter().find(|(_, one)| one == class).map(|(name, _)| *name);
        return row.classes.iter().map(first).collect::<Option<Vec<_>>>().into_iter().collect();
    }
    let is_meant = |(name, class): &&(&str, String)| {
        row.permissions.iter().any(|one| one == name)
            || row.classes.iter().any(|one| one == class || one == "*")
    };
    classed.iter().filter(is_meant).map(|(name, _)| vec![*name]).collect()
}
