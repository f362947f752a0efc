//! What resembles what, and what does not.

use proptest::prelude::*;

use super::{LookAlike, Names, Resemblance, look_alikes};

fn how(name: &str, known: &str) -> Option<Resemblance> {
    look_alikes(name, &[known]).into_iter().next().map(|hit| hit.how)
}

fn confusable(written: &str, meant: &str) -> Resemblance {
    Resemblance::Confusable { written: written.into(), meant: meant.into() }
}

#[test]
fn each_resemblance_is_told_apart() {
    let keyboard = |written, meant| Resemblance::KeyboardNeighbour { written, meant };
    let table = [
        ("ledger", "ledger", Resemblance::Identical),
        ("Pay-Roll", "payroll", Resemblance::SameFolded),
        ("pay_roll", "pay.roll", Resemblance::SameFolded),
        ("payr0ll", "payroll", confusable("0", "o")),
        ("leclger", "ledger", confusable("cl", "d")),
        ("harrnony", "harmony", confusable("rn", "m")),
        ("l\u{435}dger", "ledger", confusable("\u{435}", "e")),
        ("lédger", "ledger", confusable("é", "e")),
        ("Iedger", "ledger", confusable("i", "l")),
        ("legder", "ledger", Resemblance::Transposed),
        ("ledfer", "ledger", keyboard('f', 'g')),
        ("ledgger", "ledger", Resemblance::Repeated),
        ("comitee", "committee", Resemblance::Edit { distance: 2 }),
        ("leder", "ledger", Resemblance::Edit { distance: 1 }),
        ("report-sales", "sales-report", Resemblance::SwappedWords),
        ("ledger2", "ledger", Resemblance::VersionSuffix),
        ("ledger-v2", "ledger", Resemblance::VersionSuffix),
        ("ledger", "ledger3", Resemblance::VersionSuffix),
        ("invoices", "invoice", Resemblance::Pluralized),
        ("salaries-table", "salary-table", Resemblance::Pluralized),
        ("ledger-js", "ledger", Resemblance::Affix { word: "js" }),
        ("pyledger", "ledger", Resemblance::Affix { word: "py" }),
        ("ledger-official", "ledger", Resemblance::Affix { word: "official" }),
        ("ledger", "python-ledger", Resemblance::Affix { word: "python" }),
        ("d3.js", "d3", Resemblance::Affix { word: "js" }),
        ("pyledger-lib", "pyledger", Resemblance::Affix { word: "lib" }),
        ("node-ledgr", "ledger", Resemblance::EditedCore),
        ("legder-js", "ledger2", Resemblance::EditedCore),
    ];
    for (name, known, expected) in table {
        assert_eq!(how(name, known), Some(expected), "{name} and {known}");
    }
}

#[test]
fn two_known_names_run_together_resemble_both() {
    let hits = look_alikes("ledgerinvoice", &["ledger", "payroll", "invoice2"]);
    let hits: Vec<_> = hits.into_iter().map(|hit| (hit.index, hit.how)).collect();
    assert_eq!(hits, [(0, Resemblance::Joined), (2, Resemblance::Joined)]);
}

#[test]
fn names_that_differ_enough_do_not_resemble_each_other() {
    let table = [
        ("", "ledger"),
        ("---", "ledger"),
        ("ledger", ""),
        ("ms", "qs"),
        ("node10", "node12"),
        ("ledger2", "ledger3"),
        ("ledger-cli", "ledger-sdk"),
        ("badge", "ledger"),
        ("sword", "words"),
        ("财务", "财物"),
    ];
    for (name, known) in table {
        assert_eq!(how(name, known), None, "{name} and {known}");
    }
}

#[test]
fn a_word_of_several_known_names_is_no_misspelling() {
    let known = ["stable", "table-view", "table-sort", "data-table"];
    assert_eq!(look_alikes("stables", &known).len(), 1);
    assert!(look_alikes("table", &known).iter().all(|hit| hit.index != 0));
}

#[test]
fn the_nearest_name_comes_first_and_equals_keep_their_order() {
    let found = look_alikes("ledger", &["ledgers-js", "ledgerr", "leger", "ledger", "led-ger"]);
    let order: Vec<_> = found.iter().map(|hit| (hit.index, hit.distance)).collect();
    assert_eq!(order, [(3, 0), (4, 0), (1, 1), (2, 1), (0, 3)]);
}

#[test]
fn names_of_other_scripts_are_compared_by_their_letters() {
    assert_eq!(how("Бухгалтреия", "бухгалтерия"), Some(Resemblance::Transposed));
    assert_eq!(how("ｌｅｄｇｅｒ", "ledger"), Some(Resemblance::SameFolded));
    assert_eq!(how("led\u{200b}ger", "ledger"), Some(Resemblance::SameFolded));
}

#[test]
fn very_long_names_are_read_to_their_limit() {
    let long = "ab-".repeat(22_000);
    let names = Names::new(&[long.as_str(), "ab"]);
    assert_eq!(names.look_alikes(&long).len(), 1);
    assert!(names.look_alikes(&"\u{fdfa}".repeat(20_000)).is_empty());
}

#[test]
fn phrases_name_what_differs() {
    assert_eq!(confusable("0", "o").describe(), "looks the same: `0` for `o`");
    assert_eq!(confusable("\u{435}", "e").describe(), "looks the same: `\u{435}` (U+0435) for `e`");
    assert_eq!(Resemblance::Affix { word: "js" }.describe(), "the same but for the word `js`");
    assert_eq!(Resemblance::Edit { distance: 2 }.describe(), "2 letters differ");
}

proptest! {
    #[test]
    fn any_names_are_compared_without_panic(name in "\\PC{0,40}", known in prop::collection::vec("\\PC{0,40}", 0..8)) {
        for hit in look_alikes(&name, &known) {
            prop_assert!(hit.index < known.len());
            prop_assert!(!hit.how.describe().is_empty());
        }
    }

    #[test]
    fn letter_case_and_separators_never_tell_names_apart(words in prop::collection::vec("[a-z0-9]{1,8}", 1..5)) {
        let (one, other) = (words.join("-"), words.join("_").to_uppercase());
        let same = |hit: &LookAlike| matches!(hit.how, Resemblance::SameFolded | Resemblance::Identical);
        prop_assert!(look_alikes(&one, &[&other]).iter().all(same));
        prop_assert_eq!(look_alikes(&one, &[&other]).len(), look_alikes(&other, &[&one]).len());
        prop_assert_eq!(look_alikes(&one, &[&other]).len(), 1);
    }

    #[test]
    fn one_edit_is_found_whatever_else_is_known(at in 1usize..9, others in prop::collection::vec("[a-z]{3,12}", 0..20)) {
        let mut known = others;
        known.push("bookkeeping".into());
        let name = format!("{}{}", &"bookkeeping"[..at], &"bookkeeping"[at + 1..]);
        prop_assert!(look_alikes(&name, &known).iter().any(|hit| hit.index == known.len() - 1));
    }
}
