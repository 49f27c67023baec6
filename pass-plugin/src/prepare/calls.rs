//! Calls in the form that the engine wants: no tail calls, callees that are known where they can be, and the
//! results of mathematical functions as values.

use crate::diag::{Code, Refusal};
use crate::ir::Callee;
use crate::ir::build::classify;
use crate::llvm::{
    AttrIndex, Block, Builder, FloatPredicate, Function, IntPredicate, Opcode, TailCall, Value,
};
use crate::registry;
use crate::rules::{FloatType, Form, Place};

/// A call through a pointer that may be one of more functions than this stays what it is.
const CANDIDATES: usize = 8;

/// Refuses what no clone of a function can do: read arguments that it has no parameters for, come back to a place
/// that it left, or lend its variables to others, which must be in its first block and know it by its name.
pub fn refuse_odd(f: Function) -> Result<(), Refusal> {
    for i in f.instructions() {
        if !i.is_call() {
            continue;
        }
        let reads_arguments = i
            .intrinsic_name()
            .is_some_and(|name| name.starts_with("llvm.va_start"));
        if reads_arguments {
            return Err(Refusal::new(
                Code::UnsupportedInstruction,
                "a function with a variable number of arguments takes part in the derivative",
            )
            .at_value(i)
            .why("what it reads as its arguments is known at run time only")
            .help("pass the numbers in an array"));
        }
        if i.intrinsic_name()
            .is_some_and(|name| name == "llvm.localescape")
        {
            return Err(Refusal::new(
                Code::UnsupportedInstruction,
                "cannot differentiate through `llvm.localescape`",
            )
            .at_value(i)
            .why("the function that recovers these variables looks for them in this one, not in its derivative")
            .help("handle exceptions outside of the differentiated function"));
        }
        if i.call_has_attr(AttrIndex::Function, "returns_twice") {
            return Err(Refusal::new(
                Code::ControlFlow,
                "`setjmp` in a function that takes part in the derivative",
            )
            .at_value(i)
            .why("a jump back to it leaves no trace that the reverse sweep could follow")
            .help("return a status instead, or call what jumps from outside of the differentiated function"));
        }
    }
    Ok(())
}

/// Makes plain calls of tail calls: a derivative goes on after them, and their callees may be handed addresses
/// of its stack.
pub fn drop_tail_calls(f: Function) {
    for i in f.instructions() {
        if i.is_op(Opcode::Call) {
            i.set_tail_call(TailCall::None);
        }
    }
}

/// Rewrites calls through a pointer that can only be one of a few known functions as a chain of comparisons
/// with direct calls.
pub fn resolve_indirect(f: Function) {
    for i in f.instructions() {
        if !i.is_op(Opcode::Call) || i.is_inline_asm_call() || i.called_function().is_some() {
            continue;
        }
        let mut functions = Vec::new();
        let mut seen = Vec::new();
        if candidates(i, i.callee(), &mut seen, &mut functions) {
            call_each(i, &functions);
        }
    }
}

/// Collects the functions that `pointer` may be; false: it may be something else.
fn candidates(call: Value, pointer: Value, seen: &mut Vec<Value>, out: &mut Vec<Function>) -> bool {
    if seen.contains(&pointer) {
        return true;
    }
    seen.push(pointer);
    if let Some(f) = pointer.as_function() {
        if f.ty() != call.called_type() || f.calling_conv() != call.call_conv() {
            return false;
        }
        out.push(f);
        return out.len() <= CANDIDATES;
    }
    let sources: Vec<Value> = match pointer.opcode().filter(|_| pointer.is_instruction()) {
        Some(Opcode::Select) => vec![pointer.operand(1), pointer.operand(2)],
        Some(Opcode::Phi) => pointer.incoming().into_iter().map(|(v, _)| v).collect(),
        Some(Opcode::Freeze) => vec![pointer.operand(0)],
        _ => return false,
    };
    sources.into_iter().all(|s| candidates(call, s, seen, out))
}

