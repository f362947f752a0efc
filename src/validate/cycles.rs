//! Circles among the newest releases' required packages.

use super::registry::{Package, Registry};
use std::collections::{HashMap, VecDeque};

/// Packages that all reach each other.
pub(super) struct Cycle<'a> {
    /// A shortest circle through the smallest id, which comes first and is not repeated at the end.
    pub(super) path: Vec<&'a Package>,
    /// How many packages reach each other.
    pub(super) members: usize,
}

/// Returns one circle for each set of packages that reach each other, by
/// smallest id. A package that requires itself is no circle.
pub(super) fn cycles(registry: &Registry) -> Vec<Cycle<'_>> {
    let packages: Vec<&Package> = registry.packages.values().collect();
    let graph = edges(&packages);
    let mut found: Vec<Cycle<'_>> = components(&graph)
        .into_iter()
        .filter_map(|members| {
            let path = shortest_circle(&graph, &members)?;
            let path = path.into_iter().filter_map(|at| packages.get(at).copied()).collect();
            Some(Cycle { path, members: members.len() })
        })
        .collect();
    found.sort_by(|a, b| {
        a.path.first().map(|package| &package.id).cmp(&b.path.first().map(|package| &package.id))
    });
    found
}

/// The packages that each package requires, as positions.
type Graph = Vec<Vec<usize>>;

fn edges(packages: &[&Package]) -> Graph {
    let positions: HashMap<&str, usize> =
        packages.iter().enumerate().map(|(at, package)| (package.id.as_str(), at)).collect();
    packages
        .iter()
        .map(|package| {
            let required = package.newest().dependencies.iter().filter(|dependency| !dependency.optional);
            required
                .filter(|dependency| dependency.id != package.id)
                .filter_map(|dependency| positions.get(dependency.id.as_str()).copied())
                .collect()
        })
        .collect()
}

/// What Tarjan's algorithm knows of a position: `order` from 1 once it was
/// reached, the smallest order it leads back to, and whether it is still open.
#[derive(Clone, Copy, Default)]
struct Mark {
    order: usize,
    low: usize,
    is_open: bool,
}

/// Returns the strongly connected components of two or more positions, each
/// ascending. Tarjan's algorithm with a stack of its own: the graph may be deep.
fn components(graph: &Graph) -> Vec<Vec<usize>> {
    let mut marks = vec![Mark::default(); graph.len()];
    let mut open: Vec<usize> = Vec::new();
    let mut found = Vec::new();
    let mut reached = 0;
    for start in 0..graph.len() {
        if marks[start].order != 0 {
            continue;
        }
        // Each entry: a position, and how many of its edges were followed.
        let mut path = vec![(start, 0)];
        while let Some((at, followed)) = path.pop() {
            if followed == 0 {
                reached += 1;
                marks[at] = Mark { order: reached, low: reached, is_open: true };
                open.push(at);
            } else if let Some(done) = graph[at].get(followed - 1)
                && marks[*done].is_open
            {
                marks[at].low = marks[at].low.min(marks[*done].low);
            }
            if let Some(next) = graph[at].get(followed) {
                path.push((at, followed + 1));
                if marks[*next].order == 0 {
                    path.push((*next, 0));
                }
            } else if marks[at].low == marks[at].order {
                found.extend(close(at, &mut open, &mut marks));
            }
        }
    }
    found
}

/// Takes the component whose first reached position is `root`; `None` if it is alone.
fn close(root: usize, open: &mut Vec<usize>, marks: &mut [Mark]) -> Option<Vec<usize>> {
    let first = open.iter().rposition(|at| *at == root)?;
    let mut members = open.split_off(first);
    for member in &members {
        marks[*member].is_open = false;
    }
    members.sort_unstable();
    (members.len() > 1).then_some(members)
}

/// Returns a shortest way from the first member back to itself.
fn shortest_circle(graph: &Graph, members: &[usize]) -> Option<Vec<usize>> {
    let start = *members.first()?;
    let mut came_from: HashMap<usize, usize> = HashMap::new();
    let mut waiting = VecDeque::from([start]);
    while let Some(at) = waiting.pop_front() {
        for next in graph.get(at)? {
            if *next == start {
                let mut path = vec![at];
                let mut here = at;
                while let Some(before) = came_from.get(&here) {
                    path.push(*before);
                    here = *before;
                }
                path.reverse();
                return Some(path);
            }
            if members.binary_search(next).is_ok() && !came_from.contains_key(next) {
                came_from.insert(*next, at);
                waiting.push_back(*next);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_are_found_once() {
        let graph = vec![vec![1], vec![2, 3], vec![0], vec![4], vec![3], vec![0, 5]];
        let mut found = components(&graph);
        found.sort();
        assert_eq!(found, [vec![0, 1, 2], vec![3, 4]]);
    }

    #[test]
    fn the_circle_is_a_shortest_one() {
        let graph = vec![vec![1, 3], vec![2], vec![0], vec![0]];
        assert_eq!(shortest_circle(&graph, &[0, 1, 2, 3]), Some(vec![0, 3]));
    }

    #[test]
    fn a_long_chain_does_not_exhaust_the_stack() {
        let length = 200_000;
        let graph: Graph = (0..length).map(|at| vec![(at + 1) % length]).collect();
        assert_eq!(components(&graph).len(), 1);
    }
}
