//! Rule `version-invalid`.

use super::{Check, Rule};
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "version-invalid",
    level: RuleLevel::Forbid,
    summary: "A version is not SemVer 2.0.0, or has build metadata.",
    docs: "\
Versions are compared by machines when they choose what to install, so each must have one place in one
order. SemVer gives that to `1.4.0` and `1.4.0-rc.1`. Build metadata (`1.4.0+7`) is refused: SemVer
orders two versions that differ only there as equal. At most 64 bytes.

```toml
version = \"1.4\"       # write 1.4.0
version = \"v1.4.0\"    # write 1.4.0
version = \"01.4.0\"    # write 1.4.0
```

Write three numbers without leading zeros, then an optional pre-release after a hyphen. A date can be a
version, `2026.2.17`, as long as it has three parts. The file is named by the same text.
",
    check: Check::Loading,
};
