//! Memory that a call's shadowed arguments lead to and that has no shadow itself: a struct with a shadow may hold
//! a pointer to constant data. What the shadow struct holds there is the primal's pointer, so the callee must
//! not take it for a shadow.
//!
//! Caller and callee number their memory differently; both understand a way through pointers.

use rustc_hash::FxHashSet;

use super::activity::Activity;
use super::cells::{Cells, NodeId};
use super::summary::Summary;
use crate::ir::{Body, ValueId};
use crate::marker::request::{Path, PathStart};

impl Summary {
    /// The ways to the unshadowed memory of the call `v`, none of them beyond another's end.
    pub fn unshadowed(&self, cells: &Cells, act: &Activity, v: ValueId) -> Vec<Path> {
        let Some(instance) = cells.instance(v) else {
            return Vec::new();
        };
        let has_shadow = |n: NodeId| act.has_shadow(instance.here(cells, n));
        let mut ways = Vec::new();
        let mut seen = FxHashSet::default();
        let mut ended = FxHashSet::default();
        let mut work: Vec<(NodeId, Path)> = self
            .entrances()
            .into_iter()
            .filter(|(n, _)| has_shadow(*n))
            .collect();
        while let Some((node, way)) = work.pop() {
            if !seen.insert(node) {
                continue;
            }
            for (offset, next) in self.pointers_in(node) {
                let mut longer = way.clone();
                longer.through.push(offset);
                if has_shadow(next) {
                    work.push((next, longer));
                } else if self.matters(next) && ended.insert(next) {
                    ways.push(longer);
                }
            }
        }
        ways.sort();
        ways
    }
}

impl Cells {
    /// Where a way from outside leads to.
    pub fn follow(&self, body: &Body, way: &Path) -> Option<NodeId> {
        let start = match way.start {
            PathStart::Param { number, byte } => {
                self.target(*body.params.get(number as usize)?, byte)
            }
            PathStart::Result { byte } => self.ret_target(byte),
        };
        let mut node = start?.0;
        for offset in &way.through {
            node = self.pointee_at(node, *offset)?;
        }
        Some(node)
    }
}
