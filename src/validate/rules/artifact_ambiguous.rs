//! Rule `artifact-ambiguous`.

use super::{Check, Rule};
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "artifact-ambiguous",
    level: RuleLevel::Deny,
    summary: "An artifact does not have exactly one of url, path and tree.",
    docs: "\
An artifact has one origin: `url` for an archive on the web, `path` for one in the registry's artifact
store, `tree` for a folder under `sources/` that the builder packs. With two of them, different builds
could take different bytes; with none there is nothing to install. `sha256` and `size` say what the bytes
must be, whatever the origin.

```toml
[artifact]
url = \"https://github.com/hotcrm/finance/releases/download/v1.0.0/com.hotcrm.finance-1.0.0.tgz\"
tree = \"sources/com.hotcrm.finance/1.0.0\"   # one too many
```

Keep the one that applies and remove the others. A mirror needs no second key: every build serves the
same bytes under their digest.
",
    check: Check::Loading,
};
