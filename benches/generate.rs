//! Writes a catalog of any size, in the format that `shelfmark import` reads.
//!
//!     cargo bench --bench generate -- COUNT SEED > catalog.ndjson
//!     rustc -O --edition 2024 benches/generate.rs -o generate && ./generate COUNT SEED > catalog.ndjson
//!
//! COUNT packages, one release each and for a few an older one, as NDJSON. The texts
//! are made up by formulas: no list of words or names is copied. Little is kept in
//! memory (names and hashes of names), and a small catalog is the beginning of a
//! larger one with the same seed. It is a model of a real catalog, the newest releases of Hackage:
//!
//! | figure, quantiles at 10, 50, 90 and 99 % | hackage (17,974) | generate 17974 1 |
//! |---|---|---|
//! | characters of a description | 22, 40, 65, 87 | 20, 40, 61, 78 |
//! | characters of a README (95 % have one) | 46, 356, 3,070, 13,259 | 48, 348, 2,751, 13,869 |
//! | words of a README | 7, 54, 443, 1,904 | 7, 54, 433, 2,167 |
//! | distinct words of a README | 7, 39, 197, 542 | 6, 39, 199, 593 |
//! | words in all, letters of one | 3.30 million, 5.0 | 3.41 million, 4.9 |
//! | distinct words of 1,000, 3,000, 10,000 packages | 12,274, 25,986, 57,713 | 14,201, 27,271, 57,682 |
//! | distinct words of all; letters of one (mean) | 84,218; 8.7 | 86,355; 8.1 |
//! | vocabulary grows with words to the power of (Heaps) | 0.64 | 0.63 |
//! | exponent of ranks 10 to 100, to 1,000, to 10,000, on (Zipf) | 0.85, 1.00, 1.43, 1.52 | 0.87, 1.02, 1.36, 1.50 |
//! | words that only one package has | 65.8 % | 67.5 % |
//! | words that 100 packages have, a tenth of all, half | 1,979, 109, 6 | 2,044, 131, 7 |
//! | packages that have the word of rank 1, 10, 100, 1,000 | 70, 45, 10.9, 1.3 % | 71, 44, 12.4, 1.3 % |
//! | numbers among words; among distinct words | 3.5 %; 5.5 % | 3.4 %; 5.6 % |
//! | distinct words with letters and digits, beyond ASCII | 10.9 %, 1.9 % | 9.5 %, 3.2 % |
//! | READMEs with Han or Kana, with Cyrillic | 0.27 %, 0.12 % | 0.26 %, 0.16 % |
//! | characters of a name | 5, 11, 20, 30 | 6, 12, 22, 31 |
//! | names with no hyphen, one, two | 39, 45, 14 % | 38, 46, 14 % |
//! | different first parts; names in families of ten | 47 %; 31 % | 42 %; 25 % |
//! | dependencies | 1, 5, 15, 33 | 0, 4, 16, 32 |
//! | packages that require the 1st, 10th, 100th, 1,000th | 16,351, 1,788, 138, 8 | 14,893, 1,769, 152, 9 |
//! | packages that another one requires | 34 % | 37 % |
//! | the two most frequent licences | 57 %, 20 % | 57 %, 20 % |
//! | keywords a package; different ones | 1.3; 1,099 | 1.2; 1,128 |
//!
//! Words are runs of letters and digits of name, description, keywords and README, without case.
//! Hackage's dates are of 2015 and later; the ones here are of 15 years, more of the later.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, reason = "a program with output of its own")]
#![allow(missing_docs, reason = "a program")]

use std::collections::HashSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::ExitCode;

/// SplitMix64 (Steele, Lea, Flood 2014): one addition and one mix a number.
struct Random(u64);

fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

