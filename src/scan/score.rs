//! The score: arithmetic over counts, and nothing else.

use crate::model::Severity;
use crate::schema::Counts;

/// Points that a release begins with.
const FULL: u64 = 100;

/// Fewest points to publish where `policy.toml` says nothing.
pub const THRESHOLD: u8 = 70;

impl Counts {
    /// Counts one more finding.
    pub fn add(&mut self, severity: Severity) {
        let count = match severity {
            Severity::Low => &mut self.low,
            Severity::Medium => &mut self.medium,
            Severity::High => &mut self.high,
            Severity::Critical => &mut self.critical,
        };
        *count = count.saturating_add(1);
    }

    /// Returns how many findings have the severity.
    pub fn of(&self, severity: Severity) -> u32 {
        match severity {
            Severity::Low => self.low,
            Severity::Medium => self.medium,
            Severity::High => self.high,
            Severity::Critical => self.critical,
        }
    }

    /// Returns 100 − (25·critical + 10·high + 3·medium + 1·low), at least 0.
    pub fn score(&self) -> u8 {
        let lost: u64 = Severity::ALL
            .iter()
            .map(|severity| u64::from(self.of(*severity)) * u64::from(severity.points()))
            .sum();
        u8::try_from(FULL.saturating_sub(lost)).unwrap_or(0)
    }

    /// Returns whether a release may be published without a waiver: the
    /// threshold is reached and nothing is critical.
    pub fn passes(&self, threshold: u8) -> bool {
        self.critical == 0 && self.score() >= threshold
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_score_is_the_published_formula() {
        for (counts, score) in [
            ([0, 0, 0, 0], 100),
            ([1, 0, 0, 0], 75),
            ([0, 3, 0, 0], 70),
            ([0, 3, 0, 1], 69),
            ([1, 2, 3, 4], 42),
            ([4, 0, 0, 0], 0),
            ([0, 0, 0, 100], 0),
            ([u32::MAX, u32::MAX, u32::MAX, u32::MAX], 0),
        ] {
            let [critical, high, medium, low] = counts;
            assert_eq!(Counts { critical, high, medium, low }.score(), score, "{counts:?}");
        }
    }

    #[test]
    fn a_critical_is_refused_though_its_score_is_enough() {
        let counts = Counts { critical: 1, ..Counts::default() };
        assert!(counts.score() >= THRESHOLD && !counts.passes(THRESHOLD));
        assert!(Counts { high: 3, ..Counts::default() }.passes(THRESHOLD));
        assert!(!Counts { high: 3, low: 1, ..Counts::default() }.passes(THRESHOLD));
    }

    proptest! {
        #[test]
        fn one_finding_more_never_raises_the_score(start in any::<[u8; 4]>(), at in 0usize..4) {
            let [critical, high, medium, low] = start.map(u32::from);
            let before = Counts { critical, high, medium, low };
            let mut after = before;
            after.add(Severity::ALL[at]);
            prop_assert!(after.score() <= before.score());
            prop_assert!(!after.passes(THRESHOLD) || before.passes(THRESHOLD));
        }
    }
}
