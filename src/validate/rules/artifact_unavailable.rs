//! Rule `artifact-unavailable`.

use super::{Check, Rule};
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "artifact-unavailable",
    level: RuleLevel::Review,
    summary: "The archive of a release cannot be had.",
    docs: "\
A release says where its archive is and which digest it has. When there is nothing at that place, nobody can
see what would be installed: no rule looks inside, nothing is scanned, and the release gets no score. So a
person has to decide, and `build` stops until the archive is there or `--allow-missing` is given.

```toml
[artifact]
url = \"https://github.com/hotcrm/finance/releases/download/v1.0.0/finance.tgz\"   # 404: a draft
```

See that the address answers without a login, and that the release there is published and no draft. For
`path`, see that `[artifacts] store` in `registry.toml` leads to the store and that the file was uploaded. An
archive that was kept elsewhere can be given with `--artifacts DIR`, as `<sha256>.tgz` or
`<id>-<version>.tgz`. Without `--online`, `check` asks no server and does not report what only a server has.
",
    check: Check::Loading,
};
