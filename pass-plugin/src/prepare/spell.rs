//! Intrinsics that stand for a few ordinary instructions are spelt out, so that no later stage has to know them:
//! constrained arithmetic, reductions, shuffles by name, predicated arithmetic, and what compilers make of SSE's
//! built-in functions. What is done under a mask in memory is `masked.rs`'s.

use super::masked;
use super::sse;
use crate::llvm::{
    AttrIndex, Builder, FloatPredicate, Function, IntPredicate, Opcode, Type, TypeKind, Value,
};

/// Spells out all that can be in `f`; what is left is for others to refuse.
pub fn spell_out(f: Function) {
    // Rounding modes and exceptions are the run time's; the derivative's own arithmetic does not look at them.
    f.remove_attribute(AttrIndex::Function, "strictfp");
    for i in f.instructions() {
        if i.is_op(Opcode::GetElementPtr) && i.ty().is_vector() {
            lanes_of_address(i);
        }
    }
    for i in f.instructions() {
        if !i.is_op(Opcode::Call) {
            continue;
        }
        let Some(name) = i.intrinsic_name() else {
            continue;
        };
        let Some(name) = name.strip_prefix("llvm.") else {
            continue;
        };
        let b = Builder::before(i);
        b.set_debug_loc(i.debug_loc());
        let new = by_name(&b, i, name);
        if let Some(new) = new {
            replace(i, new);
        } else if masked::spell(i, name) {
            i.erase_from_parent();
        }
    }
}

fn replace(old: Value, new: Value) {
    old.replace_all_uses_with(new);
    old.erase_from_parent();
}

/// Whether an intrinsic's name is `base`, or `base` and types.
pub fn is_named(name: &str, base: &str) -> bool {
    name.strip_prefix(base)
        .is_some_and(|types| types.is_empty() || types.starts_with('.'))
}

fn by_name(b: &Builder, i: Value, name: &str) -> Option<Value> {
    if let Some(rest) = name.strip_prefix("experimental.constrained.") {
        return constrained(b, i, rest);
    }
    if let Some(rest) = name.strip_prefix("vector.reduce.") {
        return reduction(b, i, rest);
    }
    if let Some(rest) = name.strip_prefix("vector.") {
        return arrangement(b, i, rest);
    }
    if let Some(rest) = name.strip_prefix("vp.") {
        return predicated(b, i, rest);
    }
    if let Some(rest) = name.strip_prefix("x86.") {
        return sse::spell(b, i, rest);
    }
    let is = |base: &str| is_named(name, base);
    if is("fptrunc.round") {
        return Some(b.cast(Opcode::FPTrunc, i.arg(0), i.ty()));
    }
    let copies = [
        "ssa.copy",
        "annotation",
        "ptr.annotation",
        "launder.invariant.group",
        "strip.invariant.group",
        "threadlocal.address",
        "expect",
        "expect.with.probability",
        "preserve.array.access.index",
    ];
    if copies.iter().any(|base| is(base)) && i.arg(0).ty() == i.ty() {
        return Some(i.arg(0));
    }
    if is("ptrmask") && i.ty().is_pointer() {
        // The distance to the pointer itself: shadows are moved by the same.
        let address = b.cast(Opcode::PtrToInt, i.arg(0), i.arg(1).ty());
        let masked = b.binary(Opcode::And, address, i.arg(1));
        let distance = b.binary(Opcode::Sub, masked, address);
        return Some(b.ptr_add(i.arg(0), distance));
    }
    None
}

/// The instruction that an intrinsic's name ends in.
fn float_operation(name: &str) -> Option<Opcode> {
    match name {
        "fadd" => Some(Opcode::FAdd),
        "fsub" => Some(Opcode::FSub),
        "fmul" => Some(Opcode::FMul),
        "fdiv" => Some(Opcode::FDiv),
        "frem" => Some(Opcode::FRem),
        _ => None,
    }
}

// ---- constrained arithmetic ----

