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
    let entries = entries(module);
    let mut changed = false;
    while let Some(call) = entries.iter().find_map(|entry| next(*entry)) {
        // Where it is resolved the caller may have been copied into others.
        if !resolve(call)? {
            rewrite_one(call)?;
        }
        changed = true;
    }
    Ok(changed)
}

fn next(entry: Function) -> Option<Value> {
    calls_of(entry).next()
}

/// The calls of an entry point.
fn calls_of(entry: Function) -> impl Iterator<Item = Value> {
    entry.users().into_iter().filter(move |v| {
        (v.is_op(Opcode::Call) || v.is_op(Opcode::Invoke))
            && v.callee().strip_constant_casts() == entry.as_value()
    })
}

/// The entry points by which functions with rules are called.
fn entries(module: Module) -> Vec<Function> {
    let is_entry = |f: &Function| Entry::from_name(&f.name()) == Some(Entry::CallCustom);
    module.functions().into_iter().filter(is_entry).collect()
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
    let of_kind = |kind: &str| {
        let rule = rules.iter().find(|(k, _)| *k == kind);
        rule.map(|(_, rule)| node(*rule))
    };
    let has_these = |f: &Function| {
        let has = |(_, kind): &(u32, &str)| f.as_value().metadata(kind) == of_kind(kind);
        RULES.iter().all(has)
    };
    let told = match primal.attribute(AttrIndex::Function, registry::ABSENT) {
        None => primal,
        Some(_) if has_these(&primal) => return primal,
        Some(_) => {
            let name = format!("{}.ruled", primal.name());
            let mut copies = primal.module().functions().into_iter();
            let is_copy = |f: &Function| f.name().starts_with(&name) && has_these(f);
            match copies.find(is_copy) {
                Some(copy) => return copy,
                None => primal.clone_into(&name).function,
            }
        }
    };
    for (_, kind) in RULES {
        told.as_value().set_metadata(kind, of_kind(kind));
    }
    let absent = Attribute::string(told.context(), registry::ABSENT, absent);
    told.add_attribute(AttrIndex::Function, absent);
    registry::keep(told);
    told
}
