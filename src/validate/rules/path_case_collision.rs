//! Rule `path-case-collision`.

use super::{Check, Rule};
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "path-case-collision",
    level: RuleLevel::Forbid,
    summary: "Two paths differ only in upper and lower case.",
    docs: "\
Windows and macOS usually treat `Icon.svg` and `icon.svg` as one name. A clone there holds only one of the
two files, and which one depends on the order of writing. The same registry would then be two different
ones, with different digests. Folders count like files.

```text
packages/com/hotcrm/com.hotcrm.finance/media/Icon.svg
packages/com/hotcrm/com.hotcrm.finance/media/icon.svg
```

Keep one of them and rename or remove the other. On a system that ignores case rename in two steps:
`git mv Icon.svg icon-2.svg`. Lower-case names throughout avoid the question.
",
    check: Check::Loading,
};
