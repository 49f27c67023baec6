//! What the caller of a marker knows of the memory that it passes: the types of its variables, and how it reads and
//! writes them.

use crate::ir::notes::{Layout, type_layout};
use crate::llvm::{Module, Opcode, Value, ValueKind};

/// How far pointers are followed through stack slots.
const DEPTH: u32 = 4;

/// What lives behind a pointer that is passed to a marker call, from there on.
pub fn layout_behind(module: Module, pointer: Value) -> Option<Layout> {
    let (base, offset) = base_of(module, pointer);
    let declared = match base.opcode().filter(|_| base.is_instruction()) {
        Some(Opcode::Alloca) => type_layout(module, base.allocated_type()),
        _ if base.kind() == ValueKind::GlobalVariable => {
            type_layout(module, base.global_value_type())
        }
        _ => Layout::default(),
    };
    let mut found = Some(declared).filter(|l| !l.cells.is_empty());
    if found.is_none() {
        found = from_uses(module, base, DEPTH);
    }
    if found.is_none() && base.is_op(Opcode::Load) {
        // At -O0 pointers are variables too.
        let (slot, at) = base_of(module, base.operand(0));
        if at == 0 && slot.is_op(Opcode::Alloca) {
            found = from_slot(module, slot, DEPTH);
        }
    }
    let mut layout = found?;
    for (at, _) in &mut layout.cells {
        *at -= offset;
    }
    layout.extents.start -= offset;
    Some(layout)
}

fn base_of(module: Module, pointer: Value) -> (Value, i64) {
    let (mut v, mut at) = (pointer.strip_constant_casts(), 0);
    for _ in 0..16 {
        if !v.is_gep() {
            break;
        }
        let parts = v.gep_decompose(module);
        match parts {
            Some(parts) if parts.terms.is_empty() => at += parts.offset,
            _ => break,
        }
        v = v.operand(0).strip_constant_casts();
    }
    (v, at)
}

/// Stores to a stack slot tell what its loads are.
fn from_slot(module: Module, slot: Value, depth: u32) -> Option<Layout> {
    if depth == 0 {
        return None;
    }
    slot.users().into_iter().find_map(|user| {
        if user.is_op(Opcode::Load) {
            return from_uses(module, user, depth - 1);
        }
        let stored = user.is_op(Opcode::Store) && user.operand(1) == slot;
        let value = stored.then(|| user.operand(0))?;
        let (base, at) = base_of(module, value);
        (at == 0 && base != slot && depth > 1).then_some(())?;
        match base.is_op(Opcode::Alloca) {
            true => {
                Some(type_layout(module, base.allocated_type())).filter(|l| !l.cells.is_empty())
            }
            false => None,
        }
    })
}

/// How a pointer is used tells what it points to.
fn from_uses(module: Module, pointer: Value, depth: u32) -> Option<Layout> {
    if depth == 0 {
        return None;
    }
    let whole = |ty| Some(type_layout(module, ty)).filter(|l: &Layout| !l.cells.is_empty());
    pointer.users().into_iter().find_map(|user| {
        match user.opcode().filter(|_| user.is_instruction())? {
            Opcode::GetElementPtr if user.operand(0) == pointer => {
                let ty = user.gep_source_type();
                let mut layout = whole(ty)?;
                if layout.step == 0 {
                    layout.step = module.abi_size(ty);
                }
                Some(layout)
            }
            Opcode::Load => whole(user.ty()).filter(|_| !user.ty().is_pointer()),
            Opcode::Store if user.operand(1) == pointer => {
                whole(user.operand(0).ty()).filter(|_| !user.operand(0).ty().is_pointer())
            }
            Opcode::Store if user.operand(1).is_op(Opcode::Alloca) => {
                from_slot(module, user.operand(1), depth - 1)
            }
            _ => None,
        }
    })
}
