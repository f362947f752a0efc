//! The forms of a name that are compared: its words, its letters, what it looks like, and its core.
//!
//! Folding is lossy on purpose and serves comparison only; nothing here says whether a name is allowed.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Characters of a name that are read; what follows them is not compared.
pub(super) const CHARACTERS_READ: usize = 128;

/// Words that say how, for whom or by whom something is packaged, and not what it is; in order.
const AFFIXES: &[&str] = &[
    "alpha", "api", "app", "async", "beta", "bin", "cli", "client", "com", "core", "dev", "easy", "ext",
    "extended", "extra", "fast", "fixed", "free", "go", "helper", "helpers", "js", "jsx", "latest", "lib",
    "library", "libs", "lite", "main", "master", "mini", "module", "my", "new", "node", "nodejs", "npm",
    "official", "org", "original", "package", "patched", "pip", "pkg", "plugin", "plus", "pro", "py", "pypi",
    "python", "real", "rs", "rust", "safe", "sdk", "secure", "server", "service", "simple", "test", "tests",
    "the", "tool", "toolkit", "tools", "ts", "util", "utils", "web",
];

/// The affixes that are also recognised when no separator sets them off.
const GLUED_AFFIXES: &[&str] = &["cli", "js", "lib", "node", "npm", "py", "python", "sdk"];

/// The least letters a word keeps when something is taken off it.
const LEAST_CORE: usize = 4;

/// Folded letters, with what makes it cheap to tell that two texts are far apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Letters {
    pub(super) text: Box<str>,
    pub(super) count: usize,
    bag: u64,
}

impl Letters {
    pub(super) fn new(text: String) -> Self {
        let bag = text.chars().fold(0, |bag, letter| bag | 1 << bag_bit(letter));
        Self { count: text.chars().count(), bag, text: text.into() }
    }

    /// Returns whether `edits` edits could turn one into the other, by their lengths and letters alone.
    pub(super) fn may_be_within(&self, edits: usize, other: &Self) -> bool {
        self.count.abs_diff(other.count) <= edits && (self.bag ^ other.bag).count_ones() as usize <= 2 * edits
    }

    /// Returns whether one has one letter more and all others are the same, as far as their sum can tell.
    pub(super) fn differs_by_one(&self, other: &Self) -> bool {
        self.count.abs_diff(other.count) == 1 && (self.bag ^ other.bag).count_ones() <= 1 && {
            let sum = |letters: &Self| letters.text.chars().map(|letter| letter as u32).sum::<u32>();
            let (more, less) = if self.count > other.count { (self, other) } else { (other, self) };
            let extra = sum(more).wrapping_sub(sum(less));
            more.text.chars().any(|letter| letter as u32 == extra)
        }
    }

    /// Returns the edits (insert, omit, replace, swap neighbours) from one to the other, if at most `edits`.
    pub(super) fn distance_within(&self, edits: usize, other: &Self) -> Option<usize> {
        let near = || strsim::osa_distance(&self.text, &other.text);
        self.may_be_within(edits, other).then(near).filter(|distance| *distance <= edits)
    }
}

/// The bit of a letter in a bag: one each for `a` to `z` and `0` to `9`, the rest shared by all others.
fn bag_bit(letter: char) -> u32 {
    match letter {
        'a'..='z' => letter as u32 - 'a' as u32,
        '0'..='9' => 26 + letter as u32 - '0' as u32,
        _ => 36 + letter as u32 % 28,
    }
}

/// A name in the forms that are compared.
#[derive(Debug, Clone)]
pub(super) struct Form {
    /// The folded words, with `-` between them.
    pub(super) words: Box<str>,
    /// The words run together.
    pub(super) letters: Letters,
    /// What the name looks like: look-alike characters made one.
    pub(super) looks: Box<str>,
    /// The letters without affix, version and plural.
    pub(super) core: Letters,
}

impl Form {
    pub(super) fn new(name: &str) -> Self {
        let name: String = name.chars().take(CHARACTERS_READ).collect();
        let words = folded_words(&name);
        let core = Core::of(&words);
        Self {
            letters: Letters::new(words.replace('-', "")),
            looks: looks(&name).into(),
            core: Letters::new(core.letters),
            words: words.into(),
        }
    }

    /// Returns whether both are made of the same words in another order.
    pub(super) fn has_the_words_of(&self, other: &Self) -> bool {
        self.letters.count == other.letters.count
            && self.letters.may_be_within(0, &other.letters)
            && self.words.contains('-')
            && sorted_words(&self.words) == sorted_words(&other.words)
    }
}

fn sorted_words(words: &str) -> Vec<&str> {
    let mut words: Vec<_> = words.split('-').collect();
    words.sort_unstable();
    words
}

/// Returns the words of `name`: compatibility forms and case folded, marks dropped, `-` between words.
fn folded_words(name: &str) -> String {
    if name.is_ascii() {
        return hyphenated(name.chars().map(|letter| letter.to_ascii_lowercase()));
    }
    hyphenated(name.nfkc().flat_map(char::to_lowercase).nfc().take(2 * CHARACTERS_READ))
}

fn hyphenated(letters: impl Iterator<Item = char>) -> String {
    let mut words = String::new();
    for letter in letters.filter(|letter| !is_combining_mark(*letter)) {
        if letter.is_alphanumeric() {
            words.push(letter);
        } else if !words.is_empty() && !words.ends_with('-') {
            words.push('-');
        }
    }
    words.truncate(words.trim_end_matches('-').len());
    words
}

