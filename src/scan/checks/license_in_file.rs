//! Check `license-in-file`.

use super::Check;
use crate::model::{Confidence, License, Severity};
use crate::scan::license::{family_of, is_text_known, of_file};
use crate::scan::{Findings, Hit, Manifest, Role, ScannedFile, Subject};
use std::collections::BTreeSet;

pub(super) static CHECK: Check = Check {
    id: "license-in-file",
    summary: "A file is under another licence than the manifest says, or no licence text is there.",
    docs: "\
People use a package under the licence that the manifest names. A file under another one binds them too, whether they know of
it or not.

Licences are told from the texts of `LICENSE`, `COPYING` and the like, from notes at the head of code and from
`SPDX-License-Identifier` lines.

* **medium**: the `LICENSE` at the top is none of the licences that the manifest names; a file whose licence reaches over the
  whole package or forbids its use (GPL, AGPL, SSPL, BUSL, Elastic, Commons Clause, non-commercial and
  no-derivatives Creative Commons, proprietary) in a package under another one;
* **low**: a file under another licence that the registry's policy does not allow; no licence text although the manifest
  names a licence; a `LICENSE` at the top that is empty, or that is no licence's text although that of the licence named
  is well known.

Files under permissive licences that the policy allows may stand in a package under another one.

```text
medium: license-in-file: `vendor/chart.js` is under `AGPL-3.0-only`, the manifest says `Apache-2.0`
```

Add the licence text, correct the manifest, for example `license = \"Apache-2.0 AND MIT\"`, or leave the file out.
",
    run,
};

/// Licences that reach over the whole package, or forbid its use.
const REACHING: &[&str] = &[
    "GPL-",
    "AGPL-",
    "SSPL-",
    "BUSL-",
    "Elastic-",
    "CC-BY-NC",
    "CC-BY-ND",
    "LicenseRef-Commons-Clause",
    "LicenseRef-proprietary",
];

fn run(subject: &Subject<'_>, findings: &mut Findings) {
    let declared = subject.manifest.as_ref().and_then(|manifest| manifest.license.clone());
    let expression = declared.as_deref().and_then(|text| License::parse(text).ok());
    for file in &subject.files {
        subject.count_work(file.str().len().min(4 << 10));
        let found = of_file(file);
        if !found.is_empty() && file.path.as_str() != Manifest::PATH {
            judge(subject, file, &found, expression.as_ref(), findings);
        }
    }
    let is_text =
        |file: &ScannedFile| file.role == Role::License || file.path.as_str().starts_with("LICENSES/");
    if let Some(license) = declared.filter(|_| !subject.files.iter().any(is_text)) {
        let message = format!("the manifest says `{license}`, and no file holds the text of a licence");
        let hit = Hit::whole(Severity::Low, Confidence::Sure, message).pattern("no-text");
        findings.add(hit.help("add the text as `LICENSE`"));
    }
    if let Some(expression) = expression {
        unlike_any(subject, &expression, findings);
    }
}

/// Finds texts at the top that are no licence's, where those of all licences named would be told.
fn unlike_any(subject: &Subject<'_>, declared: &License, findings: &mut Findings) {
    let mut texts =
        subject.files.iter().filter(|file| file.role == Role::License && !file.path.as_str().contains('/'));
    let Some(first) = texts.clone().next() else { return };
    if !declared.ids().all(is_text_known) || texts.any(|file| !of_file(file).is_empty()) {
        return;
    }
    let what = if first.str().trim().is_empty() { "is empty" } else { "is not the text of any licence known" };
    let message = format!("`{}` {what}, and the manifest says `{declared}`", first.path);
    let hit = Hit::in_file(first, None, Severity::Low, Confidence::Likely, message).pattern("unknown-text");
    findings.add(hit.help("put the full text of the licence there, with the year and the holder"));
}

/// Compares what one file says with the manifest, else with the policy.
fn judge(
    subject: &Subject<'_>,
    file: &ScannedFile,
    found: &BTreeSet<String>,
    declared: Option<&License>,
    findings: &mut Findings,
) {
    let is_declared =
        |id: &str| declared.is_some_and(|declared| declared.ids().any(|one| family_of(one) == family_of(id)));
    let allowed = &subject.knowledge.licenses_allowed;
    let is_allowed = |id: &str| {
        is_declared(id) || allowed.is_empty() || allowed.iter().any(|one| family_of(one) == family_of(id))
    };
    let satisfies = |text: &String, mut test: &dyn Fn(&str) -> bool| {
        License::parse(text).map_or_else(|_| test(text), |license| license.is_satisfied_by(&mut test))
    };
    if found.iter().any(|one| satisfies(one, &is_declared)) {
        return;
    }
    let name = file.path.file_name().to_lowercase();
    let is_of_others = ["third", "3rd", "vendor", "bundled"].iter().any(|one| name.contains(one));
    let is_top = file.role == Role::License && !file.path.as_str().contains('/') && !is_of_others;
    let names = found.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(" and ");
    let reaches = |id: &str| !REACHING.iter().any(|one| id.starts_with(one));
    let is_reaching = !found.iter().any(|one| satisfies(one, &reaches));
    let severity = match declared {
        Some(_) if is_top || is_reaching => Severity::Medium,
        _ if !found.iter().any(|one| satisfies(one, &is_allowed)) => Severity::Low,
        _ => return,
    };
    let (message, help) = match declared {
        Some(license) => (
            format!("`{}` is under {names}, the manifest says `{license}`", file.path),
            "correct the manifest, or leave the file out",
        ),
        None => (
            format!("`{}` is under {names}, which the registry does not allow", file.path),
            "leave the file out, or ask the curators",
        ),
    };
    let hit = Hit::in_file(file, None, severity, Confidence::Likely, message);
    findings.add(hit.pattern(found.iter().cloned().collect::<Vec<_>>().join(" ")).help(help));
}
