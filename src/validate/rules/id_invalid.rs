//! Rule `id-invalid`.

use super::{Check, Rule};
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "id-invalid",
    level: RuleLevel::Forbid,
    summary: "A package id is not well formed.",
    docs: "\
A package id is a domain name read backwards, with at least three labels: `com.hotcrm.finance`. It becomes
a folder, a web address, a file in the index and a word people type, so it is kept to what is safe in all
of them: lower-case letters, digits and single inner hyphens, 63 bytes a label and 128 in all. Names of
Windows devices, `tree` at the front and `html`, `htm` or `php` at the end are refused, because some file
system or web server acts on them.

```toml
id = \"com.HotCRM.Finance\"    # lower case: com.hotcrm.finance
```

The message names the label and the character. Ids of dependencies are checked in the same way.
",
    check: Check::Loading,
};
