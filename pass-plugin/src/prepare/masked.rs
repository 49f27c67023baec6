//! Memory accesses under a mask, lane by lane: a lane whose mask is not known takes a branch.

use super::spell::{below, is_named, lane, lanes, with_lane};
use crate::llvm::{Builder, IntPredicate, Opcode, Type, TypeKind, Value};

/// Spells out a masked access in front of `call` and replaces its result; the call is then dead.
pub fn spell(call: Value, name: &str) -> bool {
    let b = Builder::before(call);
    b.set_debug_loc(call.debug_loc());
    let is = |base: &str| is_named(name, base);
    if is("masked.load") || is("masked.gather") {
        // Older forms have the alignment as an argument.
        let n = call.arg_count();
        return load(
            &b,
            call,
            call.arg(0),
            call.arg(n - 2),
            Some(call.arg(n - 1)),
        );
    }
    if is("masked.store") || is("masked.scatter") {
        let mask = call.arg(call.arg_count() - 1);
        return store(&b, call, call.arg(0), call.arg(1), mask);
    }
    if is("vp.load") || is("vp.gather") {
        let Some(n) = lanes(call.ty()) else {
            return false;
        };
        let mask = b.binary(Opcode::And, call.arg(1), below(&b, call.arg(2), n));
        return load(&b, call, call.arg(0), mask, None);
    }
    if is("vp.store") || is("vp.scatter") {
        let Some(n) = lanes(call.arg(0).ty()) else {
            return false;
        };
        let mask = b.binary(Opcode::And, call.arg(2), below(&b, call.arg(3), n));
        return store(&b, call, call.arg(0), call.arg(1), mask);
    }
    if is("masked.expandload") {
        return expand(&b, call);
    }
    if is("masked.compressstore") {
        return compress(&b, call);
    }
    let avx = |kind: &str| {
        name.strip_prefix("x86.avx.")
            .or_else(|| name.strip_prefix("x86.avx2."))
            .is_some_and(|rest| rest.starts_with(kind) && !rest.contains(".q"))
    };
    if avx("maskload.p") {
        let signs = sign_bits(&b, call.arg(1));
        let zero = call.ty().const_null();
        return load(&b, call, call.arg(0), signs, Some(zero));
    }
    if avx("maskstore.p") {
        let signs = sign_bits(&b, call.arg(1));
        return store(&b, call, call.arg(2), call.arg(0), signs);
    }
    false
}

/// A mask of the sign bits of integers or floats.
pub fn sign_bits(b: &Builder, mask: Value) -> Value {
    let n = lanes(mask.ty()).unwrap_or(1);
    let bits = match mask.ty().scalar().kind() {
        TypeKind::Float => 32,
        TypeKind::Double => 64,
        _ => mask.ty().scalar().int_width().unwrap_or(32),
    };
    let ty = b.context().int_type(bits).vector_of(n);
    let ints = b.cast(Opcode::BitCast, mask, ty);
    b.icmp(IntPredicate::Slt, ints, ty.const_null())
}

/// Where lane `k` is: the lane of a vector of pointers, or an element behind one pointer.
fn address(b: &Builder, pointer: Value, element: Type, k: u32) -> Value {
    if pointer.ty().is_vector() {
        return lane(b, pointer, k);
    }
    let index = b.context().i64_type().const_int(u64::from(k));
    b.gep(element, pointer, &[index])
}

fn load(b: &Builder, call: Value, pointer: Value, mask: Value, rest: Option<Value>) -> bool {
    let Some(n) = lanes(call.ty()) else {
        return false;
    };
    let element = call.ty().scalar();
    let mut out = rest.unwrap_or_else(|| call.ty().poison());
    for k in 0..n {
        let at = address(b, pointer, element, k);
        let this = lane(b, mask, k);
        out = when(b, call, this, Some(out), |b| {
            let x = b.load(element, at, 1, false);
            Some(with_lane(b, out, x, k))
        })
        .unwrap_or(out);
    }
    call.replace_all_uses_with(out);
    true
}

fn store(b: &Builder, call: Value, value: Value, pointer: Value, mask: Value) -> bool {
    let Some(n) = lanes(value.ty()) else {
        return false;
    };
    let element = value.ty().scalar();
    for k in 0..n {
        let at = address(b, pointer, element, k);
        let x = lane(b, value, k);
        when(b, call, lane(b, mask, k), None, |b| {
            b.store(x, at, 1, false);
            None
        });
    }
    true
}

fn expand(b: &Builder, call: Value) -> bool {
    let (pointer, mask) = (call.arg(0), call.arg(1));
    let Some(n) = lanes(call.ty()) else {
        return false;
    };
    let element = call.ty().scalar();
    let mut out = call.arg(2);
    let mut count = b.context().i64_type().const_int(0);
    for k in 0..n {
        let this = lane(b, mask, k);
        let at = b.gep(element, pointer, &[count]);
        out = when(b, call, this, Some(out), |b| {
            let x = b.load(element, at, 1, false);
            Some(with_lane(b, out, x, k))
        })
        .unwrap_or(out);
        count = b.add(count, b.cast(Opcode::ZExt, this, count.ty()));
    }
    call.replace_all_uses_with(out);
    true
}

fn compress(b: &Builder, call: Value) -> bool {
    let (value, pointer, mask) = (call.arg(0), call.arg(1), call.arg(2));
    let Some(n) = lanes(value.ty()) else {
        return false;
    };
    let element = value.ty().scalar();
    let mut count = b.context().i64_type().const_int(0);
    for k in 0..n {
        let this = lane(b, mask, k);
        let at = b.gep(element, pointer, &[count]);
        let x = lane(b, value, k);
        when(b, call, this, None, |b| {
            b.store(x, at, 1, false);
            None
        });
        count = b.add(count, b.cast(Opcode::ZExt, this, count.ty()));
    }
    true
}

/// Does something in front of `call` if `condition` holds; the result is what it makes, or `otherwise`. Afterwards the
/// builder stands in front of the call again.
fn when(
    b: &Builder,
    call: Value,
    condition: Value,
    otherwise: Option<Value>,
    work: impl FnOnce(&Builder) -> Option<Value>,
) -> Option<Value> {
    if let Some(known) = condition.const_u64() {
        return match known {
            0 => otherwise,
            _ => work(b),
        };
    }
    let before = call.parent_block().expect("calls have blocks");
    let rest = before.split_before(call, "lane.done");
    let yes = rest.insert_before("lane");
    before
        .terminator()
        .expect("the split made a branch")
        .erase_from_parent();
    b.position_at_end(before);
    b.cond_br(condition, yes, rest);
    b.position_at_end(yes);
    let made = work(b);
    b.br(rest);
    let result = match (made, otherwise) {
        (Some(made), Some(otherwise)) => {
            let first = rest.first_instruction().expect("the call is there");
            b.position_before(first);
            let phi = b.phi(made.ty());
            phi.add_incoming(made, yes);
            phi.add_incoming(otherwise, before);
            Some(phi)
        }
        _ => None,
    };
    b.position_before(call);
    result
}
