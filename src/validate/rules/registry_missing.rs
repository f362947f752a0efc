//! Rule `registry-missing`.

use super::{Check, Rule};
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "registry-missing",
    level: RuleLevel::Forbid,
    summary: "The folder has no registry.toml.",
    docs: "\
`registry.toml` is what makes a folder a registry: its name, its categories, the platform that packages
run on, the prefixes that nobody owns. Without it nothing else in the folder can be judged, since most
rules compare a package with those settings.

```toml
format = 1
name = \"acme\"
description = \"Business packages of Acme.\"
base-url = \"https://packages.acme.example/\"
```

`shelfmark init` writes a first one together with a policy. If the registry lies deeper in the
repository, name its folder: `shelfmark check --registry registry-index`. With a git revision, put the
folder behind a colon: `--git .@main:registry-index`.
",
    check: Check::Loading,
};
