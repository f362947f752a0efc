//! Rule `reference-dangling`.

use super::{Check, Context, Rule};
use crate::diagnostic::{Diagnostic, nearest};
use crate::model::RuleLevel;
use crate::model::{MetadataType, Namespace};
use crate::validate::lookup::chosen;
use crate::validate::MOST_ALIKE;
use crate::validate::metadata::{Reference, named_by};
use crate::validate::registry::{Contents, MetadataObject, Package, Registry, Release};
use std::collections::BTreeSet;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "reference-dangling",
    level: RuleLevel::Deny,
    summary: "A metadata object names another object that does not exist.",
    docs: "\
A view of an object that nobody defines, a flow that calls a missing action: the package installs and
then fails when somebody opens that page. A name without a namespace, such as `invoice`, is an object of
the same artifact. `crm__account` is the object `account` of the package with the namespace `crm`, which
must be in `[dependencies]`, since otherwise it may not be installed. `base` and `system` are the host's.

```json
{ \"name\": \"open_invoices\", \"label\": \"Open invoices\", \"object\": \"invioce\" }
```

Correct the name, add the missing file under `metadata/`, or add the dependency that has the namespace.
The version of the dependency that is looked at is the newest one that the requirement admits; one whose
artifact is not part of the registry is trusted.
",
    check: Check::Release(check),
};

fn check(context: &Context<'_>, _: &Package, release: &Release, out: &mut Vec<Diagnostic>) {
    let Some(contents) = release.contents.as_ref().filter(|contents| !contents.metadata.is_empty()) else { return };
    let scope = Scope::new(context.registry, release, contents);
    for object in &contents.metadata {
        let references = object.value.iter().flat_map(|value| named_by(object.metadata_type, value));
        let found = references.filter_map(|reference| scope.judge(object, &reference));
        out.extend(found.take(MOST_ALIKE + 1));
    }
}

/// Objects by type and name.
type Names<'a> = BTreeSet<(MetadataType, &'a str)>;

/// What the objects of one release may name.
struct Scope<'a> {
    registry: &'a Registry,
    release: &'a Release,
    own: Names<'a>,
    dependencies: Vec<(&'a Release, Option<Names<'a>>)>,
    is_complete: bool,
}

fn names(contents: &Contents) -> Names<'_> {
    contents.metadata.iter().map(|object| (object.metadata_type, object.name.as_str())).collect()
}

impl<'a> Scope<'a> {
    fn new(registry: &'a Registry, release: &'a Release, contents: &'a Contents) -> Self {
        let mut dependencies = Vec::new();
        let mut is_complete = true;
        for dependency in &release.dependencies {
            is_complete &= !registry.broken.contains(dependency.id.as_str());
            match chosen(registry, release, dependency) {
                Some(other) => dependencies.push((other, other.contents.as_ref().map(names))),
                // Another rule says that nothing can be chosen.
                None => is_complete = false,
            }
        }
        Self { registry, release, own: names(contents), dependencies, is_complete }
    }

    fn judge(&self, object: &MetadataObject, reference: &Reference<'_>) -> Option<Diagnostic> {
        let target = reference.target;
        let (namespace, name) = match reference.name.split_once("__") {
            Some((namespace, name)) if !has(self.release, namespace) => (namespace, name),
            Some((_, name)) => return self.missing(object, reference, &self.own, name, self.release),
            None => return self.missing(object, reference, &self.own, reference.name, self.release),
        };
        if Namespace::RESERVED.contains(&namespace) {
            return None;
        }
        let mut known = self.dependencies.iter().filter(|(other, _)| has(other, namespace)).peekable();
        if known.peek().is_none() {
            return (!self.is_complete).then_some(()).map_or_else(|| Some(self.unrelated(object, reference, namespace)), |()| None);
        }
        let known: Vec<_> = known.collect();
        if known.iter().any(|(_, names)| names.as_ref().is_none_or(|names| names.contains(&(target, name)))) {
            return None;
        }
        let (other, names) = known.first()?;
        self.missing(object, reference, names.as_ref()?, name, other)
    }

    /// Returns the diagnostic for a name that its package does not have.
    fn missing(
        &self,
        object: &MetadataObject,
        reference: &Reference<'_>,
        names: &Names<'_>,
        name: &str,
        owner: &Release,
    ) -> Option<Diagnostic> {
        let target = reference.target;
        if names.contains(&(target, name)) {
            return None;
        }
        let place = if owner.id == self.release.id { "this artifact".to_owned() } else { format!("`{}`", owner.name()) };
        let candidates = names.iter().filter(|(known, _)| *known == target).map(|(_, name)| *name);
        let help = match nearest(name, candidates) {
            Some(close) => format!("did you mean `{}`?", reference.name.replace(name, close)),
            None if owner.id == self.release.id => format!("add `metadata/{target}/{name}.json`, or name one that exists"),
            None => format!("name one that `{}` has, or require a version that has `{name}`", owner.id),
        };
        let message = format!("`{}` names no {target} of {place}", reference.name);
        Some(at(object, reference, message).help(help))
    }

    /// Returns the diagnostic for a namespace that no dependency has.
    fn unrelated(&self, object: &MetadataObject, reference: &Reference<'_>, namespace: &str) -> Diagnostic {
        let owner = self.registry.packages.values().find(|package| has(package.newest(), namespace));
        let help = match owner {
            Some(owner) => {
                let newest = owner.newest();
                format!("add `\"{}\" = \"^{}\"` to `[dependencies]`", owner.id, newest.version)
            }
            None => format!("no package of this registry has the namespace `{namespace}`: correct the name"),
        };
        let message = format!("`{}` is in the namespace `{namespace}`, which no dependency has", reference.name);
        at(object, reference, message).help(help)
    }
}

fn has(release: &Release, namespace: &str) -> bool {
    release.namespaces.iter().any(|known| known.as_str() == namespace)
}

fn at(object: &MetadataObject, reference: &Reference<'_>, message: String) -> Diagnostic {
    Diagnostic::new(RULE.id, Arc::clone(&object.path), message).value(&reference.keys).label("does not exist")
}
