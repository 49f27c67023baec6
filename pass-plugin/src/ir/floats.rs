//! Which floats a whole program keeps in memory.
//!
//! What a word is that code behind a pointer wrote, nothing tells: an integer, an address, a double, or two narrower
//! floats. The first three tell themselves apart; that the fourth is none, only the whole program can say.

use crate::llvm::{Module, Opcode, Type, TypeKind, Value};

/// Whether no function loads floats other than doubles from memory, or stores any that were computed.
pub fn only_doubles(module: Module) -> bool {
    let narrow = |i: Value| match i.is_op(Opcode::Store) {
        true => !i.operand(0).is_constant() && has_others(i.operand(0).ty()),
        false => i.is_op(Opcode::Load) && has_others(i.ty()),
    };
    let functions = module.functions().into_iter();
    !functions.flat_map(|f| f.instructions()).any(narrow)
}

fn has_others(ty: Type) -> bool {
    match ty.kind() {
        TypeKind::Vector(_) | TypeKind::Array(_) => has_others(ty.element()),
        TypeKind::Struct => ty.fields().into_iter().any(has_others),
        _ => ty.is_float() && ty != ty.context().double_type(),
    }
}
