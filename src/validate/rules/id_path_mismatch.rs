//! Rule `id-path-mismatch`.

use super::{Check, Rule};
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "id-path-mismatch",
    level: RuleLevel::Forbid,
    summary: "The id of a package and its folder do not agree.",
    docs: "\
A package is found by its id alone: `packages/<first label>/<second label>/<id>/`. If a file could name
another id than its folder, one pull request could publish under a name whose folder nobody looked at,
and two folders could claim the same package.

```toml
# packages/com/hotcrm/com.hotcrm.finance/1.0.0.toml
id = \"com.hotcrm.billing\"
```

Either the file was copied from another package and its `id` must follow, or it lies in the wrong folder
and must move. Both labels above the id are part of the place: `com.hotcrm.finance` belongs in
`packages/com/hotcrm/`, whoever its publisher is.
",
    check: Check::Loading,
};
