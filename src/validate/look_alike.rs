//! Names that look like other names, so that a person looks before a typosquat is published.
//!
//! A resemblance is a reason to look, never a proof: `camel-case` and `camelcase` were both honest once. Only
//! spelling is compared. Who publishes what, how much a package is used and what it does are the caller's to
//! weigh, as is leaving out the packages of the same publisher. Names are read up to 128 characters.

mod form;
mod keyboard;
mod resemblance;

use std::collections::{BTreeSet, HashMap};

use form::{Core, Form, Letters};
pub use resemblance::Resemblance;

/// Known names that a word must occur in to count as a word of the catalogue rather than a misspelling.
const NAMES_OF_AN_ESTABLISHED_WORD: u32 = 3;

/// The least letters of a known name for a letter swapped with its neighbour or doubled to be telling.
const LEAST_LETTERS_FOR_A_SLIP: usize = 3;

/// The least letters of a known name for any other single edit to be telling.
const LEAST_LETTERS_FOR_ONE_EDIT: usize = 5;

/// The least letters of a known name for another first letter to be telling, unless the keys are neighbours.
const LEAST_LETTERS_FOR_ANOTHER_START: usize = 6;

/// The least letters of a known name for two edits to be telling.
const LEAST_LETTERS_FOR_TWO_EDITS: usize = 8;

/// The least letters of a known name for swapped letters and one more edit to be telling.
const LEAST_LETTERS_SCRAMBLED: usize = 6;

/// The least letters of a core for an edit to be telling when an affix, version or plural differs too.
const LEAST_LETTERS_OF_AN_EDITED_CORE: usize = 5;

/// The least letters of each of two known names that are joined into one.
const LEAST_LETTERS_JOINED: usize = 5;

/// A known name that another name resembles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookAlike {
    /// The position among the known names.
    pub index: usize,
    /// The edits (insert, leave out, replace, swap neighbours) between the folded names.
    pub distance: u32,
    /// How they resemble each other.
    pub how: Resemblance,
}

/// Known names, made ready to compare others with.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Each as it is written and in the forms that are compared.
    forms: Vec<(Box<str>, Form)>,
    /// In how many of the names each word occurs.
    words: HashMap<Box<str>, u32>,
}

/// Returns the known names that `name` resembles, nearest first, then in their order.
///
/// To compare many names with the same known ones, build [`Names`] once.
pub fn look_alikes(name: &str, known: &[impl AsRef<str>]) -> Vec<LookAlike> {
    Names::new(known).look_alikes(name)
}

impl Names {
    /// Makes `known` ready; their positions are the [`LookAlike::index`] of what is found.
    pub fn new(known: &[impl AsRef<str>]) -> Self {
        let known = known.iter().map(AsRef::as_ref);
        let forms: Vec<_> = known.map(|name| (read(name), Form::new(name))).collect();
        let mut words = HashMap::new();
        for word in forms.iter().flat_map(|(_, form)| form.words.split('-')) {
            match words.get_mut(word) {
                Some(count) => *count += 1,
                None => drop(words.insert(Box::from(word), 1)),
            }
        }
        Self { forms, words }
    }

    /// Returns the known names that `name` resembles, nearest first, then in their order.
    ///
    /// A name that is itself known resembles itself first, as [`Resemblance::Identical`].
    pub fn look_alikes(&self, name: &str) -> Vec<LookAlike> {
        let (written, form) = (read(name), Form::new(name));
        if form.letters.count == 0 {
            return Vec::new();
        }
        let joined = self.joined(&form);
        let mut found = Vec::new();
        for (index, (known_written, known)) in self.forms.iter().enumerate() {
            let identical = (*known_written == written).then_some(Resemblance::Identical);
            let joins = || joined.binary_search(&index).ok().map(|_| Resemblance::Joined);
            if let Some(how) = identical.or_else(|| self.resemblance(&form, known)).or_else(joins) {
                let distance = strsim::osa_distance(&form.letters.text, &known.letters.text);
                found.push(LookAlike { index, distance: u32::try_from(distance).unwrap_or(u32::MAX), how });
            }
        }
        found.sort_by_key(|hit| (hit.how != Resemblance::Identical, hit.distance, hit.index));
        found
    }

    /// Returns how a name resembles a known one, by the most telling resemblance.
    fn resemblance(&self, name: &Form, known: &Form) -> Option<Resemblance> {
        if name.letters == known.letters && known.letters.count > 0 {
            return Some(Resemblance::SameFolded);
        }
        if name.looks == known.looks && known.letters.count >= LEAST_LETTERS_FOR_A_SLIP {
            return Some(Resemblance::of_looks(&name.letters.text, &known.letters.text));
        }
        if name.has_the_words_of(known) {
            return Some(Resemblance::SwappedWords);
        }
        affixed(name, known)
            .or_else(|| trimmed(name, known))
            .or_else(|| self.edited(name, known))
            .or_else(|| self.edited_core(name, known))
    }

    /// Returns the resemblance of two names that are one or two edits apart.
    fn edited(&self, name: &Form, known: &Form) -> Option<Resemblance> {
        let edits = if may_differ_twice(name, known) { 2 } else { 1 };
        let how = match name.letters.distance_within(edits, &known.letters)? {
            1 => Resemblance::of_a_slip(&name.letters.text, &known.letters.text),
            _ => Resemblance::Edit { distance: 2 },
        };
        let is_long = |least| known.letters.count >= least;
        let telling = match how {
            Resemblance::Transposed | Resemblance::Repeated => is_long(LEAST_LETTERS_FOR_A_SLIP),
            _ if !is_long(LEAST_LETTERS_FOR_ONE_EDIT) || self.is_another_word(name, known) => false,
            Resemblance::KeyboardNeighbour { .. } => true,
            _ => is_long(LEAST_LETTERS_FOR_ANOTHER_START) || same_start(&name.letters, &known.letters),
        };
        (telling && !differ_in_numbers(name, known)).then_some(how)
    }

