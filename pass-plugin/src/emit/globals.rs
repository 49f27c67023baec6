//! Shadows of a module's own mutable variables (`static double scratch[16]`): no argument of a derivative, and no result
//! of it, so what they hold before and after is nobody's derivative. Each gets a shadow beside it, which a marker call
//! clears before it starts. And scratch memory in the place of shadows of constants.

use rustc_hash::FxHashSet;

use super::leaves::float_type;
use super::{Facts, bulk, slot};
use crate::ir::ValueId;
use crate::llvm::{Block, Builder, Function, Linkage, Module, Opcode, Value, ValueKind};
use crate::registry;

const PREFIX: &str = "enzyme_rs.shadow.";

/// Whether a variable can have a shadow of our own: it is this module's, and no shadow itself.
pub fn may_have_shadow(global: Value) -> bool {
    let own = matches!(global.linkage(), Linkage::Internal | Linkage::Private);
    own && !global.is_declaration()
        && !global.is_constant_global()
        && !global.name().starts_with(PREFIX)
}

fn own_shadow(module: Module, global: Value, lane: usize) -> Value {
    let name = format!("{PREFIX}{lane}.{}", global.name());
    if let Some(known) = module.globals().into_iter().find(|g| g.name() == name) {
        return known;
    }
    let ty = global.global_value_type();
    let shadow = module.add_global(&name, ty);
    shadow.set_initializer(ty.const_null());
    shadow.set_linkage(Linkage::Internal);
    shadow.set_thread_local(global.is_thread_local());
    shadow.set_alignment(16);
    shadow
}

/// Memory of the module for the tangents of a variable that has no derivative; `zero`: it is never written.
fn module_memory(module: Module, global: Value, zero: bool) -> Value {
    let name = format!("enzyme_rs.scratch.{}", global.name());
    let ty = global.global_value_type();
    // Constants may have no name.
    let alike = |g: &Value| g.name() == name && g.global_value_type() == ty;
    if let Some(known) = module.globals().into_iter().find(alike) {
        return known;
    }
    let scratch = module.add_global(&name, ty);
    scratch.set_initializer(ty.const_null());
    scratch.set_linkage(Linkage::Internal);
    scratch.set_constant_global(zero);
    scratch.set_alignment(16);
    scratch
}

/// The shadow of a variable: the user's, or our own. `None`: it has no derivative.
pub fn shadow(module: Module, global: Value, lane: usize) -> Option<Value> {
    if let Some(given) = registry::shadow_global(global) {
        return Some(given);
    }
    let varies = !global.is_constant_global() && !registry::is_inactive_global(global);
    varies.then(|| own_shadow(module, global, lane))
}

/// The shadow of a variable that needs no scratch memory. A variable without a shadow of its own is inactive where activity
/// is decided at run time, and then it is its own shadow.
pub fn of(facts: &Facts, global: ValueId, lane: usize) -> Option<Value> {
    let primal = facts.llvm(global);
    let inactive = facts.runtime_activity && facts.act.is_guarded(&facts.cells, global);
    if inactive && !may_have_shadow(primal) {
        return Some(primal);
    }
    shadow(facts.module, primal, lane)
}

/// Where the shadows of constants live.
#[derive(Clone, Copy, Debug)]
pub enum Room {
    /// In the function's frame: nothing that it makes is seen after it returns.
    Frame,
    /// On the tape: the reverse function finds pointers there.
    Tape { keep: Function, arena: Value },
    /// In the module: forward mode only reads them, and may return pointers to them.
    Module,
}

/// A constant that stands beside active memory (`select c, @table, %active`) gets a shadow of its own: its bytes, the
/// floats 0. What the reverse sweep adds there is nobody's.
pub fn scratch(facts: &Facts, start: Block, global: ValueId, room: Room) -> Value {
    let primal = facts.llvm(global);
    let ty = primal.global_value_type();
    let b = Builder::before(start.terminator().expect("start blocks end in a branch"));
    let bytes = facts.module.abi_size(ty);
    let length = b.context().i64_type().const_int(bytes);
    let layout = facts.cells.memory(global, Some(bytes), 1);
    let shadow = match room {
        Room::Frame => slot(start, ty, "scratch"),
        Room::Tape { keep, arena } => b.call_function(keep, &[arena, length]),
        Room::Module if primal.is_constant_global() && !layout.any_ptr() => {
            return module_memory(facts.module, primal, true);
        }
        Room::Module => module_memory(facts.module, primal, false),
    };
    if layout.any_ptr() {
        b.memcpy(shadow, 1, primal, 1, length);
        for (offset, class) in &layout.cells {
            if let Some(kind) = class.float() {
                let zero = float_type(b.context(), kind).const_null();
                b.store(zero, bulk::at_offset(&b, shadow, *offset), 1, false);
            }
        }
    } else {
        b.memset(shadow, b.context().i8_type().const_int(0), length, 1);
    }
    shadow
}

/// Clears our own shadows that `derivative` uses.
pub fn clear(module: Module, b: &Builder, derivative: Function) {
    let shadows: Vec<Value> = module
        .globals()
        .into_iter()
        .filter(|g| g.name().starts_with(PREFIX))
        .collect();
    if shadows.is_empty() {
        return;
    }
    let used = reached(derivative);
    let c = module.context();
    for shadow in shadows {
        if users_in(shadow, &used, 0) {
            let bytes = c
                .i64_type()
                .const_int(module.abi_size(shadow.global_value_type()));
            b.memset(shadow, c.i8_type().const_int(0), bytes, 16);
        }
    }
}

/// The functions that a function comes to call.
fn reached(f: Function) -> FxHashSet<Function> {
    let mut seen = FxHashSet::default();
    let mut work = vec![f];
    while let Some(g) = work.pop() {
        if !seen.insert(g) {
            continue;
        }
        for i in g.instructions() {
            if i.is_op(Opcode::Call) || i.is_op(Opcode::Invoke) {
                work.extend(i.called_function());
                work.extend(i.args().into_iter().filter_map(Value::as_function));
            }
        }
    }
    seen
}

fn users_in(v: Value, functions: &FxHashSet<Function>, depth: u32) -> bool {
    v.users().into_iter().any(|user| {
        if user.is_instruction() {
            return user
                .parent_function()
                .is_some_and(|f| functions.contains(&f));
        }
        matches!(user.kind(), ValueKind::ConstantExpr(_))
            && depth < 4
            && users_in(user, functions, depth + 1)
    })
}
