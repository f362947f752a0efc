//! The arithmetic of a decision, step by step.

use super::headline;
use crate::diagnostic::render::TextOptions;
use crate::diagnostic::render::layout::{Layout, Style, one_line};
use crate::schema::{DecisionEntry, Outcome};

/// Renders each step with its effect, and what they come to.
pub fn steps(decision: &DecisionEntry, options: TextOptions) -> String {
    let mut out = Layout::new(options);
    let width = decision.steps.iter().map(|step| step.effect.as_str().len()).max().unwrap_or(0);
    let mut about = None;
    for step in &decision.steps {
        if about != Some(&step.about) {
            let name = one_line(&step.about);
            let name = out.paint(Style::Bold, &name);
            out.text.push_str(&format!("{name}\n"));
            about = Some(&step.about);
        }
        let effect = format!("{:width$}", step.effect.as_str());
        let head = format!("  {}  ", out.paint(style(step.effect), &effect));
        out.paragraph(&head, width + 4, &step.fact, Style::Plain);
    }
    if decision.steps.is_empty() {
        out.text.push_str("  nothing asks for anything\n");
    }
    let strictest =
        format!("the strictest of these is `{}`: {}", decision.outcome, headline(decision.outcome));
    out.paragraph("", 0, &strictest, style(decision.outcome));
    out.text
}

/// Returns the colour of an outcome.
pub(super) fn style(outcome: Outcome) -> Style {
    match outcome {
        Outcome::Admit => Style::Green,
        Outcome::NeedsReview => Style::Yellow,
        Outcome::Reject => Style::Red,
    }
}
