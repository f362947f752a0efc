//! Rule `requirement-invalid`.

use super::{Check, Rule};
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "requirement-invalid",
    level: RuleLevel::Deny,
    summary: "A requirement on versions cannot be read.",
    docs: "\
A requirement says which versions of a dependency, a module or the platform will do. If it cannot be
read, the release cannot be resolved, and nobody could install it. Requirements are written as in Cargo:
`^1.2`, `~1.2.3`, `>=1.2, <3`, `=1.0.0`, `*`. Alternatives are joined by ` || `, each with at most 32
comparators.

```toml
platform = \">=3.2.0 <5.0.0\"             # a comma is missing: \">=3.2.0, <5.0.0\"

[dependencies]
\"com.hotcrm.core\" = \"1.x.0\"             # write \"1\"
\"com.hotcrm.mail\" = \"^1.0 or ^2.0\"      # write \"^1.0 || ^2.0\"
```

A bare version such as `1.2` means `^1.2`: at least that, and below the next breaking version.
",
    check: Check::Loading,
};
