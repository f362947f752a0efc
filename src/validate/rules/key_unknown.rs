//! Rule `key-unknown`.

use super::{Check, Rule};
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "key-unknown",
    level: RuleLevel::Forbid,
    summary: "An authored file has a key that its format does not know.",
    docs: "\
A key nobody reads is a silent mistake: `licence` instead of `license` would leave a release without a
licence although its author wrote one. So every key must be known, and a near miss is answered with the
key that was probably meant.

```toml
id = \"com.hotcrm.finance\"
licence = \"MIT\"   # the key is `license`
```

Correct the spelling, or remove the key. `shelfmark schema release` prints every key of a release file
with its meaning; the other formats have schemas too. Words of your own belong in `keywords` or `tags`,
or in a file inside the artifact.
",
    check: Check::Loading,
};
