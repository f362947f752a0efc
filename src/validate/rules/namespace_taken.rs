//! Rule `namespace-taken`.

use super::{Check, Context, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::validate::registry::{Package, Registry, Release};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "namespace-taken",
    level: RuleLevel::Review,
    summary: "A package claims a namespace that a package of another publisher claimed before it.",
    docs: "\
Two packages with one namespace cannot be installed together, since their objects would have the same
names. Inside one publisher that is a choice: a suite and its single parts exclude each other on
purpose. Between two publishers it is usually an accident, sometimes an attempt to stand in another's
place, so a person decides. The namespace belongs to the package whose first release with it is older.

```toml
namespaces = [\"crm\"]   # com.hotcrm.crm has it since 2025
```

Choose a namespace of your own, for example your name and the subject: `acme_crm`. If the packages are
meant to replace each other, say so in the pull request; a curator can admit the claim.
",
    check: Check::Registry(check),
};

/// The first release of a package that names a namespace.
struct Claim<'a> {
    package: &'a Package,
    release: &'a Release,
    at: usize,
}

fn check(context: &Context<'_>, out: &mut Vec<Diagnostic>) {
    for (namespace, mut claims) in claims(context.registry) {
        // What is there came first, whatever date a proposal has.
        let is_new = |claim: &Claim<'_>| context.new.contains(&claim.release.path);
        let date = |claim: &Claim<'_>| (claim.release.published.is_none(), claim.release.published);
        claims.sort_by_key(|claim| (is_new(claim), date(claim), &claim.package.id));
        let Some((owner, others)) = claims.split_first() else { continue };
        for claim in others.iter().filter(|claim| claim.package.newest().publisher != owner.package.newest().publisher) {
            let since = owner.release.published.map_or(String::new(), |date| format!(" since {}", date.day()));
            let message =
                format!("the namespace `{namespace}` is taken: `{}` of `{}` has it{since}", owner.package.id, owner.package.newest().publisher);
            out.push(
                Diagnostic::new(RULE.id, Arc::clone(&claim.release.path), message)
                    .value(&["namespaces", &claim.at.to_string()])
                    .label("another publisher's")
                    .note("packages with one namespace cannot be installed together")
                    .help(format!("choose another, such as `{}`", alternative(claim.package, namespace))),
            );
        }
    }
}

fn claims(registry: &Registry) -> BTreeMap<&str, Vec<Claim<'_>>> {
    let mut claims: BTreeMap<&str, Vec<Claim<'_>>> = BTreeMap::new();
    for package in registry.packages.values() {
        for release in &package.releases {
            for (at, namespace) in release.namespaces.iter().enumerate() {
                let list = claims.entry(namespace.as_str()).or_default();
                if list.last().is_none_or(|last| last.package.id != package.id) {
                    list.push(Claim { package, release, at });
                }
            }
        }
    }
    claims
}

/// Puts the publisher's own label before the namespace.
fn alternative(package: &Package, namespace: &str) -> String {
    let own = package.id.shard().1.replace('-', "_");
    if own == namespace { package.id.last_label().replace('-', "_") } else { format!("{own}_{namespace}") }
}
