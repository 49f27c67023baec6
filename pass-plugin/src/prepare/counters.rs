//! Counters that LLVM put into one vector (`<2 x i32>` of two fields side by side, loaded, counted with and stored). Where
//! fields of an object are not told apart, eight such bytes look like a double whose bits are computed with; a lane is a part
//! of one, which counters are known by. So each lane is computed for itself again; LLVM puts them together afterwards.

use crate::llvm::{Builder, Function, Opcode, TypeKind, Value};

/// How many operations may lie between loads and the store.
const DEPTH: u32 = 4;

pub fn take_apart(f: Function) {
    for i in f.instructions() {
        if i.is_op(Opcode::Store) && is_plain(i) && is_counted(i.operand(0)) {
            apart(i);
        }
    }
}

fn lanes(v: Value) -> u32 {
    match v.ty().kind() {
        TypeKind::Vector(n) => n,
        _ => 0,
    }
}

fn is_plain(access: Value) -> bool {
    !access.is_volatile() && !access.is_atomic()
}

/// A vector of integers, narrower than doubles, that is computed from others.
fn is_counted(v: Value) -> bool {
    let narrow = |bits: u32| matches!(bits, 8 | 16 | 32);
    lanes(v) != 0
        && v.ty().scalar().int_width().is_some_and(narrow)
        && is_sum(v)
        && of_loads(v, DEPTH)
}

fn is_sum(v: Value) -> bool {
    [Opcode::Add, Opcode::Sub, Opcode::Mul]
        .iter()
        .any(|op| v.is_op(*op))
}

/// Whether nothing but loads and constants is in it, which nobody else uses.
fn of_loads(v: Value, depth: u32) -> bool {
    if v.is_constant() {
        return true;
    }
    v.uses().len() == 1
        && (v.is_op(Opcode::Load) && is_plain(v)
            || depth > 0 && is_sum(v) && v.operands().into_iter().all(|x| of_loads(x, depth - 1)))
}

fn apart(store: Value) {
    let (value, to) = (store.operand(0), store.operand(1));
    let b = Builder::before(store);
    b.set_debug_loc(store.debug_loc());
    // All lanes are computed before the first is stored: the loads may be of the same memory.
    let values: Vec<Value> = (0..lanes(value)).map(|k| lane(value, k)).collect();
    for (k, lane) in values.into_iter().enumerate() {
        let stored = b.store(
            lane,
            address(&b, to, lane, k as u32),
            place(store, lane),
            false,
        );
        keep_aliases(stored, store);
    }
    store.erase_from_parent();
    erase(value);
}

/// Lane `k` of `v`, computed where `v` is.
fn lane(v: Value, k: u32) -> Value {
    if v.is_constant() {
        let b = Builder::new(v.context());
        return b.extract_element(v, v.context().i64_type().const_int(u64::from(k)));
    }
    let operands: Vec<Value> = match v.is_op(Opcode::Load) {
        true => Vec::new(),
        false => v.operands().into_iter().map(|x| lane(x, k)).collect(),
    };
    let b = Builder::before(v);
    b.set_debug_loc(v.debug_loc());
    match (v.opcode(), &operands[..]) {
        (Some(op), [x, y]) => b.binary(op, *x, *y),
        _ => {
            let ty = v.ty().scalar();
            let loaded = b.load(
                ty,
                address(&b, v.operand(0), ty.const_null(), k),
                place(v, ty.const_null()),
                false,
            );
            keep_aliases(loaded, v);
            loaded
        }
    }
}

fn address(b: &Builder, start: Value, lane: Value, k: u32) -> Value {
    match k {
        0 => start,
        _ => b.ptr_add(
            start,
            b.context().i64_type().const_int(u64::from(k) * bytes(lane)),
        ),
    }
}

fn keep_aliases(lane: Value, whole: Value) {
    for kind in ["tbaa", "alias.scope", "noalias"] {
        lane.set_metadata(kind, whole.metadata(kind));
    }
}

fn bytes(lane: Value) -> u64 {
    u64::from(lane.ty().int_width().unwrap_or(8) / 8)
}

/// What all lanes of an access are aligned to.
fn place(access: Value, lane: Value) -> u64 {
    access.alignment().min(bytes(lane))
}

fn erase(v: Value) {
    if !v.is_instruction() || v.is_used() {
        return;
    }
    let operands = v.operands();
    v.erase_from_parent();
    operands.into_iter().for_each(erase);
}
