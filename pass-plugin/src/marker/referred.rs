//! Rules that thin LTO must bring along: it imports into a module what is called there, and the rules of a function are
//! operands of its call. Before the link each is called as well, behind a condition that the plugin makes false
//! when the imports are there.

use super::ruled::{RULES, calls_of, entries};
use crate::llvm::{Builder, Function, Module, Value};

/// The condition: a function that nobody has.
const NEVER: &str = "__enzyme_rs_never";

/// Calls the rules beside the calls that name them; returns whether there are any.
pub fn call_rules(module: Module) -> bool {
    let calls: Vec<Value> = entries(module).into_iter().flat_map(calls_of).collect();
    for call in &calls {
        let operands = std::iter::once(0).chain(RULES.iter().map(|(i, _)| *i));
        let functions: Vec<Function> = operands
            .filter(|i| *i < call.arg_count())
            .filter_map(|i| call.arg(i).strip_constant_casts().as_function())
            .collect();
        refer(module, *call, &functions);
    }
    !calls.is_empty()
}

fn refer(module: Module, call: Value, functions: &[Function]) {
    let condition = module.context().int_type(1).function_type(&[], false);
    let Some(before) = call.parent_block() else {
        return;
    };
    let never = match module.function(NEVER) {
        Some(never) => never,
        None => module.add_function(NEVER, condition),
    };
    let f = before.parent().expect("calls are in functions");
    let after = before.split_before(call, "rules.after");
    let calls = f.append_block("rules");
    let b = Builder::at_end(calls);
    b.set_debug_loc(call.debug_loc());
    for function in functions {
        let params = function.ty().params();
        let args: Vec<Value> = params.iter().map(|ty| ty.const_null()).collect();
        b.call_function(*function, &args);
    }
    b.br(after);
    let end = before.terminator().expect("splitting leaves a branch");
    let b = Builder::before(end);
    b.set_debug_loc(call.debug_loc());
    let condition = b.call_function(never, &[]);
    b.cond_br(condition, calls, after);
    end.erase_from_parent();
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
        assert!(call_rules(module));
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
}
