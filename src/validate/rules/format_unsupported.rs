//! Rule `format-unsupported`.

use super::{Check, Rule};
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "format-unsupported",
    level: RuleLevel::Forbid,
    summary: "An authored file has a format number that this build does not read.",
    docs: "\
`format` says by which rules a file is to be read. A build that met a newer number and read on would
misunderstand the file, perhaps in a field that decides what gets installed. It stops instead.

```toml
format = 2   # this build reads format 1
id = \"com.hotcrm.finance\"
```

If the file was written for a newer Shelfmark, update the program; the version in use is printed by
`shelfmark --version`. If the number was a slip, for example the package's own version, write
`format = 1`. The number changes only when the meaning of a format does, so old files stay valid as they
are.
",
    check: Check::Loading,
};