impl Random {
    /// A stream of numbers for one part of one package: parts do not disturb each other.
    fn of(seed: u64, package: usize, part: u64) -> Self {
        Self(mix(mix(seed.wrapping_add(part << 56)).wrapping_add(package as u64)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// A number from 0 up to 1, without 1.
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most - least + 1)
    }

    fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// About normal, with mean 0 and deviation 1: a sum of twelve numbers.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// One of several by their shares; what is left over goes to the last.
    fn pick<T: Copy>(&mut self, choices: &[(T, f64)]) -> Option<T> {
        let mut left = self.unit();
        let chosen = choices.iter().find(|(_, share)| {
            left -= share;
            left < 0.0
        });
        chosen.or(choices.last()).map(|(value, _)| *value)
    }
}

/// A power law of ranks whose exponent changes on the way; without end, so that
/// a larger catalog goes on to bring new words.
struct Law(Vec<Piece>);

struct Piece {
    from: f64,
    end: f64,
    exponent: f64,
    /// Weight of the pieces before it, and of its own.
    before: f64,
    mass: f64,
}

impl Law {
    /// Takes where each piece begins and its exponent; none is 1, and the last is above it.
    fn new(pieces: &[(f64, f64)]) -> Self {
        let (mut made, mut height, mut before) = (Vec::new(), 1.0, 0.0);
        for (at, (from, exponent)) in pieces.iter().copied().enumerate() {
            let end = pieces.get(at + 1).map_or(f64::INFINITY, |next| next.0);
            let power = 1.0 - exponent;
            let mass = height * from * ((end / from).powf(power) - 1.0) / power;
            made.push(Piece { from, end, exponent, before, mass });
            height *= (end / from).powf(-exponent);
            before += mass;
        }
        Self(made)
    }

