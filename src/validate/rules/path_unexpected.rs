//! Rule `path-unexpected`.

use super::{Check, Rule};
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "path-unexpected",
    level: RuleLevel::Forbid,
    summary: "The layout of a registry has no place for a file.",
    docs: "\
Every path of a registry has one meaning, so a file elsewhere is either misplaced, and silently ignored,
or something that does not belong in a registry. Typical cases are `packages/com.hotcrm.finance/1.0.0.toml`
without the two folders above, a `.yml` instead of a `.toml`, and files of editors or build tools.

```text
packages/com/hotcrm/com.hotcrm.finance/
├── package.toml  1.0.0.toml  media/…
├── withdrawals/1.0.0.toml  amendments/1.0.0.1.toml
└── evidence/1.0.0/…  reviews/1.0.0/<area>.<curator>.toml  ratings/<forge>-<id>.toml
```

Move the file to its place, or remove it. Files of a package itself go under `sources/<id>/<version>/`.
",
    check: Check::Loading,
};
