//! Rule `path-forbidden`.

use super::{Check, Rule};
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "path-forbidden",
    level: RuleLevel::Forbid,
    summary: "A path means something else to some file system, tool or eye.",
    docs: "\
A registry is cloned to Linux, Windows and macOS, and its names travel through shells and web pages. Some
names change on the way: `aux` and `con` are devices on Windows, a final dot or space disappears there,
`.git` folders are acted on by git, and invisible or right-to-left characters make a name look like
another one. Absolute paths, `..`, more than 240 bytes and more than 32 levels are refused as well.

```text
packages/com/hotcrm/com.hotcrm.finance/media/con.svg
```

Rename the file: letters, digits, hyphens, underscores and single dots always work. The message names the
part or the character that is in the way.
",
    check: Check::Loading,
};