    /// Draws a rank; the first is 0.
    fn rank(&self, random: &mut Random) -> u64 {
        let whole = self.0.last().map_or(1.0, |last| last.before + last.mass);
        let at = random.unit() * whole;
        self.0.iter().rev().find(|piece| piece.before <= at).map_or(0, |piece| {
            let power = 1.0 - piece.exponent;
            let share = (at - piece.before) / piece.mass;
            let grown = 1.0 + share * ((piece.end / piece.from).powf(power) - 1.0);
            ((piece.from * grown.powf(1.0 / power)).min(4e9) as u64).saturating_sub(1)
        })
    }
}

const FIRST: [&str; 36] = [
    "", "b", "c", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "z", "bl", "br",
    "ch", "cl", "cr", "dr", "fl", "gr", "pl", "pr", "sk", "sn", "sp", "st", "th", "tr", "qu",
];
const INNER: [&str; 18] =
    ["b", "c", "d", "f", "g", "h", "k", "m", "p", "t", "v", "w", "z", "ch", "gr", "pl", "pr", "tr"];
const VOWELS: [&str; 5] = ["a", "e", "i", "o", "u"];
const CODAS: [&str; 5] = ["", "n", "r", "l", "s"];
const ENDS: [&str; 8] = ["", "n", "r", "s", "d", "l", "p", "x"];

/// Appends the word of a rank. No two ranks have one spelling: the number of
/// syllables and the rank, scrambled inside what so many syllables can say, are
/// the digits of the word; and a word falls apart into syllables in one way only.
fn spell(rank: u64, out: &mut String) {
    let one = (FIRST.len() * VOWELS.len() * ENDS.len()) as u64;
    let inner = (CODAS.len() * INNER.len() * VOWELS.len()) as u64;
    let syllables = match mix(rank) % 20 {
        0..=15 if rank < 300 => 1,
        0..=5 if rank < one => 1,
        0..=10 if rank < one * inner => 2,
        _ if rank < one => 2,
        0..=18 => 3,
        _ => 4,
    };
    let capacity = one * inner.pow(syllables - 1);
    let mut digits = rank.wrapping_mul(3_182_065_639) % capacity;
    let mut take = |table: &[&'static str]| {
        let digit = digits % table.len() as u64;
        digits /= table.len() as u64;
        table.get(digit as usize).copied().unwrap_or_default()
    };
    out.push_str(take(&FIRST));
    out.push_str(take(&VOWELS));
    for _ in 1..syllables {
        out.push_str(take(&CODAS));
        out.push_str(take(&INNER));
        out.push_str(take(&VOWELS));
    }
    out.push_str(take(&ENDS));
}

/// Appends a word with a capital.
fn spell_capital(rank: u64, out: &mut String) {
    let start = out.len();
    spell(rank, out);
    if let Some(head) = out.get_mut(start..start + 1) {
        head.make_ascii_uppercase();
    }
}

/// What stands between spaces in a README.
#[derive(Clone, Copy)]
enum Token {
    Word(u64),
    Number(u64),
    /// `getItem`, as code writes it.
    Camel(u64, u64),
    /// `get_item`.
    Snake(u64, u64),
    /// `item42`.
    Marked(u64, u64),
    /// A digest.
    Hexadecimal(u64),
    Foreign(Script, u64),
}

#[derive(Clone, Copy)]
enum Script {
    /// Latin letters with marks.
    Accented,
    Cyrillic,
    Greek,
    Han,
    Kana,
}

fn letter(first: u32, count: u64, digit: u64) -> char {
    char::from_u32(first + (digit % count) as u32).unwrap_or('x')
}

fn spell_foreign(script: Script, rank: u64, out: &mut String) {
    let digits = mix(rank);
    match script {
        Script::Accented => {
            spell(rank, out);
            out.push(letter(0xE0, 22, digits));
        }
        Script::Cyrillic => {
            (0..3 + digits % 6).for_each(|at| out.push(letter(0x430, 32, digits >> (5 * at + 3))))
        }
        Script::Greek => {
            (0..1 + digits % 3).for_each(|at| out.push(letter(0x3B1, 17, digits >> (5 * at + 3))))
        }
        Script::Han => {
            (0..2 + digits % 3).for_each(|at| out.push(letter(0x4E00, 2000, digits >> (11 * at + 3))))
        }
        Script::Kana => {
            (0..2 + digits % 4).for_each(|at| out.push(letter(0x30A2, 80, digits >> (7 * at + 3))))
        }
    }
}

impl Token {
    fn spell(self, out: &mut String) {
        match self {
            Self::Word(rank) => spell(rank, out),
            Self::Number(number) => _ = write!(out, "{number}"),
            Self::Camel(one, two) => {
                spell(one, out);
                spell_capital(two, out);
            }
            Self::Snake(one, two) => {
                spell(one, out);
                out.push('_');
                spell(two, out);
            }
            Self::Marked(rank, number) => {
                spell(rank, out);
                _ = write!(out, "{number}");
            }
            Self::Hexadecimal(digits) => _ = write!(out, "{digits:016x}"),
            Self::Foreign(script, rank) => spell_foreign(script, rank, out),
        }
    }
}

/// The laws that texts and packages follow.
struct Laws {
    words: Law,
    name_parts: Law,
    keywords: Law,
    numbers: Law,
    popularity: Law,
}

impl Laws {
    fn new() -> Self {
        Self {
            words: Law::new(&[(1.0, 0.7), (10.0, 0.87), (100.0, 1.001), (1000.0, 1.4), (10_000.0, 1.7)]),
            name_parts: Law::new(&[(60.0, 0.9), (1000.0, 1.35), (10_000.0, 1.6)]),
            keywords: Law::new(&[(1.0, 0.7), (12.0, 1.3), (100.0, 1.9)]),
            numbers: Law::new(&[(1.0, 1.2), (100.0, 1.5)]),
            popularity: Law::new(&[(1.0, 0.5), (8.0, 1.1), (100.0, 1.25)]),
        }
    }
}

/// Words of one topic have ranks that are equal modulo this.
const TOPICS: u64 = 32;
/// Words below this rank belong to every topic.
const COMMON: u64 = 200;

/// The text of one package, as it grows.
struct Text<'a> {
    laws: &'a Laws,
    random: Random,
    topic: u64,
    /// The share of tokens that only code has, very different from one README to the next.
    code: f64,
    /// Words from this rank on do not occur: half of all texts have no rare one.
    reach: u64,
    script: Option<(Script, f64)>,
    /// What was said already; texts repeat themselves.
    said: Vec<Token>,
    out: String,
}

