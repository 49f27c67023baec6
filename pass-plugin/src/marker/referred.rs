//! What thin LTO must bring along although nothing calls it by name: it imports into a module what is called there. The rules
//! of a function are operands of its call, and a function that is handed on, by itself or in a vtable, is called by whom it is
//! handed to. Before the link each is called as well, behind a condition that the plugin makes false when the imports are there.

use rustc_hash::FxHashSet;

use crate::llvm::{Builder, Function, Linkage, Module, Opcode, Value, ValueKind};

/// The condition: a function that returns false, which optimisers can't know because it may be replaced. So a program links
/// where nobody takes the calls away, too.
const NEVER: &str = "__enzyme_rs_never";

/// Calls the functions that a function refers to, by name or by a vtable that holds them; returns whether there are any.
pub fn call_handed(module: Module) -> bool {
    let mut changed = false;
    for f in module.functions() {
        if f.is_declaration() {
            continue;
        }
        let mut seen = FxHashSet::default();
        let mut held = Vec::new();
        for inst in f.instructions() {
            // What is called is imported anyway.
            let callee = inst.is_call().then(|| inst.callee());
            for operand in inst.operands().into_iter().filter(|v| Some(*v) != callee) {
                handed(operand, &mut seen, &mut held);
            }
        }
        held.retain(|g| *g != f && g.intrinsic_id().is_none() && !g.is_variadic());
        if !held.is_empty() {
            // Behind the variables of the function, which are to stay in its first block.
            let first = f.entry().instructions();
            let last = first.iter().rposition(|i| i.is_op(Opcode::Alloca));
            refer(module, first[last.map_or(0, |i| i + 1)], &held);
            changed = true;
        }
    }
    changed
}

/// The functions that a value is, or holds as a constant table, each once.
fn handed(value: Value, seen: &mut FxHashSet<usize>, held: &mut Vec<Function>) {
    let value = value.strip_constant_casts();
    match value.kind() {
        ValueKind::Function if seen.insert(value.id()) => held.extend(value.as_function()),
        ValueKind::GlobalVariable if value.is_constant_global() && seen.insert(value.id()) => {
            for element in value.initializer().iter().flat_map(|i| i.operands()) {
                handed(element, seen, held);
            }
        }
        _ => {}
    }
}

/// Calls functions before an instruction, behind the condition.
fn refer(module: Module, place: Value, functions: &[Function]) {
    let Some(before) = place.parent_block() else {
        return;
    };
    let never = module.function(NEVER).unwrap_or_else(|| never(module));
    let f = before.parent().expect("calls are in functions");
    let after = before.split_before(place, "handed.after");
    let calls = f.append_block("handed");
    let b = Builder::at_end(calls);
    b.set_debug_loc(place.debug_loc());
    for function in functions {
        let params = function.ty().params();
        let args: Vec<Value> = params.iter().map(|ty| ty.const_null()).collect();
        b.call_function(*function, &args);
    }
    b.br(after);
    let end = before.terminator().expect("splitting leaves a branch");
    let b = Builder::before(end);
    b.set_debug_loc(place.debug_loc());
    let condition = b.call_function(never, &[]);
    b.cond_br(condition, calls, after);
    end.erase_from_parent();
}

fn never(module: Module) -> Function {
    let bool_type = module.context().int_type(1);
    let never = module.add_function(NEVER, bool_type.function_type(&[], false));
    Builder::at_end(never.append_block("")).ret(bool_type.const_int(0));
    never.set_linkage(Linkage::WeakAny);
    never
}

/// Takes these calls away again; returns whether there were any.
pub fn drop_calls(module: Module) -> bool {
    let Some(never) = module.function(NEVER) else {
        return false;
    };
    for call in never.users() {
        let f = call.parent_function();
        call.replace_all_uses_with(call.ty().const_int(0));
        call.erase_from_parent();
        if let Some(f) = f {
            f.remove_unreachable_blocks();
        }
    }
    never.erase();
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llvm::Context;

    #[test]
    fn rules_are_called_until_they_are_there() {
        let context = Context::create();
        let text = "declare double @__enzyme_rs_call_custom_f(ptr, ptr, ptr, ptr, i64, i64, double)\n\
                    declare double @f(double)\ndeclare double @forward(double, double)\n\
                    define double @g(double %x) {\n  %y = call double @__enzyme_rs_call_custom_f(ptr @f, ptr @forward, \
                    ptr null, ptr null, i64 0, i64 0, double %x)\n  ret double %y\n}\n";
        let module = Module::parse(context, text).unwrap();
        assert!(call_handed(module));
        module.verify().unwrap();
        let said = module.to_string();
        assert!(
            said.contains("call double @forward(double 0.0") && said.contains(NEVER),
            "{said}"
        );
        assert!(drop_calls(module) && !drop_calls(module));
        module.verify().unwrap();
        let said = module.to_string();
        assert!(
            !said.contains("call double @forward(") && !said.contains(NEVER),
            "{said}"
        );
        module.dispose();
        context.dispose();
    }

    #[test]
    fn what_tables_hold_is_called_until_it_is_there() {
        let context = Context::create();
        let text = "declare void @drop(ptr)\ndeclare i64 @hash(ptr, i64)\ndeclare double @unasked(double)\n\
                    declare i64 @passed(ptr)\ndeclare void @grow(ptr, ptr)\n\
                    @inner = private constant { ptr, i64 } { ptr @hash, i64 8 }\n\
                    @vtable = private constant { ptr, i64, ptr } { ptr @drop, i64 8, ptr @inner }\n\
                    @changed = global { ptr } { ptr @unasked }\n\
                    define void @g(ptr %x) {\n  %a = alloca i64\n  call void @grow(ptr %a, ptr @vtable)\n  \
                    call void @grow(ptr %x, ptr @vtable)\n  call void @grow(ptr %x, ptr @changed)\n  \
                    call void @grow(ptr %x, ptr @passed)\n  ret void\n}\n";
        let module = Module::parse(context, text).unwrap();
        assert!(call_handed(module));
        module.verify().unwrap();
        let said = module.to_string();
        let count = |what: &str| said.matches(what).count();
        assert_eq!(count("call void @drop(ptr null"), 1, "{said}");
        assert_eq!(count("call i64 @hash(ptr null, i64 0"), 1, "{said}");
        assert_eq!(count("call i64 @passed(ptr null"), 1, "{said}");
        assert_eq!(count("call void @grow("), 4, "{said}");
        assert!(!said.contains("call double @unasked"), "{said}");
        assert!(said.find("alloca") < said.find(NEVER), "{said}");
        assert!(drop_calls(module) && !drop_calls(module));
        module.verify().unwrap();
        module.dispose();
        context.dispose();
    }
}
