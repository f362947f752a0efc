//! Long lists in pages: which page shows what, and the links between them.

use serde::Serialize;
use std::ops::Range;

/// The most cards on one page.
pub(super) const CARDS: usize = 100;
/// The most publishers on one page.
pub(super) const PUBLISHERS: usize = 500;

/// Where one page stands in its list.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Paging {
    total: usize,
    first: usize,
    last: usize,
    page: usize,
    pages: usize,
    prev: Option<String>,
    next: Option<String>,
    links: Vec<Link>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Link {
    label: String,
    href: Option<String>,
    current: bool,
}

/// One page: its address, the members it shows, and its paging.
pub(super) struct Part {
    /// Address from the site's top.
    pub(super) path: String,
    /// Page number, from 1.
    pub(super) number: usize,
    /// Positions of the members shown.
    pub(super) range: Range<usize>,
    /// What the template is given.
    pub(super) paging: Paging,
}

/// Cuts a list of `total` members under `path`, which ends in a slash, into
/// pages of `size`. An empty list has one page.
pub(super) fn parts(path: &str, total: usize, size: usize) -> impl Iterator<Item = Part> {
    let pages = total.div_ceil(size).max(1);
    (1..=pages).map(move |page| {
        let start = (page - 1) * size;
        let end = (start + size).min(total);
        Part {
            path: address(path, page),
            number: page,
            range: start..end,
            paging: Paging {
                total,
                first: if total == 0 { 0 } else { start + 1 },
                last: end,
                page,
                pages,
                prev: (page > 1).then(|| address(path, page - 1)),
                next: (page < pages).then(|| address(path, page + 1)),
                links: links(path, page, pages),
            },
        }
    })
}

fn address(path: &str, page: usize) -> String {
    if page == 1 { path.to_owned() } else { format!("{path}{page}/") }
}

/// The first, the last and the neighbours; gaps as `…`.
fn links(path: &str, page: usize, pages: usize) -> Vec<Link> {
    let mut links = Vec::new();
    let mut before = 0;
    let near = page.saturating_sub(1).max(1)..=(page + 1).min(pages);
    let all = pages <= 9;
    let shown: Vec<usize> = if all {
        (1..=pages).collect()
    } else {
        let mut shown: Vec<usize> = std::iter::once(1).chain(near).chain([pages]).collect();
        shown.dedup();
        shown
    };
    for number in shown {
        if number > before + 1 {
            links.push(Link { label: "…".into(), href: None, current: false });
        }
        links.push(Link {
            label: number.to_string(),
            href: Some(address(path, number)),
            current: number == page,
        });
        before = number;
    }
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(page: usize, pages: usize) -> String {
        links("x/", page, pages).iter().map(|link| link.label.clone()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn links_show_the_ends_and_the_neighbours() {
        assert_eq!(labels(1, 1), "1");
        assert_eq!(labels(5, 183), "1 … 4 5 6 … 183");
        assert_eq!(labels(1, 20), "1 2 … 20");
        assert_eq!(labels(20, 20), "1 … 19 20");
        assert_eq!(labels(2, 20), "1 2 3 … 20");
    }

    #[test]
    fn every_member_is_on_exactly_one_page() {
        for total in [0, 1, 99, 100, 101, 18_204] {
            let parts: Vec<Part> = parts("browse/all/", total, 100).collect();
            let shown: usize = parts.iter().map(|part| part.range.len()).sum();
            assert_eq!(shown, total);
            assert_eq!(parts[0].path, "browse/all/");
            assert_eq!(parts[0].paging.first, usize::from(total > 0));
        }
        let second = parts("browse/all/", 101, 100).nth(1).unwrap();
        assert_eq!((second.path.as_str(), second.range), ("browse/all/2/", 100..101));
    }
}
