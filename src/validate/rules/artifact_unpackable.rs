//! Rule `artifact-unpackable`.

use super::{Check, Rule};
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "artifact-unpackable",
    level: RuleLevel::Forbid,
    summary: "The files of an artifact cannot be packed, or its archive cannot be unpacked.",
    docs: "\
The builder packs a `tree` into a ustar archive, the plainest of the tar formats, because every unpacker
reads it alike. ustar has room for paths of 100 bytes, or of 255 if they can be split at a slash into a
front of at most 155 and a rest of at most 100. A folder without a regular file has nothing to pack.

```text
sources/com.hotcrm.finance/1.0.0/metadata/report/<a name of more than 100 bytes>.json
```

Shorten the last part of the path that is named.

Nothing is packed that would be refused when it is read. Names are made of letters, digits, inner spaces and
`._@+-~=,()[]{}`, in the normal form NFC; no part begins with `-` or `~`, and none has the form of a short
name on Windows, such as `NOTES~1.MD`. No two paths are the same where case or the form of letters does not
count, and the manifest is called `shelfmark.toml` in no other casing. An archive holds at most 10,000 files
and 10,000 folders, 16 MiB in a file and 64 MiB in all. Rename or remove what is named.

Links, executables and submodules are not packed and have a rule of their own, `file-not-regular`. An
archive made elsewhere, at a `url` or a `path`, is read as strictly: one gzip member of plain files and
folders, with nothing after its end. After the change the digest is another one: `shelfmark pack` prints
what `sha256` and `size` must be.
",
    check: Check::Loading,
};