fn constrained(b: &Builder, i: Value, name: &str) -> Option<Value> {
    let (base, _) = name.split_once('.').unwrap_or((name, ""));
    let args: Vec<Value> = i
        .args()
        .into_iter()
        .filter(|a| a.metadata_operand().is_none())
        .collect();
    if let Some(op) = float_operation(base) {
        return Some(b.binary(op, args[0], args[1]));
    }
    let cast = match base {
        "fptosi" => Some(Opcode::FPToSI),
        "fptoui" => Some(Opcode::FPToUI),
        "sitofp" => Some(Opcode::SIToFP),
        "uitofp" => Some(Opcode::UIToFP),
        "fptrunc" => Some(Opcode::FPTrunc),
        "fpext" => Some(Opcode::FPExt),
        _ => None,
    };
    if let Some(op) = cast {
        return Some(b.cast(op, args[0], i.ty()));
    }
    if matches!(base, "fcmp" | "fcmps") {
        let predicate = predicate(&i.arg(2).metadata_operand()?.as_string()?)?;
        return Some(b.fcmp(predicate, args[0], args[1]));
    }
    let mut overloaded = vec![i.ty()];
    match base {
        "lrint" | "llrint" | "lround" | "llround" => overloaded.push(args[0].ty()),
        "powi" | "ldexp" => overloaded.push(args[1].ty()),
        _ => {}
    }
    let plain = format!("llvm.{base}");
    b.function().module().intrinsic(&plain, &overloaded)?;
    Some(b.intrinsic(&plain, &overloaded, &args))
}

/// A comparison as the textual IR names it.
fn predicate(text: &str) -> Option<FloatPredicate> {
    Some(match text {
        "oeq" => FloatPredicate::Oeq,
        "ogt" => FloatPredicate::Ogt,
        "oge" => FloatPredicate::Oge,
        "olt" => FloatPredicate::Olt,
        "ole" => FloatPredicate::Ole,
        "one" => FloatPredicate::One,
        "ord" => FloatPredicate::Ord,
        "uno" => FloatPredicate::Uno,
        "ueq" => FloatPredicate::Ueq,
        "ugt" => FloatPredicate::Ugt,
        "uge" => FloatPredicate::Uge,
        "ult" => FloatPredicate::Ult,
        "ule" => FloatPredicate::Ule,
        "une" => FloatPredicate::Une,
        _ => return None,
    })
}

// ---- whole vectors ----

/// The number of lanes of a vector of known length.
pub fn lanes(ty: Type) -> Option<u32> {
    match ty.kind() {
        TypeKind::Vector(n) => Some(n),
        _ => None,
    }
}

pub fn lane(b: &Builder, vector: Value, k: u32) -> Value {
    b.extract_element(vector, b.context().const_i32(k as i32))
}

pub fn with_lane(b: &Builder, vector: Value, x: Value, k: u32) -> Value {
    b.insert_element(vector, x, b.context().const_i32(k as i32))
}

fn reduction(b: &Builder, i: Value, name: &str) -> Option<Value> {
    let (base, _) = name.split_once('.').unwrap_or((name, ""));
    let fold = |start: Option<Value>, vector: Value, f: &dyn Fn(Value, Value) -> Value| {
        let mut sum = start;
        for k in 0..lanes(vector.ty())? {
            let x = lane(b, vector, k);
            sum = Some(sum.map_or(x, |sum| f(sum, x)));
        }
        sum
    };
    let with = |intrinsic: &'static str| {
        move |x: Value, y: Value| b.intrinsic(intrinsic, &[x.ty()], &[x, y])
    };
    match base {
        "fmul" => fold(Some(i.arg(0)), i.arg(1), &|x, y| {
            b.binary(Opcode::FMul, x, y)
        }),
        "fmax" => fold(None, i.arg(0), &with("llvm.maxnum")),
        "fmin" => fold(None, i.arg(0), &with("llvm.minnum")),
        "fmaximum" => fold(None, i.arg(0), &with("llvm.maximum")),
        "fminimum" => fold(None, i.arg(0), &with("llvm.minimum")),
        _ => None,
    }
}

