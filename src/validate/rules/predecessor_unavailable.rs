//! Rule `predecessor-unavailable`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::succession::normal_before;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "predecessor-unavailable",
    level: RuleLevel::Review,
    summary: "The archive of the release that a new one is compared with cannot be had.",
    docs: "\
A bump is admitted by itself because it is held against the release before it: no object is gone, no file does
what the old one did not, the score has not fallen. When the old archive is no longer where the release says,
none of that can be seen, and a bump could bring anything. So a person looks at the new release as a whole.

```toml
# packages/com/hotcrm/com.hotcrm.finance/1.0.0.toml, on the base
[artifact]
url = \"https://github.com/hotcrm/finance/releases/download/v1.0.0/finance.tgz\"   # 404 by now
```

Put the old archive back to where its release says. An archive that was kept elsewhere can be given with
`--artifacts DIR`, as `<sha256>.tgz` or `<id>-<version>.tgz`. Without `--online`, `review` asks no server, and
then says this of every archive that only a server has.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for new in context.new_releases() {
        let release = new.release;
        let compared = [new.before, normal_before(new.package, &release.version)];
        let lost = compared.into_iter().flatten().find(|before| {
            // What an artifact-less kind is has nothing to be looked into.
            before.artifact.is_some() && before.contents.is_none()
        });
        let Some(before) = lost else { continue };
        out.push(
            Diagnostic::new(
                RULE.id,
                Arc::clone(&release.path),
                format!(
                    "`{}` is compared with `{}`, whose archive cannot be had",
                    release.name(),
                    before.version
                ),
            )
            .value(&["version"])
            .note("what the new one adds or takes away cannot be told")
            .help("put the old archive back, or give it with `--artifacts DIR`; `--online` asks the server for it"),
        );
    }
}
