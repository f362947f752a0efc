//! Rule `publisher-path-mismatch`.

use super::{Check, Rule};
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "publisher-path-mismatch",
    level: RuleLevel::Forbid,
    summary: "The first prefix of a publisher is not the name of its file.",
    docs: "\
A publisher is known by its first prefix. Release files name it, the index maps prefixes to it, and its
file is `publishers/<first prefix>.toml`. With another first prefix the file would describe a publisher
that no release can name, and two files could describe the same one.

```toml
# publishers/com.hotcrm.toml
format = 1
name = \"HotCRM\"
prefixes = [\"io.github.hotcrm\", \"com.hotcrm\"]   # com.hotcrm must come first
```

Put the prefix that the file is named after at the head of the list. To make another prefix the first,
rename the file as well; every release file names the old one, so a publisher keeps its first prefix for
life.
",
    check: Check::Loading,
};
