//! The characters of strings: one node for all of them, which is no part of any other ([`crate::ir::text`]).

use super::transfer::INT;
use super::{Cell, Cells, Class, NodeId};
use crate::analysis::offset::Offset;
use crate::ir::{Body, ValueId};

impl Cells {
    /// Gives the pointers to characters their target, which they keep.
    pub(super) fn seed_text(&mut self, body: &Body) {
        let characters = self.new_node(None);
        self.refine_step(characters, 1);
        self.join_memory(characters, 0, INT);
        self.nodes[characters.0 as usize].typed = true;
        self.characters = Some(characters);
        self.text = body.text.clone();
        for v in &body.text {
            let target = Some((characters, Offset::anywhere()));
            let class = Class::Ptr;
            self.join_value(*v, 0, Cell { class, target });
        }
    }

    /// Whether a node is that of all characters: a pointer's target as long as nothing else is known of it.
    pub fn is_text(&self, n: NodeId) -> bool {
        self.characters.is_some_and(|c| c == n)
    }

    /// Whether pointers to characters are told from others.
    pub fn knows_text(&self) -> bool {
        self.characters.is_some()
    }

    /// Whether bytes move from or to characters, and so are some.
    pub(super) fn moves_text(&self, dst: ValueId, src: ValueId) -> bool {
        let to_text = |p: ValueId| self.target(p, 0).is_some_and(|(n, _)| self.is_text(n));
        to_text(dst) || to_text(src)
    }

    /// Whether nothing but bytes was found behind the pointers to characters.
    pub(super) fn only_characters(&self) -> bool {
        self.characters.is_none_or(|n| {
            let mut cells = self.node(n).cells.values();
            cells.all(|c| c.class == Class::Int)
        })
    }
}
