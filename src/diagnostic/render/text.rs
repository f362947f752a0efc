//! Diagnostics as a person reads them, in the manner of rustc.

use super::{Context, neutralize};
use crate::diagnostic::{Anchor, Diagnostic, Location, locate};
use crate::model::RuleLevel;
use crate::validate::rules;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// How the text looks.
#[derive(Debug, Clone, Copy)]
pub struct TextOptions {
    /// Whether to use colours.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
}

/// Renders one diagnostic, with a final newline.
pub fn text(diagnostic: &Diagnostic, context: &Context<'_>, options: TextOptions) -> String {
    let level = match diagnostic.level {
        RuleLevel::Allow | RuleLevel::Note => Level::NOTE,
        RuleLevel::Warn => Level::WARNING,
        RuleLevel::Review => Level::WARNING.with_name("review"),
        RuleLevel::Deny | RuleLevel::Forbid => Level::ERROR,
    };
    // One line each: what stands at the start of a line may be a command to whoever runs the check.
    let one_line = |text: &str| neutralize(text).replace('\n', " ");
    let message = one_line(&diagnostic.message);
    let path = one_line(&diagnostic.location.path);
    let why = context.why(diagnostic);
    let title = level.primary_title(message.as_str()).id(diagnostic.rule);
    let source = match diagnostic.location.anchor {
        Anchor::File => None,
        _ => (context.source)(&diagnostic.location.path),
    };
    // Replacing a character changes byte offsets, so the place is found in the
    // original and carried over by counting characters.
    let shown = source.as_deref().map(neutralize);
    let label = diagnostic.label.as_deref().map(one_line);
    let mut group = match (&source, &shown) {
        (Some(source), Some(shown)) => {
            let span = carry(source, shown, locate(&diagnostic.location, source).span);
            let mut annotation = AnnotationKind::Primary.span(span);
            if let Some(label) = &label {
                annotation = annotation.label(label.as_str());
            }
            title.element(Snippet::source(shown.as_str()).path(path.as_str()).annotation(annotation))
        }
        _ => title.element(annotate_snippets::Origin::path(path.as_str())),
    };
    let earlier = diagnostic.earlier.as_ref().and_then(|(anchor, label)| {
        let text = (context.base)(&diagnostic.location.path)?;
        let location = Location { anchor: anchor.clone(), ..diagnostic.location.clone() };
        let shown = neutralize(&text);
        let span = carry(&text, &shown, locate(&location, &text).span);
        Some((shown, span, one_line(label), format!("{path} on the base")))
    });
    if let Some((shown, span, label, path)) = &earlier {
        let annotation = AnnotationKind::Context.span(span.clone()).label(label.as_str());
        group = group.element(Snippet::source(shown.as_str()).path(path.as_str()).annotation(annotation));
    }
    let notes: Vec<String> = diagnostic.notes.iter().map(|note| one_line(note)).collect();
    for note in &notes {
        group = group.element(Level::NOTE.message(note.as_str()));
    }
    let help = diagnostic.help.as_deref().map(neutralize);
    if let Some(help) = &help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    group = group.element(Level::NOTE.with_name("why").message(why.as_str()));
    let override_text = override_line(diagnostic);
    group = group.element(Level::NOTE.with_name("override").message(override_text.as_str()));
    let renderer = if options.color { Renderer::styled() } else { Renderer::plain() };
    let report: &[Group<'_>] = &[group];
    format!("{}\n", renderer.term_width(options.width).render(report))
}

/// Says who may let the diagnostic pass.
fn override_line(diagnostic: &Diagnostic) -> String {
    match diagnostic.level {
        RuleLevel::Forbid => "none (level `forbid`)".to_owned(),
        RuleLevel::Deny
            if rules::find(diagnostic.rule).is_some_and(|rule| rule.level == RuleLevel::Forbid) =>
        {
            "none (level `forbid`)".to_owned()
        }
        level if rules::find(diagnostic.rule).is_some_and(rules::Rule::is_waivable) => {
            format!("`shelfmark waive {} PACKAGE …`, by a curator (level `{level}`)", diagnostic.rule)
        }
        level => format!(
            "`{} = \"allow\"` under `[levels]` in policy.toml, by a curator (level `{level}`)",
            diagnostic.rule
        ),
    }
}

fn carry(source: &str, shown: &str, span: std::ops::Range<usize>) -> std::ops::Range<usize> {
    if source.len() == shown.len() {
        return span;
    }
    let offset = |at: usize| {
        let count = source.get(..at).unwrap_or_default().chars().count();
        shown.char_indices().nth(count).map_or(shown.len(), |(byte, _)| byte)
    };
    offset(span.start)..offset(span.end)
}

/// Returns the closing line, such as `2 errors, 1 warning`, or `None` when there is nothing to say.
pub fn summary(diagnostics: &[Diagnostic]) -> Option<String> {
    let count = |wanted: &[RuleLevel]| diagnostics.iter().filter(|d| wanted.contains(&d.level)).count();
    let parts: Vec<String> = [
        (count(&[RuleLevel::Deny, RuleLevel::Forbid]), "error", "errors"),
        (count(&[RuleLevel::Review]), "question for a curator", "questions for a curator"),
        (count(&[RuleLevel::Warn]), "warning", "warnings"),
        (count(&[RuleLevel::Note]), "note", "notes"),
    ]
    .into_iter()
    .filter(|(number, _, _)| *number > 0)
    .map(|(number, one, many)| format!("{number} {}", if number == 1 { one } else { many }))
    .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_line() {
        let diagnostic = Diagnostic::new("value-invalid", "media/n\n::error title=x::y\u{1b}[2J", "m");
        let shown = text(&diagnostic, &Context::new(&|_| None, ""), TextOptions { color: false, width: 100 });
        assert!(!shown.contains("\n::error") && !shown.contains('\u{1b}'), "{shown}");
    }
}
