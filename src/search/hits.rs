//! Collects every match with its rank and counts the facets, in one pass.

use super::fields::FACETS;
use super::query::Sort;
use super::ranking;
use std::collections::BTreeMap;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

/// Counts by facet, then by value.
pub(super) type FacetCounts = BTreeMap<String, BTreeMap<String, u64>>;

/// What a search gives: ranks with addresses, and the counts.
#[derive(Debug, Default)]
pub(super) struct Hits {
    pub(super) ranked: Vec<(f64, DocAddress)>,
    pub(super) facets: FacetCounts,
}

/// The collector.
pub(super) struct HitCollector {
    pub(super) sort: Sort,
}

/// The collector of one segment.
pub(super) struct SegmentHits {
    segment: SegmentOrdinal,
    sort: Sort,
    columns: Columns,
    facets: Vec<(&'static str, Option<StrColumn>, BTreeMap<u64, u64>)>,
    ranked: Vec<(f64, DocAddress)>,
}

struct Columns {
    level: Column<u64>,
    rating: Column<f64>,
    dependents: Column<u64>,
    installs: Column<u64>,
    demoted: Column<u64>,
    published: Column<i64>,
    updated: Column<i64>,
}

impl Collector for HitCollector {
    type Fruit = Hits;
    type Child = SegmentHits;

    fn for_segment(&self, segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<SegmentHits> {
        let fast = reader.fast_fields();
        let facets = FACETS
            .iter()
            .map(|facet| Ok((*facet, fast.str(facet)?, BTreeMap::new())))
            .collect::<tantivy::Result<_>>()?;
        let columns = Columns {
            level: fast.u64("level_rank")?,
            rating: fast.f64("rating")?,
            dependents: fast.u64("dependents")?,
            installs: fast.u64("installs")?,
            demoted: fast.u64("demoted")?,
            published: fast.i64("published")?,
            updated: fast.i64("updated")?,
        };
        Ok(SegmentHits { segment, sort: self.sort, columns, facets, ranked: Vec::new() })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Relevance
    }

    fn merge_fruits(&self, fruits: Vec<tantivy::Result<Hits>>) -> tantivy::Result<Hits> {
        let mut all = Hits::default();
        for fruit in fruits {
            let fruit = fruit?;
            all.ranked.extend(fruit.ranked);
            for (facet, values) in fruit.facets {
                let counts = all.facets.entry(facet).or_default();
                for (value, count) in values {
                    *counts.entry(value).or_default() += count;
                }
            }
        }
        Ok(all)
    }
}

impl SegmentCollector for SegmentHits {
    type Fruit = tantivy::Result<Hits>;

    fn collect(&mut self, doc: DocId, score: Score) {
        let rank = self.rank(doc, score);
        self.ranked.push((rank, DocAddress::new(self.segment, doc)));
        for (_, column, counts) in &mut self.facets {
            for ordinal in column.iter().flat_map(|column| column.term_ords(doc)) {
                *counts.entry(ordinal).or_default() += 1;
            }
        }
    }

    fn harvest(self) -> tantivy::Result<Hits> {
        let mut facets = FacetCounts::new();
        for (facet, column, counts) in self.facets {
            let values = facets.entry(facet.to_owned()).or_default();
            let Some(column) = column else { continue };
            for (ordinal, count) in counts {
                let mut value = String::new();
                if column.ord_to_str(ordinal, &mut value)? {
                    values.insert(value, count);
                }
            }
        }
        Ok(Hits { ranked: self.ranked, facets })
    }
}

impl SegmentHits {
    /// Returns the number that results are sorted by, descending.
    fn rank(&self, doc: DocId, score: Score) -> f64 {
        let columns = &self.columns;
        let first = |column: &Column<u64>| column.first(doc).unwrap_or(0);
        let rating = columns.rating.first(doc).unwrap_or(0.0);
        // Dates and counts stay far below 2^52.
        #[allow(clippy::cast_precision_loss)]
        let key = match self.sort {
            Sort::Relevance => {
                f64::from(score)
                    + f64::from(ranking::prior(first(&columns.level), rating, first(&columns.dependents)))
            }
            Sort::Newest => columns.published.first(doc).unwrap_or(0) as f64,
            Sort::Updated => columns.updated.first(doc).unwrap_or(0) as f64,
            Sort::Rating => rating,
            Sort::Installs => first(&columns.installs) as f64,
            Sort::Dependents => first(&columns.dependents) as f64,
            Sort::Name => 0.0,
        };
        if self.sort == Sort::Relevance && first(&columns.demoted) > 0 {
            key - f64::from(ranking::DEMOTION)
        } else {
            key
        }
    }
}
