//! Rule `withdrawal-reason-vague`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{PackageId, RuleLevel, Version};
use crate::validate::registry::Release;
use crate::validate::withdrawn;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "withdrawal-reason-vague",
    level: RuleLevel::Warn,
    summary: "The reason of a withdrawal does not say what to do.",
    docs: "\
People meet a withdrawal when their build stops or `audit` turns red. \"Broken\" tells them that they have a
problem; it does not tell them how to be rid of it. So a reason names a way out: another version, another
package, or what to do with the one that is installed.

```toml
level = \"yanked\"
reason = \"Deletes open invoices when an account is merged.\"                     # and now?
reason = \"Deletes open invoices when an account is merged; upgrade to 1.2.1.\"   # that
```

Add the version that is safe, the package to move to, or a sentence such as \"Remove it; there is no safe
version yet\". A `replacement` is a way out too, and programs follow it. The withdrawn version and the package
itself do not count as one.
",
    check: Check::Change(check),
};

/// Words that say what to do.
const ADVICE: [&str; 9] =
    ["use", "upgrade", "update", "downgrade", "move", "switch", "install", "uninstall", "remove"];

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for (_, release, withdrawal) in withdrawn::changed(context) {
        let reason = withdrawal.wire.reason.as_deref().map(str::trim).unwrap_or_default();
        let has_way_out = withdrawal.wire.replacement.is_some() || says_what_to_do(release, reason);
        if !release.is_yanked() || reason.is_empty() || has_way_out {
            continue;
        }
        let message =
            format!("the reason to withdraw `{}` does not say what its users should do", release.name());
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&withdrawal.path), message)
                .value(&["reason"])
                .help("name the version or package to use instead, or add `replacement = \"…\"`"),
        );
    }
}

fn says_what_to_do(release: &Release, reason: &str) -> bool {
    let separates = |c: char| c.is_whitespace() || ",;:!?()[]\"'`/".contains(c);
    reason.split(separates).any(|word| is_advice(release, word.trim_matches(|c: char| !c.is_alphanumeric())))
}

/// Returns whether a word is advice, another version or another package.
fn is_advice(release: &Release, word: &str) -> bool {
    if ADVICE.contains(&word.to_lowercase().as_str()) {
        return true;
    }
    let number = word.trim_start_matches(['v', 'V']);
    if let Ok(version) = Version::parse(number) {
        return version != release.version;
    }
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_series = number.contains('.') && number.split('.').all(is_number);
    is_series || PackageId::parse(word).is_ok_and(|id| id != release.id)
}
