//! Floats that move through integers as whole lanes: LLVM makes `i128` of two doubles in one variable, and SSE's
//! shuffles of doubles are written as shuffles of `i32`. Here they become moves of the floats themselves.

use crate::llvm::{Builder, Function, Opcode, Type, TypeKind, Value};

/// Rewrites what it can; the rest stays integer arithmetic on the bits of floats.
pub fn move_as_floats(f: Function) {
    for i in f.instructions() {
        if i.is_op(Opcode::ShuffleVector) {
            shuffle(i);
        }
    }
    for i in f.instructions() {
        if i.is_op(Opcode::BitCast) && i.operand(0).ty().is_integer() && has_float_lanes(i.ty()) {
            put_together(i);
        } else if i.is_op(Opcode::Trunc) && i.ty().is_integer() {
            take_out(i);
        }
    }
    for i in f.instructions().into_iter().rev() {
        let moves = i.is_op(Opcode::BitCast)
            || i.is_op(Opcode::ShuffleVector)
            || i.is_op(Opcode::Load) && !i.is_volatile() && !i.is_atomic()
            || i.is_op(Opcode::Trunc)
            || i.is_op(Opcode::LShr)
            || i.is_op(Opcode::Shl)
            || i.is_op(Opcode::ZExt)
            || i.is_op(Opcode::Or);
        if moves && !i.is_used() {
            i.erase_from_parent();
        }
    }
}

fn float_bits(ty: Type) -> Option<u32> {
    match ty.kind() {
        TypeKind::Float => Some(32),
        TypeKind::Double => Some(64),
        _ => None,
    }
}

fn has_float_lanes(ty: Type) -> bool {
    ty.is_vector() && float_bits(ty.scalar()).is_some()
}

fn vector_lanes(ty: Type) -> Option<u32> {
    match ty.kind() {
        TypeKind::Vector(n) => Some(n),
        _ => None,
    }
}

/// A shuffle of narrow integers that moves groups which are floats.
fn shuffle(i: Value) {
    let (Some(bits), Some(n)) = (i.ty().scalar().int_width(), vector_lanes(i.operand(0).ty()))
    else {
        return;
    };
    let as_floats = |v: &Value| v.is_op(Opcode::BitCast) && has_float_lanes(v.ty());
    let users: Vec<Value> = i.users().into_iter().filter(as_floats).collect();
    let source = i.operand(0);
    let from = source.is_op(Opcode::BitCast) && has_float_lanes(source.operand(0).ty());
    let float = match users.first() {
        Some(user) => user.ty().scalar(),
        None if from => source.operand(0).ty().scalar(),
        None => return,
    };
    let Some(group) = float_bits(float)
        .filter(|w| w % bits == 0)
        .map(|w| w / bits)
    else {
        return;
    };
    let mask = i.shuffle_mask();
    if group < 2 || n % group != 0 || !mask.len().is_multiple_of(group as usize) {
        return;
    }
    let mut lanes = Vec::new();
    for part in mask.chunks(group as usize) {
        lanes.push(match part[0] {
            Some(first) if first % group == 0 => {
                let whole = part
                    .iter()
                    .zip(first..)
                    .all(|(m, want)| m.is_none_or(|m| m == want));
                if !whole {
                    return;
                }
                Some(first / group)
            }
            None if part.iter().all(|m| m.is_none()) => None,
            Some(_) | None => return,
        });
    }
    let ty = float.vector_of(n / group);
    let b = Builder::before(i);
    b.set_debug_loc(i.debug_loc());
    let (x, y) = (as_type(i.operand(0), ty, &b), as_type(i.operand(1), ty, &b));
    let moved = b.shuffle(x, y, &lanes);
    for user in users {
        if user.ty() == moved.ty() {
            user.replace_all_uses_with(moved);
        }
    }
    i.replace_all_uses_with(b.cast(Opcode::BitCast, moved, i.ty()));
}

/// A value as another type of the same size; what was loaded for it alone is loaded as that.
fn as_type(v: Value, ty: Type, b: &Builder) -> Value {
    if v.is_undef() {
        return ty.poison();
    }
    if v.is_op(Opcode::BitCast) && v.operand(0).ty() == ty {
        return v.operand(0);
    }
    if v.is_op(Opcode::Load) && !v.is_volatile() && !v.is_atomic() {
        let at = Builder::before(v);
        at.set_debug_loc(v.debug_loc());
        let again = at.load(ty, v.operand(0), v.alignment(), false);
        v.replace_all_uses_with(at.cast(Opcode::BitCast, again, v.ty()));
        return again;
    }
    b.cast(Opcode::BitCast, v, ty)
}

/// A lane of an integer: a value of its own, or zero.
#[derive(Clone, Copy)]
enum Lane {
    Zero,
    Value(Value),
    /// Lane `n` of a vector of floats.
    Of(Value, u32),
}

