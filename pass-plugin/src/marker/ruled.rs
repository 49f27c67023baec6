//! Calls of functions whose rules stand beside them: `__enzyme_rs_call_custom(f, forward, augmented, gradient, m, n, args…)`
//! is how a Rust function is called that the user wrote derivatives for. It becomes a plain call of `f`, and `f` is told of
//! its rules as a front end would tell it, by metadata.
//!
//! Until then nothing can look into such a function, so that no rule is lost to an inliner in a step that has no plugin.

use enzyme_sys::Entry;

use super::resolve::resolve;
use crate::diag::{Code, Refusal};
use crate::llvm::{AttrIndex, Attribute, Builder, Function, Metadata, Module, Opcode, Value};
use crate::registry;

/// The operands before the arguments: the function, three rules, and two sets of shadows that they can do without.
const FIXED: u32 = 6;
const RULES: [(u32, &str); 3] = [
    (1, "enzyme_derivative"),
    (2, "enzyme_augment"),
    (3, "enzyme_gradient"),
];

/// Rewrites all such calls of the module; returns whether there were any. A call that can't be is an error.
pub fn rewrite(module: Module) -> Result<bool, Refusal> {
    let mut changed = false;
    while let Some(call) = next(module) {
        if resolve(call)? {
            // The caller may have been copied into others.
            changed = true;
            continue;
        }
        rewrite_one(call)?;
        changed = true;
    }
    Ok(changed)
}

fn next(module: Module) -> Option<Value> {
    let of = |f: Function| {
        f.users().into_iter().find(|v| {
            (v.is_op(Opcode::Call) || v.is_op(Opcode::Invoke))
                && v.callee().strip_constant_casts() == f.as_value()
        })
    };
    module
        .functions()
        .into_iter()
        .filter(|f| Entry::from_name(&f.name()) == Some(Entry::CallCustom))
        .find_map(of)
}

fn refuse(call: Value, what: &str) -> Refusal {
    Refusal::new(Code::BadMarkerCall, what)
        .at_value(call)
        .help("write such functions with `#[custom_derivative]` and `#[derivative_of(…)]`")
}

fn rewrite_one(call: Value) -> Result<(), Refusal> {
    let name = Entry::CallCustom.name();
    if call.arg_count() < FIXED {
        return Err(refuse(call, &format!("`{name}` with too few arguments")));
    }
    let function = |i: u32| call.arg(i).strip_constant_casts().as_function();
    let Some(primal) = function(0) else {
        return Err(refuse(call, &format!("`{name}` without a function")));
    };
    let mut rules = Vec::new();
    for (i, kind) in RULES {
        match function(i) {
            Some(rule) => rules.push((kind, rule)),
            None if call.arg(i).is_null() => {}
            None => {
                return Err(refuse(
                    call,
                    &format!("operand {i} of `{name}` is no function"),
                ));
            }
        }
    }
    let (Some(forward), Some(reverse)) = (call.arg(4).const_u64(), call.arg(5).const_u64()) else {
        return Err(refuse(
            call,
            &format!("an operand of `{name}` is no constant"),
        ));
    };
    let primal = told(primal, &rules, &format!("{forward},{reverse}"));
    let args: Vec<Value> = (FIXED..call.arg_count()).map(|i| call.arg(i)).collect();
    let given: Vec<_> = args.iter().map(|v| v.ty()).collect();
    let taken: Vec<_> = primal.params().iter().map(|p| p.ty()).collect();
    if given != taken {
        return Err(refuse(
            call,
            &format!("`{name}` passes other arguments than its function takes"),
        ));
    }
    let b = Builder::before(call);
    b.set_debug_loc(call.debug_loc());
    let new = match call.is_invoke() {
        true => b.invoke(
            primal.ty(),
            primal.as_value(),
            &args,
            call.normal_dest(),
            call.unwind_dest(),
        ),
        false => b.call_function(primal, &args),
    };
    new.set_call_conv(primal.calling_conv());
    call.erase_from_parent();
    Ok(())
}

/// The function, told of its rules: a copy of it if it is told of others already, for a compiler merges functions with the
/// same body.
fn told(primal: Function, rules: &[(&str, Function)], absent: &str) -> Function {
    if rules.is_empty() {
        return primal;
    }
    let node = |f: Function| Metadata::node(f.context(), &[Metadata::constant(f.as_value())]);
    let has =
        |kind: &str, rule: Option<Function>| primal.as_value().metadata(kind) == rule.map(node);
    let before = primal.attribute(AttrIndex::Function, registry::ABSENT);
    let same = RULES.iter().all(|(_, kind)| {
        let rule = rules.iter().find(|(k, _)| k == kind).map(|(_, rule)| *rule);
        has(kind, rule)
    });
    let told = match before {
        Some(_) if same => return primal,
        Some(_) => {
            let copies = primal.module().functions().into_iter().find(|f| {
                f.name().starts_with(&format!("{}.ruled", primal.name()))
                    && RULES.iter().all(|(_, kind)| {
                        let rule = rules.iter().find(|(k, _)| k == kind).map(|(_, r)| node(*r));
                        f.as_value().metadata(kind) == rule
                    })
            });
            match copies {
                Some(copy) => return copy,
                None => {
                    primal
                        .clone_into(&format!("{}.ruled", primal.name()))
                        .function
                }
            }
        }
        None => primal,
    };
    for (_, kind) in RULES {
        let rule = rules
            .iter()
            .find(|(k, _)| *k == kind)
            .map(|(_, rule)| node(*rule));
        told.as_value().set_metadata(kind, rule);
    }
    let absent = Attribute::string(told.context(), registry::ABSENT, absent);
    told.add_attribute(AttrIndex::Function, absent);
    registry::keep(told);
    told
}