/// Returns what `name` looks like: its UTS 39 skeleton, then digits and letter pairs that pass for letters.
fn looks(name: &str) -> String {
    let mut looks = String::with_capacity(name.len());
    if name.is_ascii() {
        name.chars().for_each(|letter| push_look(letter, &mut looks));
    } else {
        let skeleton = unicode_security::skeleton(name).flat_map(char::to_lowercase);
        skeleton.take(4 * CHARACTERS_READ).for_each(|letter| push_look(letter, &mut looks));
    }
    looks
}

fn push_look(letter: char, looks: &mut String) {
    match letter.to_ascii_lowercase() {
        '0' => looks.push('o'),
        '1' | 'i' | '|' | '!' => looks.push('l'),
        '3' => looks.push('e'),
        '4' | '@' => looks.push('a'),
        '5' | '$' => looks.push('s'),
        '7' => looks.push('t'),
        '8' => looks.push('b'),
        '9' => looks.push('g'),
        'm' => looks.push_str("rn"),
        'w' => looks.push_str("vv"),
        'd' => looks.push_str("cl"),
        letter if letter.is_alphanumeric() => looks.push(letter),
        _ => {}
    }
}

/// What a name is about, and what was taken off to see it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Core {
    pub(super) letters: String,
    pub(super) affix: Option<&'static str>,
    pub(super) version: bool,
}

impl Core {
    /// Returns the core of folded `words`.
    pub(super) fn of(words: &str) -> Self {
        let (rest, trailing) = without_version(words);
        let (rest, affix) = without_affix(rest);
        let (rest, inner) = without_version(rest);
        Self { letters: singular(rest), affix, version: trailing || inner }
    }

    /// Returns whether what was taken off one was not also taken off the other: `ledger-cli` and `ledger-sdk`,
    /// or `ledger2` and `ledger3`, are kin and not look-alikes.
    pub(super) fn is_trimmed_unlike(&self, other: &Self) -> bool {
        let both_versions = self.version && other.version;
        let two_affixes = self.affix.is_some() && other.affix.is_some() && self.affix != other.affix;
        !(both_versions || two_affixes)
    }
}

/// Returns whether an affix says what language or tool a package is for, so that a squat may well leave it out.
pub(super) fn names_an_ecosystem(affix: &str) -> bool {
    GLUED_AFFIXES.contains(&affix)
}

fn without_version(words: &str) -> (&str, bool) {
    let unnumbered = words.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '-');
    if unnumbered.len() == words.len() {
        return (words, false);
    }
    let bare = unnumbered.strip_suffix("-v").or_else(|| unnumbered.strip_suffix('v')).unwrap_or(unnumbered);
    let kept = |rest: &&str| rest.chars().count() >= LEAST_CORE - 1;
    [bare, unnumbered].into_iter().find(kept).map_or((words, false), |rest| (rest, true))
}

fn without_affix(words: &str) -> (&str, Option<&'static str>) {
    let glued = || GLUED_AFFIXES.iter().find_map(|affix| Some((without_part(words, affix)?, *affix)));
    without_word(words).or_else(glued).map_or((words, None), |(rest, affix)| (rest, Some(affix)))
}

/// Takes the affix off that is the last word, or else the first.
pub(super) fn without_word(words: &str) -> Option<(&str, &'static str)> {
    let affix = |word: &str| AFFIXES.binary_search(&word).ok().map(|at| AFFIXES[at]);
    let last = words.rsplit_once('-').and_then(|(rest, word)| Some((rest, affix(word)?)));
    last.or_else(|| words.split_once('-').and_then(|(word, rest)| Some((rest, affix(word)?))))
}

fn without_part<'a>(words: &'a str, affix: &str) -> Option<&'a str> {
    let rest = words.strip_suffix(affix).or_else(|| words.strip_prefix(affix))?;
    (rest.chars().count() >= LEAST_CORE).then_some(rest)
}

/// Returns the letters of `words`, each word in the singular.
fn singular(words: &str) -> String {
    let mut letters = String::with_capacity(words.len());
    for word in words.split('-') {
        let stem = word.strip_suffix('s').filter(|stem| stem.len() >= LEAST_CORE && !stem.ends_with('s'));
        match stem.and_then(|stem| stem.strip_suffix("ie")) {
            Some(stem) => letters.extend([stem, "y"]),
            None => letters.push_str(stem.unwrap_or(word)),
        }
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn affixes_are_in_order() {
        assert!(AFFIXES.is_sorted());
        assert!(GLUED_AFFIXES.iter().all(|affix| AFFIXES.contains(affix)));
    }

    #[test]
    fn the_core_is_without_affix_version_and_plural() {
        for words in [
            "ledger",
            "ledgers",
            "ledger2",
            "ledger-v2",
            "py-ledger",
            "ledgerjs",
            "ledger-2-js",
            "my-ledgers",
        ] {
            assert_eq!(Core::of(words).letters, "ledger", "{words}");
        }
        for words in ["js", "py-py", "2", "v2", "d3", "css", "class", ""] {
            assert!(!Core::of(words).letters.is_empty() || words.is_empty(), "{words}");
        }
    }
}
