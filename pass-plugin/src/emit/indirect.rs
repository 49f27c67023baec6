//! Derivatives of calls through a pointer. The function that stands for such a call (`prepare/indirect`) gets a
//! derivative that compares the pointer with every function of the module whose address is taken and whose type fits,
//! and goes on in that function's derivative. The pointer compared is the primal one: what a user put in its shadow
//! (a pair from `__enzyme_virtualreverse`, a copy of the primal, nothing) does not matter.
//!
//! Which functions those are is asked once all direct derivatives are there, so that functions that call each other
//! through pointers are declared before they are filled. One that can't be differentiated does not fail the build,
//! for nothing says that it is ever called here: its case stops the program with the reason.

use std::ffi::CString;

use rustc_hash::FxHashSet;

use super::{forward, reverse};
use crate::diag::{Refusal, demangle};
use crate::engine::{Derivative, Engine};
use crate::llvm::{Block, Builder, Function, IntPredicate, Module, Type, Value, ValueKind};
use crate::marker::request::{Mode, PathStart, Signature};
use crate::prepare::indirect::{inner_call, is_called, plain_type};

/// A declared derivative of a call through a pointer.
#[derive(Clone, Debug)]
pub struct Unfilled {
    called: Function,
    sig: Signature,
    pub derivative: Derivative,
}

/// Declares the derivative of one of the functions that call their first argument.
pub fn declare(engine: &Engine, called: Function, sig: &Signature) -> Unfilled {
    let derivative = match sig.mode {
        Mode::Forward => forward::declare(engine, called, sig),
        Mode::ReverseCombined | Mode::ReverseSplit => reverse::declare(engine, called, sig),
    };
    Unfilled {
        called,
        sig: sig.clone(),
        derivative,
    }
}

/// A function that the pointer may be, and its derivative or why there is none.
struct Case {
    function: Function,
    derivative: Result<Derivative, Refusal>,
}

/// Fills a declared derivative.
pub fn fill(engine: &mut Engine, work: &Unfilled) -> Result<(), Refusal> {
    let Some(inner) = inner_call(work.called) else {
        return Err(Refusal::internal("a call through a pointer without one"));
    };
    let mut sig = work.sig.clone();
    let pointer = sig.args.remove(0);
    // A pointer that lies among active data comes with shadows, which nobody looks at.
    let shadows = match pointer.has_shadow() {
        true => sig.width as usize,
        false => 0,
    };
    if !sig.stable_args.is_empty() {
        sig.stable_args.remove(0);
    }
    if !sig.trees.is_empty() {
        sig.trees.remove(0);
    }
    sig.unshadowed.retain_mut(|path| match &mut path.start {
        PathStart::Param { number, .. } => match number.checked_sub(1) {
            Some(before) => {
                *number = before;
                true
            }
            None => false,
        },
        PathStart::Result { .. } => true,
    });
    let mut cases = Vec::new();
    for function in address_taken(engine, plain_type(inner)) {
        let mut sig = sig.clone();
        if !engine.wants_types(function, &sig.trees) {
            sig.trees.iter_mut().for_each(|tree| *tree = None);
        }
        let derivative = engine.try_derivative(function, &sig);
        cases.push(Case {
            function,
            derivative,
        });
    }
    match work.derivative {
        Derivative::Forward { function } => dispatch(
            engine.module,
            function,
            (0, shadows),
            &cases,
            |b, args, case| {
                let Derivative::Forward { function } = case else {
                    return Err(Refusal::internal(
                        "forward mode without a forward derivative",
                    ));
                };
                Ok(b.call_function(function, args))
            },
        ),
        Derivative::Combined { function } => dispatch(
            engine.module,
            function,
            (0, shadows),
            &cases,
            |b, args, case| {
                let Derivative::Combined { function } = case else {
                    return Err(Refusal::internal("reverse mode without its derivative"));
                };
                Ok(b.call_function(function, args))
            },
        ),
        Derivative::Split { augmented, reverse } => {
            split(engine, augmented, reverse, shadows, &cases)
        }
    }
}

/// Split mode: the tape of the call is a record of which case it was and of that case's own tape.
fn split(
    engine: &Engine,
    augmented: Function,
    reverse: Function,
    shadows: usize,
    cases: &[Case],
) -> Result<(), Refusal> {
    let runtime = super::runtime::Runtime::get(engine.module)?;
    let c = engine.module.context();
    let (i64t, ptr) = (c.i64_type(), c.ptr_type());
    let mut halves: Vec<Function> = Vec::new();
    // The first parameter of the augmented function is the tape's arena, the second the pointer.
    dispatch(
        engine.module,
        augmented,
        (1, shadows),
        cases,
        |b, args, case| {
            let Derivative::Split { augmented, reverse } = case else {
                return Err(Refusal::internal("a split call without a split derivative"));
            };
            let result = b.call_function(augmented, args);
            let tape = b.extract_value(result, 0);
            let record = b.call_function(runtime.push, &[args[0], i64t.const_int(16)]);
            b.store(i64t.const_int(halves.len() as u64), record, 8, false);
            b.store(
                tape,
                b.ptr_add_inbounds(record, i64t.const_int(8)),
                8,
                false,
            );
            halves.push(reverse);
            Ok(b.insert_value(result, record, 0))
        },
    )?;
    let params = reverse.params();
    let b = Builder::at_end(reverse.append_block("entry"));
    let which = b.load(i64t, params[0], 8, false);
    let tape = b.load(
        ptr,
        b.ptr_add_inbounds(params[0], i64t.const_int(8)),
        8,
        false,
    );
    let miss = reverse.append_block("miss");
    let switch = b.switch(which, miss, halves.len() as u32);
    for (k, half) in halves.iter().enumerate() {
        let block = reverse.append_block("case");
        switch.add_case(i64t.const_int(k as u64), block);
        let b = Builder::at_end(block);
        let mut args = vec![tape];
        args.extend(&params[1..]);
        let result = b.call_function(*half, &args);
        give_back(&b, reverse, result);
    }
    Builder::at_end(miss).unreachable();
    Ok(())
}

