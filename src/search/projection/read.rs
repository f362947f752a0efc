//! Answers questions from the projection of a site, wherever its files are.
//!
//! The ranking is that of [`crate::search::engine`]; only the source of words and names is
//! another. It reads a few files a question, as the module in the browser does, but reads
//! the tails to their end, so that its answer is that of the index itself.

use super::columns::{SORTS, decode_facet, decode_sort};
use super::head::{Head, data_path, near_path, nth, shard_path};
use super::shard::{self, Entry};
use super::{Reader, cards, near, unpack};
use crate::search::answer::{Chosen, put_first};
use crate::search::engine::{Hit, Lexicon, LongerName, Name, Postings, tally};
use crate::search::fields::FACETS;
use crate::search::native::most_frequent;
use crate::search::question::{Filters, PUBLISHER, Question};
use crate::search::{Card, Error, Found, Sort};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// A file could not be read.
#[derive(Debug, thiserror::Error)]
#[error("`{path}` cannot be read: {reason}")]
pub struct FetchError {
    /// Where it was looked for.
    pub path: String,
    /// What happened.
    pub reason: String,
}

/// Where the files of a site are.
pub trait Fetch {
    /// Returns a file by its path from the site's top, or nothing where there is none.
    ///
    /// # Errors
    /// When it cannot be known or read.
    fn get(&self, path: &str) -> Result<Option<Vec<u8>>, FetchError>;
}

/// The search of a site that is served, or lies in a folder.
pub struct SearchSite {
    store: Store,
    head: Head,
}

/// Fetches, unpacks and keeps.
struct Store {
    fetch: Box<dyn Fetch>,
    inside: BTreeMap<String, Vec<u8>>,
    shards: RefCell<HashMap<String, Rc<Vec<Entry>>>>,
}

impl Store {
    fn file(&self, path: &str) -> Result<Vec<u8>, Error> {
        if let Some(bytes) = self.inside.get(path) {
            return unpack(bytes);
        }
        let found = self.fetch.get(&format!("search/{path}"))?;
        unpack(&found.ok_or_else(|| Error::Missing(format!("search/{path}")))?)
    }

    fn data(&self, name: &str) -> Result<Vec<u8>, Error> {
        self.file(&data_path(name))
    }

    fn shard(&self, path: &str) -> Result<Rc<Vec<Entry>>, Error> {
        if let Some(known) = self.shards.borrow().get(path) {
            return Ok(Rc::clone(known));
        }
        let entries = Rc::new(shard::decode(&self.file(path)?)?);
        self.shards.borrow_mut().insert(path.to_owned(), Rc::clone(&entries));
        Ok(entries)
    }
}

impl SearchSite {
    /// Reads the head.
    ///
    /// # Errors
    /// When the site has none, or one of another version.
    pub fn open(fetch: Box<dyn Fetch>) -> Result<Self, Error> {
        let file = fetch.get("search/head.bin")?.ok_or_else(|| Error::Missing("search/head.bin".into()))?;
        let (head, inside) = Head::decode(&file)?;
        Ok(Self { store: Store { fetch, inside, shards: RefCell::default() }, head })
    }

