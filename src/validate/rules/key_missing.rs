//! Rule `key-missing`.

use super::{Check, Rule};
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "key-missing",
    level: RuleLevel::Forbid,
    summary: "An authored file lacks a key that its format requires.",
    docs: "\
Each format has a few keys without which the file means nothing: a release needs `format`, `id`,
`version`, `kind` and `publisher`, a withdrawal needs its `level` and `date`. Everything else is optional
to the format; where a registry asks for more, a rule of its own such as `license-missing` says so.

```toml
format = 1
id = \"com.hotcrm.finance\"
kind = \"plugin\"
publisher = \"com.hotcrm\"   # `version` is missing
```

Add the key that is named. Inside a table the message names the table as well. `shelfmark schema
release` prints every key of a release file and says which are required.
",
    check: Check::Loading,
};
