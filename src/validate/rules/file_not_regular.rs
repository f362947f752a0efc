//! Rule `file-not-regular`.

use super::{Check, Rule};
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "file-not-regular",
    level: RuleLevel::Forbid,
    summary: "An entry is a link, an executable, a submodule or a special file.",
    docs: "\
A symbolic link can point outside the registry, where it means something else on every machine. A
submodule is content that is not in this repository at all. An executable bit says that something is
meant to be run; nothing in a registry is. Only regular files of mode 100644 are read.

```text
sources/com.hotcrm.finance/1.0.0/README.md -> ../../../README.md
```

Replace a link by a copy of what it points to. Take the executable bit away with
`git update-index --chmod=-x <path>`; scripts inside a package are started by an interpreter that the host
chooses. Remove submodules with `git rm --cached <path>` and add the files themselves.
",
    check: Check::Loading,
};