impl<'a> Text<'a> {
    fn new(laws: &'a Laws, mut random: Random, topic: u64) -> Self {
        let scripts = [
            (Some((Script::Accented, 0.015)), 0.06),
            (Some((Script::Greek, 0.03)), 0.015),
            (Some((Script::Cyrillic, 0.3)), 0.0012),
            (Some((Script::Han, 0.5)), 0.0018),
            (Some((Script::Kana, 0.4)), 0.0009),
            (None, 1.0),
        ];
        let script = random.pick(&scripts).flatten();
        let code = 0.08 * random.unit().powi(4);
        let reach = if random.chance(0.55) { 12_000 } else { u64::MAX };
        Self { laws, random, topic, code, reach, script, said: Vec::new(), out: String::new() }
    }

    fn word(&mut self) -> u64 {
        let mut rank = self.laws.words.rank(&mut self.random);
        while rank >= self.reach {
            rank = self.laws.words.rank(&mut self.random);
        }
        let is_of_topic = rank >= COMMON && self.random.chance(0.5);
        if is_of_topic { rank - rank % TOPICS + self.topic } else { rank }
    }

    fn code(&mut self) -> Token {
        let (one, two) = (self.word(), self.word());
        match self.random.below(20) {
            0..=7 => Token::Camel(one, two),
            8..=13 => Token::Snake(one, two),
            14..=18 => Token::Marked(one, self.laws.numbers.rank(&mut self.random)),
            _ => Token::Hexadecimal(self.random.next()),
        }
    }

    fn token(&mut self) -> Token {
        // The longer a text is, the more of it was said before.
        let repeated = 0.2 + 0.06 * (1.0 + self.said.len() as f64 / 20.0).ln();
        if !self.said.is_empty() && self.random.chance(repeated) {
            let at = self.random.below(self.said.len());
            if let Some(again) = self.said.get(at).copied() {
                self.said.push(again);
                return again;
            }
        }
        let fresh = match self.script {
            Some((script, share)) if self.random.chance(share) => Token::Foreign(script, self.word()),
            _ if self.random.chance(self.code) => self.code(),
            _ if self.random.chance(0.04) => Token::Number(self.laws.numbers.rank(&mut self.random)),
            _ => Token::Word(self.word()),
        };
        self.said.push(fresh);
        fresh
    }

    /// Appends some tokens in one line of prose.
    fn phrase(&mut self, count: usize) {
        for at in 0..count {
            if at > 0 {
                self.out.push(' ');
            }
            match self.token() {
                Token::Word(rank) if at == 0 => spell_capital(rank, &mut self.out),
                code @ (Token::Camel(..) | Token::Snake(..)) => {
                    self.out.push('`');
                    code.spell(&mut self.out);
                    self.out.push('`');
                }
                token => token.spell(&mut self.out),
            }
        }
    }

    fn address(&mut self, name: &str) {
        self.out.push_str("https://");
        let owner = self.laws.name_parts.rank(&mut self.random);
        if self.random.chance(0.6) {
            self.out.push_str("code.example.org/");
            spell(owner, &mut self.out);
            self.out.push('/');
            self.out.push_str(name);
        } else {
            spell(owner, &mut self.out);
            self.out.push_str(".example.com/");
            spell(self.word(), &mut self.out);
        }
    }

