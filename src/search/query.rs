//! Questions to a built index: words and filters in, ranked cards and facet counts out.

use super::directory::ReadOnly;
use super::document::Card;
use super::engine::{Lexicon, tally};
use super::fields::{self, FACETS, Fields};
use super::native::Native;
use super::question::{Filters, PUBLISHER, Question};
use super::{
    Error,
    answer::{Chosen, put_first},
};
use crate::platform::fs;
use std::collections::BTreeMap;
use std::path::Path;
use tantivy::columnar::Column;
use tantivy::fastfield::FastFieldReaders;
use tantivy::query::{PhraseQuery, Query};
use tantivy::schema::{Field, Value};
use tantivy::{DocAddress, Index, ReloadPolicy, Searcher, TantivyDocument, Term};

/// The order of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Sort {
    /// Best match first.
    #[default]
    Relevance,
    /// First released latest.
    Newest,
    /// Released latest.
    Updated,
    /// Best rated.
    Rating,
    /// Most installed.
    Installs,
    /// Needed by most.
    Dependents,
    /// By display name.
    Name,
}

/// An answer.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Found {
    /// Number of packages that have all the words, or where none has, of those that have some.
    pub total: u64,
    /// Whether no package has all the words.
    pub some: bool,
    /// The name or word that was taken for what was asked, where that was found nowhere.
    pub near: Option<String>,
    /// The best matches; where few have all the words, then some that have not.
    pub results: Vec<Card>,
    /// Counts over all matches, by facet and value.
    pub facets: BTreeMap<String, BTreeMap<String, u64>>,
}

/// An opened index.
pub struct SearchIndex {
    searcher: Searcher,
    fields: Fields,
    native: Native,
    /// Where each package is, by number.
    addresses: Vec<DocAddress>,
}

