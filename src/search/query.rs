//! Questions: words and filters in, ranked cards and facet counts out.

use super::directory::ReadOnly;
use super::document::Card;
use super::fields::{self, FACETS, Fields};
use super::hits::{HitCollector, Hits};
use super::{Error, ranking};
use crate::platform::fs;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::Path;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, FuzzyTermQuery,
    InvertedIndexRangeQuery, Occur, Query, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::{DocAddress, Index, ReloadPolicy, Searcher, TantivyDocument, Term};

/// Exact values that a result must have; empty means any.
#[derive(Debug, Clone, Default)]
pub struct Filters {
    /// The kind.
    pub kind: Option<String>,
    /// The category.
    pub category: Option<String>,
    /// An SPDX id.
    pub license: Option<String>,
    /// The pricing model.
    pub pricing: Option<String>,
    /// The publisher's level.
    pub level: Option<String>,
}

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
    /// Number of matches.
    pub total: u64,
    /// Whether nothing matched the words as typed and similar names are shown.
    pub fuzzy: bool,
    /// The best matches.
    pub results: Vec<Card>,
    /// Counts over all matches, by facet and value.
    pub facets: BTreeMap<String, BTreeMap<String, u64>>,
}

/// An opened index.
pub struct SearchIndex {
    searcher: Searcher,
    fields: Fields,
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