/// Lanes of `vector` as a vector of their own.
pub fn part(b: &Builder, vector: Value, chosen: impl Iterator<Item = u32>) -> Value {
    let mask: Vec<Option<u32>> = chosen.map(Some).collect();
    b.shuffle(vector, vector.ty().poison(), &mask)
}

/// Both vectors, one behind the other.
fn joined(b: &Builder, x: Value, y: Value, n: u32) -> Value {
    let mask: Vec<Option<u32>> = (0..2 * n).map(Some).collect();
    b.shuffle(x, y, &mask)
}

fn arrangement(b: &Builder, i: Value, name: &str) -> Option<Value> {
    let (base, _) = name.split_once('.').unwrap_or((name, ""));
    let n = lanes(i.arg(0).ty())?;
    if let Some(ways) = base
        .strip_prefix("interleave")
        .and_then(|k| k.parse::<u32>().ok())
    {
        let mut out = i.ty().poison();
        for way in 0..ways {
            for k in 0..n {
                out = with_lane(b, out, lane(b, i.arg(way), k), k * ways + way);
            }
        }
        return Some(out);
    }
    if let Some(ways) = base
        .strip_prefix("deinterleave")
        .and_then(|k| k.parse::<u32>().ok())
    {
        let mut out = i.ty().poison();
        for way in 0..ways {
            let of_way = part(b, i.arg(0), (0..n / ways).map(|k| k * ways + way));
            out = b.insert_value(out, of_way, way);
        }
        return Some(out);
    }
    match base {
        "reverse" => Some(part(b, i.arg(0), (0..n).rev())),
        "extract" => {
            let first = i.arg(1).const_u64()? as u32;
            let m = lanes(i.ty())?;
            Some(part(b, i.arg(0), first..first + m))
        }
        "insert" => {
            let first = i.arg(2).const_u64()? as u32;
            let m = lanes(i.arg(1).ty())?;
            let mut out = i.arg(0);
            for k in 0..m {
                out = with_lane(b, out, lane(b, i.arg(1), k), first + k);
            }
            Some(out)
        }
        "splice" => {
            // `splice.right` counts from the end of the first operand, as a negative number does in the older form.
            let by = i.arg(2).const_i64()?;
            let first = match name.starts_with("splice.right.") {
                true => i64::from(n) - by,
                false if by < 0 => i64::from(n) + by,
                false => by,
            };
            let both = joined(b, i.arg(0), i.arg(1), n);
            let first = u32::try_from(first).ok()?;
            Some(part(b, both, first..first + n))
        }
        _ => None,
    }
}

/// An address for each lane: scalar address arithmetic.
fn lanes_of_address(gep: Value) {
    let Some(n) = lanes(gep.ty()) else { return };
    let b = Builder::before(gep);
    b.set_debug_loc(gep.debug_loc());
    let operands = gep.operands();
    let ty = gep.gep_source_type();
    let mut out = gep.ty().poison();
    for k in 0..n {
        let of_lane = |x: &Value| match x.ty().is_vector() {
            true => lane(&b, *x, k),
            false => *x,
        };
        let base = of_lane(&operands[0]);
        let indices: Vec<Value> = operands[1..].iter().map(of_lane).collect();
        out = with_lane(&b, out, b.gep(ty, base, &indices), k);
    }
    replace(gep, out);
}

// ---- predicated arithmetic ----

