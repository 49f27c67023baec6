//! What is said of memory beside the accesses to it.

use super::{Cell, Cells, Class, NodeId, TypeTree};
use crate::analysis::offset::Offset;
use crate::ir::Body;
use crate::ir::notes::Said;

impl From<Said> for Class {
    fn from(said: Said) -> Class {
        match said {
            Said::Int => Class::Int,
            Said::Ptr => Class::Ptr,
            Said::Float(kind) => Class::Float(kind),
        }
    }
}

impl Cells {
    /// Hears the user's hints and, when it is their turn, what front end and callers say.
    pub(super) fn hear_notes(&mut self, body: &Body, trees: &[Option<TypeTree>], weak: bool) {
        for note in &body.notes {
            if !note.hint && !weak {
                continue;
            }
            let (node, offset) = self.target_or_new(body, note.ptr, 0);
            // What is said of the string that a short one's characters lie in.
            if self.is_text(node) {
                continue;
            }
            let cells: Vec<(i64, Class)> = note
                .layout
                .cells
                .iter()
                .map(|(at, said)| (*at, Class::from(*said)))
                .collect();
            self.hear(node, offset, note.layout.step, &cells, note.hint);
        }
        if !weak {
            return;
        }
        for (tree, param) in trees.iter().zip(&body.params) {
            let Some(tree) = tree.as_ref().filter(|t| t.weak) else {
                continue;
            };
            let (node, offset) = self.target_or_new(body, *param, 0);
            let cells: Vec<(i64, Class)> = tree.cells.iter().map(|(at, c, _)| (*at, *c)).collect();
            self.hear(node, offset, tree.step, &cells, false);
        }
    }

    fn hear(
        &mut self,
        node: NodeId,
        offset: Offset,
        step: u64,
        cells: &[(i64, Class)],
        believed: bool,
    ) {
        // Where single places tell the elements of an array apart, each of these is heard of.
        const ELEMENTS: u64 = 16;
        let exact = self.node(node).step == 0 && offset.step == 0;
        // An array may begin at a member.
        let first = cells.iter().map(|(at, _)| *at).min().unwrap_or(0);
        let begin = offset.plus(first);
        if step != 0 && (believed || !exact) {
            let all = self.walk(node, begin, step);
            self.refine_step(node, all.step);
        }
        if offset.step != 0 {
            self.refine_step(node, offset.step);
        }
        let room = || {
            let (at, len) = self.array_around(node, begin.at, step)?;
            let rest = at + len as i64 - self.node(node).key(begin.at);
            Some(rest as u64 / step)
        };
        let repeated = match step {
            0 => 1,
            _ if exact && !believed => room().map_or(ELEMENTS, |n| n.min(ELEMENTS)),
            _ => 1,
        };
        for k in 0..repeated {
            for (at, class) in cells {
                let at = offset.at + at + (k * step) as i64;
                if believed || self.is_open(node, at, class.bytes()) {
                    let target = None;
                    self.join_memory(
                        node,
                        at,
                        Cell {
                            class: *class,
                            target,
                        },
                    );
                }
            }
        }
    }

    /// Whether nothing is known of `len` bytes.
    fn is_open(&self, node: NodeId, at: i64, len: u64) -> bool {
        const WIDEST: u64 = 16;
        self.cells_in(node, at - WIDEST as i64, len + WIDEST)
            .iter()
            .all(|(place, cell)| {
                cell.class == Class::Unknown || place + cell.class.bytes() <= WIDEST
            })
    }
}
