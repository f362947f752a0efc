//! Rule `json-invalid`.

use super::{Check, Rule};
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "json-invalid",
    level: RuleLevel::Forbid,
    summary: "A file that must be JSON cannot be parsed.",
    docs: "\
Advisories, metadata objects and the schema of a package's settings are JSON. A file that cannot be
parsed is skipped by every later step: an advisory would warn nobody, an object would be missing from
the installed package. Comments and trailing commas are not part of JSON. An advisory is an OSV record
and needs an `id` of its own.

```json
{
  \"name\": \"invoice\",
  \"label\": \"Invoice\",
}
```

Here the comma after `\"Invoice\"` is one too many. Fix the text at the place shown; an editor that knows
JSON marks the same place.
",
    check: Check::Loading,
};
