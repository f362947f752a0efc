//! Columns: one value a package, in the order of the numbers.
//!
//! A *facet* column is a line of JSON, `{"values": […], "sets": [[…], …]}`, then for each package
//! the LEB128 number of the set of values that it has. A *sort* column is a LEB128 number for
//! each package: days since 1970 for `updated`, tenths of a star for `rating`, a count for others.

use super::{Reader, put_number};
use crate::search::Error;
use crate::search::document::facet_values;
use crate::search::fields::FACETS;
use crate::search::listed::Listed;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Columns that results are sorted by.
pub(super) const SORTS: [&str; 4] = ["updated", "rating", "installs", "dependents"];

const DAY: i64 = 86_400;

/// The first line of a facet column.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Facet {
    /// Every value, sorted.
    pub(super) values: Vec<String>,
    /// Every set of values that a package has, as positions in `values`.
    pub(super) sets: Vec<Vec<usize>>,
    /// The set of each package.
    #[serde(skip)]
    pub(super) rows: Vec<usize>,
}

/// Returns every column with its name, not yet compressed.
pub(super) fn columns(listed: &[Listed<'_>]) -> Vec<(String, Vec<u8>)> {
    let values: Vec<_> = listed.par_iter().map(facet_values).collect();
    let facets = FACETS
        .iter()
        .enumerate()
        .map(|(at, name)| ((*name).to_owned(), facet(values.iter().map(|values| values[at].as_slice()))));
    let sorts = SORTS.iter().map(|name| ((*name).to_owned(), sort(listed, name)));
    facets.chain(sorts).collect()
}

fn facet<'a>(rows: impl Iterator<Item = &'a [String]> + Clone) -> Vec<u8> {
    let values: Vec<&String> = rows.clone().flatten().collect::<BTreeSet<_>>().into_iter().collect();
    let sets: BTreeSet<&[String]> = rows.clone().collect();
    let position = |value: &String| values.binary_search(&value).unwrap_or(0);
    let line = Facet {
        sets: sets.iter().map(|set| set.iter().map(position).collect()).collect(),
        values: values.iter().map(|value| (*value).clone()).collect(),
        rows: Vec::new(),
    };
    let numbers: BTreeMap<&[String], u64> = sets.into_iter().zip(0..).collect();
    let mut out = serde_json::to_vec(&line).unwrap_or_default();
    out.push(b'\n');
    for row in rows {
        put_number(&mut out, numbers.get(row).copied().unwrap_or(0));
    }
    out
}

fn sort(listed: &[Listed<'_>], name: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(listed.len());
    for one in listed {
        let value = match name {
            "updated" => one.package.last_published().map_or(0, |moment| moment.unix_seconds().max(0) / DAY),
            // At most fifty.
            #[allow(clippy::cast_possible_truncation)]
            "rating" => one.card.rating.map_or(0, |(mean, _)| (mean * 10.0).round() as i64),
            "dependents" => i64::try_from(one.card.dependents).unwrap_or(i64::MAX),
            _ => 0,
        };
        put_number(&mut out, u64::try_from(value).unwrap_or(0));
    }
    out
}

/// Reads a facet column.
pub(super) fn decode_facet(bytes: &[u8]) -> Result<Facet, Error> {
    let end =
        bytes.iter().position(|byte| *byte == b'\n').ok_or(Error::Damaged("a column without an end"))?;
    let mut facet: Facet =
        serde_json::from_slice(&bytes[..end]).map_err(|_| Error::Damaged("a column that is not JSON"))?;
    let mut reader = Reader(&bytes[end + 1..]);
    while !reader.is_empty() {
        facet.rows.push(usize::try_from(reader.number()?).unwrap_or(usize::MAX));
    }
    Ok(facet)
}

/// Reads a sort column.
pub(super) fn decode_sort(bytes: &[u8]) -> Result<Vec<u64>, Error> {
    let mut reader = Reader(bytes);
    let mut values = Vec::new();
    while !reader.is_empty() {
        values.push(reader.number()?);
    }
    Ok(values)
}
