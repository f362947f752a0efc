//! Rule `version-path-mismatch`.

use super::{Check, Rule};
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "version-path-mismatch",
    level: RuleLevel::Forbid,
    summary: "The version of a release and its file name do not agree.",
    docs: "\
The file name is the version: `1.4.0.toml` is release 1.4.0. Two names for one release would let a change
look like a new file, and withdrawals, reviews and evidence, which find their release by the same name,
would be about something else.

```toml
# packages/com/hotcrm/com.hotcrm.finance/1.4.0.toml
id = \"com.hotcrm.finance\"
version = \"1.3.2\"
```

This happens when the last release file is copied and only one of the two is edited. Write the new
version in both places, exactly alike: no leading `v`, three numbers, and a pre-release such as
`-rc.1` where there is one.
",
    check: Check::Loading,
};
