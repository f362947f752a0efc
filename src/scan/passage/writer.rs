//! Collects passages: normalises what is pushed and remembers where it stood.

use super::disguise;
use super::{Kind, Passage, Passages};

/// Fewer words than this in a string or comment say nothing to a model.
const FEWEST_SPACES: usize = 3;
/// As many letters beyond ASCII say something without a space.
const FEWEST_LETTERS: usize = 8;

/// Takes the pieces of passages.
#[derive(Default)]
pub(super) struct Writer {
    done: Passages,
    open: Option<(usize, Kind)>,
    /// Texts found in disguise, added after the passage that holds them.
    found: Vec<(Kind, String, usize)>,
}

impl Writer {
    /// Ends the passage that is open and begins another.
    pub(super) fn begin(&mut self, kind: Kind) {
        self.end();
        self.open = Some((self.done.text.len(), kind));
    }

    /// Returns whether a passage is open.
    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Appends a piece of the file, which stands at that offset.
    pub(super) fn push(&mut self, piece: &str, at: usize) {
        let Some((start, _)) = self.open else { return };
        let plain = disguise::normalise(piece);
        disguise::decode(piece, &mut |kind, text| self.found.push((kind, text, at)));
        if plain.is_empty() {
            return;
        }
        if self.done.text.len() > start {
            self.done.text.push(' ');
        }
        self.done.map.push((self.done.text.len() as u32, at as u32));
        self.done.text.push_str(&plain);
    }

    /// Ends the passage that is open.
    pub(super) fn end(&mut self) {
        let Some((start, kind)) = self.open.take() else { return };
        self.close(start, kind);
        for (kind, text, at) in std::mem::take(&mut self.found) {
            let start = self.done.text.len();
            self.done.map.push((start as u32, at as u32));
            self.done.text.push_str(&disguise::normalise(&text));
            self.close(start, kind);
        }
    }

    fn close(&mut self, start: usize, kind: Kind) {
        let passage = &self.done.text[start..];
        let is_short = matches!(kind, Kind::Literal | Kind::Comment | Kind::Data)
            && passage.bytes().filter(|byte| *byte == b' ').count() < FEWEST_SPACES
            && passage.bytes().filter(|byte| *byte >= 0xc3).count() < FEWEST_LETTERS;
        if passage.is_empty() || is_short {
            self.done.text.truncate(start);
            let kept = self.done.map.partition_point(|(at, _)| (*at as usize) < start);
            self.done.map.truncate(kept);
            return;
        }
        self.done.list.push(Passage { start, end: self.done.text.len(), kind });
        self.done.text.push('\n');
    }

    /// Returns what was collected.
    pub(super) fn finish(mut self) -> Passages {
        self.end();
        self.done
    }
}
