//! Rule `artifact-unpackable`.

use super::{Check, Rule};
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "artifact-unpackable",
    level: RuleLevel::Deny,
    summary: "The files of an artifact cannot be packed, or its archive cannot be unpacked.",
    docs: "\
The builder packs a `tree` into a ustar archive, the plainest of the tar formats, because every unpacker
reads it alike. ustar has room for paths of 100 bytes, or of 255 if they can be split at a slash into a
front of at most 155 and a rest of at most 100. A folder without a regular file has nothing to pack.

```text
sources/com.hotcrm.finance/1.0.0/metadata/report/<a name of more than 100 bytes>.json
```

Shorten the last part of the path that is named. Links, executables and submodules are not packed and
have a rule of their own, `file-not-regular`. An archive made elsewhere is refused when it holds anything but
plain files and folders, a name that some system reads otherwise, more than its limits allow, or bytes after
its end: `shelfmark pack` makes one that is accepted. After the change the digest is another one: `shelfmark pack`
prints what `sha256` and `size` must be.
",
    check: Check::Loading,
};
