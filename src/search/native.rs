//! The tantivy index as a source of words and names.

use super::Error;
use super::engine::{Hit, Lexicon, LongerName, Name, Postings};
use super::fields::{self, Fields};
use super::ranking::WEIGHTS;
use rayon::prelude::*;
use std::collections::BTreeMap;
use tantivy::columnar::Column;
use tantivy::postings::Postings as _;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, Index, InvertedIndexReader, Searcher, SegmentReader, TERMINATED, Term};

/// One segment, opened.
pub(super) struct Segment {
    pub(super) reader: SegmentReader,
    number: Column<u64>,
    standing: Column<u64>,
    demoted: Column<u64>,
    names: std::sync::Arc<InvertedIndexReader>,
    words: std::sync::Arc<InvertedIndexReader>,
}

impl Segment {
    fn open(reader: &SegmentReader, fields: &Fields) -> Result<Self, Error> {
        let fast = reader.fast_fields();
        Ok(Self {
            reader: reader.clone(),
            number: fast.u64("number")?,
            standing: fast.u64("standing")?,
            demoted: fast.u64("demoted")?,
            names: reader.inverted_index(fields.names)?,
            words: reader.inverted_index(fields.words)?,
        })
    }

    /// Returns the number of a document.
    pub(super) fn number(&self, doc: u32) -> u32 {
        // Numbers are counted in 32 bits when the index is made.
        u32::try_from(self.number.first(doc).unwrap_or(0)).unwrap_or(u32::MAX)
    }

    fn hit(&self, doc: u32, level: u64) -> Hit {
        Hit {
            number: self.number(doc),
            level: u8::try_from(level).unwrap_or(u8::MAX),
            is_demoted: self.demoted.first(doc).unwrap_or(0) > 0,
        }
    }

    /// Adds the packages with a term; the level is the frequency, or for names the standing.
    fn read(
        &self,
        index: &InvertedIndexReader,
        info: &tantivy::postings::TermInfo,
        into: &mut Vec<Hit>,
        is_name: bool,
    ) -> Result<(), Error> {
        let mut postings = index
            .read_postings_from_terminfo(info, IndexRecordOption::WithFreqs)
            .map_err(tantivy::TantivyError::from)?;
        let mut doc = postings.doc();
        while doc != TERMINATED {
            let level =
                if is_name { self.standing.first(doc).unwrap_or(0) } else { u64::from(postings.term_freq()) };
            into.push(self.hit(doc, level));
            doc = postings.advance();
        }
        Ok(())
    }

    /// Calls back for every stem with the packages that have it, in the order of their bytes.
    pub(super) fn each_word(&self, mut found: impl FnMut(&[u8], Vec<Hit>)) -> Result<(), Error> {
        each_term(&self.words, |key, info| {
            let mut hits = Vec::with_capacity(info.doc_freq as usize);
            self.read(&self.words, info, &mut hits, false)?;
            found(key, hits);
            Ok(())
        })
    }

    /// The same for the keys of names.
    pub(super) fn each_name(&self, mut found: impl FnMut(&[u8], Vec<Hit>)) -> Result<(), Error> {
        each_term(&self.names, |key, info| {
            let mut hits = Vec::with_capacity(info.doc_freq as usize);
            self.read(&self.names, info, &mut hits, true)?;
            found(key, hits);
            Ok(())
        })
    }
}

fn each_term(
    index: &InvertedIndexReader,
    mut found: impl FnMut(&[u8], &tantivy::postings::TermInfo) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut stream = index.terms().stream().map_err(tantivy::TantivyError::from)?;
    while stream.advance() {
        found(stream.key(), stream.value())?;
    }
    Ok(())
}

/// All segments.
pub(super) struct Native {
    pub(super) segments: Vec<Segment>,
    packages: u64,
    names: Field,
    words: Field,
}

impl Native {
    /// Opens an index.
    pub(super) fn open(searcher: &Searcher, fields: &Fields) -> Result<Self, Error> {
        let segments: Vec<Segment> = searcher
            .segment_readers()
            .iter()
            .map(|reader| Segment::open(reader, fields))
            .collect::<Result<_, _>>()?;
        Ok(Self { segments, packages: searcher.num_docs(), names: fields.names, words: fields.words })
    }