    /// Returns the resemblance of two names whose cores are one edit apart, of which the known one may have
    /// lost a version or plural, and the name an affix too.
    fn edited_core(&self, name: &Form, known: &Form) -> Option<Resemblance> {
        let long = known.core.count >= LEAST_LETTERS_OF_AN_EDITED_CORE && same_start(&name.core, &known.core);
        if !long || name.core.distance_within(1, &known.core).is_none() {
            return None;
        }
        let (one, other) = (Core::of(&name.words), Core::of(&known.words));
        let unlike = other.affix.is_none() && one.is_trimmed_unlike(&other);
        let telling = one.affix.is_some() || known.core.count > LEAST_LETTERS_OF_AN_EDITED_CORE;
        let another = differ_in_numbers(name, known) || self.is_another_word(name, known);
        (unlike && telling && !another).then_some(Resemblance::EditedCore)
    }

    /// Returns whether the one word of `name` that differs is a word of several known names.
    fn is_another_word(&self, name: &Form, known: &Form) -> bool {
        if word_breaks(name) != word_breaks(known) {
            return false;
        }
        let mut differing =
            name.words.split('-').zip(known.words.split('-')).filter(|(one, other)| one != other);
        let established =
            |word| self.words.get(word).is_some_and(|count| *count >= NAMES_OF_AN_ESTABLISHED_WORD);
        differing.next().is_some_and(|(word, _)| established(word)) && differing.next().is_none()
    }

    /// Returns, in order, the positions of known names that with another one make up `name`.
    fn joined(&self, name: &Form) -> Vec<usize> {
        let text = &*name.letters.text;
        let (mut starts, mut ends) = (Vec::new(), Vec::new());
        for (index, known) in self.forms.iter().map(|(_, known)| known).enumerate() {
            for part in
                [&known.letters, &known.core].into_iter().filter(|part| part.count >= LEAST_LETTERS_JOINED)
            {
                starts.extend(text.strip_prefix(&*part.text).map(|_| (part.text.len(), index)));
                ends.extend(text.strip_suffix(&*part.text).map(|rest| (rest.len(), index)));
            }
        }
        let breaks = |parts: &[(usize, usize)]| parts.iter().map(|(at, _)| *at).collect::<BTreeSet<_>>();
        let met: BTreeSet<_> = breaks(&starts).intersection(&breaks(&ends)).copied().collect();
        let parts = starts.into_iter().chain(ends).filter(|(at, _)| met.contains(at));
        parts.map(|(_, index)| index).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// The part of a name that is compared.
fn read(name: &str) -> Box<str> {
    name.chars().take(form::CHARACTERS_READ).collect()
}

/// Returns whether two edits between the names would be telling: as many words and both ends right, as the eye
/// wants them; or the name only goes on where the known one ends; or letters are swapped and one is missing.
fn may_differ_twice(name: &Form, known: &Form) -> bool {
    let (letters, known_letters) = (&name.letters, &known.letters);
    let is_framed = || same_end(letters, known_letters) && word_breaks(name) == word_breaks(known);
    let goes_on = || letters.text.starts_with(&*known_letters.text);
    let is_long = known_letters.count >= LEAST_LETTERS_FOR_TWO_EDITS;
    let is_scrambled =
        || known_letters.count >= LEAST_LETTERS_SCRAMBLED && letters.differs_by_one(known_letters);
    same_start(letters, known_letters) && (is_long && (is_framed() || goes_on()) || is_scrambled())
}

fn word_breaks(form: &Form) -> usize {
    form.words.matches('-').count()
}

fn same_end(name: &Letters, known: &Letters) -> bool {
    name.text.chars().next_back() == known.text.chars().next_back()
}

fn same_start(name: &Letters, known: &Letters) -> bool {
    name.text.chars().next() == known.text.chars().next()
}

/// Returns whether the names have numbers, and differ in nothing else.
fn differ_in_numbers(name: &Form, known: &Form) -> bool {
    let others = |form: &Form| form.words.replace(|letter: char| letter.is_ascii_digit(), "");
    let (name_others, known_others) = (others(name), others(known));
    name_others == known_others
        && name_others.len() < name.words.len()
        && known_others.len() < known.words.len()
}

/// Returns the resemblance of a name that is the known one and an affix.
fn affixed(name: &Form, known: &Form) -> Option<Resemblance> {
    let is_known_and_more = name.words.starts_with(&*known.words) || name.words.ends_with(&*known.words);
    if known.letters.count == 0 || !is_known_and_more {
        return None;
    }
    let (rest, word) = form::without_word(&name.words)?;
    (rest == &*known.words).then_some(Resemblance::Affix { word })
}

/// Returns the resemblance of two names that are equal once affix, version or plural is off.
fn trimmed(name: &Form, known: &Form) -> Option<Resemblance> {
    if name.core != known.core || known.core.count < LEAST_LETTERS_FOR_A_SLIP {
        return None;
    }
    let (one, other) = (Core::of(&name.words), Core::of(&known.words));
    if !one.is_trimmed_unlike(&other) {
        return None;
    }
    Some(match (one.affix, other.affix) {
        (None, Some(word)) if !form::names_an_ecosystem(word) => return None,
        (Some(word), None) | (None, Some(word)) => Resemblance::Affix { word },
        _ if one.version != other.version => Resemblance::VersionSuffix,
        _ => Resemblance::Pluralized,
    })
}

#[cfg(test)]
mod tests;