    /// Answers a question. No words match everything, the newest first.
    ///
    /// # Errors
    /// When a file cannot be read, for a filter that does not exist, and for what only the
    /// index itself can do: quoted phrases and the order of names.
    pub fn search(&self, asked: &str, filters: &Filters, sort: Sort, limit: usize) -> Result<Found, Error> {
        let question = Question::parse(asked);
        let allowed = self.allowed(&question, filters)?;
        let tally = if question.has_words { Some(tally(self, &question)?) } else { None };
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

    fn size(&self) -> usize {
        usize::try_from(self.head.documents).unwrap_or(usize::MAX)
    }

    fn allowed(&self, question: &Question, filters: &Filters) -> Result<Vec<bool>, Error> {
        let mut allowed = vec![true; self.size()];
        for (name, values) in question.filters.iter().chain(filters) {
            let values: Vec<String> = values.iter().map(|value| value.to_lowercase()).collect();
            let has =
                if name == PUBLISHER { self.of_publisher(&values)? } else { self.with_value(name, &values)? };
            for (allowed, has) in allowed.iter_mut().zip(has) {
                *allowed &= has;
            }
        }
        for stem in &question.without {
            for hit in self.word(stem)?.hits {
                if let Some(allowed) = allowed.get_mut(hit.number as usize) {
                    *allowed = false;
                }
            }
        }
        Ok(allowed)
    }

    fn of_publisher(&self, values: &[String]) -> Result<Vec<bool>, Error> {
        let mut has = vec![false; self.size()];
        for value in values {
            for hit in self.word(&format!("{PUBLISHER}:{value}"))?.hits {
                if let Some(has) = has.get_mut(hit.number as usize) {
                    *has = true;
                }
            }
        }
        Ok(has)
    }

    fn with_value(&self, name: &str, values: &[String]) -> Result<Vec<bool>, Error> {
        let column = self.head.columns.get(name).filter(|_| FACETS.contains(&name));
        let facet =
            decode_facet(&self.store.data(column.ok_or_else(|| Error::UnknownFilter(name.to_owned()))?)?)?;
        let is_wanted = |value: &usize| facet.values.get(*value).is_some_and(|value| values.contains(value));
        let sets: Vec<bool> = facet.sets.iter().map(|set| set.iter().any(is_wanted)).collect();
        Ok(facet.rows.iter().map(|set| sets.get(*set).copied().unwrap_or(false)).collect())
    }

    fn order(&self, chosen: &Chosen<'_>, sort: Sort, limit: usize) -> Result<Vec<u32>, Error> {
        let name = match sort {
            Sort::Relevance => return Ok(chosen.best(limit)),
            Sort::Newest => return Ok(chosen.matches.iter().rev().take(limit).copied().collect()),
            Sort::Name => return Err(Error::NotServed("the order of names")),
            Sort::Updated => SORTS[0],
            Sort::Rating => SORTS[1],
            Sort::Installs => SORTS[2],
            Sort::Dependents => SORTS[3],
        };
        let column = self.head.columns.get(name).ok_or(Error::Damaged("a head without a column"))?;
        let values = decode_sort(&self.store.data(column)?)?;
        let value = |number: u32| values.get(number as usize).copied().unwrap_or(0);
        let mut order = chosen.matches.clone();
        order.sort_by(|a, b| value(*b).cmp(&value(*a)).then(b.cmp(a)));
        order.truncate(limit);
        Ok(order)
    }

    fn card(&self, number: u32) -> Result<Card, Error> {
        let (card, block) = (self.head.card as usize, self.head.block as usize);
        let at = number as usize / card;
        let path = cards::path(nth(&self.head.blocks, at / block)?, at);
        let cards = cards::decode(&self.store.file(&path)?)?;
        cards.into_iter().nth(number as usize % card).ok_or(Error::Damaged("cards that are too few"))
    }

    fn count(&self, matches: &[u32]) -> Result<BTreeMap<String, BTreeMap<String, u64>>, Error> {
        let mut facets = BTreeMap::new();
        for name in FACETS {
            let Some(column) = self.head.columns.get(name) else { continue };
            let facet = decode_facet(&self.store.data(column)?)?;
            let mut sets = vec![0_u64; facet.sets.len()];
            for number in matches {
                let set = facet.rows.get(*number as usize).and_then(|set| sets.get_mut(*set));
                if let Some(count) = set {
                    *count += 1;
                }
            }
            let mut counts: BTreeMap<String, u64> = BTreeMap::new();
            for (set, count) in facet.sets.iter().zip(sets).filter(|(_, count)| *count > 0) {
                for value in set.iter().filter_map(|value| facet.values.get(*value)) {
                    *counts.entry(value.clone()).or_default() += count;
                }
            }
            facets.insert(name.to_owned(), counts);
        }
        Ok(facets)
    }

    /// Returns the number of the shard that a key is in.
    fn place(&self, key: &str) -> usize {
        self.head.bounds.partition_point(|bound| bound.as_str() <= key)
    }

    fn shard(&self, at: usize) -> Result<Rc<Vec<Entry>>, Error> {
        let bound = at.checked_sub(1).and_then(|before| self.head.bounds.get(before));
        self.store.shard(&shard_path(nth(&self.head.shards, at)?, bound.map_or("", String::as_str)))
    }

    fn entry(&self, key: &str) -> Result<Option<Entry>, Error> {
        if self.head.shards.is_empty() {
            return Ok(None);
        }
        let shard = self.shard(self.place(key))?;
        let at = shard.binary_search_by(|entry| entry.key.as_str().cmp(key));
        Ok(at.ok().and_then(|at| shard.get(at)).cloned())
    }

    /// Returns the entries that begin with a key and are longer; all are in one shard.
    fn beginning(&self, key: &str) -> Result<Vec<Entry>, Error> {
        if self.head.shards.is_empty() {
            return Ok(Vec::new());
        }
        let shard = self.shard(self.place(key))?;
        let from = shard.partition_point(|entry| entry.key.as_str() <= key);
        Ok(shard[from..].iter().take_while(|entry| entry.key.starts_with(key)).cloned().collect())
    }

    /// Returns the entries of the near shards of a word that are within so many edits, with those.
    fn near(&self, word: &str, edits: u8) -> Result<BTreeMap<String, (u8, Entry)>, Error> {
        let mut found = BTreeMap::new();
        let editions = data_encoding::HEXLOWER.encode(&self.store.data(&self.head.near)?);
        for half in near::halves(word) {
            let place = near::shard(half, self.head.near_bits);
            for entry in self.store.shard(&near_path(nth(&editions, place)?, place))?.iter() {
                if !near::is_half_same(word, &entry.key) {
                    continue;
                }
                let distance = near::distance(word, &entry.key);
                if distance > 0 && distance <= usize::from(edits) {
                    found.insert(
                        entry.key.clone(),
                        (u8::try_from(distance).unwrap_or(u8::MAX), entry.clone()),
                    );
                }
            }
        }
        Ok(found)
    }
}

impl Lexicon for SearchSite {
    fn packages(&self) -> u64 {
        self.head.documents
    }

