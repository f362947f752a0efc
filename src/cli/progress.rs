//! Progress of long work: a bar on a terminal, nothing elsewhere.

use super::context::Context;
use crate::build::Progress;
use indicatif::{ProgressBar, ProgressStyle};
use std::time::Duration;

/// A bar that names the stage.
pub(crate) struct Bar {
    bar: ProgressBar,
}

impl Bar {
    /// Makes a bar, hidden when nobody can see it.
    pub(crate) fn new(context: &Context) -> Self {
        let bar = if context.is_terminal && !context.is_quiet {
            ProgressBar::new(0)
        } else {
            ProgressBar::hidden()
        };
        let style = ProgressStyle::with_template("{spinner} {msg:<10} {wide_bar} {human_pos}/{human_len}")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar }
    }

    /// Removes the bar.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn begin(&self, stage: &'static str, steps: u64) {
        self.bar.set_message(stage);
        self.bar.set_length(steps);
        self.bar.set_position(0);
    }

    fn step(&self, steps: u64) {
        self.bar.inc(steps);
    }
}