    fn paragraph(&mut self, name: &str, room: usize) -> usize {
        let wanted = self.random.between(6, 60).min(room);
        let (mut written, mut line) = (0, self.out.len());
        while written < wanted {
            let count = self.random.between(3, 16).min(wanted - written);
            self.phrase(count);
            written += count;
            if self.random.chance(0.16) {
                self.out.push_str(" (");
                self.address(name);
                self.out.push(')');
                written += 6;
            }
            self.out.push('.');
            let is_full = self.out.len() - line > 70;
            self.out.push(if is_full { '\n' } else { ' ' });
            line = if is_full { self.out.len() } else { line };
        }
        self.out.truncate(self.out.trim_end().len());
        self.out.push('\n');
        written
    }

    fn list(&mut self, room: usize) -> usize {
        let mut written = 0;
        for _ in 0..self.random.between(2, 7) {
            if written >= room {
                break;
            }
            self.out.push_str("* ");
            let count = self.random.between(1, 8).min(room - written);
            self.phrase(count);
            self.out.push('\n');
            written += count;
        }
        written
    }

    fn example(&mut self, name: &str, room: usize) -> usize {
        let mut written = 2;
        self.out.push_str("```\nimport ");
        self.out.push_str(name);
        self.out.push('\n');
        for _ in 0..self.random.between(2, 8) {
            if written >= room {
                break;
            }
            let count = self.random.between(2, 5).min(room - written);
            for at in 0..count {
                self.out.push_str(["", " = ", "(", ", ", ", "].get(at).copied().unwrap_or(" "));
                self.token().spell(&mut self.out);
            }
            self.out.push_str(if count > 2 { ")\n" } else { "\n" });
            written += count;
        }
        self.out.push_str("```\n");
        written
    }

    /// Writes a README in Markdown: about as many tokens as the catalogs' have.
    fn readme(&mut self, name: &str) {
        let length = (54.0 * (1.6 * self.random.normal()).exp()).clamp(1.0, 12_000.0) as usize;
        let mut written = 0;
        if self.random.chance(0.6) {
            _ = writeln!(self.out, "# {name}\n");
            written += 2;
        }
        while written < length {
            let room = length - written;
            written += match self.random.below(20) {
                0..=2 if room > 20 => {
                    let count = self.random.between(1, 4);
                    self.out.push_str("## ");
                    self.phrase(count);
                    self.out.push('\n');
                    count
                }
                3..=6 if room > 12 => self.list(room),
                7..=9 if room > 12 => self.example(name, room),
                _ => self.paragraph(name, room),
            };
            self.out.push('\n');
        }
    }

    /// Writes one sentence.
    fn description(&mut self) {
        let length = (42.0 + 16.0 * self.random.normal()).max(9.0) as usize;
        self.phrase(1);
        while self.out.len() + 4 < length {
            self.out.push(' ');
            self.phrase_word();
        }
    }

    fn phrase_word(&mut self) {
        spell(self.word(), &mut self.out);
    }
}

/// The names given so far, one after the other in one string.
#[derive(Default)]
struct Names {
    all: String,
    ends: Vec<u32>,
    /// Hashes of names without case and separators: no two packages look the same.
    taken: HashSet<u64>,
}

fn fold(name: &str) -> u64 {
    let letters = name.bytes().filter(u8::is_ascii_alphanumeric);
    letters.fold(7, |hash, byte| mix(hash ^ u64::from(byte.to_ascii_lowercase())))
}

impl Names {
    fn get(&self, index: usize) -> &str {
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(index).copied().unwrap_or(start);
        self.all.get(start as usize..end as usize).unwrap_or_default()
    }