/// The lanes of `bits` each that an integer consists of, least significant first.
fn lanes(v: Value, bits: u32, depth: u32) -> Option<Vec<Lane>> {
    let width = v.ty().int_width()?;
    if width % bits != 0 || depth > 8 {
        return None;
    }
    let n = (width / bits) as usize;
    let shift = |by: Value| {
        let by = match by.const_words()?[..] {
            [by] | [by, 0] => by,
            _ => return None,
        };
        (by % u64::from(bits) == 0 && by < u64::from(width))
            .then_some((by / u64::from(bits)) as usize)
    };
    if v.is_constant() {
        return v.is_null().then(|| vec![Lane::Zero; n]);
    }
    let inner = |k: u32| lanes(v.operand(k), bits, depth + 1);
    match v.opcode().filter(|_| v.is_instruction())? {
        Opcode::BitCast => {
            let ty = v.operand(0).ty();
            if has_float_lanes(ty) && float_bits(ty.scalar()) == Some(bits) {
                return Some((0..n as u32).map(|k| Lane::Of(v.operand(0), k)).collect());
            }
            (n == 1 && float_bits(ty) == Some(bits)).then(|| vec![Lane::Value(v)])
        }
        Opcode::ZExt => {
            let from = v.operand(0);
            let mut out = match from.ty().int_width() {
                Some(w) if w == bits => vec![Lane::Value(from)],
                Some(w) if w % bits == 0 => inner(0)?,
                _ => return None,
            };
            out.resize(n, Lane::Zero);
            Some(out)
        }
        Opcode::Shl => {
            let by = shift(v.operand(1))?;
            let mut out = vec![Lane::Zero; by];
            out.extend(inner(0)?);
            out.truncate(n);
            Some(out)
        }
        Opcode::LShr => {
            let by = shift(v.operand(1))?;
            let mut out = inner(0)?.split_off(by);
            out.resize(n, Lane::Zero);
            Some(out)
        }
        Opcode::Or => {
            let (a, b) = (inner(0)?, inner(1)?);
            let either = |(x, y): (Lane, Lane)| match (x, y) {
                (Lane::Zero, other) | (other, Lane::Zero) => Some(other),
                (Lane::Value(_) | Lane::Of(..), Lane::Value(_) | Lane::Of(..)) => None,
            };
            a.into_iter().zip(b).map(either).collect()
        }
        Opcode::And => {
            let mask = v
                .operand(1)
                .const_words()
                .filter(|_| v.operand(1).is_constant())?;
            let (a, per_word) = (inner(0)?, 64 / bits);
            let all = if bits == 64 {
                u64::MAX
            } else {
                (1 << bits) - 1
            };
            let keep = |(k, lane): (usize, Lane)| {
                let word = mask.get(k / per_word as usize).copied().unwrap_or(0);
                match word >> (bits * (k as u32 % per_word)) & all {
                    0 => Some(Lane::Zero),
                    m if m == all => Some(lane),
                    _ => None,
                }
            };
            a.into_iter().enumerate().map(keep).collect()
        }
        Opcode::Trunc => {
            let mut out = inner(0)?;
            out.truncate(n);
            Some(out)
        }
        _ => None,
    }
}

fn as_float(lane: Lane, ty: Type, b: &Builder) -> Value {
    match lane {
        Lane::Zero => ty.const_null(),
        Lane::Of(vector, k) => {
            let index = ty.context().i64_type().const_int(u64::from(k));
            let x = b.extract_element(vector, index);
            if x.ty() == ty {
                x
            } else {
                b.cast(Opcode::BitCast, x, ty)
            }
        }
        Lane::Value(v) if v.is_op(Opcode::BitCast) && v.operand(0).ty() == ty => v.operand(0),
        Lane::Value(v) => b.cast(Opcode::BitCast, v, ty),
    }
}

/// A vector of floats made of an integer that was put together from lanes.
fn put_together(i: Value) {
    let ty = i.ty();
    let Some(bits) = float_bits(ty.scalar()) else {
        return;
    };
    let Some(parts) = lanes(i.operand(0), bits, 0) else {
        return;
    };
    let b = Builder::before(i);
    b.set_debug_loc(i.debug_loc());
    let mut out = ty.poison();
    for (k, lane) in parts.into_iter().enumerate() {
        let x = as_float(lane, ty.scalar(), &b);
        let index = ty.context().i64_type().const_int(k as u64);
        out = b.insert_element(out, x, index);
    }
    i.replace_all_uses_with(out);
}

/// A lane taken out of an integer that has the bits of several floats.
fn take_out(i: Value) {
    let Some(bits @ (32 | 64)) = i.ty().int_width() else {
        return;
    };
    let Some(&[lane]) = lanes(i, bits, 0).as_deref() else {
        return;
    };
    let (float, x) = match lane {
        Lane::Of(vector, _) => (vector.ty().scalar(), lane),
        Lane::Value(v)
            if v.is_op(Opcode::BitCast) && float_bits(v.operand(0).ty()) == Some(bits) =>
        {
            (v.operand(0).ty(), lane)
        }
        Lane::Zero | Lane::Value(_) => return,
    };
    let b = Builder::before(i);
    b.set_debug_loc(i.debug_loc());
    let x = as_float(x, float, &b);
    for user in i.users() {
        if user.is_op(Opcode::BitCast) && user.ty() == float {
            user.replace_all_uses_with(x);
        }
    }
    i.replace_all_uses_with(b.cast(Opcode::BitCast, x, i.ty()));
}
