//! Which of the tallied packages are matches, and in what order they are shown.

use super::document::Card;
use super::engine::Tally;
use super::text;

/// Results that are filled up with packages that have only some of the words.
const FILLED: usize = 10;

/// The packages that answer a question, after the filters.
pub(super) struct Chosen<'a> {
    /// Numbers of the matches, ascending: packages with all the words, or where none has all, with some.
    pub(super) matches: Vec<u32>,
    /// Whether none has all the words.
    pub(super) is_some: bool,
    /// Packages that have only some of the words beside those that have all.
    others: Vec<u32>,
    tally: Option<&'a Tally>,
}

impl<'a> Chosen<'a> {
    /// Returns what was taken for a misspelt question, where something matches it, as a result spells
    /// it: the engine knows its stem alone.
    pub(super) fn near(&self, results: &[Card]) -> Option<String> {
        let near = self.tally?.near.as_ref().filter(|_| !self.matches.is_empty())?;
        let texts = results.iter().flat_map(|card| [Some(card.name.as_str()), card.tagline.as_deref()]);
        let words = texts.flatten().flat_map(|found| found.split(|letter: char| !letter.is_alphanumeric()));
        let mut same = words.filter(|word| text::stem(&text::key(word)) == *near);
        Some(same.next().map_or_else(|| near.clone(), str::to_lowercase))
    }

    /// Chooses; without a tally every allowed package is a match.
    pub(super) fn of(tally: Option<&'a Tally>, allowed: &[bool]) -> Self {
        let numbers = (0_u32..).zip(allowed).filter(|(_, is_allowed)| **is_allowed).map(|(number, _)| number);
        let Some(found) = tally else {
            return Self { matches: numbers.collect(), is_some: false, others: Vec::new(), tally };
        };
        let (whole, others): (Vec<u32>, Vec<u32>) = numbers
            .filter(|number| found.is_hit(*number as usize))
            .partition(|number| found.is_whole(*number as usize));
        if whole.is_empty() {
            let is_some = !others.is_empty();
            return Self { matches: others, is_some, others: Vec::new(), tally };
        }
        Self { matches: whole, is_some: false, others, tally }
    }

    /// Returns the numbers of the best, best first; of equals the lower number.
    pub(super) fn best(&self, limit: usize) -> Vec<u32> {
        let Some(tally) = self.tally else {
            return self.matches.iter().rev().take(limit).copied().collect();
        };
        let mut best = top(&self.matches, tally, limit);
        if best.len() < limit.min(FILLED) {
            best.extend(top(&self.others, tally, limit.min(FILLED) - best.len()));
        }
        best
    }
}

/// Puts the package first whose id is the whole question.
pub(super) fn put_first(results: &mut [Card], id: Option<&str>) {
    if let Some(at) = results.iter().position(|card| id == Some(card.id.as_str())) {
        results[..=at].rotate_right(1);
    }
}

fn top(numbers: &[u32], tally: &Tally, limit: usize) -> Vec<u32> {
    let mut ranked: Vec<(f64, u32)> =
        numbers.iter().map(|number| (tally.points[*number as usize], *number)).collect();
    let order =
        |(points_a, a): &(f64, u32), (points_b, b): &(f64, u32)| points_b.total_cmp(points_a).then(a.cmp(b));
    if limit < ranked.len() && limit > 0 {
        ranked.select_nth_unstable_by(limit - 1, order);
        ranked.truncate(limit);
    }
    ranked.sort_by(order);
    ranked.into_iter().take(limit).map(|(_, number)| number).collect()
}
