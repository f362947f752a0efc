//! Rule `rating-own-package`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::source::{Part, Place};
use crate::validate::is_identity;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "rating-own-package",
    level: RuleLevel::Forbid,
    summary: "An account of a publisher rates a package of that publisher.",
    docs: "\
People choose by stars because they believe that a customer gave them. A rating by somebody who sells the
package is an advertisement that looks like experience, and one is enough to make readers doubt all the others.
The accounts in the publisher's file are therefore compared with the account in the rating's name.

```toml
# publishers/com.hotcrm.toml
[[identity]]
forge = \"github\"
login = \"hotcrm-releases\"
id = 2001

# packages/com/hotcrm/com.hotcrm.finance/ratings/github-2001.toml
stars = 5
```

Remove the rating with `git rm`. What you want to say about your own package belongs into its listing and its
README. A rating from before you joined the publisher may be taken back, but no longer changed.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for (change, place) in context.places().filter(|(change, _)| !change.is_removed()) {
        let Place::Package { id, part: Part::Rating(account), .. } = place else { continue };
        let Some((forge, number)) = account_of(&account) else { continue };
        let mut own = context.publishers_of(&id).into_iter();
        let Some(publisher) = own.find(|publisher| is_identity(publisher, forge, number)) else { continue };
        let message =
            format!("`{account}` rates `{id}`, and is an account of its publisher `{}`", publisher.id);
        out.push(
            Diagnostic::new(RULE.id, Arc::clone(&change.path), message)
                .value(&["stars"])
                .note("readers take a rating for the word of somebody who uses the package")
                .help(format!("git rm {}", change.path)),
        );
    }
}

/// Splits `github-2001`.
fn account_of(account: &str) -> Option<(&str, u64)> {
    let (forge, number) = account.rsplit_once('-')?;
    Some((forge, number.parse().ok()?))
}
