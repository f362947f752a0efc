//! The packages that a proposed name could be mistaken for.

use super::look_alike::Names;
use super::outline::{Outline, PackageOutline};
use std::collections::BTreeMap;

/// A package whose name resembles another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// Its id.
    pub id: String,
    /// The name that resembles: the last label, the publisher's label, or the display name.
    pub name: String,
    /// Edits between the folded names.
    pub distance: u32,
    /// How the two resemble each other, in words.
    pub how: String,
}

/// Returns the packages of other publishers whose last label, publisher's label
/// or display name resembles that of a proposed package, the nearest first.
pub fn neighbours(outline: &Outline, id: &str, name: &str, publisher: &str) -> Vec<Neighbour> {
    let others: Vec<&PackageOutline> =
        outline.packages().iter().filter(|one| one.id != id && one.publisher != publisher).collect();
    let mut found: BTreeMap<&str, Neighbour> = BTreeMap::new();
    let sorts: [Sort; 3] = [
        ("last label", last(id), &|one| last(&one.id)),
        ("name", name, &|one| &one.name),
        ("publisher's label", owner(id), &|one| owner(&one.id)),
    ];
    for (what, own, name_of) in sorts {
        // Many packages of one publisher are one name to be mistaken for.
        let names: BTreeMap<&str, &PackageOutline> = others
            .iter()
            .rev()
            .map(|one| (name_of(one), *one))
            .filter(|(name, _)| what != "publisher's label" || *name != own)
            .collect();
        let list: Vec<&str> = names.keys().copied().collect();
        for hit in Names::new(&list).look_alikes(own) {
            let Some((name, other)) = list.get(hit.index).and_then(|name| names.get_key_value(name)) else {
                continue;
            };
            let how = format!("the {what} `{own}` beside `{name}`, {}", hit.how.describe());
            let neighbour =
                Neighbour { id: other.id.clone(), name: (*name).to_owned(), distance: hit.distance, how };
            let slot = found.entry(&other.id).or_insert_with(|| neighbour.clone());
            if neighbour.distance < slot.distance {
                *slot = neighbour;
            }
        }
    }
    let mut found: Vec<Neighbour> = found.into_values().collect();
    found.sort_by(|a, b| (a.distance, &a.id).cmp(&(b.distance, &b.id)));
    found
}

/// What is compared: its name for a message, the proposed one, and that of a package.
type Sort<'a> = (&'a str, &'a str, &'a dyn for<'p> Fn(&'p PackageOutline) -> &'p str);

fn last(id: &str) -> &str {
    id.rsplit('.').next().unwrap_or(id)
}

fn owner(id: &str) -> &str {
    id.split('.').nth(1).unwrap_or(id)
}
