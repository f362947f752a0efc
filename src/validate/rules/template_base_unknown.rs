//! Rule `template-base-unknown`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::model::{Kind, TemplateFamily};
use crate::validate::lookup::Suggestions;
use crate::validate::registry::{Package, Release};
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "template-base-unknown",
    level: RuleLevel::Deny,
    summary: "An overlay does not say which existing template it is applied over.",
    docs: "\
An overlay changes code that another template has written: it adds tracing to a service, or a login to a
site. Without its base it has nothing to change. So a template of the family `overlay` names its base in
`overlay-of`, and whatever stands there is the id of a template in this registry.

```toml
kind = \"template\"

[template]
family = \"overlay\"
overlay-of = \"dev.shelfmark.service-nod\"   # there is a dev.shelfmark.service-node
```

Write the id of the base, or publish the base first. A template that stands alone belongs to one of the
families microservice, platform, integration and domain, and has no `overlay-of`.
",
    check: Check::Release(check),
};

fn check(context: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    let registry = context.registry;
    let Some(template) = &release.details.template else { return };
    let say = |message: String| Diagnostic::new(RULE.id, Arc::clone(&release.path), message);
    let Some(base) = template.overlay_of.as_deref() else {
        if template.family == TemplateFamily::Overlay {
            let message = "a template of the family `overlay` names no base".to_owned();
            out.push(say(message).value(&["template", "family"]).help("add `overlay-of = \"<id of the base>\"`"));
        }
        return;
    };
    if registry.broken.contains(base) {
        return;
    }
    let keys = ["template", "overlay-of"];
    match registry.packages.get(base).map(Package::kind) {
        Some(Kind::Template) => {}
        Some(kind) => {
            let message = format!("`{base}` is of the kind `{kind}`, but an overlay is applied over a template");
            out.push(say(message).value(&keys).help("write the id of a template"));
        }
        None => {
            let help = Suggestions::new(registry).help(base);
            out.push(say(format!("the base `{base}` is not in this registry")).value(&keys).label("no such package").help(help));
        }
    }
}
