//! Rule `license-not-spdx`.

use super::{Check, Rule};
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "license-not-spdx",
    level: RuleLevel::Deny,
    summary: "A licence is not an SPDX expression.",
    docs: "\
Whether a package may be used at all hangs on its licence, and machines have to answer that for hundreds
of packages at once. So `license` is an SPDX expression: ids of the SPDX licence list, in their exact
spelling, joined by `AND`, `OR` and `WITH`. A licence of your own is `LicenseRef-` and a name, with the
text in the artifact's `LICENSE` file.

```toml
license = \"Apache2\"                        # write Apache-2.0
license = \"MIT/Apache-2.0\"                 # write MIT OR Apache-2.0
license = \"Proprietary\"                    # write LicenseRef-HotCRM-Commercial
```

The message names the word that is not in the list, and the expression that was probably meant.
",
    check: Check::Loading,
};
