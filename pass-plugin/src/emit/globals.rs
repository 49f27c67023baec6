//! Shadows of a module's own mutable variables (`static double scratch[16]`): no argument of a derivative, and no result
//! of it, so what they hold before and after is nobody's derivative. Each gets a shadow beside it, which a marker call
//! clears before it starts.

use rustc_hash::FxHashSet;

use crate::llvm::{Builder, Function, Linkage, Module, Opcode, Value, ValueKind};
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

/// The shadow of a variable: the user's, or our own. `None`: it has no derivative.
pub fn shadow(module: Module, global: Value, lane: usize) -> Option<Value> {
    if let Some(given) = registry::shadow_global(global) {
        return Some(given);
    }
    let varies = !global.is_constant_global() && !registry::is_inactive_global(global);
    varies.then(|| own_shadow(module, global, lane))
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
