//! Rule `near-duplicate`.

use super::{ChangeContext, Check, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::RuleLevel;
use crate::search::similar::{Similar, Text, similar};
use crate::validate::outline::PackageOutline;
use std::sync::Arc;

pub(super) static RULE: Rule = Rule {
    id: "near-duplicate",
    level: RuleLevel::Review,
    summary: "A new package says of itself what another package says.",
    docs: "\
Ten packages that send invoices make every search worse, and each of the ten has a tenth of the people who
find its mistakes. So before another is added, somebody asks: extend what is there, or create anew? Both can
be right. A new package needs a reason that its reader can see.

```text
com.example.invoicing    Write invoices, send them by letter, and see which customers have paid.
com.hotcrm.finance       Write invoices, send them and see who has paid.
```

The message names the nearest packages, how much of the two texts is the same, and the words they share. If
the new package does something else, say in its description what. If it is the same for others, ask the other
publisher first: most say yes to help. If it copies the text of another, write your own.
",
    check: Check::Change(check),
};

/// Most packages that are told.
const NAMED: usize = 4;

fn check(context: &ChangeContext<'_>, out: &mut Vec<Diagnostic>) {
    let known: Vec<Text<'_>> = context.outline.packages().iter().map(text).collect();
    for new in context.new_releases().filter(|new| new.is_new_package) {
        // One question for a package, though several of its versions are new.
        if new.package.releases.first().is_none_or(|first| first.version != new.release.version) {
            continue;
        }
        let own = PackageOutline::of(new.package, "");
        let found = similar(text(&own), &known);
        let Some((nearest, others)) = found.split_first() else { continue };
        let message = format!("extend or create? `{}` says much the same as {}", own.id, words(nearest, &known));
        let mut diagnostic = Diagnostic::new(RULE.id, Arc::clone(&new.release.path), message).value(&["description"]);
        for other in others.iter().take(NAMED) {
            diagnostic = diagnostic.note(format!("and as {}", words(other, &known)));
        }
        out.push(diagnostic.help("extend what is there, or say in the description what this one does that the other does not"));
    }
}

fn text(package: &PackageOutline) -> Text<'_> {
    Text { id: &package.id, name: &package.name, summary: &package.summary }
}

fn words(one: &Similar, known: &[Text<'_>]) -> String {
    let id = known.get(one.index).map_or("", |text| text.id);
    let percent = |share: f64| (share * 100.0).round();
    let shared: Vec<String> = one.shared.iter().map(|word| format!("`{word}`")).collect();
    format!(
        "`{id}`: {}% of the shorter text, {}% of its subject ({})",
        percent(one.overlap),
        percent(one.subject),
        shared.join(", ")
    )
}
