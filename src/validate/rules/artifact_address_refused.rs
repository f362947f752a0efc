//! Rule `artifact-address-refused`.

use super::{Check, Rule};
use crate::model::RuleLevel;

pub(super) static RULE: Rule = Rule {
    id: "artifact-address-refused",
    level: RuleLevel::Forbid,
    summary: "An artifact is at a place that no build may fetch from.",
    docs: "\
Whoever builds the registry fetches what release files name. An address inside a private network would make
the build machine ask its own neighbours, or the service that hands out the credentials of a cloud; one
without https could be answered by anybody on the way; and one that leads out of the registry's store could
be any file of the machine. So downloads go to public addresses over https only. Names are looked up and
their addresses checked, again at each of at most five redirects.

```toml
[artifact]
url = \"https://169.254.169.254/latest/meta-data/iam/\"
```

Publish the archive where everybody can download it. One that must stay inside belongs into the registry
itself, as a `tree`, or into its own store, as a `path`; links in the store may not lead out of it.
",
    check: Check::Loading,
};
