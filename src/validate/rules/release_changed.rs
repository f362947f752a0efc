//! Rule `release-changed`.

use super::change_mixed::listed;
use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{RuleLevel, Version};
use crate::source::{Change, Mode, Part, Place, Side};
use std::collections::BTreeSet;
use std::sync::Arc;
use toml::{Table, Value};

pub(super) static RULE: Rule = Rule {
    id: "release-changed",
    level: RuleLevel::Forbid,
    summary: "The release file of a published version is changed.",
    docs: "\
A release never changes once it is merged. Everybody who installed it has its digest in a lockfile, every
review binds to the exact bytes of its file, and two people who name one version must mean one thing. A
changed release breaks all three: machines that were set up last week refuse what they get today, as they
would refuse an attack.

```toml
# 1.3.2.toml, merged in March
sha256 = \"41be0c…\"
# 1.3.2.toml in this pull request
sha256 = \"9f2c77…\"
```

Put the file back as it was and add the new contents as the next version, in a file of its own. What a
release requires can be narrowed by an amendment, and a bad release is taken out of use by a withdrawal;
texts and pictures are in `package.toml`, which may change at any time.
",
    check: Check::Change(check),
};

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    for (change, place) in context.places().filter(|(change, _)| is_edited(change)) {
        let Place::Package { id, part: Part::Release(version), .. } = place else { continue };
        let next = next_version(context, &id, &version);
        let message = format!("published release `{id}@{version}` is changed by this pull request");
        let help = format!(
            "add the new contents as the next version `{next}.toml`; to withdraw this one, \
             `shelfmark withdraw {id}@{version} --level yanked --reason \"…\" --replacement {next}`"
        );
        let diagnostic = Diagnostic::new(RULE.id, Arc::clone(&change.path), message);
        out.push(
            point_at_difference(context, change, diagnostic)
                .note(format!(
                    "releases are immutable: everyone who locked {version} would fail verification"
                ))
                .help(help),
        );
    }
}

/// Returns whether a regular file has other contents on both sides.
fn is_edited(change: &Change) -> bool {
    match (&change.base, &change.head) {
        (Some(base), Some(head)) => base.id != head.id && head.mode == Mode::Regular,
        _ => false,
    }
}

/// Points at the first key that differs, with what the base has, and names the others.
pub(super) fn point_at_difference(
    context: &ChangeContext<'_>,
    change: &Change,
    diagnostic: Diagnostic,
) -> Diagnostic {
    let [before, after] = [Side::Base, Side::Merged].map(|side| context.text(side, &change.path));
    let (Some(before), Some(after)) = (before, after) else { return diagnostic };
    let (Ok(before), Ok(after)) = (toml::from_str::<Table>(&before), toml::from_str::<Table>(&after)) else {
        return diagnostic;
    };
    let (mut both, mut one) = (Vec::new(), Vec::new());
    compare(&before, &after, &[], &mut both, &mut one);
    let pointed = match (both.first(), one.first()) {
        (Some(keys), _) => diagnostic.value(keys).label("proposed").earlier(keys, "published"),
        (None, Some(keys)) if has(&after, keys) => diagnostic.value(keys).label("added"),
        (None, Some(keys)) => diagnostic.earlier(keys, "published, and not proposed"),
        (None, None) => {
            return diagnostic.note("every value is the same: spaces, comments or the order differ");
        }
    };
    let others: Vec<String> = both.iter().chain(&one).skip(1).map(|keys| keys.join(".")).collect();
    if others.is_empty() { pointed } else { pointed.note(format!("these differ too: {}", listed(&others))) }
}

/// Collects the keys whose values differ, and those that one side alone has.
fn compare(
    before: &Table,
    after: &Table,
    above: &[String],
    both: &mut Vec<Vec<String>>,
    one: &mut Vec<Vec<String>>,
) {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for name in names {
        let mut keys = above.to_vec();
        keys.push(name.clone());
        match (before.get(name), after.get(name)) {
            (Some(Value::Table(before)), Some(Value::Table(after))) => {
                compare(before, after, &keys, both, one)
            }
            (Some(before), Some(after)) if before == after => {}
            (Some(_), Some(_)) => both.push(keys),
            _ => one.push(keys),
        }
    }
}

fn has(table: &Table, keys: &[String]) -> bool {
    match keys.split_first() {
        Some((first, [])) => table.contains_key(first),
        Some((first, rest)) => matches!(table.get(first), Some(Value::Table(inner)) if has(inner, rest)),
        None => true,
    }
}

/// Returns the next patch version that neither side has.
pub(super) fn next_version(context: &ChangeContext<'_>, id: &str, version: &str) -> String {
    let Ok(version) = Version::parse(version) else { return "<next version>".to_owned() };
    let line = (version.semver().major, version.semver().minor);
    let packages = [context.base, context.merged].into_iter().filter_map(|side| side.packages.get(id));
    let releases = packages.flat_map(|package| &package.releases).map(|release| release.version.semver());
    let patches = releases.filter(|known| (known.major, known.minor) == line).map(|known| known.patch);
    let highest = patches.max().unwrap_or_default().max(version.semver().patch);
    format!("{}.{}.{}", line.0, line.1, highest.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_both_sides_come_before_keys_of_one() {
        let table = |text: &str| toml::from_str::<Table>(text).unwrap();
        let before = table("a = 1\nb = 1\n[c]\nd = 1\ne = 1\n");
        let after = table("b = 2\nz = 1\n[c]\nd = 1\ne = 2\n");
        let (mut both, mut one) = (Vec::new(), Vec::new());
        compare(&before, &after, &[], &mut both, &mut one);
        let joined = |found: &[Vec<String>]| found.iter().map(|keys| keys.join(".")).collect::<Vec<_>>();
        assert_eq!(joined(&both), ["b", "c.e"]);
        assert_eq!(joined(&one), ["a", "z"]);
        assert!(has(&after, &["c".to_owned(), "e".to_owned()]));
        assert!(!has(&after, &["a".to_owned()]));
    }
}
