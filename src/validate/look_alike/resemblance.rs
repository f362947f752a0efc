//! The ways in which names resemble each other, and the words for them.

use std::fmt;

use super::keyboard;

/// How two names resemble each other.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Resemblance {
    /// The very same spelling.
    Identical,
    /// The same but for case, separators and marks.
    SameFolded,
    /// The same to the eye: characters of other scripts, digits for letters, `rn` for `m`.
    Confusable {
        /// What the name has.
        written: String,
        /// What the known name has there.
        meant: String,
    },
    /// Two neighbouring letters are swapped.
    Transposed,
    /// One letter is replaced by its neighbour on the keyboard.
    KeyboardNeighbour {
        /// The letter of the name.
        written: char,
        /// The letter of the known name.
        meant: char,
    },
    /// A letter is doubled, or a doubled letter is single.
    Repeated,
    /// The same words in another order.
    SwappedWords,
    /// One has a number at its end that the other has not.
    VersionSuffix,
    /// One is the plural of the other.
    Pluralized,
    /// One has a word such as `js`, `py`, `cli` or `official` that the other has not.
    Affix {
        /// The word.
        word: &'static str,
    },
    /// Two known names run together, of which this is one.
    Joined,
    /// Any other few letters inserted, left out or replaced.
    Edit {
        /// How many letters.
        distance: u8,
    },
    /// A few letters differ, and so does an affix, a version or the plural.
    EditedCore,
}

impl Resemblance {
    /// Returns a short phrase that completes "this name resembles that one: …".
    pub fn describe(&self) -> String {
        match self {
            Self::Identical => "the same name".into(),
            Self::SameFolded => "the same but for case and separators".into(),
            Self::Confusable { written, meant } => {
                format!("looks the same: {} for {}", Shown(written), Shown(meant))
            }
            Self::Transposed => "two letters swapped".into(),
            Self::KeyboardNeighbour { written, meant } => {
                format!("one letter differs: `{written}` for `{meant}`, neighbours on the keyboard")
            }
            Self::Repeated => "a letter doubled, or a doubled letter single".into(),
            Self::SwappedWords => "the same words in another order".into(),
            Self::VersionSuffix => "the same but for a number at the end".into(),
            Self::Pluralized => "the same but for the plural".into(),
            Self::Affix { word } => format!("the same but for the word `{word}`"),
            Self::Joined => "two known names run together".into(),
            Self::Edit { distance: 1 } => "one letter differs".into(),
            Self::Edit { distance } => format!("{distance} letters differ"),
            Self::EditedCore => "few letters differ, apart from an affix, a number or the plural".into(),
        }
    }

    /// Returns which slip of the finger or eye turns `meant` into `written`, which are one edit apart.
    pub(super) fn of_a_slip(written: &str, meant: &str) -> Self {
        let (before, written, meant) = differing(written, meant);
        match (&*written, &*meant) {
            ([one, other], [first, second]) if (one, other) == (second, first) => Self::Transposed,
            ([letter], []) | ([], [letter]) if before == Some(*letter) => Self::Repeated,
            ([written], [meant]) if keyboard::are_neighbours(*written, *meant) => {
                Self::KeyboardNeighbour { written: *written, meant: *meant }
            }
            _ => Self::Edit { distance: 1 },
        }
    }

    /// Returns that `written` looks like `meant`, and where.
    pub(super) fn of_looks(written: &str, meant: &str) -> Self {
        let (_, written, meant) = differing(written, meant);
        Self::Confusable { written: written.into_iter().collect(), meant: meant.into_iter().collect() }
    }
}

/// Letters in backticks; those beyond ASCII with their code points, as they may look like others.
struct Shown<'a>(&'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0)?;
        self.0
            .chars()
            .filter(|letter| !letter.is_ascii())
            .try_for_each(|letter| write!(f, " (U+{:04X})", letter as u32))
    }
}

/// Returns what differs between the start and the end that two texts share, after the last letter of that start.
fn differing(one: &str, other: &str) -> (Option<char>, Vec<char>, Vec<char>) {
    let (mut one, mut other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let start = one.iter().zip(&other).take_while(|(one, other)| one == other).count();
    let before = one[..start].last().copied();
    let (mut one, mut other) = (one.split_off(start), other.split_off(start));
    while !one.is_empty() && one.last() == other.last() {
        one.pop();
        other.pop();
    }
    (before, one, other)
}
