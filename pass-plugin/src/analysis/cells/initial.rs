//! What variables point to from the start.

use rustc_hash::FxHashMap;

use super::{Cell, Cells, Class, NodeId, Root};
use crate::analysis::offset::Offset;
use crate::ir::variables::Variable;
use crate::ir::{Body, ValueId};

impl Cells {
    /// Puts the addresses in the initialisers of variables where they are.
    pub(super) fn seed_initial(&mut self, body: &Body) {
        // Constants are not one node wherever they are used, but here they are.
        let mut constants: FxHashMap<usize, NodeId> = FxHashMap::default();
        let mut uses: Vec<(ValueId, usize)> = body
            .variables
            .iter()
            .map(|(v, known)| (*v, known.id))
            .collect();
        uses.sort();
        for (v, id) in uses {
            let Some((node, _)) = self.value_cell(v, 0).target else {
                continue;
            };
            let mut work = vec![(node, id)];
            let mut seen = Vec::new();
            while let Some((node, id)) = work.pop() {
                if seen.contains(&id) {
                    continue;
                }
                seen.push(id);
                for address in body.initial.get(&id).into_iter().flatten() {
                    let to = self.variable(v, address.of, &mut constants);
                    work.push((to, address.of.id));
                    let offset = Offset::ZERO.plus(address.offset);
                    let cell = Cell {
                        class: Class::Ptr,
                        target: Some((to, offset)),
                    };
                    self.join_memory(node, address.at, cell);
                }
            }
        }
    }

    /// The node of a variable that is named in the initialiser of `named_by`.
    fn variable(
        &mut self,
        named_by: ValueId,
        variable: Variable,
        constants: &mut FxHashMap<usize, NodeId>,
    ) -> NodeId {
        let known = match variable.constant {
            true => constants.get(&variable.id),
            false => self.globals.get(&variable.id),
        };
        if let Some(known) = known {
            return *known;
        }
        let node = self.new_node(Some(Root::Global {
            value: named_by,
            constant: variable.constant,
            id: variable.id,
            told: variable.told,
        }));
        match variable.constant {
            true => {
                constants.insert(variable.id, node);
            }
            false => self.note_global(node),
        }
        node
    }
}
