//! Rule `value-invalid`.

use super::{Check, Rule};
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "value-invalid",
    level: RuleLevel::Forbid,
    summary: "A value in an authored file is not one that its key can have.",
    docs: "\
The key is right, but its value cannot be used: a number where text belongs, a word outside a closed
list, a date without an offset, a path that leaves its folder. Guessing what was meant would make two
readers of the same file disagree, so the value is refused and the message shows it with what is expected.

```toml
kind = \"plug-in\"             # did you mean `plugin`?
published = 2026-02-17       # a date-time with an offset is expected
keywords = \"invoice\"         # a list: [\"invoice\"]
```

Write the value in the form shown. Every wrong value of a file is reported in one run, so one edit is
enough.
",
    check: Check::Loading,
};