impl SearchIndex {
    /// Opens the index in a built site.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn open(site: &Path) -> Result<Self, Error> {
        let folder = site.join("search/tantivy");
        if !fs::is_file(&folder.join("meta.json")) {
            return Err(Error::NoIndex(site.to_owned()));
        }
        let directory = ReadOnly::open(&folder).map_err(tantivy::TantivyError::from)?;
        Self::of(Index::open(directory)?)
    }

    /// Opens an index in memory or on disk.
    pub(super) fn of(mut index: Index) -> Result<Self, Error> {
        index.set_tokenizers(fields::tokenizers());
        let fields = Fields::of(&index.schema())?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let searcher: Searcher = reader.searcher();
        let native = Native::open(&searcher, &fields)?;
        let mut addresses = vec![DocAddress::new(0, 0); usize::try_from(native.packages()).unwrap_or(0)];
        for (ordinal, segment) in (0..).zip(&native.segments) {
            for doc in 0..segment.reader.max_doc() {
                let address =
                    addresses.get_mut(segment.number(doc) as usize).ok_or(Error::Field("number"))?;
                *address = DocAddress::new(ordinal, doc);
            }
        }
        Ok(Self { searcher, fields, native, addresses })
    }

    /// Answers a question. No words match everything, the newest first.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn search(&self, asked: &str, filters: &Filters, sort: Sort, limit: usize) -> Result<Found, Error> {
        let question = Question::parse(asked);
        let allowed = self.allowed(&question, filters)?;
        let tally = if question.has_words { Some(tally(&self.native, &question)?) } else { None };
        let chosen = Chosen::of(tally.as_ref(), &allowed);
        let order = self.order(&chosen, sort, limit)?;
        let mut results: Vec<Card> =
            order.into_iter().map(|number| self.card(number)).collect::<Result<_, _>>()?;
        put_first(&mut results, question.id.as_deref());
        Ok(Found {
            total: chosen.matches.len() as u64,
            some: chosen.is_some,
            near: chosen.near(&results),
            results,
            facets: self.count(&chosen.matches)?,
        })
    }

    /// Which packages the filters, the phrases and the unwanted words leave, by number.
    fn allowed(&self, question: &Question, filters: &Filters) -> Result<Vec<bool>, Error> {
        let mut allowed = vec![true; self.addresses.len()];
        let mut keep = |numbers: Vec<u32>, wanted: bool| {
            let mut has = vec![false; allowed.len()];
            for number in numbers {
                if let Some(has) = has.get_mut(number as usize) {
                    *has = true;
                }
            }
            for (allowed, has) in allowed.iter_mut().zip(has) {
                *allowed &= has == wanted;
            }
        };
        for (name, values) in question.filters.iter().chain(filters) {
            let field = self.filter_field(name)?;
            let mut numbers = Vec::new();
            for value in values {
                let value = if name == "license" { value.to_lowercase() } else { value.clone() };
                numbers.extend(self.numbers(&tantivy::query::TermQuery::new(
                    Term::from_field_text(field, &value),
                    tantivy::schema::IndexRecordOption::Basic,
                ))?);
            }
            keep(numbers, true);
        }
        for phrase in &question.phrases {
            let terms = phrase.iter().map(|stem| Term::from_field_text(self.fields.text, stem)).collect();
            keep(self.numbers(&PhraseQuery::new(terms))?, true);
        }
        for stem in &question.without {
            keep(self.native.word(stem)?.hits.iter().map(|hit| hit.number).collect(), false);
        }
        Ok(allowed)
    }

    fn filter_field(&self, name: &str) -> Result<Field, Error> {
        if name == PUBLISHER {
            return Ok(self.fields.publisher);
        }
        let at = FACETS
            .iter()
            .position(|facet| *facet == name)
            .ok_or_else(|| Error::UnknownFilter(name.to_owned()))?;
        Ok(self.fields.facets[at])
    }

    /// Numbers of the packages that a query of tantivy's finds.
    fn numbers(&self, query: &dyn Query) -> Result<Vec<u32>, Error> {
        let found = self.searcher.search(query, &tantivy::collector::DocSetCollector)?;
        let segment = |address: &DocAddress| self.native.segments.get(address.segment_ord as usize);
        Ok(found.iter().filter_map(|address| Some(segment(address)?.number(address.doc_id))).collect())
    }

    /// Numbers of the results, best first.
    fn order(&self, chosen: &Chosen<'_>, sort: Sort, limit: usize) -> Result<Vec<u32>, Error> {
        match sort {
            Sort::Relevance => Ok(chosen.best(limit)),
            Sort::Newest => Ok(chosen.matches.iter().rev().take(limit).copied().collect()),
            Sort::Name => self.by_name(&chosen.matches, limit),
            Sort::Updated | Sort::Rating | Sort::Installs | Sort::Dependents => {
                self.by_column(&chosen.matches, sort, limit)
            }
        }
    }

    /// Sorts by a column, the highest first; of equals the later number.
    fn by_column(&self, matches: &[u32], sort: Sort, limit: usize) -> Result<Vec<u32>, Error> {
        let columns: Vec<SortColumn> = self
            .native
            .segments
            .iter()
            .map(|segment| SortColumn::open(segment.reader.fast_fields(), sort))
            .collect::<Result<_, Error>>()?;
        let mut keyed: Vec<(f64, u32)> = matches
            .iter()
            .map(|number| {
                let address = self.addresses[*number as usize];
                (columns[address.segment_ord as usize].value(address.doc_id), *number)
            })
            .collect();
        keyed.sort_by(|(a, number_a), (b, number_b)| b.total_cmp(a).then(number_b.cmp(number_a)));
        Ok(keyed.into_iter().take(limit).map(|(_, number)| number).collect())
    }

    fn by_name(&self, matches: &[u32], limit: usize) -> Result<Vec<u32>, Error> {
        let mut keyed = matches
            .iter()
            .map(|number| self.card(*number).map(|card| (card.name.to_lowercase(), card.id, *number)))
            .collect::<Result<Vec<_>, Error>>()?;
        keyed.sort();
        Ok(keyed.into_iter().take(limit).map(|(_, _, number)| number).collect())
    }

    fn card(&self, number: u32) -> Result<Card, Error> {
        let address = self.addresses.get(number as usize).ok_or(Error::Field("number"))?;
        let doc: TantivyDocument = self.searcher.doc(*address)?;
        let bytes = doc.get_first(self.fields.card).and_then(|value| value.as_bytes()).unwrap_or_default();
        serde_json::from_slice(bytes).map_err(|_| Error::Field("card"))
    }

    /// Counts the values of every facet over the packages.
    fn count(&self, matches: &[u32]) -> Result<BTreeMap<String, BTreeMap<String, u64>>, Error> {
        let mut by_segment: Vec<Vec<u32>> = vec![Vec::new(); self.native.segments.len()];
        for number in matches {
            let address = self.addresses[*number as usize];
            by_segment[address.segment_ord as usize].push(address.doc_id);
        }
        let mut facets = BTreeMap::new();
        for facet in FACETS {
            let mut counts: BTreeMap<String, u64> = BTreeMap::new();
            for (segment, docs) in
                self.native.segments.iter().zip(&by_segment).filter(|(_, docs)| !docs.is_empty())
            {
                let Some(column) = segment.reader.fast_fields().str(&format!("facet-{facet}"))? else {
                    continue;
                };
                let mut ordinals: BTreeMap<u64, u64> = BTreeMap::new();
                for ordinal in docs.iter().flat_map(|doc| column.term_ords(*doc)) {
                    *ordinals.entry(ordinal).or_default() += 1;
                }
                for (ordinal, count) in ordinals {
                    let mut value = String::new();
                    if column.ord_to_str(ordinal, &mut value).map_err(tantivy::TantivyError::from)? {
                        *counts.entry(value).or_default() += count;
                    }
                }
            }
            facets.insert(facet.to_owned(), counts);
        }
        Ok(facets)
    }
}

/// What results are sorted by, in one segment.
enum SortColumn {
    Count(Column<u64>),
    Moment(Column<i64>),
    Mean(Column<f64>),
}

impl SortColumn {
    fn open(fast: &FastFieldReaders, sort: Sort) -> Result<Self, Error> {
        Ok(match sort {
            Sort::Rating => Self::Mean(fast.f64("rating")?),
            Sort::Installs => Self::Count(fast.u64("installs")?),
            Sort::Dependents => Self::Count(fast.u64("dependents")?),
            Sort::Relevance | Sort::Newest | Sort::Updated | Sort::Name => Self::Moment(fast.i64("updated")?),
        })
    }

    fn value(&self, doc: u32) -> f64 {
        // Dates and counts stay far below 2^52.
        #[allow(clippy::cast_precision_loss)]
        match self {
            Self::Count(column) => column.first(doc).unwrap_or(0) as f64,
            // Releases of one day are equal.
            Self::Moment(column) => column.first(doc).unwrap_or(0).div_euclid(86_400) as f64,
            Self::Mean(column) => column.first(doc).unwrap_or(0.0),
        }
    }
}