    /// Opens several indexes of the same schema as one.
    pub(super) fn of<'a>(indexes: impl Iterator<Item = &'a Index>) -> Result<Self, Error> {
        let schema = fields::schema();
        let fields = Fields::of(&schema)?;
        let mut all = Self { segments: Vec::new(), packages: 0, names: fields.names, words: fields.words };
        for index in indexes {
            let one = Self::open(&index.reader()?.searcher(), &fields)?;
            all.segments.extend(one.segments);
            all.packages += one.packages;
        }
        Ok(all)
    }

    /// Returns the terms of a field that are the fewest edits away, those many, with their packages.
    fn near(
        &self,
        field: Field,
        key: &str,
        edits: u8,
        is_wanted: impl Fn(&[Hit]) -> bool,
    ) -> Result<(u8, BTreeMap<String, Vec<Hit>>), Error> {
        for distance in 1..=edits {
            let per_segment: Vec<Vec<(String, Vec<Hit>)>> = self
                .segments
                .par_iter()
                .map(|segment| near_in(segment, field == self.names, field, key, distance))
                .collect::<Result<_, Error>>()?;
            let mut found: BTreeMap<String, Vec<Hit>> = BTreeMap::new();
            for (near, hits) in per_segment.into_iter().flatten().filter(|(near, _)| near != key) {
                found.entry(near).or_default().extend(hits);
            }
            found.retain(|_, hits| is_wanted(hits));
            if !found.is_empty() {
                return Ok((distance, found));
            }
        }
        Ok((0, BTreeMap::new()))
    }
}

/// Terms of a segment within so many edits, a transposition counting as one.
fn near_in(
    segment: &Segment,
    is_name: bool,
    field: Field,
    key: &str,
    edits: u8,
) -> Result<Vec<(String, Vec<Hit>)>, Error> {
    let automaton = FuzzyTermQuery::new(Term::from_field_text(field, key), edits, true).automaton()?;
    let index = if is_name { &segment.names } else { &segment.words };
    let mut stream = index.terms().search(automaton).into_stream().map_err(tantivy::TantivyError::from)?;
    let mut found = Vec::new();
    while stream.advance() {
        let mut hits = Vec::new();
        segment.read(index, stream.value(), &mut hits, is_name)?;
        found.push((String::from_utf8_lossy(stream.key()).into_owned(), hits));
    }
    Ok(found)
}

impl Lexicon for Native {
    fn packages(&self) -> u64 {
        self.packages
    }

    fn name(&self, key: &str) -> Result<Vec<Hit>, Error> {
        let mut hits = Vec::new();
        for segment in &self.segments {
            let info = segment.names.terms().get(key).map_err(tantivy::TantivyError::from)?;
            if let Some(info) = info {
                segment.read(&segment.names, &info, &mut hits, true)?;
            }
        }
        Ok(hits)
    }

    fn word(&self, stem: &str) -> Result<Postings, Error> {
        let mut hits = Vec::new();
        for segment in &self.segments {
            let info = segment.words.terms().get(stem).map_err(tantivy::TantivyError::from)?;
            if let Some(info) = info {
                segment.read(&segment.words, &info, &mut hits, false)?;
            }
        }
        Ok(Postings { packages: hits.len() as u64, hits })
    }

    fn names_beginning(&self, key: &str) -> Result<Vec<LongerName>, Error> {
        let mut names = Vec::new();
        for segment in &self.segments {
            let mut stream = beginning(&segment.names, key)?;
            while stream.advance() {
                let length = String::from_utf8_lossy(stream.key()).chars().count();
                let mut hits = Vec::new();
                segment.read(&segment.names, stream.value(), &mut hits, true)?;
                names.extend(hits.into_iter().map(|hit| LongerName { length, hit }));
            }
        }
        Ok(names)
    }

    fn words_beginning(&self, word: &str, most: usize) -> Result<Vec<String>, Error> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for segment in &self.segments {
            let mut stream = beginning(&segment.words, word)?;
            while stream.advance() {
                let frequency = u64::from(stream.value().doc_freq);
                *counts.entry(String::from_utf8_lossy(stream.key()).into_owned()).or_default() += frequency;
            }
        }
        Ok(most_frequent(counts, most))
    }

    fn names_near(&self, key: &str, edits: u8) -> Result<Vec<Name>, Error> {
        let (distance, near) = self.near(self.names, key, edits, |_| true)?;
        Ok(near.into_iter().map(|(key, hits)| Name { distance, key, hits }).collect())
    }

    fn words_near(&self, stem: &str, edits: u8, most: usize) -> Result<Vec<String>, Error> {
        let is_placed = |hits: &[Hit]| hits.iter().any(|hit| hit.level >= WEIGHTS.near_level);
        let (_, near) = self.near(self.words, stem, edits, is_placed)?;
        Ok(most_frequent(near.into_iter().map(|(word, hits)| (word, hits.len() as u64)).collect(), most))
    }
}

/// Returns the words that most packages have; of equals the first by its bytes.
pub(super) fn most_frequent(counts: BTreeMap<String, u64>, most: usize) -> Vec<String> {
    let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
    counts.sort_by(|(word_a, a), (word_b, b)| b.cmp(a).then(word_a.cmp(word_b)));
    counts.into_iter().take(most).map(|(word, _)| word).collect()
}

/// Terms that begin with a key and are longer.
fn beginning<'a>(
    index: &'a InvertedIndexReader,
    key: &str,
) -> Result<tantivy::termdict::TermStreamer<'a>, Error> {
    let range = index.terms().range().gt(key).lt(format!("{key}\u{10ffff}"));
    Ok(range.into_stream().map_err(tantivy::TantivyError::from)?)
}