    /// Gives the next package its name. Families with one first part grow by
    /// preference: a name takes that of any package before it (Simon 1955).
    fn give(&mut self, laws: &Laws, random: &mut Random, topic: u64) {
        let separators =
            random.pick(&[(0, 0.386), (1, 0.452), (2, 0.139), (3, 0.018), (4, 0.005)]).unwrap_or(0);
        let mut name = String::new();
        for attempt in 0.. {
            name.clear();
            let is_family = separators > 0 && !self.ends.is_empty() && random.chance(0.84);
            if is_family {
                let elder = self.get(random.below(self.ends.len()));
                name.push_str(elder.split('-').next().unwrap_or(elder));
            } else {
                name_part(laws, random, topic, separators == 0 || attempt > 0, &mut name);
            }
            for _ in 0..separators {
                name.push('-');
                name_part(laws, random, topic, attempt > 3, &mut name);
            }
            if random.chance(0.045) {
                _ = write!(name, "{}", random.between(2, 9));
            }
            if self.taken.insert(fold(&name)) {
                break;
            }
        }
        self.all.push_str(&name);
        self.ends.push(self.all.len() as u32);
    }
}

/// Appends one part of a name: a word, or two of them where it should be a new one.
fn name_part(laws: &Laws, random: &mut Random, topic: u64, is_new: bool, out: &mut String) {
    let rank = laws.name_parts.rank(random);
    let is_of_topic = random.chance(0.5);
    let rank = if is_of_topic { rank - rank % TOPICS + topic } else { rank };
    match random.chance(0.05) {
        true => spell_capital(rank, out),
        false => spell(rank, out),
    }
    if is_new && random.chance(0.2) {
        let end = laws.name_parts.rank(random) % 300;
        spell(end, out);
    }
}

/// The version of a package, so that another one can require it without a table.
fn version(seed: u64, package: usize) -> (usize, usize, usize) {
    let mut random = Random::of(seed, package, 3);
    let major = random.pick(&[(0, 0.6), (1, 0.22), (2, 0.08), (3, 0.04), (4, 0.06)]).unwrap_or(0);
    let minor = (-3.0 * (1.0 - random.unit()).ln()) as usize;
    (major, minor, random.below(6))
}

/// Returns the packages that one requires, all of them written before it: the
/// number is exponential, and few packages are required by most (power law).
fn required(laws: &Laws, random: &mut Random, index: usize) -> Vec<usize> {
    let wanted = (-7.1 * (1.0 - random.unit()).ln()) as usize;
    let mut chosen = Vec::new();
    if wanted > 0 && index > 0 && random.chance(0.95) {
        chosen.push(0);
    }
    for _ in 0..wanted * 3 {
        if chosen.len() >= wanted.min(index) {
            break;
        }
        let rank = laws.popularity.rank(random) as usize + 1;
        if rank < index && !chosen.contains(&rank) {
            chosen.push(rank);
        }
    }
    chosen
}

/// Appends a string of JSON; the texts hold no control character but the line end.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    for part in text.split_inclusive(['\n', '"', '\\']) {
        let plain = part.trim_end_matches(['\n', '"', '\\']);
        out.push_str(plain);
        match part.get(plain.len()..) {
            Some("\n") => out.push_str("\\n"),
            Some(mark) => mark.chars().for_each(|mark| out.extend(['\\', mark])),
            None => {}
        }
    }
    out.push('"');
}

fn field(name: &str, value: &str, out: &mut String) {
    _ = write!(out, ",\"{name}\":");
    quote(value, out);
}

const LICENSES: [(&str, f64); 10] = [
    ("BSD-3-Clause", 0.57),
    ("MIT", 0.2),
    ("GPL-3.0-only", 0.036),
    ("Apache-2.0", 0.035),
    ("LicenseRef-Other", 0.03),
    ("MPL-2.0", 0.028),
    ("GPL-2.0-or-later", 0.032),
    ("LicenseRef-PublicDomain", 0.018),
    ("LGPL-3.0-only", 0.017),
    ("BSD-2-Clause", 0.034),
];

