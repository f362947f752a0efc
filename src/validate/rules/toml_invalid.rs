//! Rule `toml-invalid`.

use super::{Check, Rule};
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "toml-invalid",
    level: RuleLevel::Forbid,
    summary: "An authored file is not valid TOML.",
    docs: "\
A file that cannot be parsed says nothing, so nothing else in it can be checked. \
Keys given twice and tables defined twice count too: readers disagree on which one wins.

```toml
id = \"com.hotcrm.finance\"
id = \"com.hotcrm.billing\"   # duplicate key
```

Fix the text at the place shown. Every problem of the file is listed in one run.
",
    check: Check::Loading,
};
