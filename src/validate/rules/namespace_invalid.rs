//! Rule `namespace-invalid`.

use super::{Check, Rule};
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "namespace-invalid",
    level: RuleLevel::Deny,
    summary: "A namespace is not well formed.",
    docs: "\
The objects of a package are installed under its namespace: `invoice` of the namespace `finance` becomes
`finance__invoice`, a name in databases, formulas and addresses. So a namespace is lower-case words of
letters and digits, joined by single underscores, beginning with a letter, at most 32 bytes. Two
underscores would be read as the end of the namespace.

```toml
namespaces = [\"real-estate\"]    # write real_estate
namespaces = [\"crm__sales\"]     # write crm_sales
namespaces = [\"3d\"]             # begin with a letter: view_3d
```

Choose the name once: objects that customers have filled with data keep it for life, and a new namespace
means a migration.
",
    check: Check::Loading,
};