/// Writes the records of one package: mostly one, sometimes an older release before it.
fn records(laws: &Laws, names: &Names, seed: u64, index: usize, topic: u64, line: &mut String) {
    let name = names.get(index);
    let mut random = Random::of(seed, index, 1);
    let (major, minor, patch) = version(seed, index);
    let year = 2010 + (15.0 * random.unit().powf(0.75)) as usize;
    let (month, day, second) = (random.between(1, 12), random.between(1, 28), random.below(60));

    let mut common = String::new();
    let mut text = Text::new(laws, Random::of(seed, index, 2), topic);
    if random.chance(0.989) {
        text.description();
        field("description", &text.out, &mut common);
    }
    field("license", random.pick(&LICENSES).unwrap_or_default(), &mut common);
    let keywords = random.pick(&[(1, 0.8), (2, 0.11), (3, 0.04), (0, 0.03), (5, 0.02)]).unwrap_or(1);
    let mut word = String::new();
    for at in 0..keywords {
        spell_capital(COMMON + laws.keywords.rank(&mut random), &mut word);
        common.push_str(if at == 0 { ",\"keywords\":[" } else { "," });
        quote(&word, &mut common);
        word.clear();
    }
    common.push_str(if keywords > 0 { "]" } else { "" });
    spell(COMMON + topic, &mut word);
    field("category", &word, &mut common);
    for (key, share) in [("homepage", 0.754), ("repository", 0.742)] {
        if random.chance(share) {
            text.out.clear();
            text.out.push_str("https://code.example.org/");
            spell(laws.name_parts.rank(&mut random), &mut text.out);
            text.out.push('/');
            text.out.push_str(name);
            field(key, &text.out, &mut common);
        }
    }
    for (at, target) in required(laws, &mut random, index).into_iter().enumerate() {
        common.push_str(if at == 0 { ",\"dependencies\":[{\"name\":" } else { ",{\"name\":" });
        quote(names.get(target), &mut common);
        let (major, minor, patch) = version(seed, target);
        match random.below(10) {
            0..=4 => _ = write!(common, ",\"req\":\"^{major}.{minor}.{patch}\"}}"),
            5..=8 => _ = write!(common, ",\"req\":\">={major}.{minor}.0, <{}.0.0\"}}", major + 1),
            _ => common.push('}'),
        }
        word.push(']');
    }
    common.push_str(if word.ends_with(']') { "]" } else { "" });

    let mut record = |major: usize, minor: usize, year: usize, readme: Option<&str>| {
        line.push_str("{\"name\":");
        quote(name, line);
        _ = write!(line, ",\"version\":\"{major}.{minor}.{patch}\",\"version_kind\":\"semver\"");
        line.push_str(&common);
        if let Some(readme) = readme {
            field("readme", readme, line);
        }
        _ = writeln!(line, ",\"published\":\"{year}-{month:02}-{day:02}T12:{second:02}:00Z\"}}");
    };
    if minor > 0 && random.chance(0.04) {
        record(major, minor - 1, year - 1, None);
    }
    text.out.clear();
    let has_readme = random.chance(0.95);
    if has_readme {
        text.readme(name);
    }
    record(major, minor, year, has_readme.then_some(text.out.as_str()));
}

fn run(count: usize, seed: u64) -> std::io::Result<()> {
    let laws = Laws::new();
    let mut names = Names::default();
    let mut out = std::io::BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
    let mut line = String::new();
    for index in 0..count {
        let mut random = Random::of(seed, index, 0);
        let topic = random.next() % TOPICS;
        names.give(&laws, &mut random, topic);
        line.clear();
        records(&laws, &names, seed, index, topic, &mut line);
        out.write_all(line.as_bytes())?;
    }
    out.flush()
}

fn main() -> ExitCode {
    // `cargo bench` adds an option of its own.
    let given: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let numbers = match given.as_slice() {
        [count, seed] => count.parse::<usize>().ok().zip(seed.parse::<u64>().ok()),
        _ => None,
    };
    let Some((count, seed)) = numbers else {
        eprintln!("usage: generate COUNT SEED > catalog.ndjson");
        return ExitCode::from(2);
    };
    match run(count, seed) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the records could not be written: {error}");
            ExitCode::from(4)
        }
    }
}
