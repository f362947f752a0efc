//! Rule `file-too-large`.

use super::{Check, Rule};
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "file-too-large",
    level: RuleLevel::Forbid,
    summary: "A file is larger than its place allows.",
    docs: "\
Every file of a registry is read on every check, by everyone who runs one, so each place has a limit:
1 MiB for a release file, 2 MiB for an image, an advisory or an evidence file, 64 MiB for all files of a
package source together and 1 MiB for a JSON file in it that is checked, 64 KiB for everything else.
Bytes in git stay in its history for ever, even after the file is gone.

```text
packages/com/hotcrm/com.hotcrm.finance/media/overview.png   6 291 456 bytes
```

Scale images to the size at which they are shown, or draw them as SVG. Shorten texts: a listing is a
shop window, the manual belongs in the artifact or behind a link. A release file near its limit usually
holds a list that should be a file in the artifact.
",
    check: Check::Loading,
};
