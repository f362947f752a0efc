//! Applies the safe fixes of diagnostics to the text of their file.

use super::{Anchor, Diagnostic, Fix, locate};

/// Returns the text with the fixes applied, and how many were. A fix that would
/// touch what another has changed is left for the next run.
pub fn fixed(text: &str, diagnostics: &[&Diagnostic]) -> (String, u64) {
    let mut edits: Vec<(std::ops::Range<usize>, String)> = Vec::new();
    for diagnostic in diagnostics {
        match &diagnostic.fix {
            Some(Fix::Replace(new)) if diagnostic.location.anchor != Anchor::File => {
                edits.push((locate(&diagnostic.location, text).span, new.clone()));
            }
            Some(Fix::AddLine(line)) => {
                let at = before_first_table(text);
                edits.push((at..at, format!("{line}\n")));
            }
            _ => {}
        }
    }
    edits.sort_by(|a, b| (b.0.start, b.0.end, &b.1).cmp(&(a.0.start, a.0.end, &a.1)));
    edits.dedup();
    let (mut out, mut count, mut left) = (text.to_owned(), 0, usize::MAX);
    for (span, new) in edits {
        let is_free = span.end <= left && out.get(span.clone()).is_some();
        if is_free {
            out.replace_range(span.clone(), &new);
            left = span.start;
            count += 1;
        }
    }
    (out, count)
}

/// Returns where a key may be added at the top of a TOML file.
fn before_first_table(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with('[') {
            break;
        }
        at += line.len();
    }
    let kept = text.get(..at).unwrap_or_default().trim_end_matches(['\n', ' ']).len();
    text.get(kept..at).and_then(|rest| rest.find('\n')).map_or(kept, |end| kept + end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_replaced_and_lines_go_before_the_first_table() {
        let text = "license = \"Apache2\"\nname = \"x\"\n\n[a]\nb = 1\n";
        let replace = Diagnostic::new("license-not-spdx", "a", "x").value(&["license"]);
        let replace = replace.fix(Fix::Replace("\"Apache-2.0\"".into()));
        let add = Diagnostic::new("key-missing", "a", "y").fix(Fix::AddLine("format = 1".into()));
        let (fixed, count) = fixed(text, &[&replace, &add]);
        assert_eq!(fixed, "license = \"Apache-2.0\"\nname = \"x\"\nformat = 1\n\n[a]\nb = 1\n");
        assert_eq!(count, 2);
    }

    #[test]
    fn two_edits_of_one_place_are_one_edit() {
        let one = |new: &str| Diagnostic::new("x", "a", "m").value(&["k"]).fix(Fix::Replace(new.into()));
        let (fixed, count) = fixed("k = 1\n", &[&one("2"), &one("3")]);
        assert_eq!((fixed.as_str(), count), ("k = 3\n", 1));
    }
}