    fn name(&self, key: &str) -> Result<Vec<Hit>, Error> {
        Ok(self.entry(key)?.map(|entry| entry.names).unwrap_or_default())
    }

    fn word(&self, stem: &str) -> Result<Postings, Error> {
        let Some(entry) = self.entry(stem)? else { return Ok(Postings::default()) };
        let mut hits = entry.word;
        for tail in &entry.tails {
            hits.extend(shard::list(&mut Reader(&self.store.data(&tail.file)?))?);
        }
        Ok(Postings { packages: entry.packages, hits })
    }

    fn names_beginning(&self, key: &str) -> Result<Vec<LongerName>, Error> {
        if let Some((names, _)) = self.entry(key)?.and_then(|entry| entry.longer) {
            return Ok(names);
        }
        let names = |entry: Entry| {
            let length = entry.key.chars().count();
            entry.names.into_iter().map(move |hit| LongerName { length, hit })
        };
        Ok(self.beginning(key)?.into_iter().flat_map(names).collect())
    }

    fn words_beginning(&self, word: &str, most: usize) -> Result<Vec<String>, Error> {
        if let Some((_, words)) = self.entry(word)?.and_then(|entry| entry.longer) {
            return Ok(words.into_iter().take(most).collect());
        }
        let counts = self.beginning(word)?.into_iter().filter(|entry| entry.packages > 0);
        Ok(most_frequent(counts.map(|entry| (entry.key, entry.packages)).collect(), most))
    }

    fn names_near(&self, key: &str, edits: u8) -> Result<Vec<Name>, Error> {
        if edits == 0 {
            return Ok(Vec::new());
        }
        let entries = self.near(key, edits)?.into_values().filter(|(_, entry)| !entry.names.is_empty());
        Ok(entries.map(|(distance, entry)| Name { distance, key: entry.key, hits: entry.names }).collect())
    }

    fn words_near(&self, stem: &str, edits: u8, most: usize) -> Result<Vec<String>, Error> {
        if edits == 0 {
            return Ok(Vec::new());
        }
        let near = self.near(stem, edits)?;
        let words: Vec<&(u8, Entry)> = near.values().filter(|(_, entry)| entry.packages > 0).collect();
        let least = words.iter().map(|(distance, _)| *distance).min();
        let counts = words.iter().filter(|(distance, _)| Some(*distance) == least);
        Ok(most_frequent(counts.map(|(_, entry)| (entry.key.clone(), entry.packages)).collect(), most))
    }
}
