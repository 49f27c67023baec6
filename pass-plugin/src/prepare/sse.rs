//! What clang makes of the built-in functions of SSE and AVX where LLVM has no instruction of its own.

use super::masked::sign_bits;
use super::spell::{lane, lanes, part, with_lane};
use crate::llvm::{Builder, FloatPredicate, Opcode, Value};

/// The value that an intrinsic `llvm.x86.…` computes, in ordinary instructions.
pub fn spell(b: &Builder, i: Value, name: &str) -> Option<Value> {
    let (_, operation) = name.split_once('.')?;
    let mut words = operation.split('.');
    let (word, form) = (words.next()?, words.next().unwrap_or(""));
    let scalar = matches!(form, "ss" | "sd");
    if word.starts_with("blendv") && i.ty().scalar().is_float() {
        return Some(b.select(sign_bits(b, i.arg(2)), i.arg(1), i.arg(0)));
    }
    if !scalar && !matches!(form, "ps" | "pd") {
        return None;
    }
    let arg = |k: u32| i.arg(k);
    // A scalar form works on lane 0 and takes the others from the first operand.
    let on_first = |x: Value| with_lane(b, arg(0), x, 0);
    let pick = |p: FloatPredicate| match scalar {
        true => {
            let (x, y) = (lane(b, arg(0), 0), lane(b, arg(1), 0));
            on_first(b.select(b.fcmp(p, x, y), x, y))
        }
        false => b.select(b.fcmp(p, arg(0), arg(1)), arg(0), arg(1)),
    };
    match word {
        "min" if i.arg_count() == 2 => Some(pick(FloatPredicate::Olt)),
        "max" if i.arg_count() == 2 => Some(pick(FloatPredicate::Ogt)),
        "cmp" => compare(b, i, scalar),
        "hadd" => horizontal(b, i, Opcode::FAdd),
        "hsub" => horizontal(b, i, Opcode::FSub),
        "addsub" => {
            let n = lanes(i.ty())?;
            let sum = b.binary(Opcode::FAdd, arg(0), arg(1));
            let difference = b.binary(Opcode::FSub, arg(0), arg(1));
            let mask: Vec<Option<u32>> = (0..n).map(|k| Some(k + n * (k % 2))).collect();
            Some(b.shuffle(difference, sum, &mask))
        }
        "rcp" | "rsqrt" if scalar => {
            // The packed form, whose lanes do not mix.
            let all = b.intrinsic(&format!("llvm.x86.sse.{word}.ps"), &[], &[arg(0)]);
            Some(on_first(lane(b, all, 0)))
        }
        "round" if scalar => {
            let rounded = rounding(b, arg(2), lane(b, arg(1), 0))?;
            Some(on_first(rounded))
        }
        "round" => rounding(b, arg(1), arg(0)),
        _ => None,
    }
}

/// `round` with its mode, 0 to 4 (8 more: without exceptions).
fn rounding(b: &Builder, mode: Value, x: Value) -> Option<Value> {
    let name = match mode.const_u64()? & 7 {
        0 => "llvm.roundeven",
        1 => "llvm.floor",
        2 => "llvm.ceil",
        3 => "llvm.trunc",
        _ => "llvm.rint",
    };
    Some(b.intrinsic(name, &[x.ty()], &[x]))
}

fn compare(b: &Builder, i: Value, scalar: bool) -> Option<Value> {
    let predicate = match i.arg(2).const_u64()? & 15 {
        0 => FloatPredicate::Oeq,
        1 => FloatPredicate::Olt,
        2 => FloatPredicate::Ole,
        3 => FloatPredicate::Uno,
        4 => FloatPredicate::Une,
        5 => FloatPredicate::Uge,
        6 => FloatPredicate::Ugt,
        7 => FloatPredicate::Ord,
        8 => FloatPredicate::Ueq,
        9 => FloatPredicate::Ult,
        10 => FloatPredicate::Ule,
        12 => FloatPredicate::One,
        13 => FloatPredicate::Oge,
        14 => FloatPredicate::Ogt,
        _ => return None,
    };
    let (x, y) = match scalar {
        true => (lane(b, i.arg(0), 0), lane(b, i.arg(1), 0)),
        false => (i.arg(0), i.arg(1)),
    };
    let bits = match x.ty().scalar().kind() {
        crate::llvm::TypeKind::Float => 32,
        _ => 64,
    };
    let truth = b.fcmp(predicate, x, y);
    let mut ty = b.context().int_type(bits);
    if let Some(n) = lanes(x.ty()) {
        ty = ty.vector_of(n);
    }
    let ones = b.cast(Opcode::SExt, truth, ty);
    let mask = b.cast(Opcode::BitCast, ones, x.ty());
    Some(match scalar {
        true => with_lane(b, i.arg(0), mask, 0),
        false => mask,
    })
}

/// Neighbours of both operands combined, in groups of 128 bits.
fn horizontal(b: &Builder, i: Value, op: Opcode) -> Option<Value> {
    let n = lanes(i.ty())?;
    let group = match i.ty().scalar().kind() {
        crate::llvm::TypeKind::Float => 4,
        _ => 2,
    };
    let both: Vec<Option<u32>> = (0..2 * n).map(Some).collect();
    let both = b.shuffle(i.arg(0), i.arg(1), &both);
    let places = |second: u32| {
        (0..n).map(move |k| {
            let (at, in_group) = (k / group * group, k % group);
            let half = group / 2;
            let operand = in_group / half;
            operand * n + at + 2 * (in_group % half) + second
        })
    };
    let first = part(b, both, places(0));
    let second = part(b, both, places(1));
    Some(b.binary(op, first, second))
}