fn call_each(call: Value, functions: &[Function]) {
    let Some((last, tested)) = functions.split_last() else {
        return;
    };
    let pointer = call.callee();
    let operand = call.num_operands() - 1;
    let mut results: Vec<(Value, Block)> = Vec::new();
    let first = call.parent_block().expect("calls have blocks");
    let rest = first.split_before(call, "called");
    first
        .terminator()
        .expect("the split made a branch")
        .erase_from_parent();
    let mut at = first;
    let again = |block: Block, f: Function, results: &mut Vec<(Value, Block)>| {
        let copy = call.clone_instruction();
        copy.set_operand(operand, f.as_value());
        let b = Builder::at_end(block);
        b.insert(copy);
        b.br(rest);
        results.push((copy, block));
    };
    for f in tested {
        let (hit, miss) = (rest.insert_before("is"), rest.insert_before("is.not"));
        let b = Builder::at_end(at);
        b.set_debug_loc(call.debug_loc());
        let equal = b.icmp(IntPredicate::Eq, pointer, f.as_value());
        b.cond_br(equal, hit, miss);
        again(hit, *f, &mut results);
        at = miss;
    }
    again(at, *last, &mut results);
    if !call.ty().is_void() {
        let first = rest.first_instruction().expect("the call is there");
        let phi = Builder::before(first).phi(call.ty());
        for (result, block) in results {
            phi.add_incoming(result, block);
        }
        call.replace_all_uses_with(phi);
    }
    call.erase_from_parent();
}

/// The results of an intrinsic that this LLVM does not have yet, by what it has.
fn spelt_out(b: &Builder, intrinsic: &str, x: Value) -> Vec<Value> {
    let of = |name: &str| b.intrinsic(name, &[x.ty()], &[x]);
    match intrinsic {
        "llvm.sincos" => vec![of("llvm.sin"), of("llvm.cos")],
        "llvm.modf" => {
            // The remainder has the sign of `x` and slope one also where it is zero; of an infinity there is none.
            let remainder = b.frem(x, x.ty().const_f64(1.0));
            let infinite = b.fcmp(
                FloatPredicate::Oeq,
                of("llvm.fabs"),
                x.ty().const_f64(f64::INFINITY),
            );
            let zero = b.intrinsic("llvm.copysign", &[x.ty()], &[x.ty().const_f64(0.0), x]);
            vec![b.select(infinite, zero, remainder), of("llvm.trunc")]
        }
        other => panic!("{other} is not spelt out"),
    }
}

/// Calls functions that store results through pointers (`sincos`, `modf`, `frexp`) by their intrinsics, which
/// return them: derivatives then need no rule for memory that a mathematical function writes.
pub fn return_results(f: Function) {
    for i in f.instructions() {
        if !i.is_op(Opcode::Call) {
            continue;
        }
        let Callee::Math(rule) = classify(i) else {
            continue;
        };
        // A function of the user's that is like one of these computes its value in its own way.
        if registry::text(i, registry::MATH).is_some() {
            continue;
        }
        let intrinsic = match (rule.rule.name(), rule.form) {
            ("sincos", Form::Libm) => "llvm.sincos",
            ("modf", Form::Libm) => "llvm.modf",
            ("frexp", Form::Libm) => "llvm.frexp",
            _ => continue,
        };
        let x = i.arg(0);
        let named = match rule.float {
            Some(FloatType::F32) => x.context().float_type(),
            Some(FloatType::F64) => x.context().double_type(),
            // `long double` is another type on every target: the argument tells.
            Some(FloatType::LongDouble | FloatType::F128) | None => x.ty(),
        };
        if x.ty() != named || !x.ty().is_float() {
            continue;
        }
        let b = Builder::before(i);
        b.set_debug_loc(i.debug_loc());
        let types = match intrinsic {
            "llvm.frexp" => vec![x.ty(), x.context().i32_type()],
            _ => vec![x.ty()],
        };
        let results = match f.module().intrinsic(intrinsic, &types) {
            Some(_) => {
                let all = b.intrinsic(intrinsic, &types, &[x]);
                (0..rule.rule.results().len())
                    .map(|k| b.extract_value(all, k as u32))
                    .collect()
            }
            None => spelt_out(&b, intrinsic, x),
        };
        for (k, one) in results.into_iter().enumerate() {
            match rule.place(k) {
                Place::Pointer(arg) => {
                    b.store(one, i.arg(arg as u32), 0, false);
                }
                Place::Return | Place::Field(_) => i.replace_all_uses_with(one),
            }
        }
        i.erase_from_parent();
    }
}
