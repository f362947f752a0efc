//! The packages that a proposed name could be mistaken for.

use super::look_alike::Names;
use super::outline::{Outline, PackageOutline};
use std::collections::BTreeMap;

/// A package whose name resembles another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// Its id; where the label of a publisher resembles, the beginning that all
    /// ids with that label have, since no one package is meant.
    pub id: String,
    /// Whether the label of a publisher resembles, and not the name of a package.
    pub is_label: bool,
    /// The name that resembles: the last label, the publisher's label, or the display name.
    pub name: String,
    /// Edits between the folded names.
    pub distance: u32,
    /// How the two resemble each other, in words.
    pub how: String,
}

impl Neighbour {
    /// Returns what resembles, in words.
    pub fn subject(&self) -> String {
        if self.is_label {
            return format!("the packages under `{}`", self.id);
        }
        format!("`{}`", self.id)
    }
}

/// Returns the packages of other publishers whose last label, publisher's label
/// or display name resembles that of a proposed package, the nearest first.
pub fn neighbours(outline: &Outline, id: &str, name: &str, publisher: &str) -> Vec<Neighbour> {
    let sorts: [Sort<'_>; 3] = [
        ("last label", last(id), &|one| last(&one.id)),
        ("name", name, &|one| &one.name),
        (LABEL, owner(id), &|one| owner(&one.id)),
    ];
    resembling(outline, id, publisher, &sorts)
}

/// Returns the packages of other publishers whose display name resembles a new one of a known package.
pub(super) fn neighbours_of_name(outline: &Outline, id: &str, name: &str, publisher: &str) -> Vec<Neighbour> {
    resembling(outline, id, publisher, &[("name", name, &|one| &one.name)])
}

fn resembling(outline: &Outline, id: &str, publisher: &str, sorts: &[Sort<'_>]) -> Vec<Neighbour> {
    let others: Vec<&PackageOutline> =
        outline.packages().iter().filter(|one| one.id != id && one.publisher != publisher).collect();
    let mut found: BTreeMap<String, Neighbour> = BTreeMap::new();
    for (what, own, name_of) in sorts.iter().copied() {
        // Many packages of one publisher are one name to be mistaken for.
        let names: BTreeMap<&str, &PackageOutline> = others
            .iter()
            .rev()
            .map(|one| (name_of(one), *one))
            .filter(|(name, _)| what != LABEL || *name != own)
            .collect();
        let list: Vec<&str> = names.keys().copied().collect();
        for hit in Names::new(&list).look_alikes(own) {
            let Some((name, other)) = list.get(hit.index).and_then(|name| names.get_key_value(name)) else {
                continue;
            };
            let how = format!("the {what} `{own}` beside `{name}`, {}", hit.how.describe());
            let is_label = what == LABEL;
            let id = if is_label { first_labels(&other.id) } else { other.id.clone() };
            let neighbour =
                Neighbour { id: id.clone(), is_label, name: (*name).to_owned(), distance: hit.distance, how };
            let slot = found.entry(id).or_insert_with(|| neighbour.clone());
            if neighbour.distance < slot.distance {
                *slot = neighbour;
            }
        }
    }
    let mut found: Vec<Neighbour> = found.into_values().collect();
    found.sort_by(|a, b| (a.distance, &a.id).cmp(&(b.distance, &b.id)));
    found
}

/// What is compared besides the names of a package.
const LABEL: &str = "publisher's label";

/// What is compared: its name for a message, the proposed one, and that of a package.
type Sort<'a> = (&'a str, &'a str, &'a dyn for<'p> Fn(&'p PackageOutline) -> &'p str);

fn last(id: &str) -> &str {
    id.rsplit('.').next().unwrap_or(id)
}

/// Returns an id up to the publisher's label.
fn first_labels(id: &str) -> String {
    id.split('.').take(2).collect::<Vec<_>>().join(".")
}

fn owner(id: &str) -> &str {
    id.split('.').nth(1).unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Mode, Snapshot};

    /// An outline of packages with nothing but an id, of the publisher of their first two labels.
    fn outline(ids: &[&str]) -> Outline {
        let files = ids.iter().map(|id| {
            let labels: Vec<&str> = id.split('.').collect();
            let path = format!("packages/{}/{}/{id}/1.0.0.toml", labels[0], labels[1]);
            let publisher = first_labels(id);
            let text = format!(
                "format = 1\nid = \"{id}\"\nversion = \"1.0.0\"\nkind = \"plugin\"\npublisher = \"{publisher}\"\n"
            );
            (path, Mode::Regular, text.into_bytes())
        });
        let (registry, _) = crate::validate::load(&Snapshot::from_memory(files).unwrap()).unwrap();
        Outline::of_registry(&registry)
    }

    #[test]
    fn a_label_like_a_publishers_names_no_package_of_it() {
        let outline = outline(&["com.hotcrm.analytics", "com.hotcrm.finance", "org.nobody.letters"]);
        let found = neighbours(&outline, "com.hotcrn.weather", "Weather", "com.hotcrn");
        let [one] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((one.id.as_str(), one.is_label, one.name.as_str()), ("com.hotcrm", true, "hotcrm"));
        assert_eq!(one.subject(), "the packages under `com.hotcrm`");
        let found = neighbours(&outline, "com.hotcrn.finance", "Finance", "com.hotcrn");
        let subjects: Vec<String> = found.iter().map(Neighbour::subject).collect();
        assert_eq!(subjects, ["`com.hotcrm.finance`", "the packages under `com.hotcrm`"]);
    }
}