/// Writes the chain of comparisons into `function`, whose parameter `at` is the pointer, with its shadows behind it.
fn dispatch(
    module: Module,
    function: Function,
    (at, shadows): (usize, usize),
    cases: &[Case],
    mut call: impl FnMut(&Builder, &[Value], Derivative) -> Result<Value, Refusal>,
) -> Result<(), Refusal> {
    let mut args = function.params();
    let pointer = args.remove(at);
    args.drain(at..at + shadows);
    let mut here: Block = function.append_block("entry");
    for case in cases {
        let (hit, miss) = (function.append_block("is"), function.append_block("is.not"));
        let b = Builder::at_end(here);
        let equal = b.icmp(IntPredicate::Eq, pointer, case.function.as_value());
        b.cond_br(equal, hit, miss);
        let b = Builder::at_end(hit);
        match &case.derivative {
            Ok(derivative) => {
                let result = call(&b, &args, *derivative)?;
                give_back(&b, function, result);
            }
            Err(refusal) => {
                let name = demangle(&case.function.name());
                stop(
                    module,
                    &b,
                    &format!(
                        "`{name}` was called through a pointer, and has no derivative: {}",
                        refusal.what
                    ),
                );
            }
        }
        here = miss;
    }
    let b = Builder::at_end(here);
    stop(
        module,
        &b,
        "a call through a pointer reached a function whose derivative is not in this program part",
    );
    Ok(())
}

fn give_back(b: &Builder, function: Function, result: Value) {
    if function.return_type().is_void() {
        b.ret_void();
    } else {
        b.ret(result);
    }
}

/// Stops the program with a message, and ends the block.
pub fn stop(module: Module, b: &Builder, message: &str) {
    abort_with(module, b, message);
    b.unreachable();
}

/// Stops the program with a message.
pub fn abort_with(module: Module, b: &Builder, message: &str) {
    let c = module.context();
    let (ptr, int, void) = (c.ptr_type(), c.i32_type(), c.void_type());
    let text = CString::new(format!("enzyme-rs: {}", message.replace('\0', " ")));
    let call = |name: &str, ty: Type, args: &[Value]| {
        let callee = module.get_or_add_function(name, ty);
        let callee = callee.or_else(|| module.function(name));
        if let Some(callee) = callee {
            b.call(ty, callee.as_value(), args);
        }
    };
    if let Ok(text) = text {
        let text = b.global_string(&text, "enzyme_rs.message");
        call("puts", int.function_type(&[ptr], false), &[text]);
    }
    call(
        "fflush",
        int.function_type(&[ptr], false),
        &[ptr.const_null()],
    );
    call("abort", void.function_type(&[], false), &[]);
}

/// The functions that a function of ours which calls its first argument may call; none for others.
pub fn candidates(engine: &Engine, called: Function) -> Vec<Function> {
    if !is_called(called) {
        return Vec::new();
    }
    let inner = inner_call(called);
    inner.map_or_else(Vec::new, |call| address_taken(engine, plain_type(call)))
}

/// The functions of this type whose address is taken somewhere, in the module's order.
fn address_taken(engine: &Engine, ty: Type) -> Vec<Function> {
    let ours = |f: Function| {
        let name = f.name();
        f.intrinsic_id().is_some()
            || engine.is_template(f)
            || enzyme_sys::Entry::from_name(&name).is_some()
    };
    let fits = |f: &Function| f.ty() == ty && !ours(*f) && is_taken(*f);
    let functions = engine.module.functions();
    functions.into_iter().filter(fits).collect()
}

fn is_taken(f: Function) -> bool {
    let mut seen = FxHashSet::default();
    let mut work = vec![f.as_value()];
    while let Some(v) = work.pop() {
        for usage in v.uses() {
            let user = usage.user;
            if user.is_instruction() {
                // What is called is a call's last operand.
                let callee = user.is_call() && usage.operand + 1 == user.num_operands();
                let asked_for = crate::marker::decode::entry_of(user).is_some_and(|entry| {
                    entry != enzyme_sys::Entry::VirtualReverse && usage.operand == 0
                });
                if callee || asked_for {
                    continue;
                }
                return true;
            }
            match user.kind() {
                ValueKind::GlobalVariable => {
                    let name = user.name();
                    if !name.starts_with("llvm.") && !name.contains("__enzyme_") {
                        return true;
                    }
                }
                // Its personality.
                ValueKind::Function => {}
                _ if user.is_constant() && seen.insert(user) => work.push(user),
                _ => {}
            }
        }
    }
    false
}