/// Lanes that the predicate leaves out are poison, so arithmetic may do all of them.
fn predicated(b: &Builder, i: Value, name: &str) -> Option<Value> {
    let (base, _) = name.split_once('.').unwrap_or((name, ""));
    lanes(i.arg(0).ty())
        .or_else(|| lanes(i.ty()))
        .or_else(|| lanes(i.arg(1).ty()))?;
    let binary = match base {
        "and" => Some(Opcode::And),
        "or" => Some(Opcode::Or),
        "xor" => Some(Opcode::Xor),
        "add" => Some(Opcode::Add),
        "sub" => Some(Opcode::Sub),
        "mul" => Some(Opcode::Mul),
        "shl" => Some(Opcode::Shl),
        "lshr" => Some(Opcode::LShr),
        "ashr" => Some(Opcode::AShr),
        _ => float_operation(base),
    };
    if let Some(op) = binary {
        return Some(b.binary(op, i.arg(0), i.arg(1)));
    }
    let cast = match base {
        "fptrunc" => Some(Opcode::FPTrunc),
        "fpext" => Some(Opcode::FPExt),
        "fptosi" => Some(Opcode::FPToSI),
        "fptoui" => Some(Opcode::FPToUI),
        "sitofp" => Some(Opcode::SIToFP),
        "uitofp" => Some(Opcode::UIToFP),
        "trunc" => Some(Opcode::Trunc),
        "zext" => Some(Opcode::ZExt),
        "sext" => Some(Opcode::SExt),
        _ => None,
    };
    if let Some(op) = cast {
        return Some(b.cast(op, i.arg(0), i.ty()));
    }
    let count = i.arg_count();
    let all = |n: u32| (0..n).map(|k| i.arg(k)).collect::<Vec<_>>();
    match base {
        "fneg" => Some(b.fneg(i.arg(0))),
        "fma" | "fmuladd" | "minnum" | "maxnum" | "minimum" | "maximum" | "copysign" | "sqrt"
        | "fabs" | "floor" | "ceil" | "rint" | "nearbyint" | "round" | "roundeven" => {
            Some(b.intrinsic(&format!("llvm.{base}"), &[i.ty()], &all(count - 2)))
        }
        "roundtozero" => Some(b.intrinsic("llvm.trunc", &[i.ty()], &all(1))),
        "fcmp" => {
            let predicate = predicate(&i.arg(2).metadata_operand()?.as_string()?)?;
            Some(b.fcmp(predicate, i.arg(0), i.arg(1)))
        }
        "select" => Some(b.select(i.arg(0), i.arg(1), i.arg(2))),
        "merge" => {
            let n = lanes(i.ty())?;
            let here = below(b, i.arg(3), n);
            let chosen = b.binary(Opcode::And, i.arg(0), here);
            Some(b.select(chosen, i.arg(1), i.arg(2)))
        }
        "reduce" => {
            let kind = name.split('.').nth(1)?;
            let (start, vector, mask) = (i.arg(0), i.arg(1), i.arg(2));
            let n = lanes(vector.ty())?;
            let here = b.binary(Opcode::And, mask, below(b, i.arg(3), n));
            let mut sum = start;
            for k in 0..n {
                let x = lane(b, vector, k);
                let next = match kind {
                    "fadd" => b.binary(Opcode::FAdd, sum, x),
                    "fmul" => b.binary(Opcode::FMul, sum, x),
                    "fmax" => b.intrinsic("llvm.maxnum", &[x.ty()], &[sum, x]),
                    "fmin" => b.intrinsic("llvm.minnum", &[x.ty()], &[sum, x]),
                    "fmaximum" => b.intrinsic("llvm.maximum", &[x.ty()], &[sum, x]),
                    "fminimum" => b.intrinsic("llvm.minimum", &[x.ty()], &[sum, x]),
                    _ => return None,
                };
                sum = b.select(lane(b, here, k), next, sum);
            }
            Some(sum)
        }
        _ => None,
    }
}

/// Which of `n` lanes an explicit vector length takes in.
pub fn below(b: &Builder, length: Value, n: u32) -> Value {
    let ty = length.ty();
    let numbers: Vec<Value> = (0..n).map(|k| ty.const_int(u64::from(k))).collect();
    let spread = b.splat(length, n);
    b.icmp(IntPredicate::Ult, ty.const_vector(&numbers), spread)
}
