//! Rule `version-unknown`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::lookup;
use crate::validate::registry::Package;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "version-unknown",
    level: RuleLevel::Deny,
    summary: "A withdrawal, amendment, review or evidence is about a version that does not exist.",
    docs: "\
These files find their release by the version in their path. If there is no such release, a withdrawal stops
nobody, an amendment narrows nothing, a review approves nothing, and everyone believes it did. The cause is
usually a slip in the file's name.

```text
packages/com/hotcrm/com.hotcrm.finance/
├── 1.2.0.toml
└── withdrawals/1.20.toml      # meant: 1.2.0.toml
```

Rename the file to the version that is meant, in full: three numbers, and the pre-release if there is one.
The number of an amendment follows the version, as in `1.2.0.1.toml`. Or add the release in the same pull
request.
",
    check: Check::Package(check),
};

fn check(context: &Context<'_>, package: &Package, out: &mut Vec<Diagnostic>) {
    // The release may be the file that did not parse.
    if package.strays.is_empty() || context.registry.broken.contains(package.id.as_str()) {
        return;
    }
    let known = lookup::versions(context.registry, package.id.as_str());
    for stray in &package.strays {
        let help = format!("name the file after a release there is: {known}");
        let message =
            format!("this {} is about `{}@{}`, which does not exist", stray.what, package.id, stray.version);
        out.push(Diagnostic::new(RULE.id, Arc::clone(&stray.path), message).help(help));
    }
}