    fn of(mut index: Index) -> Result<Self, Error> {
        index.set_tokenizers(fields::tokenizers());
        let fields = Fields::of(&index.schema())?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { searcher: reader.searcher(), fields })
    }

    /// Answers a query. No words match everything.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn search(&self, words: &str, filters: &Filters, sort: Sort, limit: usize) -> Result<Found, Error> {
        let terms = terms_of(words);
        if terms.is_empty() && !words.trim().is_empty() {
            return Ok(Found { total: 0, fuzzy: false, results: Vec::new(), facets: BTreeMap::new() });
        }
        let mut hits = self.run(self.words_query(words, &terms), filters, sort)?;
        let is_fuzzy = hits.ranked.is_empty() && !terms.is_empty();
        if is_fuzzy {
            hits = self.run(self.fuzzy_query(&terms), filters, sort)?;
        }
        let total = hits.ranked.len() as u64;
        let results = self.best(hits.ranked, sort, limit)?;
        Ok(Found { total, fuzzy: is_fuzzy && total > 0, results, facets: hits.facets })
    }

    fn run(&self, query: Box<dyn Query>, filters: &Filters, sort: Sort) -> Result<Hits, Error> {
        let mut clauses = vec![(Occur::Must, query)];
        let values = [&filters.kind, &filters.category, &filters.license, &filters.pricing, &filters.level];
        for ((facet, field), value) in FACETS.iter().zip(self.fields.facets).zip(values) {
            if let Some(value) = value {
                let value = if *facet == "license" { value.to_lowercase() } else { value.clone() };
                let filter = TermQuery::new(Term::from_field_text(field, &value), IndexRecordOption::Basic);
                clauses.push((Occur::Must, Box::new(ConstScoreQuery::new(Box::new(filter), 0.0))));
            }
        }
        Ok(self.searcher.search(&BooleanQuery::new(clauses), &HitCollector { sort })?)
    }

    /// Sorts the matches and reads the cards of the best; equal ranks go by id.
    fn best(&self, mut ranked: Vec<(f64, DocAddress)>, sort: Sort, limit: usize) -> Result<Vec<Card>, Error> {
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        if sort != Sort::Name {
            let cutoff = ranked.get(limit.saturating_sub(1)).map_or(f64::NEG_INFINITY, |last| last.0);
            let end = ranked.partition_point(|(rank, _)| *rank >= cutoff);
            // Ties at the cut are read too, so that the id decides, within reason.
            ranked.truncate(end.min(limit.saturating_add(1_000)));
        }
        let mut cards = ranked
            .into_iter()
            .map(|(rank, address)| Ok((rank, self.card(address)?)))
            .collect::<Result<Vec<(f64, Card)>, Error>>()?;
        cards.sort_by(|(rank_a, a), (rank_b, b)| match sort {
            Sort::Name => a.name.to_lowercase().cmp(&b.name.to_lowercase()).then(a.id.cmp(&b.id)),
            _ => rank_b.total_cmp(rank_a).then(a.id.cmp(&b.id)),
        });
        Ok(cards.into_iter().take(limit).map(|(_, card)| card).collect())
    }

    fn card(&self, address: DocAddress) -> Result<Card, Error> {
        let doc: TantivyDocument = self.searcher.doc(address)?;
        let bytes = doc.get_first(self.fields.card).and_then(|value| value.as_bytes()).unwrap_or_default();
        serde_json::from_slice(bytes).map_err(|_| Error::Field("card"))
    }

    /// Exact and prefix boosts for the whole query, and for every word its best field.
    fn words_query(&self, words: &str, terms: &[String]) -> Box<dyn Query> {
        if terms.is_empty() {
            return Box::new(AllQuery);
        }
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        let key = ranking::fold(words);
        if !key.is_empty() {
            let exact =
                TermQuery::new(Term::from_field_text(self.fields.exact, &key), IndexRecordOption::Basic);
            clauses.push((Occur::Should, Box::new(ConstScoreQuery::new(Box::new(exact), ranking::EXACT))));
            let prefix = self.prefix_query(&key);
            clauses.push((Occur::Should, Box::new(ConstScoreQuery::new(prefix, ranking::PREFIX))));
        }
        for term in terms {
            let fields: Vec<Box<dyn Query>> =
                self.weighted().map(|(field, weight)| boosted(field, term, weight)).collect();
            let any = BooleanQuery::union(fields.iter().map(|query| query.box_clone()).collect());
            clauses.push((Occur::Should, Box::new(DisjunctionMaxQuery::with_tie_breaker(fields, 0.3))));
            clauses.push((Occur::Should, Box::new(ConstScoreQuery::new(Box::new(any), ranking::WORD))));
        }
        Box::new(BooleanQuery::new(clauses))
    }

    fn prefix_query(&self, key: &str) -> Box<dyn Query> {
        let from = Term::from_field_text(self.fields.exact, key);
        let to = Term::from_field_text(self.fields.exact, &format!("{key}\u{10ffff}"));
        Box::new(InvertedIndexRangeQuery::new(Bound::Included(from), Bound::Excluded(to)))
    }

    /// Words within a few edits of those asked for, names first.
    fn fuzzy_query(&self, terms: &[String]) -> Box<dyn Query> {
        let clauses = terms.iter().flat_map(|term| {
            let edits = ranking::edits(term.chars().count());
            let fields = &self.fields;
            let names = [fields.name, fields.label, fields.exact].map(|field| (field, ranking::FUZZY));
            let texts = [fields.keywords, fields.tagline, fields.description];
            let texts = texts.map(|field| (field, ranking::FUZZY_TEXT));
            names.into_iter().chain(texts).map(move |(field, weight)| {
                let fuzzy = FuzzyTermQuery::new(Term::from_field_text(field, term), edits, true);
                (Occur::Should, Box::new(BoostQuery::new(Box::new(fuzzy), weight)) as Box<dyn Query>)
            })
        });
        Box::new(BooleanQuery::new(clauses.collect()))
    }

    /// The fields of the ranking table with their weights.
    fn weighted(&self) -> impl Iterator<Item = (Field, f32)> {
        let fields = &self.fields;
        let handles =
            [fields.name, fields.label, fields.keywords, fields.tagline, fields.description, fields.readme];
        handles.into_iter().zip(ranking::FIELDS).map(|(field, row)| (field, row.weight))
    }
}

fn boosted(field: Field, term: &str, weight: f32) -> Box<dyn Query> {
    let query = TermQuery::new(Term::from_field_text(field, term), IndexRecordOption::WithFreqs);
    Box::new(BoostQuery::new(Box::new(query), weight))
}

/// Most words of a query that count; the rest is ignored.
const MAX_TERMS: usize = 16;

/// Cuts a query into terms as the index does.
fn terms_of(words: &str) -> Vec<String> {
    let mut analyzer = fields::analyzer();
    let mut stream = analyzer.token_stream(words);
    let mut terms = Vec::new();
    while let Some(token) = stream.next() {
        if terms.len() < MAX_TERMS && !terms.contains(&token.text) {
            terms.push(token.text.clone());
        }
    }
    terms
}
