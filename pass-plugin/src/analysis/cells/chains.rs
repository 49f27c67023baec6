//! Structures that refer to themselves (lists, trees) as one node.
//!
//! A recursive function's summary holds a copy of itself for each of its own calls: every round of finding it out would make
//! a list one link longer, for ever. Links that look alike are therefore taken for one (the fold of k-limited storage graphs,
//! Jones and Muchnick, POPL 1979, with k = 1). What is lost is only which link of a structure is meant.

use super::{Cells, Class, NodeId};

impl Cells {
    /// Unifies each node with those that it points to and that look like it.
    pub(super) fn fold_chains(&mut self) {
        while let Some((link, next)) = self.alike_neighbours() {
            self.unify(link, next);
        }
    }

    fn alike_neighbours(&self) -> Option<(NodeId, NodeId)> {
        self.nodes().find_map(|n| {
            let mut pointees = self.pointees(n).into_iter();
            pointees
                .find(|m| *m != n && self.look_alike(n, *m))
                .map(|m| (n, m))
        })
    }

    /// The same cells at the same places, a pointer among them.
    fn look_alike(&self, a: NodeId, b: NodeId) -> bool {
        let (a, b) = (self.node(a), self.node(b));
        a.step == b.step
            && a.arrays == b.arrays
            && a.cells.len() == b.cells.len()
            && a.cells.values().any(|c| c.class == Class::Ptr)
            && a.cells
                .iter()
                .zip(&b.cells)
                .all(|((at, x), (bt, y))| at == bt && x.class == y.class)
    }
}
